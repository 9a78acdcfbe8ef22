// The player of the desk: to the tenth of a second, and a shuttle (J, K, L) that also runs backwards.
import { CannotPlay, attach } from "../playback.js";
import { say } from "../words.js";

const SPEEDS = [1, 1.5, 2, 3];
const BACK = [1, 2, 4, 8];
const BACK_EVERY = 0.2;

export class Playing extends EventTarget {
  /** @param {HTMLVideoElement} video @param {Timeline} given @param {HTMLElement} trouble */
  constructor(video, { source, poster, duration }, trouble) {
    super();
    this.video = video;
    this.source = source;
    this.duration = duration;
    this.trouble = trouble;
    this.place = 0;
    this.reverse = 0;
    this.attached = false;
    /** @type {Timer | undefined} */
    this.timer = undefined;
    if (poster) video.poster = poster;
    for (const name of ["play", "pause", "timeupdate", "seeked", "ratechange"]) video.addEventListener(name, () => this.tell());
    if (source) this.load(); else this.fail("no_player");
  }

  async load() {
    try {
      await attach(this.video, this.source, this.place, () => this.fail("failed"));
      this.attached = true;
      if (this.place) this.video.currentTime = this.place;
    } catch (error) {
      if (!(error instanceof CannotPlay)) throw error;
      this.fail("no_player");
    }
  }

  /** @param {string} why */
  fail(why) {
    this.trouble.textContent = say(why);
    this.trouble.hidden = false;
  }

  get time() { return this.attached && this.video.readyState > 1 && !this.video.seeking ? this.video.currentTime : this.place; }
  get playing() { return !this.video.paused || this.reverse > 0; }

  /** @param {number} moment */
  seek(moment) {
    this.place = Math.min(Math.max(0, moment), this.duration);
    if (this.attached) this.video.currentTime = this.place;
    this.tell();
  }

  play(rate = 1) {
    this.stopReverse();
    this.video.playbackRate = rate;
    this.video.play()?.catch(() => {});
  }

  pause() {
    this.place = this.time;
    this.stopReverse();
    this.video.pause();
    this.tell();
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  forward() {
    const running = !this.video.paused && !this.reverse;
    this.play(running ? SPEEDS[Math.min(SPEEDS.indexOf(this.video.playbackRate) + 1, SPEEDS.length - 1)] : 1);
  }

  back() {
    this.video.pause();
    this.reverse = Math.min(this.reverse + 1, BACK.length);
    this.timer ??= setInterval(() => {
      this.seek(this.place - BACK_EVERY * BACK[this.reverse - 1]);
      if (this.place <= 0) this.pause();
    }, BACK_EVERY * 1000);
  }

  stopReverse() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.reverse = 0;
  }

  tell() {
    if (!this.video.seeking && this.attached && this.video.readyState > 1 && !this.reverse) this.place = this.video.currentTime;
    this.dispatchEvent(new Event("time"));
  }
}
