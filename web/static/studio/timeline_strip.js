// The strip: lanes of blocks under the drawing; zooming, scrolling, seeking, dragging and nudging edges.
import { around, one } from "../dom.js";
import { say } from "../words.js";
import { Drawing } from "./timeline_drawing.js";
import { edgesOf, exactClock, rounded, snap, tiled, withEdge } from "./timeline_edits.js";
/** @import { Playing } from "./timeline_playing.js" */
/** @import { Segments } from "./timeline_saving.js" */

/** @typedef {{ root: HTMLElement, body: HTMLElement, start: HTMLElement, end: HTMLElement, segment: Segment }} Block */

const CLOSEST = 160;
const NUDGE = 0.1;
const JUMP = 1;
/** @type {Side[]} */
const SIDES = ["start", "end"];
/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1 };

export class Strip {
  /** @param {HTMLElement} root @param {Timeline} data @param {Segments} segments @param {Playing} playing @param {Select} select */
  constructor(root, data, segments, playing, select) {
    this.data = data;
    this.segments = segments;
    this.playing = playing;
    this.select = select;
    this.drawn = 0;
    this.dragging = false;
    /** @type {Marks} */
    this.marks = {};
    const find = (/** @type {string} */ name) => one(root, `[data-${name}]`);
    const canvas = one(root, "[data-canvas]", HTMLCanvasElement);
    this.viewport = find("viewport");
    this.track = find("track");
    this.zoom = one(root, "[data-zoom]", HTMLInputElement);
    this.snapping = one(root, "[data-snap]", HTMLInputElement);
    this.marked = find("marked");
    this.playhead = find("playhead");
    this.lanes = { chapter: find('lane="chapter"'), answer: find('lane="answer"') };
    this.drawing = new Drawing(canvas, data);
    this.inner = document.createElement("div");
    this.inner.className = "inner";
    this.viewport.append(this.inner);
    this.inner.append(canvas, this.track);
    /** @type {Map<string, Block>} */
    /** @type {Map<string, Block>} */
    this.blocks = new Map();
    this.edges = edgesOf(data.cues);
    /** @type {string | null} */
    /** @type {string | null} */
    this.selected = null;
    this.listen();
    this.drawing.load().then(() => { this.edges = edgesOf(data.cues, this.drawing.silences); });
  }

  get width() { return this.viewport.clientWidth; }
  get least() { return this.width / Math.max(1, this.data.duration); }
  get scale() { return this.least * (Math.max(CLOSEST, this.least) / this.least) ** (Number(this.zoom.value) / 100); }

