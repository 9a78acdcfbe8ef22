// The transcript's desk: puts the parts together, holds the player and the keys of the page.
import { around, given, maybe, one } from "../dom.js";
import { attach } from "../playback.js";
import { recall, remember } from "../memory.js";
import { say } from "../words.js";
import { element } from "./transcript_cues.js";
import { CueList } from "./transcript_list.js";
import { Transcript, readCue } from "./transcript_model.js";
import { Finder, GlossaryPanel } from "./transcript_panels.js";
import { Saving, call } from "./transcript_saving.js";
import { Unsure } from "./transcript_unsure.js";

const BEAT = 10_000;
const root = one(document, "[data-transcript]");
/** @template {Element} [E=HTMLElement] @param {string} name @param {new () => E} [type] */
const find = (name, type) => one(document, `[data-${name}]`, type);
/** @param {string} text */
const announce = (text) => { find("live").textContent = text; };

class Player {
  /** @param {HTMLVideoElement | null} video @param {string} source */
  constructor(video, source) {
    this.video = video;
    this.source = source;
    /** @type {Promise<unknown> | undefined} */
    this.attached = undefined;
    this.ready();
  }

  ready(start = 0) {
    if (!this.video) return Promise.resolve();
    this.attached ??= attach(this.video, this.source, start, () => this.fail("failed")).catch(() => this.fail("no_player"));
    return this.attached;
  }

  /** @param {string} why */
  fail(why) {
    const trouble = find("trouble");
    trouble.textContent = say(why);
    trouble.hidden = false;
  }

  /** @param {number} second */
  async play(second, onlyWhenPlaying = false) {
    if (!this.video) return;
    await this.ready(second);
    this.video.currentTime = second;
    if (!onlyWhenPlaying) this.video.play().catch(() => {});
  }

  toggle() {
    const { video } = this;
    if (!video) return;
    if (video.paused) this.ready().then(() => video.play().catch(() => {})); else video.pause();
  }
}

class Desk {
  /** @param {Transcript} transcript */
  constructor(transcript) {
    const { keeps } = root.dataset;
    const slug = given(root, "slug"), account = given(root, "account");
    const api = `/api/v1/episodes/${slug}/transcript`;
    this.transcript = transcript;
    this.player = new Player(maybe(document, "[data-player]", HTMLVideoElement), given(root, "source"));
    /** @type {Play} */
    const play = (second, quiet) => this.player.play(second, quiet);
    this.list = new CueList(find("cues"), transcript, { play, announce });
    this.saving = new Saving(transcript, { api, slug, account, announce, show: (name, values) => this.show(name, values) });
    this.unsure = new Unsure(transcript, this.list, { counter: find("unsure"), announce, play });
    this.finder = new Finder(find("finder", HTMLDetailsElement), transcript, this.list, announce);
    this.glossary = new GlossaryPanel(find("glossary", HTMLDetailsElement), transcript, this.list, this.saving, { announce, keeps: keeps === "true" });
    transcript.listen(() => this.showHeld());
    this.settings();
    this.listen(slug);
  }

  async begin() {
    await this.list.draw();
    this.show("as_stored");
    this.unsure.count();
    this.beat();
    const found = await this.saving.left();
    if (found.length) this.offer(found);
  }

  settings() {
    const threshold = find("threshold", HTMLSelectElement);
    const kept = recall("studio:threshold");
    if (kept && [...threshold.options].some((option) => option.value === kept)) threshold.value = kept;
    const set = () => {
      root.dataset.marks = threshold.value;
      remember("studio:threshold", threshold.value);
      this.unsure.set(Number(threshold.value));
    };
    threshold.addEventListener("change", set);
    set();
    const follow = maybe(document, "[data-follow]", HTMLInputElement);
    if (follow) {
      follow.checked = recall("studio:follow") !== "off";
      follow.addEventListener("change", () => remember("studio:follow", follow.checked ? "on" : "off"));
    }
  }

