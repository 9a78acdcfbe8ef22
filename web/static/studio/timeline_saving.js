// The segments as edited here, and as saved: every change goes out by itself, is kept on this device until it has
// arrived, and can be undone. What somebody else changed meanwhile is never overwritten unasked.
import { recall, remember } from "../memory.js";
import { inOrder } from "./timeline_edits.js";

const RETRY = [2000, 5000, 10000, 20000];
const TYPING = 700;
const TOGETHER = 5000;
const LOOK = 20000;

export class Segments extends EventTarget {
  /** @param {string} episode @param {Segment[]} segments @param {string} csrf */
  constructor(episode, segments, csrf) {
    super();
    this.episode = episode;
    this.url = `/api/v1/episodes/${episode}/segments`;
    this.csrf = csrf;
    this.here = new Map(segments.map((each) => [each.id, each]));
    this.seen = new Map(segments.map((each) => [each.id, each.version]));
    /** @type {Map<string, Waiting>} */
    this.waiting = new Map();
    /** @type {Map<string, Waiting>} */
    this.sending = new Map();
    /** @type {Map<string, Waiting>} */
    this.stuck = new Map();
    this.told = "";
    /** @type {Clash[]} */
    this.clashes = [];
    /** @type {Turn[]} */
    this.undos = [];
    /** @type {Turn[]} */
    this.redos = [];
    this.refusal = "";
    this.oneByOne = false;
    /** @type {Timer | undefined} */
    this.timer = undefined;
    this.failures = 0;
    addEventListener("online", () => this.flush());
    addEventListener("beforeunload", (event) => { if (this.waiting.size || this.sending.size || this.stuck.size) event.preventDefault(); });
    setInterval(() => this.look(), LOOK);
  }

  get all() { return [...this.here.values()].sort(inOrder); }
  /** @param {string | null} id */
  get(id) { return this.here.get(id ?? "") ?? null; }
  /** @param {Kind} kind @param {number} start */
  newId(kind, start) {
    const random = [...crypto.getRandomValues(new Uint8Array(6))].map((each) => (each % 36).toString(36)).join("");
    return `${this.episode}:${kind}:${Math.round(start * 1000)}:${random}`;
  }

  // `changes`: [{ id, after, into }], `after` null to remove. Those with the same `key` at short distance are one undo.
  /** @param {Change[]} changes @param {{ key?: string, slowly?: boolean }} [how] */
  change(changes, { key = "", slowly = false } = {}) {
    const real = changes
      .map((each) => ({ ...each, before: this.get(each.id) }))
      .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    if (!real.length) return;
    const last = this.undos.at(-1);
    const now = performance.now();
    if (key && last?.key === key && now - last.at < TOGETHER) {
      for (const each of real) {
        const same = last.changes.find((other) => other.id === each.id);
        if (same) same.after = each.after; else last.changes.push(each);
      }
      last.at = now;
    } else {
      this.undos.push({ key, at: now, changes: real });
    }
    this.redos = [];
    this.take(real, slowly);
  }

  undo() { return this.turn(this.undos, this.redos, "before"); }
  redo() { return this.turn(this.redos, this.undos, "after"); }

  /** @param {Turn[]} from @param {Turn[]} to @param {"before" | "after"} side */
  turn(from, to, side) {
    const entry = from.pop();
    if (!entry) return null;
    entry.key = "";
    to.push(entry);
    const order = side === "before" ? [...entry.changes].reverse() : entry.changes;
    this.take(order.map(({ id, into, [side]: after }) => ({ id, after, into: side === "after" ? into : "" })), false);
    return entry.changes[0].id;
  }

