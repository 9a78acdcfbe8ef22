// The cards on the board: each is drawn by the site, and put where its `data-order` says.
import { all, children, given, maybe, one } from "../dom.js";

/** @param {string} text */
const plainText = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

export class Cards {
  /** @param {HTMLElement} board */
  constructor(board) {
    this.board = board;
    this.here = given(board, "here");
    /** @type {Map<string, boolean>} */
    this.waiting = new Map(); // id → whether its card shall be lit up
    /** @type {Promise<void> | null} */
    this.looking = null;
    this.words = "";
    /** @type {Map<string, string[]>} */
    this.same = new Map();
  }

  all() { return all(this.board, "[data-card]"); }
  /** @param {string} id */
  card(id) { return maybe(this.board, `[data-card="${CSS.escape(id)}"]`); }
  /** @param {string} column */
  list(column) { return maybe(this.board, `[data-column="${CSS.escape(column)}"] [data-cards]`); }
  columns() { return all(this.board, "[data-column]").map((each) => given(each, "column")); }
  /** @param {string} column */
  shown(column) { return children(one(this.board, `[data-column="${CSS.escape(column)}"] [data-cards]`)).filter((each) => !each.hidden); }

  // Look at these questions again, soon and all at once. Resolves when they are drawn.
  /** @param {string[]} ids @param {boolean} [lit] @returns {Promise<void>} */
  refresh(ids, lit = false) {
    for (const id of ids) this.waiting.set(id, this.waiting.get(id) || lit);
    this.looking ??= new Promise((done) => setTimeout(done, 30)).then(() => this.look());
    return this.looking;
  }

  /** @returns {Promise<void>} */
  async look() {
    this.looking = null;
    const wanted = new Map([...this.waiting].slice(0, 150));
    for (const id of wanted.keys()) this.waiting.delete(id);
    const address = new URL(this.here, location.href);
    address.searchParams.set("cards", [...wanted.keys()].join(","));
    address.searchParams.set("sort", given(this.board, "sort"));
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const [id, lit] of wanted) this.put(id, maybe(page, `[data-card="${CSS.escape(id)}"]`), lit);
      this.count();
      this.board.dispatchEvent(new CustomEvent("drawn", { detail: [...wanted.keys()] }));
    } catch {
      for (const [id, lit] of wanted) this.waiting.set(id, lit);
      setTimeout(() => this.refresh([]), 3000);
    }
    if (this.waiting.size && !this.looking) this.refresh([]);
  }

  /** @param {string} id @param {HTMLElement | null} drawn @param {boolean} lit */
  put(id, drawn, lit) {
    const old = this.card(id);
    if (!drawn) { old?.remove(); return; }
    if (old && Number(old.dataset.version) > Number(drawn.dataset.version)) return;
    const made = document.adoptNode(drawn);
    const focused = old?.contains(document.activeElement) || old?.classList.contains("chosen");
    if (old?.classList.contains("chosen")) made.classList.add("chosen");
    made.draggable = true;
    old?.remove();
    const list = this.list(given(made, "state"));
    if (!list) return;
    list.insertBefore(made, children(list).find((each) => before(made, each)) ?? null);
    this.judge(made);
    this.hint(made);
    if (lit) made.classList.add("lit");
    if (focused && !document.querySelector("dialog[open]")) made.focus({ preventScroll: true });
  }

  count() {
    for (const column of this.columns()) {
      const count = this.list(column)?.children.length ?? 0;
      for (const place of all(this.board, `[data-count-of="${column}"]`)) place.textContent = String(count);
      one(this.board, `[data-column="${column}"] [data-empty]`).hidden = count > 0;
    }
  }

  // Show only cards with these words, however their marks are typed.
  /** @param {string} words */
  filter(words) {
    this.words = plainText(words.trim());
    for (const card of this.all()) this.judge(card);
  }

  /** @param {HTMLElement} card */
  judge(card) {
    // The question, who asks, who answers: not the time, nor what the buttons say.
    const text = plainText(all(card, ".card-text, .asker, .guest").map((each) => each.textContent).join(" "));
    card.hidden = this.words !== "" && !this.words.split(/\s+/).every((word) => text.includes(word));
  }

  // Groups of questions that seem to say the same: their cards say so.
  /** @param {string[][]} groups */
  suggest(groups) {
    this.same = new Map(groups.flatMap((group) => group.map((id) => [id, group.filter((each) => each !== id)])));
    for (const card of this.all()) this.hint(card);
  }

  /** @param {HTMLElement} card */
  hint(card) {
    const others = this.same.get(given(card, "card")) ?? [];
    const place = one(card, "[data-same]");
    place.hidden = !others.length;
    place.replaceChildren();
    if (!others.length) return;
    const words = JSON.parse(one(document, "#words").textContent);
    const link = document.createElement("a");
    link.href = `${this.here}?edit=${card.dataset.card}#panel`;
    link.dataset.open = card.dataset.card;
    link.className = "more";
    link.textContent = words.same.replace("%(count)s", String(others.length));
    place.append(link);
  }
}

/** @param {HTMLElement} card @param {HTMLElement} other */
function before(card, other) {
  const a = given(card, "order").split(",").map(Number);
  const b = given(other, "order").split(",").map(Number);
  for (let n = 0; n < a.length; n += 1) if (a[n] !== (b[n] ?? 0)) return a[n] < (b[n] ?? 0);
  return false;
}