  /** @param {string} slug */
  listen(slug) {
    const { video } = this.player;
    video?.addEventListener("timeupdate", () => this.list.follow(video.currentTime, find("follow", HTMLInputElement).checked && !video.paused));
    const speed = maybe(document, "[data-speed]", HTMLSelectElement);
    speed?.addEventListener("change", () => { if (video) video.playbackRate = Number(speed.value); });
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => this.act(around(event.target, "[data-do]")?.dataset.do));
    const read = find("read", HTMLInputElement);
    read.addEventListener("change", () => this.read(read, slug));
    setInterval(() => this.beat(), BEAT);
  }

  /** @param {string | undefined} name */
  act(name) {
    if (name === "undo") this.step("undo");
    else if (name === "redo") this.step("redo");
    else if (name === "unsure") this.unsure.walk();
    else if (name === "help") find("help", HTMLDialogElement).showModal();
    else if (name === "held") this.list.go(this.transcript.held()[0]);
  }

  /** @param {"undo" | "redo"} which */
  step(which) {
    this.list.close();
    const cues = this.transcript[which]();
    if (cues === null) announce(say("nothing_to_undo"));
    else if (cues === false) announce(say("cannot_undo"));
    else if (cues.length) this.list.go(cues[0]);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (document.querySelector("dialog[open]")) return;
    const writing = around(event.target, "input:not([type=checkbox]), textarea, select");
    const ctrl = event.ctrlKey || event.metaKey;
    const name = event.key.toLowerCase();
    const ours = !writing || event.target === this.list.open?.area;
    if (ctrl && name === "z" && ours) this.step(event.shiftKey ? "redo" : "undo");
    else if (ctrl && name === "y" && ours) this.step("redo");
    else if (ctrl && name === "s") this.saving.save();
    else if (ctrl && name === "f" && !around(event.target, "[data-finder]")) this.finder.show();
    else if (ctrl || event.altKey) return;
    else if (event.key === "F4") { if (event.shiftKey) this.again(); else this.player.toggle(); }
    else if (event.key === "F8") this.unsure.walk(event.shiftKey);
    else if (event.key === "F9") this.unsure.confirm();
    else if (event.key === "?" && !writing) find("help", HTMLDialogElement).showModal();
    else if (event.key === " " && !writing && !around(event.target, "button, summary, a, input, video")) this.player.toggle();
    else return;
    event.preventDefault();
  }

  again() {
    const cue = this.list.open?.cue ?? this.list.cueOf(this.list.stop);
    if (cue) this.player.play(cue.start);
  }

  /** @param {string} name @param {Values} [values] */
  show(name, values = {}) {
    const state = find("state");
    const text = say(name, values);
    if (state.textContent !== text) state.textContent = text;
    state.dataset.is = name;
  }

  showHeld() {
    const count = new Set(this.transcript.held().map((cue) => cue.held)).size;
    find("held").hidden = !count;
    find("held-count").textContent = count ? say("held", { count }) : "";
  }

  /** @param {Drafts} found */
  offer(found) {
    const count = found.reduce((sum, [, draft]) => sum + draft.hunks.length, 0);
    const at = new Date(Math.max(...found.map(([, draft]) => draft.at)));
    const time = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
    const box = find("drafts");
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const made = element("button", { type: "button", className: "do", textContent: say(name) });
      made.addEventListener("click", () => { box.hidden = true; act(); });
      return made;
    };
    const drop = button("draft_drop", () => this.saving.drop(found));
    drop.classList.add("quiet-button");
    const open = button("draft_open", () => { this.saving.open(found); announce(say("draft_opened")); });
    box.replaceChildren(element("p", { textContent: say("draft", { count, time }) }), element("p", { className: "inline-buttons" }, open, drop));
    box.hidden = false;
  }

  async beat() {
    const url = `/api/v1/episodes/${root.dataset.slug}/presence`;
    const answer = await call(url, "POST", { what: "transcript" }).catch(() => null);
    const names = (answer?.json?.people ?? []).map((/** @type {Person} */ person) => person.name);
    find("people").textContent = names.length ? say("present", { names: [...new Set(names)].join(", ") }) : "";
  }

  /** @param {HTMLInputElement} box @param {string} slug */
  async read(box, slug) {
    await this.saving.save();
    const body = { version: this.transcript.version, read: box.checked };
    const answer = await call(`/api/v1/episodes/${slug}/captions-read`, "PUT", body).catch(() => null);
    if (answer?.ok) return;
    box.checked = !box.checked;
    announce(say("read_failed", { why: answer?.json?.detail ?? "" }));
  }
}

async function begin() {
  const answer = await call(`/api/v1/episodes/${root.dataset.slug}/transcript`).catch(() => null);
  if (!answer?.ok) { find("state").textContent = say("not_loaded"); return; }
  const desk = new Desk(new Transcript(answer.json.version, answer.json.cues.map(readCue)));
  await desk.begin();
}

begin();
