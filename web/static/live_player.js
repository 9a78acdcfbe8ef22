// Playing a broadcast: from where it is now, found again by itself after an interruption; sound only to save data.
import { given, one } from "./dom.js";
import { recall, remember, saverOn, setSaver } from "./memory.js";
import { CannotPlay, attach } from "./playback.js";
import { clock, say } from "./words.js";

const RETRY_MS = 4000;
const CUES_KEPT = 5000;

// Returns { state(name), cue(cue) }, or null where there is no player.
/** @param {HTMLElement | null} root @param {Words} words @param {string} state */
export function enhanceLivePlayer(root, words, state) {
  return root ? new LivePlayer(root, words, state) : null;
}

class LivePlayer {
  /** @param {HTMLElement} root @param {Words} words @param {string} state */
  constructor(root, words, state) {
    this.root = root;
    this.words = words;
    this.now = state;
    this.video = one(root, "video", HTMLVideoElement);
    /** @param {string} name */
    this.find = (name) => one(root, `[data-${name}]`);
    /** @type {LiveCue[]} */
    this.cues = [];
    /** @type {number | null} */
    this.place = null;
    /** @type {(() => void) | null} */
    this.detach = null;
    this.wanted = false;
    this.asked = root.dataset.start ? Number(root.dataset.start) : null; // a moment of the broadcast, from the address
    this.video.querySelector("track")?.remove(); // drawn here: new words come as events
    this.video.controls = false;
    this.video.removeAttribute("src");
    this.video.load();
    this.saver = one(root, "[data-saver]", HTMLInputElement);
    this.saver.checked = saverOn();
    this.saver.addEventListener("change", () => { setSaver(this.saver.checked); this.again(); });
    this.find("begin").addEventListener("click", () => this.begin());
    this.find("captions").addEventListener("click", () => this.showCaptions(recall("captions") === "off"));
    this.find("edge").addEventListener("click", () => this.toEdge());
    for (const name of ["timeupdate", "seeked"]) this.video.addEventListener(name, () => this.tick());
    this.offer();
  }

  /** @param {string} name */
  state(name) {
    this.now = name;
    if (name !== "waiting") this.root.hidden = false;
    if (!this.wanted) this.offer();
  }

  /** @param {LiveCue} cue */
  cue(cue) {
    this.cues = [...this.cues.filter((each) => each.start !== cue.start), cue].slice(-CUES_KEPT);
    this.tick();
  }

  offer() {
    const words = this.now === "ended" ? this.words.again : this.words.watch;
    this.find("begin-words").textContent = this.asked === null ? words : say("from", { clock: clock(this.asked) });
    this.find("begin").hidden = false;
  }

  begin() {
    this.wanted = true;
    if (recall("captions") !== "off") this.fetchCues();
    this.find("begin").hidden = true;
    this.video.controls = true;
    this.start();
  }

  async start() {
    const sound = this.saver.checked;
    one(this.root, ".stage").classList.toggle("listening", sound);
    this.video.play().catch(() => {}); // within the tap, so that the browser lets the rest sound
    try {
      const url = given(this.video, sound ? "sound" : "video");
      const start = this.place ?? this.asked ?? (this.now === "ended" ? 0 : -1);
      this.asked = null;
      this.detach = await attach(this.video, url, start, () => this.failed());
    } catch (error) {
      if (!(error instanceof CannotPlay)) throw error;
      this.say(say("no_player"));
      return;
    }
    this.video.play().then(() => this.say(""), () => {});
  }

  // Before the first picture, after a break, while the server starts anew: try until it comes.
  failed() {
    this.release();
    this.say(this.words.retrying);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.wanted) this.start(); }, RETRY_MS);
  }

  // The other sort of playlist; who was looking at something earlier stays there.
  again() {
    if (!this.wanted) return;
    const behind = this.edge - this.video.currentTime > 20 || this.now === "ended";
    this.place = behind ? this.video.currentTime : null;
    this.release();
    this.start();
  }

  release() {
    this.detach?.();
    this.detach = null;
  }

  // The words so far; those of which nothing was told while the page was open.
  async fetchCues() {
    if (this.fetched) return;
    this.fetched = true;
    try {
      const answer = await fetch(given(this.video, "cues"));
      if (!answer.ok) return;
      const known = readCues(await answer.text());
      const newer = this.cues.filter((each) => !known.some((one) => one.start === each.start));
      this.cues = [...known, ...newer].slice(-CUES_KEPT);
    } catch {
      this.fetched = false;
    }
  }

  /** @param {boolean} on */
  showCaptions(on) {
    remember("captions", on ? "on" : "off");
    if (on) this.fetchCues();
    this.tick();
  }

  get edge() {
    const range = this.video.seekable;
    return range.length ? range.end(range.length - 1) : 0;
  }

  toEdge() {
    this.video.currentTime = Math.max(0, this.edge - 4);
    this.video.play().catch(() => {});
  }

  tick() {
    const { video } = this;
    if (video.readyState >= 2) this.say("");
    this.find("edge").hidden = !this.wanted || this.now === "ended" || this.edge - video.currentTime < 20;
    const shown = recall("captions") !== "off";
    this.find("captions").setAttribute("aria-pressed", String(shown));
    this.find("captions").hidden = this.cues.length === 0;
    const here = video.currentTime;
    const cue = shown && this.cues.findLast?.((each) => each.start <= here && here < each.end + 1.5);
    const place = this.find("cue");
    place.hidden = !cue;
    if (cue && place.textContent !== cue.text) place.textContent = cue.text;
  }

  /** @param {string} text */
  say(text) {
    const trouble = this.find("trouble");
    trouble.textContent = text;
    trouble.hidden = !text;
  }
}

// WebVTT as this site writes it (https://www.w3.org/TR/webvtt1/): "00:01:02.500 --> 00:01:05.000", then the words.
/** @param {string} text */
function readCues(text) {
  const cues = [];
  for (const block of text.split(/\n\n+/)) {
    const found = block.match(/([\d:.]+) --> ([\d:.]+)[^\n]*\n([\s\S]+)/);
    if (found) cues.push({ start: seconds(found[1]), end: seconds(found[2]), text: unescaped(found[3]) });
  }
  return cues;
}

/** @param {string} text */
function seconds(text) {
  return text.split(":").reduce((whole, part) => whole * 60 + Number(part), 0);
}

/** @param {string} text */
function unescaped(text) {
  return text.trim().replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
