// The desk by keys: a chosen card, and one key for each act. Also choosing whom a card is merged into.
import { all, around, children, given, maybe, one } from "../dom.js";
/** @import { Acts } from "./desk_acts.js" */
/** @import { Cards } from "./desk_cards.js" */

export class Keys {
  /** @param {Cards} cards @param {Acts} acts @param {(id: string) => unknown} open @param {Say} say */
  constructor(cards, acts, open, say) {
    this.cards = cards;
    this.acts = acts;
    this.open = open;
    this.say = say;
    /** @type {string | null} */
    this.merging = null;
    document.addEventListener("keydown", (event) => this.pressed(event));
    cards.board.addEventListener("click", (event) => {
      const card = around(event.target, "[data-card]");
      if (!card) return;
      this.choose(card);
      if (this.merging && this.merging !== card.dataset.card) { event.preventDefault(); this.mergeInto(given(card, "card")); }
    });
  }

  get chosen() { return maybe(this.cards.board, "[data-card].chosen"); }

  /** @param {HTMLElement | null | undefined} card */
  choose(card) {
    this.chosen?.classList.remove("chosen");
    if (!card) return;
    card.classList.add("chosen");
    if (!card.contains(document.activeElement)) card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const typing = around(event.target, "input, textarea, select, dialog[open]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) { this.stop(); around(event.target, "[data-filter]")?.blur(); return; }
    if (typing) return;
    if (event.key === "Enter" && this.merging && this.chosen) { event.preventDefault(); this.mergeInto(given(this.chosen, "card")); return; }
    const act = this.act(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {string} key @returns {(() => unknown) | null | undefined} */
  act(key) {
    const card = this.chosen;
    const id = card?.dataset.card;
    /** @type {Record<string, () => unknown>} */
    const always = {
      j: () => this.step(1), k: () => this.step(-1), h: () => this.across(-1), l: () => this.across(1),
      ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), ArrowLeft: () => this.across(-1), ArrowRight: () => this.across(1),
      z: () => this.acts.undo(), d: () => this.acts.done(), "?": () => one(document, "[data-help]", HTMLDialogElement).showModal(),
      "/": () => one(document, "[data-filter]").focus(),
    };
    if (always[key]) return always[key];
    if (!card || !id) return null;
    const columns = ["incoming", "shortlisted", "on_air", "answered", "later"];
    const state = columns[Number(key) - 1];
    if (state && this.cards.list(state)) return () => this.goOn(card, () => this.acts.move(id, state));
    /** @type {Record<string, (() => unknown) | undefined>} */
    const ofCard = {
      n: this.cards.list("on_air") ? () => this.acts.begin(id) : undefined,
      e: () => this.open(id),
      m: () => { this.merging = id; card.classList.add("merging"); this.say.live("merging"); },
      r: () => this.acts.release(id),
      x: () => this.goOn(card, () => this.acts.move(id, "refused")),
      J: () => this.shift(card, 1), K: () => this.shift(card, -1),
      Enter: () => this.open(id),
    };
    return ofCard[key];
  }

  // The card goes away: the next one in the column is chosen.
  /** @param {HTMLElement} card @param {() => Promise<unknown>} act */
  async goOn(card, act) {
    const list = children(columnOf(card)).filter((each) => !each.hidden);
    const next = list[list.indexOf(card) + 1] ?? list[list.indexOf(card) - 1];
    if (await act()) this.choose(next ?? this.cards.card(given(card, "card")));
  }

  /** @param {number} by */
  step(by) {
    const card = this.chosen;
    if (!card) { this.choose(this.cards.all().find((each) => !each.hidden && each.offsetParent)); return; }
    const list = this.cards.shown(given(card, "state"));
    this.choose(list[Math.min(list.length - 1, Math.max(0, list.indexOf(card) + by))]);
  }

  /** @param {number} by */
  across(by) {
    const columns = this.cards.columns().filter((each) => this.cards.shown(each).length);
    const at = columns.indexOf(this.chosen?.dataset.state ?? "");
    const to = columns[Math.min(columns.length - 1, Math.max(0, at + by))];
    if (to) this.choose(this.cards.shown(to)[0]);
  }

  // Up or down in the shortlist, the only column that is laid by hand.
  /** @param {HTMLElement} card @param {number} by */
  shift(card, by) {
    if (card.dataset.state !== "shortlisted") return;
    const list = children(columnOf(card));
    const at = list.indexOf(card) + by;
    if (at < 0 || at >= list.length) return;
    this.acts.move(given(card, "card"), "shortlisted", (by < 0 ? list[at] : list[at + 1])?.dataset.card ?? null);
  }

  /** @param {string} into */
  async mergeInto(into) {
    const id = this.merging;
    this.stop();
    if (id && id !== into && await this.acts.merge([id], into)) this.choose(this.cards.card(into));
  }

  stop() {
    this.merging = null;
    for (const each of all(this.cards.board, ".merging")) each.classList.remove("merging");
    this.say.clear();
  }
}

/** @param {HTMLElement} card */
function columnOf(card) {
  if (!card.parentElement) throw new Error("The card stands in no column.");
  return card.parentElement;
}
