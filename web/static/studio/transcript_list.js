// Editing: one cue open at a time; every keystroke is a change, so that nothing waits to be lost.
import { one } from "../dom.js";
import { clock, say } from "../words.js";
import { CueNodes, element } from "./transcript_cues.js";
import { flat, guess, timesOf, tokens } from "./transcript_model.js";

const LONGEST = 1000;
const SHORTEST = 0.05;

export class CueList extends CueNodes {
  /** @param {Cue | undefined} cue @param {number | null} [offset] */
  edit(cue, offset = null) {
    if (!cue) return;
    const { open } = this;
    if (open?.cue === cue) return;
    this.close();
    const node = this.nodes.get(cue);
    if (!node) return;
    const area = element("textarea", { value: flat(cue.text), rows: 2, maxLength: LONGEST, spellcheck: false });
    area.setAttribute("aria-label", say("edit_text", { clock: clock(cue.start) }));
    const editor = element("div", { className: "editor" }, area, this.tools(cue));
    node.classList.add("open");
    node.append(editor);
    this.open = { cue, node, area, editor, session: {} };
    area.addEventListener("input", () => this.typed());
    node.scrollIntoView({ block: "nearest" });
    area.focus();
    const at = offset ?? area.value.length;
    area.setSelectionRange(at, at);
  }

