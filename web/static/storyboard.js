// Small pictures above the timeline while seeking with a pointer; fetched only then, never while saving data.
import { given, maybe, one } from "./dom.js";
import { saverOn } from "./memory.js";
import { clock } from "./words.js";

const TIMING = /(\d+):(\d\d):(\d\d\.\d+) --> [^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** @param {HTMLElement} scrub @param {number} duration */
export function enhanceSeeking(scrub, duration) {
  const box = maybe(scrub, "[data-preview]");
  if (!box) return;
  /** @type {Promise<Tile[]> | null} */
  let tiles = null;
  scrub.addEventListener("pointermove", async (event) => {
    if (event.pointerType === "touch" || saverOn()) return;
    const { left, width } = scrub.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - left) / width));
    tiles ??= read(given(box, "preview")).catch(() => []);
    show(box, await tiles, part * duration, part * width, width);
  });
  scrub.addEventListener("pointerleave", () => { box.hidden = true; });
}

/** @param {string} url */
async function read(url) {
  const answer = await fetch(url);
  const base = new URL(url, location.href);
  return [...(await answer.text()).matchAll(TIMING)].map(([, hours, minutes, seconds, sheet, ...area]) => ({
    start: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    sheet: new URL(sheet, base).href,
    area: area.map(Number),
  }));
}

/** @param {HTMLElement} box @param {Tile[]} tiles @param {number} second @param {number} x @param {number} width */
function show(box, tiles, second, x, width) {
  const tile = tiles.findLast((each) => each.start <= second + 0.01);
  if (!tile) return;
  const [tileX, tileY, tileWidth, tileHeight] = tile.area;
  Object.assign(box.style, {
    width: `${tileWidth}px`,
    height: `${tileHeight}px`,
    left: `${Math.min(width - tileWidth / 2, Math.max(tileWidth / 2, x))}px`,
    backgroundImage: `url("${tile.sheet}")`,
    backgroundPosition: `-${tileX}px -${tileY}px`,
  });
  one(box, "*").textContent = clock(second);
  box.hidden = false;
}
