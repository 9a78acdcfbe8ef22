// The player of an episode's page: one choice of source, its own controls, the timeline, the place kept.
import { all, around, given, maybe, one } from "./dom.js";
import { recall, remember, saverOn, setSaver } from "./memory.js";
import { CannotPlay, attach, countPlay, stopAt } from "./playback.js";
import { enhanceProgress } from "./progress.js";
import { enhanceSeeking } from "./storyboard.js";
import { enhanceTranscript } from "./transcript.js";
import { watch } from "./watching.js";
import { clock, say } from "./words.js";

class Player {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @param {string} name */
    this.find = (name) => one(root, `[data-${name}]`);
    this.video = one(root, "video", HTMLVideoElement);
    this.duration = Number(root.dataset.duration);
    this.episode = root.dataset.episode;
    this.quality = one(root, "[data-quality]", HTMLSelectElement);
    this.speed = one(root, "[data-speed]", HTMLSelectElement);
    this.seek = one(root, "[data-seek]", HTMLInputElement);
    this.saving = maybe(root, "[data-saver]", HTMLInputElement);
    this.captions = maybe(root, "[data-captions]");
    /** @type {boolean | undefined} */
    this.captionsOn = undefined;
    /** @type {number | undefined} */
    this.keptAt = undefined;
    /** @type {Promise<void> | null} */
    this.pending = null;
    /** @type {(() => void) | null} */
    this.detach = null;
    /** @type {(() => void) | null} */
    this.release = null;
    this.asked = root.dataset.start === "" ? null : Number(root.dataset.start);
    this.until = root.dataset.until === "" ? null : Number(root.dataset.until);
    this.place = this.asked ?? this.keptPlace();
    this.takeOver();
    this.listen();
    watch(this.video, this.episode);
    this.offer();
  }

  keptPlace() {
    const kept = Number(recall(`place:${this.episode}`) ?? 0);
    return kept > 5 && kept < this.duration - 10 ? kept : 0;
  }

  // Nothing is loaded before the first tap: what plays by itself costs data.
  takeOver() {
    this.video.controls = false;
    this.video.removeAttribute("src");
    this.video.load();
    this.find("controls").hidden = false;
    this.find("total").textContent = clock(Math.round(this.duration));
    enhanceSeeking(one(this.root, ".scrub"), this.duration);
    const saver = this.saving;
    if (saver) saver.checked = saverOn();
    const kept = recall("quality");
    const usable = [...this.quality.options].some((each) => each.value === kept && each.dataset.sound === "false");
    if (kept && usable) this.quality.value = kept;
    if (saver?.checked) this.quality.value = "audio";
    const speed = recall("speed");
    if (speed && [...this.speed.options].some((each) => each.value === speed)) this.speed.value = speed;
    this.showListening();
    this.showPlace(this.place);
  }

  offer() {
    const words = this.place <= 0 ? say("watch")
      : say(this.asked === null ? "resume" : "from", { clock: clock(this.place) });
    this.find("begin-words").textContent = words;
    this.find("begin").hidden = false;
  }

  listen() {
    const { video } = this;
    this.find("begin").addEventListener("click", () => this.begin());
    this.find("toggle").addEventListener("click", () => this.toggle());
    video.addEventListener("click", () => this.toggle());
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.showPlaying());
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("seeking", () => this.tick());
    this.seek.addEventListener("input", () => this.go(Number(this.seek.value), null));
    this.speed.addEventListener("change", () => { remember("speed", this.speed.value); this.setSpeed(); });
    this.captions?.addEventListener("click", () => this.showCaptions(!this.captionsOn));
    this.find("fullscreen").addEventListener("click", () => this.fullscreen());
    this.saving?.addEventListener("change", () => { if (this.saving) this.saver(this.saving.checked); });
    this.quality.addEventListener("change", () => this.choose());
    this.find("go-on").addEventListener("click", () => { this.forgetEnd(); this.play(); });
    document.addEventListener("click", (event) => this.follow(event));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) this.video.controls = false; });
    addEventListener("pagehide", () => this.keep(true));
  }

  // Links to seconds of this episode play here instead of loading the page again.
  /** @param {MouseEvent} event */
  follow(event) {
    const link = around(event.target, "[data-from], [data-only-this], [data-t], .words .time", HTMLAnchorElement);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { start, end, segment } = around(link, "[data-span]")?.dataset ?? {};
    const only = "onlyThis" in link.dataset;
    const second = start ?? new URL(link.href).searchParams.get("t");
    this.go(Number(second), only ? Number(end) : null);
    this.play();
    if (segment) countPlay(this.episode, segment);
    if (!only || innerWidth < 960) this.root.scrollIntoView({ block: "nearest" });
  }

  begin() {
    this.play();
    const answer = all(document, "[data-span]").find((each) => Number(each.dataset.start) === this.place);
    if (this.asked !== null && answer) countPlay(this.episode, answer.dataset.segment);
  }

  /** @param {number} second @param {number | null} until */
  go(second, until) {
    this.place = Math.min(Math.max(0, second), this.duration);
    this.until = until;
    if (this.detach) { this.video.currentTime = this.place; this.watchEnd(); }
    this.showPlace(this.place);
    this.showOnly();
  }

  toggle() {
    if (this.video.paused || !this.detach) this.play(); else this.video.pause();
  }

  async play() {
    this.find("begin").hidden = true;
    this.find("trouble").hidden = true;
    if (this.until !== null && this.place >= this.until - 0.05) this.forgetEnd();
    if (!this.detach) await this.ready();
    this.video.play().catch((error) => { if (error instanceof DOMException && error.name === "NotAllowedError") this.showPlaying(); });
  }

  // One attachment at a time, however often play is tapped while hls.js is still on its way.
  ready() {
    this.pending ??= this.load().finally(() => { this.pending = null; });
    return this.pending;
  }

  async load() {
    const start = this.place;
    const url = this.url;
    const attached = attach(this.video, url, start, () => this.fail("failed"));
    this.video.play().catch(() => {});  // within the tap, so that the browser lets the rest sound
    try {
      this.detach = await attached;
    } catch (error) {
      if (!(error instanceof CannotPlay)) throw error;
      this.fail("no_player");
      return;
    }
    if (Math.abs(this.place - start) > 0.1) this.video.currentTime = this.place;
    this.setSpeed();
    this.showCaptions(this.captionsOn ?? recall("captions") === "on");
    this.watchEnd();
  }

  get url() {
    return given(this.quality.selectedOptions[0], "url");
  }

  watchEnd() {
    this.release?.();
    this.release = this.until === null ? null : stopAt(this.video, this.until, () => this.video.pause());
    this.showOnly();
  }

  forgetEnd() {
    this.until = null;
    this.watchEnd();
  }

  /** @param {boolean} on */
  saver(on) {
    setSaver(on);
    this.quality.value = on ? "audio" : "auto";
    this.choose();
  }

  async choose() {
    const option = this.quality.selectedOptions[0];
    const sound = option.dataset.sound === "true";
    if (!sound) remember("quality", option.value);
    const saver = this.saving;
    if (saver && saver.checked !== sound) { saver.checked = sound; setSaver(sound); }
    this.showListening();
    await this.pending;
    if (!this.detach) return;
    const going = !this.video.paused;
    this.detach();
    this.detach = null;
    await this.ready();
    if (!going) this.video.pause();
  }

  /** @param {string} why */
  fail(why) {
    this.detach?.();
    this.detach = null;
    const trouble = this.find("trouble");
    trouble.textContent = say(why);
    trouble.hidden = false;
    this.showPlaying();
  }

  setSpeed() {
    this.video.playbackRate = Number(this.speed.value);
  }

  get track() {
    return this.video.textTracks[0];
  }

  /** @param {boolean} on */
  showCaptions(on) {
    if (!this.track) return;
    this.captionsOn = on;
    remember("captions", on ? "on" : "off");
    this.track.mode = on ? "showing" : "disabled";
    this.captions?.setAttribute("aria-pressed", String(on));
  }

  fullscreen() {
    const stage = one(this.root, ".stage");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (stage.requestFullscreen) { stage.requestFullscreen(); this.video.controls = true; }
    else this.video.webkitEnterFullscreen?.();
  }

  tick() {
    if (!this.detach || this.video.readyState < 2) return;  // before, its clock may still stand at 0
    this.place = this.video.currentTime;
    this.showPlace(this.place);
    this.keep(false);
  }

  /** @param {boolean} now */
  keep(now) {
    if (!this.detach || (!now && Math.abs(this.place - (this.keptAt ?? -9)) < 5)) return;
    this.keptAt = this.place;
    remember(`place:${this.episode}`, this.place.toFixed(1));
  }

  /** @param {number} second */
  showPlace(second) {
    this.seek.value = String(second);
    this.seek.setAttribute("aria-valuetext", say("position", { clock: clock(second), duration: clock(Math.round(this.duration)) }));
    this.find("head").style.left = `${(100 * second) / (this.duration || 1)}%`;
    this.find("clock").textContent = clock(second);
    for (const each of all(document, "[data-span]")) {
      const here = second >= Number(each.dataset.start) && second < Number(each.dataset.end) && Boolean(this.detach);
      if (here) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
    }
    document.dispatchEvent(new CustomEvent("tualai:time", { detail: { second, playing: !this.video.paused } }));
  }

  showPlaying() {
    const playing = !this.video.paused && !this.video.ended;
    this.find("toggle").classList.toggle("playing", playing);
    this.find("toggle").setAttribute("aria-label", say(playing ? "pause" : "play"));
  }

  showOnly() {
    this.find("only").hidden = this.until === null;
    if (this.until !== null) this.find("only-words").textContent = say("only", { clock: clock(this.until) });
  }

  showListening() {
    const sound = this.quality.selectedOptions[0].dataset.sound === "true";
    one(this.root, ".stage").classList.toggle("listening", sound);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || around(event.target, "input:not([type=range]), select, textarea")) return;
    if (event.key === " " && !around(event.target, "button, summary, input")) { event.preventDefault(); this.toggle(); }
    const step = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
    if (step) { event.preventDefault(); this.go(this.place + step, this.until); }
  }
}

const root = maybe(document, "[data-player]");
if (root) new Player(root);
enhanceTranscript(root);
enhanceProgress();
