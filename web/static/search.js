// Search as you type: fetches the same results the page has, and puts them in place of the old ones.
import { say } from "./words.js";

const DELAY = 160;
const field = document.querySelector("[data-search] input");
const target = document.querySelector("[data-results]");
const live = document.querySelector("[data-live]");
const onSearchPage = location.pathname === "/search";
const onHome = location.pathname === "/";
const hero = document.querySelector("[data-hero]");
const idle = document.querySelector(onHome ? "[data-idle]" : "[data-prompt]");  // stands where results will
let shown = field?.value.trim() ?? "";
let timer = 0;
let request = null;

export function enhanceSearch() {
  document.addEventListener("keydown", moveThroughHits);
  if (!field || !(onHome || onSearchPage)) return;  // elsewhere the form leads to the search page
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => update(true), DELAY);
  });
  field.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(() => update(true), DELAY); });
  field.form.addEventListener("submit", submit);
}

function submit(event) {
  event.preventDefault();
  clearTimeout(timer);
  update(false).then((worked) => {
    if (worked) field.blur();
  });
}

function address(text) {
  const values = new URLSearchParams(onSearchPage ? location.search : "");
  values.delete("page");
  values.set("q", text);
  return `/search?${values}`;
}

async function update(typing) {
  const text = field.value.trim().replace(/\s+/g, " ");
  if (text === shown && typing) return true;
  request?.abort();
  if (!text) { showIdle(); return true; }
  request = new AbortController();
  try {
    const answer = await fetch(`${address(text)}&fragment=1${typing ? "&typing=1" : ""}`, { signal: request.signal });
    if (!answer.ok && answer.status !== 503) throw new Error(`status ${answer.status}`);  // 503 says so itself
    show(text, await answer.text());
    return true;
  } catch (error) {
    if (error.name !== "AbortError") tellOffline();
    return false;
  }
}

// The old results stay; the sentence stands above them.
function tellOffline() {
  const note = target.querySelector("[data-offline]") ?? target.insertAdjacentElement("afterbegin", document.createElement("p"));
  Object.assign(note, { className: "trouble", textContent: say("offline") });
  note.dataset.offline = "";
  note.setAttribute("role", "alert");
  target.hidden = false;
}

function show(text, html) {
  shown = text;
  target.innerHTML = html;
  live.textContent = target.firstElementChild?.dataset.count ?? "";
  settle(address(text), true);
}

function showIdle() {
  shown = "";
  target.replaceChildren();
  live.textContent = "";
  settle(onHome ? "/" : address(""), false);
}

function settle(url, found) {
  target.hidden = !found;
  if (idle) idle.hidden = found;
  hero?.classList.toggle("away", found);
  const filtered = document.querySelector(".filters [name=q]");
  if (filtered) filtered.value = shown;
  history.replaceState(null, "", url);
  document.dispatchEvent(new CustomEvent("tualai:results"));
}

// Down and up move between the field and the play buttons of the hits.
function moveThroughHits(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  const hits = [...document.querySelectorAll("[data-play]")].filter((each) => each.offsetParent !== null);
  const here = hits.indexOf(document.activeElement);
  if (!hits.length || (here < 0 && document.activeElement !== field)) return;
  event.preventDefault();
  const next = here + step;
  (next < 0 ? field : hits[Math.min(next, hits.length - 1)]).focus();
}
