// What is done at the desk: each act is one call, and knows how it is taken back.
import { children } from "../dom.js";
/** @import { Cards } from "./desk_cards.js" */

const QUESTIONS = "/api/v1/studio/questions";

export class Acts {
  /** @param {Cards} cards @param {string} desk @param {string} csrf @param {Say} say */
  constructor(cards, desk, csrf, say) {
    this.cards = cards;
    this.desk = desk; // address of the episode's desk calls
    this.csrf = csrf;
    this.say = say;
    /** @type {Undo[]} */
    this.undos = [];
  }

  /** @param {string} address @param {object} body @returns {Promise<Answered | null>} */
  async post(address, body) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang, "X-CSRF": this.csrf };
    try {
      const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) return said;
      this.say.problem(answer.status === 409 && said.current ? "changed" : "", said.detail, said.current);
      if (said.current) this.cards.refresh([said.current.id], true);
    } catch {
      this.say.problem("away");
    }
    return null;
  }

  /** @param {string} id @param {string} act */
  one(id, act, body = {}) { return this.post(`${QUESTIONS}/${encodeURIComponent(id)}/${act}`, body); }

  /** @param {string} id */
  seen(id) {
    const version = this.cards.card(id)?.dataset.version;
    return version === undefined ? null : Number(version);
  }

  // Do it, draw what changed, and remember how it is undone.
  /** @param {string} id @param {string} act @param {object} body @param {Undo | null} undo @param {string[]} [also] */
  async run(id, act, body, undo, also = []) {
    const seen = ["undo", "resume", "merge", "unmerge", "block", "unblock"].includes(act) ? {} : { seen: this.seen(id) };
    const changed = await this.one(id, act, { ...body, ...seen });
    if (!changed) return null;
    this.remember(undo);
    await this.cards.refresh([id, ...also]);
    return changed;
  }

  /** @param {Undo | null} undo */
  remember(undo) {
    if (undo) this.undos.push(undo);
    this.say.undos(this.undos.length);
  }

  /** @param {string} id @param {string} state @param {string | null} [above] */
  async move(id, state, above = null) {
    const card = this.cards.card(id);
    const from = card?.dataset.state ?? "";
    if (state === "on_air") return from === "on_air" ? null : this.begin(id);
    if (from === "on_air" && state === "answered") return this.done();
    const below = card?.nextElementSibling;
    const next = (below instanceof HTMLElement && below.dataset.card) || null;
    const held = card?.classList.contains("held");
    const back = from === "on_air"
      ? () => this.one(id, "begin", {})
      : async () => {
        const moved = await this.one(id, "move", { state: from, above: from === "shortlisted" ? next : null });
        return moved && held ? this.one(id, "hold", {}) : moved;
      };
    return this.run(id, "move", { state, above }, { ids: [id], do: back });
  }

  /** @param {string} id */
  begin(id, guest = "") {
    const running = this.running();
    const also = running ? [running] : [];
    return this.run(id, "begin", { guest }, { ids: [id, ...also], do: () => this.one(id, "undo") }, also);
  }

  running() {
    const list = this.cards.list("on_air");
    return (list && children(list)[0]?.dataset.card) ?? null;
  }

  async done() {
    const answer = await this.post(`${this.desk}/done`, {});
    const ended = answer?.question;
    if (!ended) return null;
    this.remember({ ids: [ended.id], do: () => this.one(ended.id, "resume") });
    await this.cards.refresh([ended.id]);
    return ended;
  }

  // What ran, and whether it was answered already, decides what taking it back is.
  /** @param {string} id */
  takeBack(id) { return this.run(id, "undo", {}, { ids: [id], do: () => this.one(id, "begin", {}) }); }
  /** @param {string} id */
  resume(id) { return this.run(id, "resume", {}, { ids: [id], do: () => this.post(`${this.desk}/done`, {}) }); }
  /** @param {string} id */
  release(id) { return this.run(id, "release", {}, { ids: [id], do: () => this.one(id, "hold", {}) }); }
  /** @param {string} id */
  hold(id) { return this.run(id, "hold", {}, { ids: [id], do: () => this.one(id, "release", {}) }); }
  /** @param {string} id */
  unblock(id) { return this.run(id, "unblock", {}, null); }

  /** @param {string} id @param {number} days */
  block(id, days) {
    const from = this.cards.card(id)?.dataset.state;
    const free = async () => await this.one(id, "unblock") && (!from || from === "refused" || this.one(id, "move", { state: from, above: null }));
    return this.run(id, "block", { days }, { ids: [id], do: free });
  }

  /** @param {string} id @param {{ shown: string, guest: string, topics: string[] }} wanted @param {number} seen */
  async edit(id, wanted, seen) {
    const was = await this.look(id);
    if (!was) return null;
    const changed = await this.one(id, "edit", { ...wanted, seen });
    if (!changed) return null;
    const { shown, topics, guest } = was;
    this.remember({ ids: [id], do: () => this.one(id, "edit", { shown, topics, guest, seen: changed.version }) });
    await this.cards.refresh([id]);
    return changed;
  }

  /** @param {string[]} ids @param {string} into */
  async merge(ids, into) {
    const undo = { ids: [into, ...ids], do: async () => {
      /** @type {unknown} */
      let last = {};
      for (const id of ids) last = last && await this.one(id, "unmerge");
      return last;
    } };
    return this.run(into, "merge", { questions: ids }, undo, ids);
  }

  /** @param {string} id @param {string} from */
  unmerge(id, from) {
    const undo = { ids: [id, from], do: () => this.one(from, "merge", { questions: [id] }) };
    return this.run(id, "unmerge", {}, undo, [from]);
  }

  /** @param {string} id @returns {Promise<DeskQuestion | null>} */
  async look(id) {
    try {
      const answer = await fetch(`${QUESTIONS}/${encodeURIComponent(id)}`, { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      this.say.problem("away");
      return null;
    }
  }

  async undo() {
    const last = this.undos.pop();
    this.say.undos(this.undos.length);
    if (!last) return this.say.live("nothing");
    const back = await last.do();
    const running = this.running();
    await this.cards.refresh([...last.ids, ...(running ? [running] : [])]);
    if (back) this.say.live("undone");
    return back;
  }
}
