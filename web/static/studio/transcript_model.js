// The transcript in memory: `base` as stored, `local` as edited. A cue is an object that is never changed but
// replaced; so what is in one list and not in the other is what there is to save. No DOM, no network.

/** @param {Cue} cue */
export function keyOf(cue) {
  return `${cue.start.toFixed(3)} ${cue.end.toFixed(3)} ${cue.text}`;
}

// [start, end, text, [start, end, confidence, …]] as it comes over the wire.
/** @param {WireCue} given @returns {Cue} */
export function readCue([start, end, text, numbers = []]) {
  return { start, end, text, numbers, sure: numbers.length > 0 };
}

// Words go along only where they are known, not guessed.
/** @param {Cue} cue @returns {WireCue} */
export function writeCue(cue, withWords = false) {
  return withWords && cue.sure ? [cue.start, cue.end, cue.text, cue.numbers] : [cue.start, cue.end, cue.text];
}

/** @param {string} text */
export function tokens(text) {
  return text.split(/\s+/).filter(Boolean);
}

// Two lines are one to who edits it, unless two people speak in it.
/** @param {string} text */
export function flat(text) {
  return /\n\s*[-–—]/.test(text) ? text : text.replace(/\s*\n\s*/g, " ");
}

// The times and confidence of each word: the known ones, else shares of the cue's time by letters.
/** @param {{ start: number, end: number, text: string, numbers: number[] }} cue */
export function timesOf(cue) {
  const words = tokens(cue.text);
  if (cue.numbers.length === 3 * words.length) return cue.numbers;
  const total = words.reduce((sum, word) => sum + word.length, 0) || 1;
  const found = [];
  let done = 0;
  for (const word of words) {
    const at = (/** @type {number} */ letters) => cue.start + ((cue.end - cue.start) * letters) / total;
    found.push(at(done), at(done + word.length), 1);
    done += word.length;
  }
  return found;
}

// Guesses the times of `text` said instead of `cue`: words the same at both ends keep theirs.
/** @param {Cue} cue @param {string} text */
export function guess(cue, text) {
  const old = tokens(cue.text), words = tokens(text), times = timesOf(cue);
  let head = 0, tail = 0;
  while (head < Math.min(old.length, words.length) && old[head] === words[head]) head += 1;
  while (tail < Math.min(old.length, words.length) - head && old.at(-1 - tail) === words.at(-1 - tail)) tail += 1;
  const first = head ? times[3 * head - 2] : cue.start;
  const last = tail ? times[times.length - 3 * tail] : cue.end;
  const middle = words.slice(head, words.length - tail);
  const shares = timesOf({ start: first, end: Math.max(first, last), text: middle.join(" "), numbers: [] });
  return [...times.slice(0, 3 * head), ...shares, ...(tail ? times.slice(-3 * tail) : [])];
}

/** @param {Cue[]} list @param {Cue[]} cues */
function placeOf(list, cues) {
  if (!cues.length) return -1;
  const at = list.indexOf(cues[0]);
  return at >= 0 && cues.every((cue, n) => list[at + n] === cue) ? at : -1;
}

/** @param {Cue[]} list @param {Cue[]} wanted */
function placeByKey(list, wanted) {
  if (!wanted.length) return -1;
  const keys = wanted.map(keyOf);
  for (let at = firstAt(list, wanted[0].start - 0.01); at < list.length && list[at].start < wanted[0].start + 0.01; at++) {
    if (keys.every((key, n) => list[at + n] && keyOf(list[at + n]) === key)) return at;
  }
  return -1;
}

// Index of the first cue that starts at `second` or later.
/** @param {Cue[]} list @param {number} second */
export function firstAt(list, second) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].start < second) low = middle + 1; else high = middle;
  }
  return low;
}

// What turns `base` into `local`: [{ at (in base), before, after }].
/** @param {Cue[]} base @param {Cue[]} local @returns {Hunk[]} */
export function hunks(base, local) {
  const inBase = new Set(base), inLocal = new Set(local);
  /** @type {Hunk[]} */
  const found = [];
  let i = 0, j = 0;
  while (i < base.length || j < local.length) {
    if (base[i] === local[j]) { i += 1; j += 1; continue; }
    /** @type {Hunk} */
    const hunk = { at: i, before: [], after: [] };
    while (i < base.length && !inLocal.has(base[i])) hunk.before.push(base[i++]);
    while (j < local.length && !inBase.has(local[j])) hunk.after.push(local[j++]);
    if (!hunk.before.length && !hunk.after.length) throw new Error("cues out of order");
    found.push(hunk);
  }
  return found;
}

// Does what others saved to `list`; false when it is not as it should be.
/** @param {Cue[]} list @param {WireEdit[]} edits */
export function patch(list, edits) {
  for (const { before, after } of edits) {
    const [old, fresh] = [before.map(readCue), after.map(readCue)];
    const at = old.length ? placeByKey(list, old) : firstAt(list, fresh[0]?.start ?? 0);
    if (placeByKey(list, fresh) >= 0 && (at < 0 || !old.length)) continue;
    if (at < 0) { if (fresh.length || list.some((cue) => old.some((each) => keyOf(each) === keyOf(cue)))) return false; continue; }
    list.splice(at, old.length, ...fresh);
  }
  return true;
}