  listen() {
    this.viewport.addEventListener("scroll", () => this.look());
    new ResizeObserver(() => this.layout(this.playing.time)).observe(this.viewport);
    this.zoom.addEventListener("input", () => this.layout(this.playing.time));
    this.viewport.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoomBy(event.deltaY < 0 ? 4 : -4, this.timeAt(event.clientX));
    }, { passive: false });
    this.inner.addEventListener("pointerdown", (event) => this.scrub(event));
  }

  /** @param {number} amount */
  zoomBy(amount, around = this.playing.time) {
    this.zoom.value = String(Number(this.zoom.value) + amount);
    this.layout(around);
  }

  fit() { this.zoom.value = "0"; this.layout(0); }
  /** @param {number} start @param {number} end */
  fitSpan(start, end) {
    const wanted = this.width / Math.max(1, (end - start) * 1.3);
    this.zoom.value = String((100 * Math.log(wanted / this.least)) / Math.log(Math.max(CLOSEST, this.least) / this.least));
    this.layout((start + end) / 2);
  }

  // Everything anew at the present zoom, with the moment `around` where it was on the screen, else in the middle.
  /** @param {number} around */
  layout(around) {
    const before = this.drawn ? (around - this.viewport.scrollLeft / this.drawn) * this.drawn : -1;
    const at = before >= 0 && before <= this.width ? before : this.width / 2;
    this.drawn = this.scale;
    this.inner.style.width = `${Math.max(this.width, this.data.duration * this.drawn)}px`;
    this.viewport.scrollLeft = around * this.drawn - at;
    for (const block of this.blocks.values()) this.put(block);
    this.showMarks(this.marks);
    this.showTime();
    this.look();
  }

  look() {
    this.drawing.show(this.viewport.scrollLeft / this.drawn, this.width, this.drawn);
  }

  /** @param {number} clientX */
  timeAt(clientX) {
    return (clientX - this.inner.getBoundingClientRect().left) / this.drawn;
  }

  /** @param {PointerEvent} event */
  scrub(event) {
    if (event.button !== 0 || around(event.target, ".block")) return;
    const move = (/** @type {PointerEvent} */ each) => this.playing.seek(this.timeAt(each.clientX));
    move(event);
    if (event.pointerType === "touch") return;
    this.inner.setPointerCapture(event.pointerId);
    const done = () => { this.inner.removeEventListener("pointermove", move); };
    this.inner.addEventListener("pointermove", move);
    this.inner.addEventListener("pointerup", done, { once: true });
    this.inner.addEventListener("pointercancel", done, { once: true });
  }

  showTime() {
    const { time } = this.playing;
    this.playhead.style.left = `${time * this.drawn}px`;
    if (!this.playing.playing || this.dragging) return;
    const x = time * this.drawn - this.viewport.scrollLeft;
    if (x < 0 || x > this.width * 0.92) this.viewport.scrollLeft = time * this.drawn - this.width * 0.15;
  }

  /** @param {Segment} segment */
  reveal(segment) {
    const [left, right] = [segment.start, segment.end].map((each) => each * this.drawn - this.viewport.scrollLeft);
    if (left < 0 || right > this.width) this.viewport.scrollLeft = segment.start * this.drawn - this.width * 0.15;
  }

  /** @param {Marks} marks */
  showMarks(marks) {
    this.marks = marks;
    const from = marks.from ?? marks.to;
    this.marked.hidden = from === undefined;
    if (from === undefined) return;
    this.marked.style.left = `${from * this.drawn}px`;
    this.marked.style.width = `${Math.max(2, ((marks.to ?? from) - from) * this.drawn)}px`;
  }

  /** @param {string | null} selected */
  showSegments(selected) {
    this.selected = selected;
    const there = new Set();
    for (const segment of this.segments.all) {
      there.add(segment.id);
      const block = this.blocks.get(segment.id) ?? this.build(segment);
      this.fill(block, segment);
    }
    for (const [id, block] of this.blocks) if (!there.has(id)) { block.root.remove(); this.blocks.delete(id); }
  }

  /** @param {Segment} segment */
  build(segment) {
    const { id } = segment;
    const root = document.createElement("div");
    const body = document.createElement("button");
    body.type = "button";
    body.className = "body";
    body.tabIndex = -1;
    body.addEventListener("click", () => this.select(id, { seek: true }));
    const start = this.buildEdge(id, "start"), end = this.buildEdge(id, "end");
    root.append(body, start, end);
    const block = { root, body, start, end, segment };
    this.blocks.set(id, block);
    return block;
  }

  /** @param {string} id @param {Side} side */
  buildEdge(id, side) {
    const edge = document.createElement("div");
    edge.className = `edge edge-${side}`;
    edge.setAttribute("role", "slider");
    edge.addEventListener("pointerdown", (event) => this.drag(event, id, side));
    edge.addEventListener("keydown", (event) => this.nudge(event, id, side));
    return edge;
  }

  /** @param {Block} block @param {Segment} segment */
  fill(block, segment) {
    block.segment = segment;
    const chosen = segment.id === this.selected;
    const title = segment.question || segment.title || say("untitled");
    block.root.className = `block ${segment.state} ${segment.kind}${chosen ? " chosen" : ""}`;
    if (block.root.parentNode !== this.lanes[segment.kind]) this.lanes[segment.kind].append(block.root);
    block.body.textContent = title;
    block.body.dir = "auto";
    block.body.setAttribute("aria-label", `${exactClock(segment.start)} – ${exactClock(segment.end)} ${title} (${say(segment.state)})`);
    if (chosen) block.body.setAttribute("aria-current", "true"); else block.body.removeAttribute("aria-current");
    for (const side of SIDES) {
      const edge = block[side];
      edge.tabIndex = chosen ? 0 : -1;
      edge.setAttribute("aria-label", say(`${side}_of`, { title }));
      edge.setAttribute("aria-valuemin", "0");
      edge.setAttribute("aria-valuemax", String(this.data.duration));
      edge.setAttribute("aria-valuenow", String(segment[side]));
      edge.setAttribute("aria-valuetext", exactClock(segment[side]));
    }
    this.put(block);
  }

  /** @param {Block} given */
  put({ root, segment }) {
    root.style.left = `${segment.start * this.drawn}px`;
    root.style.width = `${Math.max(3, (segment.end - segment.start) * this.drawn)}px`;
  }

  // The segment with one edge moved, and the chapters that share it.
  /** @param {Segment} before @param {Side} side @param {number} moment @param {string} key */
  move(before, side, moment, key) {
    const after = withEdge(before, side, moment, this.data.duration);
    const others = tiled(this.segments.all, before, after);
    this.segments.change([after, ...others].map((each) => ({ id: each.id, after: each })), { key, slowly: Boolean(key) });
  }

  /** @param {number} moment */
  snapped(moment) {
    return this.snapping.checked ? snap(moment, this.edges) : rounded(moment);
  }

  /** @param {Segment} segment @param {Side} side @param {number} moment */
  setEdge(segment, side, moment) {
    this.move(segment, side, this.snapped(moment), "");
  }

  /** @param {PointerEvent} event @param {string} id @param {Side} side */
  drag(event, id, side) {
    const before = this.segments.get(id);
    if (event.button !== 0 || !before) return;
    event.preventDefault();
    const block = this.blocks.get(id);
    if (!block) return;
    const edge = block[side];
    edge.focus();
    edge.setPointerCapture(event.pointerId);
    this.dragging = true;
    const offset = event.clientX - (this.inner.getBoundingClientRect().left + before[side] * this.drawn);
    let after = before;
    const move = (/** @type {PointerEvent} */ each) => {
      after = withEdge(before, side, this.snapped(this.timeAt(each.clientX - offset)), this.data.duration);
      block.segment = after;
      this.put(block);
      edge.setAttribute("aria-valuetext", exactClock(after[side]));
      this.playing.seek(after[side]);
    };
    const done = (/** @type {PointerEvent} */ last) => {
      edge.removeEventListener("pointermove", move);
      edge.removeEventListener("pointerup", done);
      edge.removeEventListener("pointercancel", done);
      this.dragging = false;
      if (last.type === "pointerup" && after !== before) this.move(before, side, after[side], "");
      else this.fill(block, before);
      this.select(id, {});
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", done);
    edge.addEventListener("pointercancel", done);
  }

  /** @param {KeyboardEvent} event @param {string} id @param {Side} side */
  nudge(event, id, side) {
    const segment = this.segments.get(id);
    const way = WAYS[event.key];
    if (!segment || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.key.startsWith("Page") ? JUMP : event.shiftKey ? this.data.frame : NUDGE;
    const moment = rounded(segment[side] + way * step);
    this.move(segment, side, moment, `edge:${side}:${id}`);
    this.playing.seek(this.segments.get(id)?.[side] ?? moment);
  }
}
