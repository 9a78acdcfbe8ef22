// Walking through the words that the machine was not sure of, and saying that one is right.
import { say } from "../words.js";
import { tokens } from "./transcript_model.js";
/** @import { CueList } from "./transcript_list.js" */
/** @import { Transcript } from "./transcript_model.js" */

export class Unsure {
  /** @param {Transcript} transcript @param {CueList} list @param {{ counter: HTMLElement, announce: Announce, play: Play }} given */
  constructor(transcript, list, { counter, announce, play }) {
    this.transcript = transcript;
    this.list = list;
    this.counter = counter;
    this.announce = announce;
    this.play = play;
    this.below = 0.5;
    /** @type {{ cue: Cue, word: number } | null} */
    this.here = null;
    /** @type {Element | null} */
    this.marked = null;
    /** @type {Timer | undefined} */
    this.timer = undefined;
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
    const at = this.here?.cue ?? this.list.cueOf(this.list.stop);
    const from = at ? Math.max(0, local.indexOf(at)) : 0;
    const inCue = this.here && this.here.cue === local[from] ? this.here.word : back ? Infinity : -1;
    for (let step = 0; step <= local.length; step++) {
      const cue = local[(((back ? from - step : from + step) % local.length) + local.length) % local.length];
      const words = this.wordsOf(cue).filter((word) => step > 0 || (back ? word < inCue : word > inCue));
      const word = words.at(back ? -1 : 0);
      if (word !== undefined) return this.show(cue, word);
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
    this.marked = this.list.nodes.get(cue)?.querySelector(`[data-word="${word}"]`) ?? null;
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
    if (this.here && this.transcript.local.includes(this.here.cue)) {
      const { cue, word } = this.here;
      const numbers = cue.numbers.map((value, n) => (n === 3 * word + 2 ? 1 : value));
      const made = { ...cue, numbers, sure: cue.sure };
      this.here = { cue: made, word };
      this.transcript.change([{ before: [cue], after: [made] }]);
      this.list.focused(made);
    }
    this.walk();
  }
}