  /** @param {Change[]} changes @param {boolean} slowly */
  take(changes, slowly) {
    for (const { id, after, into } of changes) {
      if (after) this.here.set(id, after); else this.here.delete(id);
      this.waiting.delete(id);
      this.stuck.delete(id);
      this.waiting.set(id, { after, into: into ?? "" });
    }
    this.keep();
    this.tell("change");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), slowly ? TYPING : 0);
    this.tell("state");
  }

  get state() {
    if (this.clashes.length) return "clash";
    if (this.refusal) return "refused";
    if (this.failures) return "offline";
    return this.waiting.size || this.sending.size ? "saving" : "saved";
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending.size || !this.waiting.size || this.clashes.length) return;
    const next = [...this.waiting].slice(0, this.oneByOne ? 1 : this.waiting.size);
    this.sending = new Map(next);
    for (const [id] of next) this.waiting.delete(id);
    const batch = [...this.sending];
    const changes = batch.map(([id, { after, into }]) => ({ id, seen: this.seen.get(id) ?? null, segment: after, into }));
    try {
      const answer = await this.post(`${this.url}/changes`, { changes });
      this.settle(answer.status, await answer.json().catch(() => ({})), batch);
    } catch {
      this.settle(0, {}, batch);
    }
  }

  /** @param {string} url @param {object} body */
  post(url, body) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang, "X-CSRF": this.csrf };
    return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** @param {number} status @param {SegmentsAnswer} body @param {[string, Waiting][]} batch */
  settle(status, body, batch) {
    this.sending = new Map();
    this.failures = status === 0 || status >= 500 ? this.failures + 1 : 0;
    this.refusal = status >= 400 && status < 500 && status !== 409 ? body.detail ?? String(status) : "";
    if (this.refusal) this.told = this.refusal;
    const unfit = status === 400 || status === 404;
    if (unfit && batch.length === 1 && !this.waiting.has(batch[0][0])) {
      this.stuck.set(...batch[0]);  // shown as refused, kept here until it is changed again; the others go on
    } else if (status === 200) {
      batch.forEach(([id], index) => { this.saved(id, body.saved?.[index] ?? null); });
    } else {
      for (const [id, wanted] of batch) {
        if (status === 409 && body.now && id in body.now) this.clashed(id, wanted, body.now[id]);
        else if (!this.waiting.has(id)) this.waiting.set(id, wanted);
      }
    }
    this.oneByOne = this.waiting.size > 0 && (unfit || this.oneByOne);
    if (this.stuck.size) this.refusal ||= this.told;
    this.keep();
    this.tell("state");
    if (this.failures) this.timer = setTimeout(() => this.flush(), RETRY[Math.min(this.failures, RETRY.length) - 1]);
    else if ((status === 200 || status === 409 || unfit) && this.waiting.size) this.flush();
  }

  /** @param {string} id @param {Segment | null} stored */
  saved(id, stored) {
    if (stored) this.seen.set(id, stored.version); else this.seen.delete(id);
    const mine = this.here.get(id);
    if (mine && stored) mine.version = stored.version;
  }

  /** @param {string} id @param {Waiting} wanted @param {Segment | null} theirs */
  clashed(id, wanted, theirs) {
    const mine = this.waiting.get(id) ?? wanted;
    this.waiting.delete(id);
    this.clashes.push({ id, mine: mine.after, into: mine.into, theirs });
    this.tell("clash");
  }

  // Somebody has chosen between their own version and the other's.
  /** @param {string} choice */
  resolve(choice) {
    const clash = this.clashes.shift();
    if (!clash) return;
    if (clash.theirs) this.seen.set(clash.id, clash.theirs.version); else this.seen.delete(clash.id);
    if (choice === "mine") this.take([{ id: clash.id, after: clash.mine, into: clash.into }], false);
    else if (clash.theirs) this.here.set(clash.id, clash.theirs);
    else this.here.delete(clash.id);
    this.keep();
    this.tell("change");
    this.tell("state");
    if (this.clashes.length) this.tell("clash"); else this.flush();
  }

  // What others saved meanwhile shows here too, where nothing of ours is waiting.
  async look() {
    if (this.waiting.size) { this.flush(); return; }
    if (document.hidden || this.state !== "saved" || !navigator.onLine) return;
    const answer = await fetch(this.url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { segments } = await answer.json();
    if (this.state !== "saved") return;
    /** @type {Map<string, Segment>} */
    const there = new Map(segments.map((/** @type {Segment} */ each) => [each.id, each]));
    let changed = false;
    for (const [id, each] of there) if (this.seen.get(id) !== each.version) { this.here.set(id, each); this.seen.set(id, each.version); changed = true; }
    for (const id of [...this.here.keys()]) if (!there.has(id)) { this.here.delete(id); this.seen.delete(id); changed = true; }
    if (changed) this.tell("change");
  }

  keep() {
    const left = [...this.stuck, ...this.sending, ...this.waiting].map(([id, { after, into }]) => ({ id, after, into, seen: this.seen.get(id) ?? null }));
    for (const { id, mine, into } of this.clashes) left.push({ id, after: mine, into, seen: this.seen.get(id) ?? null });
    remember(`segments:${this.episode}`, left.length ? JSON.stringify(left) : "");
  }

  // Changes that had not arrived when the page was closed.
  get unsaved() {
    try { return JSON.parse(recall(`segments:${this.episode}`) || "[]"); } catch { return []; }
  }
  forget() { remember(`segments:${this.episode}`, ""); }
  /** @param {Unsaved[]} left */
  offerAgain(left) {
    for (const { id, seen } of left) if (seen === null) this.seen.delete(id); else this.seen.set(id, seen);
    this.take(left, false);
  }

  /** @param {string} name */
  tell(name) { this.dispatchEvent(new Event(name)); }
}
