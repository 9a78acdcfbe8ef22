// A screen that is left on for days: it follows what happens, looks again by itself, and never needs a hand.
import { all, copied, given, maybe, one } from "./dom.js";
import { listen } from "./events.js";

const body = document.body;
const here = body.dataset.screen;
/** @type {Words} */
const words = JSON.parse(one(document, "#words").textContent);
/** @param {string} name @param {ParentNode} [within] */
const part = (name, within = document) => maybe(within, `[data-${name}]`);
/** @param {string} name @param {ParentNode} [within] */
const must = (name, within = document) => one(within, `[data-${name}]`);
const AT_MOST = 700; // ms between two looks, however much happens
const AT_LEAST = 20000; // and one now and then, whatever is missed
/** @param {string} text @param {string} name */
const fill = (text, name) => text.replace("%(name)s", name);

let ahead = Date.parse(given(body, "at")) - Date.now(); // of the site's clock before this one's
/** @type {Timer | 0} */
let waiting = 0;
let lastLook = 0;
let missed = false;

/** @param {string} name */
function trouble(name) {
  must("trouble").hidden = !name;
  must("trouble").textContent = words[name] ?? "";
}

/** @param {HTMLElement} place @param {ScreenQuestion} question */
function person(place, question) {
  for (const [name, text, word] of [["asker", question.asker, words.asks], ["guest", question.guest, words.answers]]) {
    const line = part(name, place);
    if (!line) continue;
    line.hidden = !text;
    line.textContent = text ? fill(word, text) : "";
  }
  must("votes", place).textContent = question.votes;
}

/** @param {HTMLElement} place */
function fit(place) {
  const length = place.textContent.length;
  place.classList.toggle("middling", length > 45 && length <= 90);
  place.classList.toggle("long", length > 90 && length <= 200);
  place.classList.toggle("longer", length > 200 && length <= 420);
  place.classList.toggle("longest", length > 420);
}

/** @param {ScreenView} view */
function draw(view) {
  ahead = Date.parse(view.at) - Date.now();
  const now = must("now");
  now.hidden = !view.now;
  const idle = part("idle"), elapsed = part("elapsed"), count = part("count"), open = part("open");
  if (idle) idle.hidden = Boolean(view.now);
  if (view.now) {
    must("text", now).textContent = view.now.text;
    person(now, view.now);
  }
  all(document, "[data-fit]").forEach(fit);
  if (elapsed) elapsed.dataset.since = view.since;
  if (count) count.textContent = view.count;
  if (open) open.hidden = !view.open;
  const list = part("next");
  if (!list) return;
  list.replaceChildren(...view.next.map((each) => {
    const item = copied(document, "[data-item]");
    one(item, ".text").textContent = each.text;
    person(item, each);
    return item;
  }));
  must("none").hidden = view.next.length > 0;
}

async function look() {
  waiting = 0;
  lastLook = Date.now();
  try {
    const answer = await fetch(`${here}/state`, { cache: "no-store", referrerPolicy: "no-referrer" });
    if (answer.status === 404) { gone(); return; }
    if (!answer.ok) throw new Error(`${answer.status}`);
    draw(await answer.json());
    missed = false;
    trouble("");
  } catch {
    missed = true;
    trouble("lost");
    soon(5000);
  }
}

function soon(after = 0) {
  if (!waiting) waiting = setTimeout(look, Math.max(after, lastLook + AT_MOST - Date.now()));
}

// The link was taken back: nothing more is shown; a look now and then, should it have been a mistake of the network's.
function gone() {
  draw({ now: null, since: "", next: [], count: "", open: false, at: new Date(Date.now() + ahead).toISOString() });
  trouble("gone");
  waiting = setTimeout(look, 60000);
}

function clocks() {
  const site = Date.now() + ahead;
  const clock = part("clock");
  if (clock) clock.textContent = new Date(site).toLocaleTimeString("vi-VN", { timeZone: body.dataset.zone, hour12: false });
  const elapsed = part("elapsed");
  if (!elapsed) return;
  const since = Date.parse(elapsed.dataset.since ?? "");
  const seconds = Math.max(0, Math.floor((site - since) / 1000));
  elapsed.textContent = Number.isNaN(since) ? "" : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

listen(`${here}/events?after=${body.dataset.last}`, {
  question: () => soon(), gone: () => soon(), votes: () => soon(), answering: () => soon(), queue: () => soon(), live: () => soon(),
  companion: () => soon(),
  reload: () => soon(),
  line: (state) => { if (state === "lost") soon(3000); else if (missed) soon(); },
});
all(document, "[data-fit]").forEach(fit);
clocks();
setInterval(clocks, 250);
setInterval(() => soon(), AT_LEAST);
document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
