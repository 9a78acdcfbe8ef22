// Reports which seconds of an episode were played: counts only, nothing about who, no cookie, no id.
const ADDRESS = "/api/v1/watching";
const VIEW = 5;         // seconds; who plays less has only looked in, and is not reported
const EVERY = 60_000;   // milliseconds of playing between reports
const MOST_RANGES = 30;
const LONGEST = 120;    // seconds that a report may say it took

const viewed = new Set();   // episodes that this page has reported
const watching = new Set();

addEventListener("pagehide", () => { for (const each of watching) each.report(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const each of watching) each.report();
});

// Reports what `media` plays of `episode` (the name in its address), as long as the page is open.
/** @param {HTMLMediaElement} media @param {string | undefined} episode */
export function watch(media, episode) {
  if (episode) watching.add(new Watching(media, episode));
}

class Watching {
  /** @param {HTMLMediaElement} media @param {string} episode */
  constructor(media, episode) {
    this.media = media;
    this.episode = episode;
    /** @type {[number, number][]} */
    this.ranges = [];
    /** @type {[number, number] | null} */
    this.range = null;
    this.since = 0;
    for (const name of ["playing", "timeupdate"]) media.addEventListener(name, () => this.tick());
    for (const name of ["pause", "ended"]) media.addEventListener(name, () => this.report());
    for (const name of ["seeking", "emptied"]) media.addEventListener(name, () => this.close());
  }

  tick() {
    if (this.media.paused || this.media.seeking || this.media.readyState < 2) return;
    const second = this.media.currentTime;
    if (this.range && second < this.range[1]) this.close();  // went back without saying so
    this.range ??= this.begin(second);
    this.range[1] = second;
    if (performance.now() - this.since > EVERY) this.report();
  }

  /** @param {number} second @returns {[number, number]} */
  begin(second) {
    if (!this.ranges.length) this.since = performance.now();
    return [second, second];
  }

  // Ends the present range; what is too short to have been heard is forgotten.
  close() {
    if (this.range && this.range[1] - this.range[0] >= 0.5) this.ranges.push(this.range);
    this.range = null;
    if (this.ranges.length >= MOST_RANGES) this.send();
  }

  report() {
    const { currentTime, seeking } = this.media;
    if (this.range && !seeking && currentTime > this.range[1] && currentTime < this.range[1] + 1) this.range[1] = currentTime;
    this.close();
    this.send();
  }

  send() {
    const first = !viewed.has(this.episode);
    const played = this.ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    if (played < (first ? VIEW + 0.1 : 0.5)) return;
    const seconds = Math.min((performance.now() - this.since) / 1000, LONGEST);
    const ranges = this.ranges.map((range) => range.map((second) => Number(second.toFixed(1))));
    const sent = navigator.sendBeacon?.(ADDRESS, JSON.stringify({ episode: this.episode, first, seconds, ranges }));
    if (sent) viewed.add(this.episode);
    this.ranges = [];
  }
}
