// What is typed and not yet saved stays on this device, and is offered again after a closed browser or a lost line.
import { all, maybe, one } from "../dom.js";
const WAIT_MS = 400;

/** @param {HTMLFormElement} form @param {Words} words */
export function keepDraft(form, words) {
  const key = `tualai-facts:${form.dataset.present}`;
  const before = written(form);
  const box = one(form, "[data-draft]");
  if (new URLSearchParams(location.search).has("saved")) forget(key);
  const kept = read(key);
  if (kept && kept !== before) box.hidden = false;
  /** @type {Timer | undefined} */
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(key, written(form)), WAIT_MS);
  });
  one(box, "[data-restore]").addEventListener("click", () => {
    restore(form, JSON.parse(read(key) ?? "[]"));
    box.hidden = true;
    one(document, "[data-live]").textContent = words.restored;
    one(form, "textarea").focus();
  });
  one(box, "[data-forget]").addEventListener("click", () => {
    forget(key);
    box.hidden = true;
    one(form, "textarea").focus();
  });
}

/** @param {HTMLFormElement} form */
function written(form) {
  const kept = [...new FormData(form)].filter(([name]) => !["csrf", "version", "has_topics"].includes(name));
  return JSON.stringify(kept);
}

/** @param {HTMLFormElement} form @param {[string, string][]} values */
function restore(form, values) {
  const names = [...new Set(values.map(([name]) => name))];
  const rows = values.filter(([name]) => name === "guest_name").length;
  const missing = rows - all(form, "[name=guest_name]").length;
  for (let n = 0; n < missing; n += 1) one(form, "[data-add-guest]").click();
  for (let n = missing; n < 0; n += 1) one(form, ".guest:last-child [data-do=remove]").click();
  for (const name of names) {
    const texts = values.filter(([each]) => each === name).map(([, text]) => text);
    const fields = all(form, `[name="${CSS.escape(name)}"]`);
    const [first] = fields;
    if (first instanceof HTMLSelectElement && first.multiple) for (const option of first.options) option.selected = texts.includes(option.value);
    else fields.forEach((field, at) => { if (at < texts.length && hasValue(field)) field.value = texts[at]; });
  }
  maybe(form, "[data-topics]")?.dispatchEvent(new Event("restored"));
}

/** @param {string} key @param {string} text */
function save(key, text) {
  try { localStorage.setItem(key, text); } catch { /* full or forbidden: the form itself still holds it */ }
}
/** @param {string} key */
function read(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}
/** @param {string} key */
function forget(key) {
  try { localStorage.removeItem(key); } catch { /* nothing was kept then */ }
}

/** @param {HTMLElement} field @returns {field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
function hasValue(field) {
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
}
