// Walking through the words that the machine was not sure of, and saying that one is right.
import { say } from "../words.js";
import { tokens } from "./transcript_model.js";
/** @import { CueList } from "./transcript_list.js" */
/** @import { Transcript } from "./transcript_model.js" */

export class Unsure {
  /** @param {Transcript} transcript @param {CueList} list @param {{ counter: HTMLElement, announce: Announce, play: Play }} given */
  constructor(transcript, list, { counter, announce, play }) {
    Object.assign(this, { transcript, list, counter, announce, play, below: 0.5 });
    transcript.listen(() => this.later());
  }

  /** @param {number} below */
  set(below) {
    this.below = below;
    this.count();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.count(), 300);
  }

  count() {
    const found = this.transcript.local.reduce((sum, cue) => sum + this.wordsOf(cue).length, 0);
    this.counter.textContent = found ? String(found) : "";
  }

  /** @param {Cue} cue */
  wordsOf(cue) {
    const found = [];
    for (let n = 2; n < cue.numbers.length; n += 3) if (cue.numbers[n] < this.below) found.push((n - 2) / 3);
    return cue.numbers.length === 3 * tokens(cue.text).length ? found : [];
  }

  // The next one after (or before) where one is, round the end.
  walk(back = false) {
    const { local } = this.transcript;
    const from = Math.max(0, local.indexOf(this.here?.cue ?? this.list.stop?.cue));
    const inCue = this.here?.cue === local[from] ? this.here.word : back ? Infinity : -1;
    for (let step = 0; step <= local.length; step++) {
      const cue = local[(((back ? from - step : from + step) % local.length) + local.length) % local.length];
      const words = this.wordsOf(cue).filter((word) => step > 0 || (back ? word < inCue : word > inCue));
      if (words.length) return this.show(cue, back ? words.at(-1) : words[0]);
    }
    this.unmark();
    this.announce(say("no_unsure"));
    return null;
  }

  /** @param {Cue} cue @param {number} word */
  show(cue, word) {
    this.list.close();
    this.unmark();
    this.here = { cue, word };
    this.list.go(cue);
    this.marked = this.list.nodes.get(cue)?.querySelector(`[data-word="${word}"]`);
    this.marked?.classList.add("here");
    this.play(Math.max(cue.start, cue.numbers[3 * word] - 0.8), true);
    this.announce(tokens(cue.text)[word]);
    return this.here;
  }

  unmark() {
    this.marked?.classList.remove("here");
    this.marked = null;
  }

  // This word is right as it stands; on to the next.
  confirm() {
    const { cue, word } = this.here ?? {};
    if (cue && this.transcript.local.includes(cue)) {
      const numbers = cue.numbers.map((value, n) => (n === 3 * word + 2 ? 1 : value));
      const made = { ...cue, numbers, sure: cue.sure };
      this.here = { cue: made, word };
      this.transcript.change([{ before: [cue], after: [made] }]);
      this.list.focused(made);
    }
    this.walk();
  }
}
