// The desk: one key accepts a suggestion and goes on to the next; everything else is one key too.
import { all, around, given, one } from "../dom.js";
import { recall, remember } from "../memory.js";
import { say } from "../words.js";
import { exactClock, merge, overlapOf, rounded, split } from "./timeline_edits.js";
import { Panel } from "./timeline_panel.js";
import { Playing } from "./timeline_playing.js";
import { Segments } from "./timeline_saving.js";
import { Strip } from "./timeline_strip.js";

const STEP = 5;
const DEFAULT_SECONDS = 30;
const BEAT = 10000;

class Desk {
  /** @param {Timeline} data */
  constructor(data) {
    this.data = data;
    /** @type {string | null} */
    this.id = null;
    /** @type {TimelineCue | null} */
    this.cue = null;
    const find = (/** @type {string} */ name) => one(document, `[data-${name}]`);
    this.find = find;
    this.segments = new Segments(data.episode, data.segments, one(document, "meta[name=csrf]", HTMLMetaElement).content);
    for (const name of ["desk", "strip"]) find(name).hidden = false;
    find("plain").hidden = true;
    document.body.classList.add("desk-page");
    this.playing = new Playing(one(document, "[data-video]", HTMLVideoElement), data, find("trouble"));
    /** @type {Select} */
    const select = (id, how) => this.select(id, how);
    this.panel = new Panel(find("desk"), data, this.segments, select);
    this.strip = new Strip(find("strip"), data, this.segments, this.playing, select);
    this.keys = one(document, "[data-keys-on]", HTMLInputElement);
    this.clash = one(document, "[data-clash]", HTMLDialogElement);
    /** @type {Marks} */
    this.marks = {};
    this.listen();
    const first = this.panel.order.find((each) => each.state === "suggested") ?? this.panel.order[0];
    this.strip.layout(0);
    this.select(first?.id ?? null, { seek: true });
    this.showState();
    this.showAbove();
    this.offerUnsaved();
    this.beat();
    setInterval(() => { if (!document.hidden) this.beat(); }, BEAT);
  }

