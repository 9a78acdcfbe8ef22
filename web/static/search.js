// Search as you type: fetches the same results the page has, and puts them in place of the old ones.
import { all, children, given, maybe } from "./dom.js";
import { say } from "./words.js";

const DELAY = 160;
const SETTLED = 1200;  // of rest after which the whole search is made: with a better spelling, with filters
const COUNTED = 5000;  // of rest after which what was typed counts as a search
// Elements that a page has not are empty ones of our own: nothing happens in them.
const written = maybe(document, "[data-search] input", HTMLInputElement);
const field = written ?? document.createElement("input");
const target = maybe(document, "[data-results]") ?? document.createElement("div");
const live = maybe(document, "[data-live]") ?? document.createElement("p");
const onSearchPage = location.pathname === "/search";
const onHome = location.pathname === "/";
const hero = maybe(document, "[data-hero]");
const idle = maybe(document, onHome ? "[data-idle]" : "[data-prompt]");  // stands where results will
const NARROWING = ["kind", "topic", "programme", "organisation", "year", "episode", "lang"];
let shown = field.value.trim();
let counted = onSearchPage ? shown : "";  // the page itself was counted where it was made
/** @type {Timer | undefined} */
let timer;
/** @type {Timer | undefined} */
let settling;
/** @type {Timer | undefined} */
let counting;
/** @type {AbortController | null} */
let request = null;

export function enhanceSearch() {
  document.addEventListener("keydown", moveThroughHits);
  if (!written) return;
  if (!(onHome || onSearchPage)) { suggest(); return; }  // elsewhere the form leads to the search page
  const typed = () => { clearTimeout(timer); clearTimeout(settling); timer = setTimeout(() => update(true), DELAY); };
  field.addEventListener("input", (event) => { if (!isComposing(event)) typed(); else clearTimeout(timer); });
  field.addEventListener("compositionend", typed);
  field.form?.addEventListener("submit", submit);
  target.addEventListener("click", count);
  addEventListener("pagehide", count);
}

/** @param {Event} event */
function isComposing(event) {
  return event instanceof InputEvent && event.isComposing;
}

/** @param {Event} event */
function submit(event) {
  event.preventDefault();
  clearTimeout(timer);
  clearTimeout(settling);
  update(false).then((worked) => {
    if (!worked) return;
    count();
    field.blur();
  });
}

// The same search has the same address, in the order in which the page itself writes it.
/** @param {string} text */
function address(text) {
  const kept = new URLSearchParams({ q: text });
  for (const [name, value] of narrowing()) kept.set(name, value);
  return text ? `/search?${kept}` : "/search";
}

function narrowing() {
  const values = new URLSearchParams(onSearchPage ? location.search : "");
  return NARROWING.map((name) => [name, values.get(name) ?? ""]).filter(([, value]) => value);
}

/** @param {boolean} typing */
async function update(typing) {
  const text = field.value.trim().replace(/\s+/g, " ");
  if (text === shown && typing) return true;
  request?.abort();
  if (!text) { showIdle(); return true; }
  request = new AbortController();
  try {
    show(text, await fetched(text, typing));
    if (typing) settling = setTimeout(settle, SETTLED);
    clearTimeout(counting);
    counting = setTimeout(count, COUNTED);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "AbortError") tellOffline();
    return false;
  }
}

/** @param {string} text @param {boolean} typing */
async function fetched(text, typing) {
  const answer = await fetch(`${address(text)}&fragment=1${typing ? "&typing=1" : ""}`, { signal: request?.signal });
  if (!answer.ok && answer.status !== 503) throw new Error(`status ${answer.status}`);  // 503 says so itself
  return answer.text();
}

// Somebody stopped typing: the whole search, unless the results are in use already.
async function settle() {
  if (target.querySelector("[data-inline]") || target.contains(document.activeElement)) return;
  const text = shown;
  request = new AbortController();
  const html = await fetched(text, false).catch(() => "");
  const inUse = target.querySelector("[data-inline]") || target.contains(document.activeElement);
  if (html && text === shown && text === field.value.trim().replace(/\s+/g, " ") && !inUse) show(text, html);
}

// What stands in the field counts as one search, however many letters it took.
function count() {
  clearTimeout(counting);
  const found = maybe(target, "[data-text]");
  if (!found || found.dataset.text === counted || narrowing().length) return;
  counted = given(found, "text");
  navigator.sendBeacon?.("/api/v1/searches", JSON.stringify({ text: counted, empty: "empty" in found.dataset }));
}

// The old results stay; the sentence stands above them.
function tellOffline() {
  const note = maybe(target, "[data-offline]") ?? document.createElement("p");
  if (!note.isConnected) target.prepend(note);
  Object.assign(note, { className: "trouble", textContent: say("offline") });
  note.dataset.offline = "";
  note.setAttribute("role", "alert");
  target.hidden = false;
}

/** @param {string} text @param {string} html */
function show(text, html) {
  shown = text;
  target.innerHTML = html;
  live.textContent = children(target)[0]?.dataset.count ?? "";
  place(address(text), true);
}

function showIdle() {
  count();
  clearTimeout(settling);
  shown = "";
  target.replaceChildren();
  live.textContent = "";
  place(onHome ? "/" : address(""), false);
}

/** @param {string} url @param {boolean} found */
function place(url, found) {
  target.hidden = !found;
  if (idle) idle.hidden = found;
  hero?.classList.toggle("away", found);
  history.replaceState(null, "", url);
  document.dispatchEvent(new CustomEvent("tualai:results"));
}

// On other pages the browser's own list offers questions that continue what is typed.
function suggest() {
  const list = document.createElement("datalist");
  list.id = "suggestions";
  field.after(list);
  field.setAttribute("list", list.id);
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    const text = field.value.trim();
    if (isComposing(event) || text.length < 2 || [...list.options].some((each) => each.value === text)) return;
    timer = setTimeout(async () => {
      const answer = await fetch(`/api/v1/suggest?limit=6&q=${encodeURIComponent(text)}`).catch(() => null);
      if (!answer?.ok) return;
      const { suggestions, topics } = await answer.json();
      const values = [...new Set([...topics.map((/** @type {Topic} */ each) => each.name), ...suggestions])];
      list.replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value })));
    }, DELAY);
  });
}

// Down and up move between the field and the play buttons of the hits; Escape goes back to the field.
/** @param {KeyboardEvent} event */
function moveThroughHits(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if (event.key === "Escape" && target.contains(document.activeElement) && !document.querySelector("[data-inline]")) {
    field.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || (document.activeElement === field && field.list?.options.length)) return;
  const hits = all(document, "[data-play]").filter((each) => each.offsetParent !== null);
  const active = document.activeElement;
  const here = active instanceof HTMLElement ? hits.indexOf(active) : -1;
  if (!hits.length || (here < 0 && document.activeElement !== field)) return;
  event.preventDefault();
  const next = here + step;
  (next < 0 ? field : hits[Math.min(next, hits.length - 1)]).focus();
}