// Puts `pending` hunks on top of `base`. Where `base` no longer has what they replace, both stay to choose from:
// the cues of `after` get `held.theirs`. Returns { local, dropped }: how many removals gave way.
/** @param {Edit[]} pending @param {Cue[]} base */
export function replay(pending, base) {
  const local = [...base];
  let dropped = 0;
  for (const { before, after } of [...pending].reverse()) {
    let at = placeOf(local, before);
    if (at < 0) at = placeByKey(local, before);
    if (at >= 0) { local.splice(at, before.length, ...after); continue; }
    const span = before.length ? before : after;
    if (!span.length) continue;
    const [start, end] = [span[0].start, Math.max(...span.map((cue) => cue.end))];
    const theirs = local.filter((cue) => cue.start < end - 0.001 && cue.end > start + 0.001);
    if (!before.length && !theirs.length) { local.splice(firstAt(local, start), 0, ...after); continue; }
    if (theirs.map(keyOf).join("\n") === after.map(keyOf).join("\n")) continue;
    if (!after.length) { dropped += theirs.length ? 1 : 0; continue; }
    const held = { theirs };
    for (const cue of after) cue.held = held;
    const place = theirs.length ? local.indexOf(theirs[0]) : firstAt(local, start);
    local.splice(place, theirs.length, ...after);
  }
  return { local, dropped };
}

export class Transcript {
  /** @param {number} version @param {Cue[]} cues */
  constructor(version, cues) {
    this.version = version;
    this.base = cues;
    this.local = [...cues];
    /** @type {Done[]} */
    this.done = [];
    /** @type {Done[]} */
    this.undone = [];
    /** @type {((ops: Edit[] | null) => void)[]} */
    this.listeners = [];
  }

  /** @param {(ops: Edit[] | null) => void} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  // Replaces cues; `session` joins what is typed in one go to one step to undo.
  /** @param {Edit[]} ops @param {object | null} [session] */
  change(ops, session = null) {
    const made = ops.map(({ before, after, confirms = false }) => {
      const held = before.find((cue) => cue.held)?.held;
      for (const cue of after) {
        cue.confirms = confirms;
        if (held) cue.held = held;
      }
      this.put(before, after);
      return { before, after };
    });
    const last = this.done.at(-1);
    const joined = session && last?.session === session && made.length === 1
      && last.ops.length === 1 && last.ops[0].after.length === made[0].before.length
      && last.ops[0].after.every((cue, n) => cue === made[0].before[n]);
    if (joined) last.ops[0].after = made[0].after;
    else this.done.push({ ops: made, session });
    this.undone = [];
    this.tell(made);
  }

  /** @param {Cue[]} before @param {Cue[]} after */
  put(before, after) {
    const at = before.length ? placeOf(this.local, before) : firstAt(this.local, after[0].start);
    if (at < 0) return false;
    this.local.splice(at, before.length, ...after);
    return true;
  }

  // Takes the last step back (or does it again). Returns the cues to look at, null when there is nothing,
  // false when somebody else has changed them meanwhile.
  /** @param {Done[]} from @param {Done[]} to @param {boolean} turn @returns {Cue[] | null | false} */
  step(from, to, turn) {
    const step = from.pop();
    if (!step) return null;
    const ops = turn ? step.ops.map(({ before, after }) => ({ before: after, after: before })).reverse() : step.ops;
    const there = new Set(this.local);
    if (!ops.every(({ before }) => before.every((cue) => there.has(cue)))) return false;
    for (const { before, after } of ops) this.put(before, after);
    to.push({ ops: step.ops, session: null });
    this.tell(ops);
    return ops.flatMap((op) => op.after);
  }

  undo() { return this.step(this.done, this.undone, true); }
  redo() { return this.step(this.undone, this.done, false); }

  /** @param {Edit[] | null} ops */
  tell(ops) {
    for (const listener of this.listeners) listener(ops);
  }

  // What there is to save, without what waits for a choice.
  pending() {
    return hunks(this.base, this.local).filter((hunk) => !hunk.after.some((cue) => cue.held));
  }

  // The same with it: all that would be lost.
  pendingAll() {
    return hunks(this.base, this.local);
  }

  // Takes up what an earlier page had not saved; one step to undo.
  /** @param {Cue[]} local */
  reopen(local) {
    const ops = hunks(this.local, local).map(({ before, after }) => ({ before, after }));
    this.local = local;
    this.done.push({ ops, session: null });
    this.undone = [];
    this.tell(null);
  }

  held() {
    return this.local.filter((cue) => cue.held);
  }

  // Takes what the server made of the hunks sent; false when it is not what was sent.
  /** @param {number} version @param {Hunk[]} sent @param {WireCue[][]} made */
  saved(version, sent, made) {
    const fits = sent.every((hunk, n) => hunk.after.length === made[n].length);
    if (!fits) return false;
    for (const hunk of [...sent].reverse()) this.base.splice(hunk.at, hunk.before.length, ...hunk.after);
    for (const [n, hunk] of sent.entries()) for (const [k, cue] of hunk.after.entries()) Object.assign(cue, readCue(made[n][k]));
    this.version = version;
    return true;
  }

  // Takes `fresh` as what is stored, with what is not saved yet on top. Returns how many removals gave way.
  /** @param {number} version @param {Cue[]} fresh */
  rebase(version, fresh) {
    const pending = hunks(this.base, this.local);
    const known = new Map([...this.base, ...this.local].map((cue) => [keyOf(cue), cue]));
    const inBase = new Set(this.base);
    this.base = fresh.map((cue) => {
      const old = known.get(keyOf(cue));
      return old && inBase.has(old) ? old : cue;
    });
    const { local, dropped } = replay(pending, this.base);
    this.local = local;
    this.version = version;
    this.tell(null);
    return dropped;
  }

  // The same for edits that others made; null when they do not fit here.
  /** @param {number} version @param {WireEdit[]} edits */
  merge(version, edits) {
    const fresh = [...this.base];
    if (!patch(fresh, edits)) return null;
    return { dropped: this.rebase(version, fresh) };
  }
}
