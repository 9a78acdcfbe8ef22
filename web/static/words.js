// Sentences come with the page, in its language.
import { one } from "./dom.js";
/** @type {Words} */
const words = JSON.parse(one(document, "#words").textContent);

/** @param {string} name @param {Values} [values] */
export function say(name, values = {}) {
  return words[name].replace(/%\((\w+)\)s/g, (_, key) => String(values[key]));
}

/** @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
