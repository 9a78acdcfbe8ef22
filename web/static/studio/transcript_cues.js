// The cues on the page: drawn once each, with marks of words that may be wrong, found by time, played where clicked.
import { around, one } from "../dom.js";
import { clock, say } from "../words.js";
import { firstAt, flat, timesOf, tokens } from "./transcript_model.js";
/** @import { Transcript } from "./transcript_model.js" */

/** @typedef {{ cue: Cue, node: HTMLElement, area: HTMLTextAreaElement, editor: HTMLElement, session: object }} Open */

const AT_ONCE = 150;  // cues drawn in one go, so that the page answers meanwhile

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {Partial<HTMLElementTagNameMap[T]>} values @param {Child[]} children @returns {HTMLElementTagNameMap[T]} */
export function element(name, values = {}, ...children) {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export class CueNodes {
  /** @param {HTMLElement} root @param {Transcript} transcript @param {{ play: Play, announce: Announce }} given */
  constructor(root, transcript, { play, announce }) {
    this.root = root;
    this.transcript = transcript;
    this.play = play;
    this.announce = announce;
    /** @type {Map<Cue, HTMLElement>} */
    this.nodes = new Map();
    /** @type {WeakMap<Element, Cue>} */
    this.cues = new WeakMap();
    /** @type {Open | null} */
    this.open = null;
    /** @type {HTMLElement | null} */
    this.stop = null;
    /** @type {HTMLElement | null} */
    this.said = null;
    transcript.listen((ops) => (ops ? this.update(ops) : this.redraw()));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", (event) => this.edit(this.cueOf(event.target), this.offsetAt(event)));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", (event) => this.focused(this.cueOf(event.target)));
  }

  async draw() {
    const cues = [...this.transcript.local];
    for (let at = 0; at < cues.length; at += AT_ONCE) {
      this.root.append(...cues.slice(at, at + AT_ONCE).filter((cue) => !this.nodes.has(cue)).map((cue) => this.node(cue)));
      await new Promise((resolve) => { setTimeout(resolve); });
    }
    this.redraw();
    this.focused(this.transcript.local[0]);
  }

  // The node of a cue is made once; a changed cue is another cue.
  /** @param {Cue} cue */
  node(cue) {
    const time = element("button", { type: "button", className: "time", textContent: clock(cue.start), tabIndex: -1 });
    time.setAttribute("aria-label", say("cue_at", { clock: clock(cue.start) }));
    const node = element("li", { className: "cue", tabIndex: -1 }, time, element("p", { className: "said" }));
    this.cues.set(node, cue);
    this.nodes.set(cue, node);
    this.fill(node);
    return node;
  }

  /** @param {HTMLElement} node */
  fill(node) {
    const cue = this.cues.get(node);
    if (!cue) return;
    one(node, ".said").replaceChildren(...this.marked(cue));
    node.querySelector(".choice")?.remove();
    node.classList.toggle("held", Boolean(cue.held));
    if (cue.held && this.before(cue)?.held !== cue.held) node.append(this.choice(cue));
  }

  /** @param {Cue} cue */
  marked(cue) {
    const times = cue.numbers, words = tokens(cue.text);
    if (times.length !== 3 * words.length || !times.some((value, n) => n % 3 === 2 && value < 0.7)) return [flat(cue.text)];
    /** @type {(Node | string)[]} */
    const parts = [];
    let plain = "";
    words.forEach((word, n) => {
      const sure = times[3 * n + 2];
      if (sure >= 0.7) { plain += `${word} `; return; }
      const level = sure < 0.3 ? "u3" : sure < 0.5 ? "u5" : "u7";
      const mark = element("span", { className: `unsure ${level}`, textContent: word });
      mark.dataset.word = String(n);
      parts.push(plain, mark);
      plain = " ";
    });
    return [...parts, plain.trimEnd()];
  }

  // Two texts of one place, to choose from.
  /** @param {Cue} cue */
  choice(cue) {
    const mine = this.transcript.local.filter((each) => each.held === cue.held);
    const text = (/** @type {Cue[]} */ cues) => cues.map((each) => flat(each.text)).join(" / ") || say("gone");
    /** @param {string} name @param {Cue[]} cues */
    const side = (name, cues) => element("div", {}, element("h3", { textContent: say(name) }), element("p", { textContent: text(cues) }));
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const made = element("button", { type: "button", className: "do quiet-button", textContent: say(name) });
      made.addEventListener("click", (event) => { event.stopPropagation(); act(); });
      return made;
    };
    return element("div", { className: "choice", role: "group" },
      element("div", { className: "both" }, side("mine", mine), side("theirs", cue.held?.theirs ?? [])),
      element("p", { className: "inline-buttons" },
        button("keep_mine", () => this.choose(cue, "mine")),
        button("take_theirs", () => this.choose(cue, "theirs")),
        button("edit_both", () => this.choose(cue, "edit"))));
  }

  /** @param {Cue} cue @param {"mine" | "theirs" | "edit"} which */
  choose(cue, which) {
    const { held } = cue;
    if (!held) return;
    const mine = this.transcript.local.filter((each) => each.held === held);
    for (const each of mine) delete each.held;
    const chosen = which === "theirs" ? held.theirs : mine;
    if (which === "theirs") this.transcript.change([{ before: mine, after: held.theirs }]);
    else this.transcript.tell([{ before: [], after: mine }]);
    this.go(chosen[0]);
    if (which === "edit") this.edit(chosen[0]);
  }

  /** @param {Edit[]} ops */
  update(ops) {
    const there = new Set(this.transcript.local);
    for (const { before, after } of ops) {
      for (const cue of before) if (!there.has(cue)) this.drop(cue);
      for (const cue of after) if (there.has(cue)) this.place(cue);
    }
  }

  /** @param {Cue} cue */
  drop(cue) {
    const node = this.nodes.get(cue);
    if (node === this.open?.node) this.open = null;
    node?.remove();
    this.nodes.delete(cue);
  }

  /** @param {Cue} cue */
  place(cue) {
    const { local } = this.transcript;
    const known = this.nodes.get(cue);
    if (known) { this.fill(known); if (known.isConnected) return; }
    const at = local.indexOf(cue);
    const node = known ?? this.node(cue);
    const next = local.slice(at + 1, at + 40).map((each) => this.nodes.get(each)).find((each) => each?.isConnected);
    this.root.insertBefore(node, next ?? null);
  }

  // After changes from elsewhere: only what differs is touched.
  redraw() {
    const { local } = this.transcript;
    const there = new Set(local);
    const cue = this.open?.cue;
    for (const each of [...this.nodes.keys()]) if (!there.has(each)) this.drop(each);
    let node = this.root.firstElementChild;
    for (const each of local) {
      const wanted = this.nodes.get(each) ?? this.node(each);
      if (wanted === node) node = wanted.nextElementSibling; else this.root.insertBefore(wanted, node);
      if (each.held || wanted.classList.contains("held")) this.fill(wanted);
    }
    if (cue && !this.open) this.go(this.at(cue.start));
  }

  // What an editor adds: CueList.
  /** @param {Cue | undefined} _cue @param {number | null} [_offset] */
  edit(_cue, _offset) {}
  /** @param {KeyboardEvent} _event */
  key(_event) {}

  // --- finding one's way ---

  /** @param {EventTarget | null} target */
  cueOf(target) {
    const node = around(target, ".cue");
    return node ? this.cues.get(node) : undefined;
  }

  /** @param {Cue} cue @returns {Cue | undefined} */
  before(cue) {
    return this.transcript.local[this.transcript.local.indexOf(cue) - 1];
  }

  /** @param {Cue} cue @returns {Cue | undefined} */
  after(cue) {
    return this.transcript.local[this.transcript.local.indexOf(cue) + 1];
  }

  /** @param {number} second */
  at(second) {
    const { local } = this.transcript;
    return local.at(Math.max(0, firstAt(local, second + 0.02) - 1));
  }

  /** @param {Cue | undefined} cue */
  focused(cue) {
    const node = cue && this.nodes.get(cue);
    if (!node || node === this.stop) return;
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = node;
    node.tabIndex = 0;
  }

  /** @param {Cue | undefined} cue */
  go(cue) {
    const node = cue && this.nodes.get(cue);
    if (!node) return;
    this.focused(cue);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  // --- playing ---

  /** @param {number} second @param {boolean} scroll */
  follow(second, scroll) {
    const cue = this.at(second);
    const node = (cue && second < cue.end + 0.5 && this.nodes.get(cue)) || null;
    if (node === this.said) return;
    this.said?.removeAttribute("aria-current");
    this.said = node;
    node?.setAttribute("aria-current", "true");
    if (node && scroll && !this.open) node.scrollIntoView({ block: "center" });
  }

  /** @param {MouseEvent} given */
  offsetAt({ clientX, clientY }) {
    const place = document.caretPositionFromPoint?.(clientX, clientY);
    const range = place ? null : document.caretRangeFromPoint?.(clientX, clientY);
    const [inner, offset] = place ? [place.offsetNode, place.offset] : [range?.startContainer, range?.startOffset];
    const said = inner?.parentElement?.closest(".said");
    if (!inner || !said || inner.nodeType !== Node.TEXT_NODE) return null;
    const before = document.createRange();
    before.setStart(said, 0);
    before.setEnd(inner, offset ?? 0);
    return before.toString().length;
  }

  /** @param {MouseEvent} event */
  click(event) {
    const cue = this.cueOf(event.target);
    if (!cue || around(event.target, ".editor, .choice")) return;
    this.focused(cue);
    if (getSelection()?.toString() && event.detail < 2) return;  // somebody is copying
    const offset = around(event.target, ".time") ? null : this.offsetAt(event);
    if (event.detail < 2) this.play(offset === null ? cue.start : this.secondAt(cue, offset));
  }

  /** @param {Cue} cue @param {number} offset */
  secondAt(cue, offset) {
    const word = Math.max(0, tokens(`${flat(cue.text).slice(0, offset)}x`).length - 1);
    return timesOf(cue)[3 * word] ?? cue.start;
  }
}
