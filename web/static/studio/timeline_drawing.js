// What stands above the lanes, drawn only where it is looked at: clock, pictures, waveform, silences, cues.
import { exactClock } from "./timeline_edits.js";

const RULER = 22;
const PICTURES = 54;
const WAVE = 56;
const CUES = 30;
const SHOWN_LEVELS = 128;  // of 255 for 60 dB: the louder 30 dB
const STEPS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 600];
const TIMING = /(\d+):(\d\d):(\d\d\.\d+) --> [^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

export class Drawing {
  /** @param {HTMLCanvasElement} canvas @param {Timeline} data */
  constructor(canvas, data) {
    this.canvas = canvas;
    this.data = data;
    this.peaks = new Uint8Array();
    /** @type {[number, number][]} */
    this.silences = [];
    this.perSecond = 10;
    this.loudest = 1;
    this.asked = 0;
    /** @type {Record<string, string>} */
    this.colours = {};
    /** @type {Tile[]} */
    this.tiles = [];
    /** @type {Map<string, HTMLImageElement>} */
    this.sheets = new Map();
    this.height = RULER + WAVE + CUES + (data.storyboard ? PICTURES : 0);
    this.view = { left: 0, width: 0, scale: 1 };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.readColours(); this.draw(); });
  }

  async load() {
    const { waveform, storyboard } = this.data;
    const [wave, board] = await Promise.all([
      fetch(waveform, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null),
      storyboard ? fetch(storyboard).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "") : "",
    ]);
    if (wave) {
      this.peaks = Uint8Array.from(atob(wave.peaks), (each) => each.charCodeAt(0));
      this.perSecond = wave.per_second;
      this.loudest = this.peaks.reduce((most, each) => Math.max(most, each), 1);
      this.silences = wave.silences;
    }
    this.tiles = [...board.matchAll(TIMING)].map(([, hours, minutes, seconds, sheet, ...area]) => ({
      start: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
      sheet: new URL(sheet, new URL(storyboard, location.href)).href,
      area: area.map(Number),
    }));
    this.draw();
  }

  // `left`: seconds at the left edge; `width`: pixels; `scale`: pixels a second.
  /** @param {number} left @param {number} width @param {number} scale */
  show(left, width, scale) {
    this.view = { left, width, scale };
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => { this.asked = 0; this.draw(); });
  }

  draw() {
    const { width } = this.view;
    if (!width) return;
    const { canvas } = this;
    const dense = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * dense)) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(this.height * dense);
      Object.assign(canvas.style, { width: `${width}px`, height: `${this.height}px` });
    }
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, this.height);
    if (!this.colours.ink) this.readColours();
    let top = this.ruler(pen);
    if (this.data.storyboard) top = this.pictures(pen, top);
    top = this.wave(pen, top);
    this.cues(pen, top);
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const colours = Object.fromEntries(["ink", "soft", "line", "teal", "wash", "raised", "edge"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.colours = { ...colours, font: `13px ${getComputedStyle(document.body).fontFamily}` };
  }

  /** @param {number} second */
  x(second) { return (second - this.view.left) * this.view.scale; }
  get right() { return this.view.left + this.view.width / this.view.scale; }

  /** @param {CanvasRenderingContext2D} pen */
  ruler(pen) {
    const step = STEPS.find((each) => each * this.view.scale >= 70) ?? 600;
    pen.font = this.colours.font;
    pen.textBaseline = "middle";
    for (let index = Math.floor(this.view.left / step); index * step <= this.right; index++) {
      const second = index * step;
      const x = Math.round(this.x(second)) + 0.5;
      pen.strokeStyle = this.colours.line;
      pen.beginPath(); pen.moveTo(x, 0); pen.lineTo(x, this.height); pen.stroke();
      pen.fillStyle = this.colours.soft;
      pen.fillText(step < 1 ? exactClock(second) : exactClock(second).replace(/\.\d$/, ""), x + 4, RULER / 2);
    }
    return RULER;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} top */
  pictures(pen, top) {
    if (!this.tiles.length) return top + PICTURES;
    const [, , tileWidth, tileHeight] = this.tiles[0].area;
    const wide = (tileWidth * PICTURES) / tileHeight;
    const first = Math.floor((this.view.left * this.view.scale) / wide);
    for (let index = first; index * wide < this.right * this.view.scale; index++) {
      const second = (index * wide) / this.view.scale;
      const tile = this.tiles.findLast((each) => each.start <= second + 0.01);
      const image = tile && this.sheet(tile.sheet);
      if (!tile || !image?.complete || !image.naturalWidth) continue;
      const [left, above, width, height] = tile.area;
      pen.drawImage(image, left, above, width, height, this.x(second), top, wide, PICTURES);
    }
    return top + PICTURES;
  }

  /** @param {string} url */
  sheet(url) {
    if (!this.sheets.has(url)) {
      const image = new Image();
      image.onload = () => this.draw();
      image.src = url;
      this.sheets.set(url, image);
    }
    return this.sheets.get(url);
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} top */
  wave(pen, top) {
    const middle = top + WAVE / 2;
    pen.fillStyle = this.colours.wash;
    for (const [start, end] of this.silences) {
      if (end > this.view.left && start < this.right) pen.fillRect(this.x(start), top, Math.max(1, (end - start) * this.view.scale), WAVE);
    }
    pen.fillStyle = this.colours.teal;
    const each = Math.max(1, this.view.scale / this.perSecond);
    for (let x = 0; x < this.view.width; x += each) {
      const from = Math.floor((this.view.left + x / this.view.scale) * this.perSecond);
      const until = Math.max(from + 1, Math.floor((this.view.left + (x + each) / this.view.scale) * this.perSecond));
      let most = 0;
      for (let index = from; index < until; index++) if (this.peaks[index] > most) most = this.peaks[index];
      const half = Math.max(0.5, (Math.max(0, most - this.loudest + SHOWN_LEVELS) / SHOWN_LEVELS) * (WAVE / 2 - 3));
      pen.fillRect(x, middle - half, Math.max(1, each - 0.5), 2 * half);
    }
    return top + WAVE;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} top */
  cues(pen, top) {
    const { cues } = this.data;
    pen.font = this.colours.font;
    let last = -9;
    for (let index = firstAfter(cues, this.view.left); index < cues.length && cues[index][0] < this.right; index++) {
      const [start, end, text] = cues[index];
      const x = this.x(start);
      const wide = (end - start) * this.view.scale;
      if (wide < 3 && x - last < 2) continue;
      last = x;
      pen.fillStyle = this.colours.raised;
      pen.fillRect(x, top + 3, Math.max(1, wide - 1), CUES - 6);
      pen.strokeStyle = this.colours.line;
      if (wide > 4) pen.strokeRect(x + 0.5, top + 3.5, wide - 2, CUES - 7);
      if (wide > 40) {
        pen.save();
        pen.beginPath(); pen.rect(x + 4, top, wide - 9, CUES); pen.clip();
        pen.fillStyle = this.colours.ink;
        pen.fillText(text, Math.max(x + 5, 5), top + CUES / 2);
        pen.restore();
      }
    }
  }
}

/** @param {TimelineCue[]} cues @param {number} moment */
function firstAfter(cues, moment) {
  let [low, high] = [0, cues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle][1] < moment) low = middle + 1; else high = middle;
  }
  return low;
}