  /** @param {Cue} cue */
  tools(cue) {
    const tool = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const made = element("button", { type: "button", className: "tool-word", textContent: say(name) });
      made.addEventListener("click", act);
      return made;
    };
    /** @param {string} name @param {number} value */
    const time = (name, value) => {
      const input = element("input", { type: "number", step: "0.1", min: "0", value: value.toFixed(2), name });
      input.addEventListener("change", () => this.retime());
      return element("label", { className: "inline-choice" }, `${say(name)} `, input);
    };
    return element("div", { className: "editor-tools" }, time("start", cue.start), time("end", cue.end),
      tool("split", () => this.split()), tool("merge", () => this.merge()),
      tool("remove", () => this.remove()), tool("done", () => this.done()));
  }

  typed() {
    if (!this.open) return;
    const { cue, area, session } = this.open;
    const text = area.value.replace(/[^\S\n]+/g, " ").trim();
    if (!text || text === flat(cue.text)) { if (!text) return; }
    const made = { ...cue, text, numbers: surely(guess(cue, text)), sure: false };
    this.exchange([cue], [made], session);
  }

  // The open cue becomes another without the editor losing its place.
  /** @param {Cue[]} before @param {Cue[]} after @param {object | null} session */
  exchange(before, after, session) {
    if (!this.open) return;
    const { node } = this.open;
    const [cue] = after;
    this.nodes.delete(before[0]);
    this.nodes.set(cue, node);
    this.cues.set(node, cue);
    this.open.cue = cue;
    this.transcript.change([{ before, after, confirms: true }], session);
  }

  close() {
    if (!this.open) return;
    const { cue, node, area, editor } = this.open;
    this.open = null;
    editor.remove();
    node.classList.remove("open");
    if (!area.value.trim()) this.transcript.change([{ before: [cue], after: [] }]);
    else this.fill(node);
  }

  done() {
    if (!this.open) return;
    const { cue } = this.open;
    const next = this.after(cue);
    this.close();
    this.go(this.nodes.has(cue) ? cue : next);
  }

  split() {
    if (!this.open) return;
    const { cue, area } = this.open;
    const [left, right] = [area.value.slice(0, area.selectionStart).trim(), area.value.slice(area.selectionEnd).trim()];
    if (!left || !right) return;
    const whole = guess(cue, `${left} ${right}`), count = tokens(left).length;
    /** @param {number} second */
    const inside = (second) => Math.round(Math.min(Math.max(second, cue.start + SHORTEST), cue.end - SHORTEST) * 1000) / 1000;
    const at = inside(whole[3 * count]), until = Math.min(inside(whole[3 * count - 2]), at);
    if (cue.end - cue.start < 2 * SHORTEST) return;
    const first = { ...cue, end: until, text: left, numbers: surely(whole.slice(0, 3 * count)), sure: false };
    const second = { ...cue, start: at, text: right, numbers: surely(whole.slice(3 * count)), sure: false };
    this.close();
    this.transcript.change([{ before: [cue], after: [first, second], confirms: true }]);
    this.edit(second, 0);
  }

  merge() {
    if (!this.open) return;
    const { cue, area } = this.open;
    const earlier = this.before(cue);
    if (!earlier) return;
    const text = `${flat(earlier.text)} ${area.value.trim()}`.trim();
    if (text.length > LONGEST) { this.announce(say("too_long")); return; }
    const numbers = [...timesOf(earlier), ...guess(cue, area.value)];
    const made = { start: earlier.start, end: cue.end, text, numbers: surely(numbers), sure: false };
    area.value ||= " x";  // emptied and merged: nothing is left to remove
    this.close();
    this.transcript.change([{ before: [earlier, cue], after: [made], confirms: true }]);
    this.edit(made, flat(earlier.text).length + 1);
  }

  remove() {
    if (!this.open) return;
    const { cue } = this.open;
    const next = this.after(cue) ?? this.before(cue);
    this.open.area.value = "";
    this.close();
    this.go(next);
  }

  retime() {
    if (!this.open) return;
    const { cue, editor } = this.open;
    const input = (/** @type {Side} */ name) => one(editor, `[name=${name}]`, HTMLInputElement);
    const thousandths = (/** @type {Side} */ name) => Math.round(Number(input(name).value) * 1000) / 1000;
    const start = thousandths("start"), end = thousandths("end");
    const low = Math.min(this.before(cue)?.end ?? 0, cue.start), high = Math.max(this.after(cue)?.start ?? Infinity, cue.end);
    if (!(start >= low && end <= high && end - start >= SHORTEST)) {
      this.announce(say("times_wrong"));
      input("start").value = cue.start.toFixed(2);
      input("end").value = cue.end.toFixed(2);
      return;
    }
    const made = { ...cue, start, end, numbers: [], sure: false };
    this.exchange([cue], [made], null);
    one(this.open.node, ".time").textContent = clock(start);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const area = this.open?.area;
    const on = event.target instanceof HTMLElement ? event.target : null;
    if (area && on === area) this.keyInText(event, area);
    else if (on?.matches(".cue")) this.keyOnCue(event);
    else if (event.key === "Escape" && this.open) this.done();
  }

  /** @param {KeyboardEvent} event @param {HTMLTextAreaElement} area */
  keyInText(event, area) {
    const { key } = event;
    const atStart = area.selectionStart === 0 && area.selectionEnd === 0;
    const cue = this.open?.cue;
    if (event.isComposing || !cue) return;
    if (key === "Escape") this.done();
    else if (key === "Enter" && !event.shiftKey) this.split();
    else if (key === "Backspace" && atStart) this.merge();
    else if (event.altKey && key === "ArrowUp") this.edit(this.before(cue));
    else if (event.altKey && key === "ArrowDown") this.edit(this.after(cue), 0);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  keyOnCue(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cue = this.cueOf(event.target);
    if (!cue) return;
    if (event.key === "ArrowUp") this.go(this.before(cue));
    else if (event.key === "ArrowDown") this.go(this.after(cue));
    else if (event.key === "Home") this.go(this.transcript.local[0]);
    else if (event.key === "End") this.go(this.transcript.local.at(-1));
    else if (event.key === "Enter" || event.key === "F2") this.edit(cue);
    else return;
    event.preventDefault();
  }
}

// What a person has read and changed is no longer unsure.
/** @param {number[]} numbers */
export function surely(numbers) {
  return numbers.map((value, n) => (n % 3 === 2 ? 1 : value));
}
