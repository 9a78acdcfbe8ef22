// Arithmetic of segments, as transcribe/editing/segments.py has it. Pure: no page is touched here.
export const SNAP_SECONDS = 0.4;
export const SHORTEST_SECONDS = 0.5;
const TOUCHING_SECONDS = 0.05;
const MUCH_OVERLAP_SECONDS = 5;

/** @param {Segment} a @param {Segment} b */
export const inOrder = (a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
/** @param {number} seconds */
export const rounded = (seconds) => Math.round(seconds * 1000) / 1000;

/** @param {readonly [number, number, ...unknown[]][]} cues @param {[number, number][]} [silences] */
export function edgesOf(cues, silences = []) {
  /** @type {Set<number>} */
  const edges = new Set();
  for (const [start, end] of [...cues, ...silences]) edges.add(start).add(end);
  return [...edges].sort((a, b) => a - b);
}

// The nearest of the sorted `edges` no more than `reach` seconds away, else `moment` itself.
/** @param {number} moment @param {number[]} edges */
export function snap(moment, edges, reach = SNAP_SECONDS) {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < moment) low = middle + 1; else high = middle;
  }
  const near = [edges[low - 1], edges[low]].filter((edge) => edge !== undefined && Math.abs(edge - moment) <= reach);
  return near.length ? near.reduce((best, edge) => (Math.abs(edge - moment) < Math.abs(best - moment) ? edge : best)) : moment;
}

// Two halves, or null where one would be too short.
/** @param {Segment} segment @param {number} at */
export function split(segment, at) {
  if (at < segment.start + SHORTEST_SECONDS || at > segment.end - SHORTEST_SECONDS) return null;
  const begins = segment.answer_start;
  const later = begins !== null && begins > at;
  const first = { ...segment, end: at, answer_start: later ? null : begins, origin: "editor" };
  const second = {
    ...segment, id: "", version: 1, start: at, title: "", question: "", asker: "",
    answer_start: later ? begins : null, origin: "editor",
  };
  return [first, second];
}

/** @param {Segment} one @param {Segment} other */
export function merge(one, other) {
  const [first, second] = [one, other].sort(inOrder);
  const both = (/** @type {"answerers" | "topics"} */ name) => [...new Set([...first[name], ...second[name]])];
  return {
    ...first,
    end: Math.max(first.end, second.end),
    title: first.title || second.title,
    question: first.question || second.question,
    asker: first.asker || second.asker,
    answerers: both("answerers"),
    topics: both("topics"),
    answer_start: first.answer_start ?? second.answer_start,
    origin: "editor",
    confidence: Math.min(first.confidence, second.confidence),
  };
}

// Other chapters that change when one is moved: a shared edge stays shared.
/** @param {Segment[]} segments @param {Segment} before @param {Segment} after @returns {Segment[]} */
export function tiled(segments, before, after) {
  if (after.kind !== "chapter") return [];
  const moved = [];
  for (const each of segments) {
    if (each.kind !== "chapter" || each.id === after.id) continue;
    if (Math.abs(each.end - before.start) <= TOUCHING_SECONDS && after.start - each.start >= SHORTEST_SECONDS) {
      if (each.end !== after.start) moved.push({ ...each, end: after.start });
    } else if (Math.abs(each.start - before.end) <= TOUCHING_SECONDS && each.end - after.end >= SHORTEST_SECONDS) {
      if (each.start !== after.end) moved.push({ ...each, start: after.end });
    }
  }
  return moved;
}

// Seconds that an answer shares with the answers before and after it, when that is much.
/** @param {Segment[]} segments @param {Segment} segment */
export function overlapOf(segments, segment) {
  if (segment.kind !== "answer") return 0;
  const shared = segments
    .filter((each) => each.kind === "answer" && each.id !== segment.id)
    .map((each) => Math.min(each.end, segment.end) - Math.max(each.start, segment.start));
  const most = Math.max(0, ...shared);
  return most > MUCH_OVERLAP_SECONDS ? most : 0;
}

// A moved edge: within the recording, and the segment no shorter than half a second.
/** @param {Segment} segment @param {Side} side @param {number} moment @param {number} duration */
export function withEdge(segment, side, moment, duration) {
  const inside = rounded(Math.min(Math.max(0, moment), duration || Infinity));
  if (side === "start") {
    const start = Math.min(inside, rounded(segment.end - SHORTEST_SECONDS));
    return { ...segment, start, answer_start: segment.answer_start === null ? null : Math.max(segment.answer_start, start), origin: "editor" };
  }
  const end = Math.max(inside, rounded(segment.start + SHORTEST_SECONDS));
  return { ...segment, end, answer_start: segment.answer_start === null ? null : Math.min(segment.answer_start, end), origin: "editor" };
}

/** @param {number} seconds */
export function exactClock(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const tail = `${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