  listen() {
    this.segments.addEventListener("change", () => this.show());
    this.segments.addEventListener("state", () => this.showState());
    this.segments.addEventListener("clash", () => this.showClash());
    this.playing.addEventListener("time", () => this.showTime());
    const run = () => { if (this.playing.playing) this.showTime(); requestAnimationFrame(run); };
    requestAnimationFrame(run);
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => {
      const button = around(event.target, "[data-do]");
      if (button) this.do(given(button, "do"));
    });
    this.find("above").addEventListener("input", () => this.showAbove());
    this.find("all").addEventListener("submit", (event) => { event.preventDefault(); this.acceptAll(); });
    const { keys } = this;
    keys.checked = recall("keys") !== "off";
    keys.addEventListener("change", () => remember("keys", keys.checked ? "on" : "off"));
    for (const button of all(document, "[data-keep]")) {
      button.addEventListener("click", () => { this.clash.close(); this.segments.resolve(given(button, "keep")); });
    }
    this.clash.addEventListener("cancel", (event) => event.preventDefault());
  }

  get chosen() { return this.segments.get(this.id); }

  /** @param {string | null} id @param {{ seek?: boolean, play?: boolean }} [given] */
  select(id, { seek = false, play = false } = {}) {
    this.id = id;
    this.show();
    const { chosen } = this;
    if (!chosen) return;
    this.strip.reveal(chosen);
    if (seek) this.playing.seek(chosen.start);
    if (play) this.playing.play();
  }

  show() {
    if (this.id && !this.chosen) this.id = null;
    this.panel.show(this.id);
    this.strip.showSegments(this.id);
    this.showAbove();
  }

  showTime() {
    const { time, playing } = this.playing;
    this.find("clock").textContent = exactClock(time);
    const words = say(playing ? "pause" : "play");
    const toggle = one(document, '[data-do="toggle"]');
    if (toggle.textContent !== words) toggle.textContent = words;
    const cue = this.cueAt(time);
    if (cue !== this.cue) { this.cue = cue; this.find("spoken").textContent = cue ? cue[2] : ""; }
    this.strip.showTime();
  }

  /** @param {number} time */
  cueAt(time) {
    const { cues } = this.data;
    let [low, high] = [0, cues.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cues[middle][0] <= time) low = middle + 1; else high = middle;
    }
    const cue = cues[low - 1];
    return cue && time < cue[1] + 1 ? cue : null;
  }

  showState() {
    const { state, refusal } = this.segments;
    const place = this.find("state");
    const words = say(state, { why: refusal });
    if (place.textContent !== words) place.textContent = words;
    place.dataset.state = state;
    for (const [name, list] of Object.entries({ undo: this.segments.undos, redo: this.segments.redos })) {
      one(document, `[data-do="${name}"]`, HTMLButtonElement).disabled = !list.length;
    }
  }

  /** @param {string} words */
  tell(words) { one(document, "[data-live]").textContent = words; }

  // Says that the timeline is open here, and shows who else works on the episode.
  async beat() {
    const answer = await this.segments.post(`/api/v1/episodes/${this.data.episode}/presence`, { what: "timeline" }).catch(() => null);
    const { people = [] } = answer?.ok ? await answer.json().catch(() => ({})) : {};
    const names = [...new Set(people.map((/** @type {Person} */ each) => each.name))].join(", ");
    const words = names ? say("present", { names }) : "";
    if (this.find("people").textContent !== words) this.find("people").textContent = words;
  }

  // --- what keys and buttons do
  /** @param {string} what */
  do(what) {
    const { chosen, playing } = this;
    switch (what) {
      case "toggle": return playing.toggle();
      case "back": return playing.back();
      case "forward": return playing.forward();
      case "pause": return playing.pause();
      case "accept": return this.accept();
      case "dismiss": return this.dismiss();
      case "next": return this.step(1, true);
      case "previous": return this.step(-1, true);
      case "undo": return this.turn("undo");
      case "redo": return this.turn("redo");
      case "help": return one(document, "[data-help]", HTMLDialogElement).showModal();
      case "mark-in": return this.mark("from");
      case "mark-out": return this.mark("to");
      case "make": return this.make("answer");
      case "make-chapter": return this.make("chapter");
      case "fit": return this.strip.fit();
      default: return chosen && this.toChosen(what, chosen);
    }
  }

  /** @param {string} what @param {Segment} chosen */
  toChosen(what, chosen) {
    const { playing } = this;
    switch (what) {
      case "replay": playing.seek(chosen.start); return playing.play();
      case "set-start": return this.strip.setEdge(chosen, "start", playing.time);
      case "set-end": return this.strip.setEdge(chosen, "end", playing.time);
      case "split": return this.split(chosen);
      case "merge": return this.merge(chosen);
      case "kind": return this.changeKind(chosen);
      case "zoom-segment": return this.strip.fitSpan(chosen.start, chosen.end);
      case "edit": return this.edit(chosen);
      case "topic": return this.panel.topics.input.focus();
      default: return null;
    }
  }

  accept() {
    const { chosen } = this;
    if (!chosen) return;
    const next = this.after(chosen);
    this.segments.change([{ id: chosen.id, after: this.panel.accepted(chosen) }]);
    this.tell(say("accepted"));
    this.goOn(next);
  }

  dismiss() {
    const { chosen } = this;
    if (!chosen) return;
    const next = this.after(chosen);
    this.segments.change([{ id: chosen.id, after: null }]);
    this.tell(say("dismissed"));
    this.goOn(next);
  }

  // The suggestion to look at after this one: the next in the list, else the first that is left.
  /** @param {Segment} segment */
  after(segment) {
    const { order } = this.panel;
    const index = order.findIndex((each) => each.id === segment.id);
    const open = (/** @type {Segment} */ each) => each.state === "suggested" && each.id !== segment.id;
    return order.slice(index + 1).find(open) ?? order.find(open) ?? null;
  }

  /** @param {Segment | null} next */
  goOn(next) {
    const was = this.playing.playing;
    if (next) { this.select(next.id, { seek: true, play: was }); return; }
    this.playing.pause();
    this.show();
    this.tell(say("none_left"));
  }

  /** @param {number} way @param {boolean} open */
  step(way, open) {
    const order = this.panel.order.filter((each) => !open || each.state === "suggested" || each.id === this.id);
    if (!order.length) return;
    const index = order.findIndex((each) => each.id === this.id);
    const next = order[(index + way + order.length) % order.length] ?? order[0];
    this.select(next.id, { seek: true, play: this.playing.playing });
  }

  /** @param {Segment} chosen */
  edit(chosen) {
    const answer = chosen.kind === "answer";
    const field = answer ? one(document, "#question", HTMLTextAreaElement) : one(document, "#title", HTMLInputElement);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  /** @param {"undo" | "redo"} which */
  turn(which) {
    const id = this.segments[which]();
    this.tell(say(id === null ? "nothing" : which === "undo" ? "undone" : "redone"));
    if (id && this.segments.get(id)) this.select(id);
  }

  /** @param {"from" | "to"} side */
  mark(side) {
    const time = rounded(this.playing.time);
    const marks = { ...this.marks, [side]: time };
    if (side === "from" && marks.to !== undefined && marks.to <= time) delete marks.to;
    if (side === "to" && marks.from !== undefined && marks.from >= time) delete marks.from;
    this.marks = marks;
    this.strip.showMarks(marks);
    const at = (/** @type {number | undefined} */ moment) => (moment === undefined ? "…" : exactClock(moment));
    this.find("span").textContent = say("marked", { from: at(marks.from), to: at(marks.to) });
  }

  /** @param {Kind} kind */
  make(kind) {
    const { from, to } = this.marks;
    if (from === undefined) { this.warn(say("no_span")); return; }
    const start = this.strip.snapped(from);
    const end = Math.min(this.strip.snapped(to ?? from + DEFAULT_SECONDS), this.data.duration);
    if (end - start < 0.5) { this.warn(say("too_short")); return; }
    const alone = kind === "answer" && this.data.guests.length === 1 ? this.data.guests : [];
    /** @type {Segment} */
    const after = {
      id: this.segments.newId(kind, start), version: 1, kind, start, end, answer_start: null, title: "", question: "",
      asker: "", answerers: alone, topics: [], origin: "editor", state: "confirmed", confidence: 1,
    };
    this.segments.change([{ id: after.id, after }]);
    this.marks = {};
    this.strip.showMarks({});
    this.find("span").textContent = "";
    this.select(after.id);
    this.edit(after);
  }

  /** @param {Segment} chosen */
  split(chosen) {
    const parts = split(chosen, this.strip.snapped(this.playing.time));
    if (!parts) { this.warn(say("cannot_split")); return; }
    const [first, second] = parts;
    second.id = this.segments.newId(second.kind, second.start);
    this.segments.change([first, second].map((each) => ({ id: each.id, after: each })));
    this.select(second.id);
  }

  /** @param {Segment} chosen */
  merge(chosen) {
    const same = this.segments.all.filter((each) => each.kind === chosen.kind);
    const next = same[same.findIndex((each) => each.id === chosen.id) + 1];
    if (!next) { this.warn(say("cannot_merge")); return; }
    const joined = merge(chosen, next);
    const other = joined.id === chosen.id ? next : chosen;
    this.segments.change([{ id: joined.id, after: joined }, { id: other.id, after: null, into: joined.id }]);
    this.select(joined.id);
  }

  /** @param {Segment} chosen */
  changeKind(chosen) {
    const kind = chosen.kind === "answer" ? "chapter" : "answer";
    const texts = kind === "answer" ? { question: chosen.question || chosen.title } : { title: chosen.title || chosen.question.slice(0, 300) };
    this.segments.change([{ id: chosen.id, after: { ...chosen, ...texts, kind, origin: "editor" } }]);
  }

  /** @param {string} words */
  warn(words) {
    this.find("warning").textContent = words;
    this.find("span").textContent = words;
    this.tell(words);
  }

  get above() {
    const least = Number(one(document, "[data-above]", HTMLInputElement).value) / 100;
    return this.segments.all.filter((each) => each.state === "suggested" && each.confidence >= least - 1e-9 && !overlapOf(this.segments.all, each));
  }

  showAbove() {
    const button = one(document, "[data-accept-all]", HTMLButtonElement);
    const { length } = this.above;
    button.textContent = say("accept_all", { count: length });
    button.disabled = !length;
  }

  acceptAll() {
    const all = this.above;
    this.segments.change(all.map((each) => ({ id: each.id, after: this.panel.accepted(each) })));
    this.tell(say("confirmed_all", { count: all.length }));
    const open = this.panel.order.find((each) => each.state === "suggested");
    if (open && this.chosen?.state !== "suggested") this.select(open.id, { seek: true });
  }

  // --- what has not gone smoothly
  showClash() {
    const clash = this.segments.clashes[0];
    if (!clash) return;
    const { mine, theirs } = clash;
    this.find("mine").replaceChildren(...this.described(mine, theirs));
    this.find("theirs").replaceChildren(...this.described(theirs, mine));
    if (!this.clash.open) this.clash.showModal();
  }

  /** @param {Segment | null} segment @param {Segment | null} other */
  described(segment, other) {
    if (!segment) return [this.part("dd", say("removed"))];
    const names = new Map(this.data.topics.map((each) => [each.slug, each.name]));
    /** @returns {Record<string, string>} */
    const values = (/** @type {Segment} */ each) => ({
      question: each.question, title: each.kind === "chapter" ? each.title : "", kind: say(each.kind), state: say(each.state), start: exactClock(each.start), end: exactClock(each.end),
      asker: each.asker, answerers: each.answerers.join(", "), topics: each.topics.map((slug) => names.get(slug) ?? slug).join(", "),
    });
    const theirs = other ? values(other) : {};
    return Object.entries(values(segment)).filter(([, text]) => text).flatMap(([name, text]) => {
      const value = this.part("dd", text);
      if (other && theirs[name] !== text) value.className = "differs";
      return [this.part("dt", say(name)), value];
    });
  }

  /** @param {string} tag @param {string} text */
  part(tag, text) {
    const part = document.createElement(tag);
    part.textContent = text;
    part.dir = "auto";
    return part;
  }

  offerUnsaved() {
    const left = this.segments.unsaved;
    if (!left.length) return;
    const dialog = one(document, "[data-unsaved]", HTMLDialogElement);
    this.find("unsaved-count").textContent = say("unsaved", { count: left.length });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "drop") this.segments.forget(); else this.segments.offerAgain(left);
    }, { once: true });
    dialog.showModal();
  }

  // --- keys
  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = around(event.target, "input:not([type=range], [type=checkbox]), textarea, select");
    const command = event.ctrlKey || event.metaKey;
    if (typing) { this.keyWhileTyping(event, command); return; }
    if (command) {
      const what = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
      if (what) { event.preventDefault(); this.do(what); }
      return;
    }
    if (event.altKey || (!this.keys.checked && event.key.length === 1 && event.key !== "?")) return;
    const onButton = around(event.target, "button, a, summary, [role=slider], input");
    if (onButton && ["Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      if (around(event.target, "[role=slider], input, summary") || ["Enter", " "].includes(event.key)) return;
    }
    if (this.plainKey(event)) event.preventDefault();
  }

  /** @param {KeyboardEvent} event @param {boolean} command */
  keyWhileTyping(event, command) {
    const field = event.target;
    if (!(field instanceof HTMLElement)) return;
    if (event.key === "Escape") { event.preventDefault(); field.blur(); }
    else if (event.key === "Enter" && command) { event.preventDefault(); field.blur(); this.accept(); }
    else if (event.key === "Enter" && field.id === "question") { event.preventDefault(); field.blur(); }
  }

  /** @param {KeyboardEvent} event */
  plainKey(event) {
    const { key } = event;
    if (/^[1-9]$/.test(key)) { this.panel.toggleAnswerer(Number(key) - 1); return true; }
    if (key === "ArrowLeft" || key === "ArrowRight") { this.playing.seek(this.playing.time + (key === "ArrowLeft" ? -STEP : STEP)); return true; }
    if (key === "ArrowUp" || key === "ArrowDown") { this.step(key === "ArrowUp" ? -1 : 1, false); return true; }
    if (key === "+" || key === "=" || key === "-") { this.strip.zoomBy(key === "-" ? -8 : 8); return true; }
    const what = {
      a: "accept", Enter: "accept", x: "dismiss", Delete: "dismiss", e: "edit", n: "next", p: "previous", t: "topic",
      r: "replay", " ": "toggle", k: "pause", j: "back", l: "forward", "[": "set-start", "]": "set-end", i: "mark-in",
      o: "mark-out", m: event.shiftKey ? "make-chapter" : "make", s: "split", g: "merge", c: "kind", u: "undo", z: "zoom-segment", 0: "fit", "?": "help",
    }[key.length === 1 ? key.toLowerCase() : key];
    if (what) this.do(what);
    return Boolean(what);
  }
}

const data = document.getElementById("timeline");
if (data) new Desk(JSON.parse(data.textContent));
