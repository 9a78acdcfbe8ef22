// The moderators' desk: what others do shows within a second, and every act is one key. All works without it, by forms.
import { all, around, field, given, maybe, one } from "../dom.js";
import { listen } from "../events.js";
import { Acts } from "./desk_acts.js";
import { Cards } from "./desk_cards.js";
import { drag } from "./desk_drag.js";
import { Keys } from "./desk_keys.js";

/** @type {Words} */
const words = JSON.parse(one(document, "#words").textContent);
const csrf = one(document, "meta[name=csrf]", HTMLMetaElement).content;
const board = one(document, "[data-board]");
const box = one(board, "[data-panel-box]", HTMLDialogElement);
const problem = one(board, "[data-problem]");
const spoken = one(document, "[data-live]");
const SIMILAR_AFTER = 6000;
const SIMILAR_APART = 20000;
const ARCHIVE_LOOK = 8000;

/** @param {string} text @param {Values} values */
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));

/** @type {Say} */
const say = {
  /** @param {string} name */
  problem(name, detail = "", current = null) {
    const text = words[name] ?? detail;
    if (box.open) { within(text, current); return; }
    problem.textContent = text;
    problem.hidden = !text;
    this.tell(text);
  },
  /** @param {string} name */
  live(name) { this.clear(); this.tell(words[name]); if (name === "merging") { problem.textContent = words.merging; problem.hidden = false; } },
  clear() { problem.hidden = true; },
  /** @param {string} text */
  tell(text) { spoken.textContent = text; },
  /** @param {number} count */
  undos(count) { one(board, "[data-undo]", HTMLButtonElement).disabled = !count; },
};

const cards = new Cards(board);
const acts = new Acts(cards, given(board, "calls"), csrf, say);
const keys = new Keys(cards, acts, open, say);
drag(board, cards, acts);

// One question, opened beside the board
/** @param {string} id @param {string[]} [same] */
async function open(id, same = []) {
  const address = new URL(given(board, "here"), location.href);
  address.searchParams.set("panel", id);
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) { say.problem("away"); return; }
  box.innerHTML = "";
  box.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
  for (const each of same) { const tick = maybe(box, `[name=with][value="${CSS.escape(each)}"]`, HTMLInputElement); if (tick) tick.checked = true; }
  if (!box.open) box.showModal();
  one(box, same.length ? "[data-merging]" : "#shown").scrollIntoView({ block: "nearest" });
  one(box, "#shown").focus();
}

// What went wrong, said in the open question: what was typed stays, and saving again is then over what is there now.
/** @param {string} text @param {DeskQuestion | null} current */
function within(text, current) {
  box.querySelector(".problem")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "problem", textContent: text });
  line.setAttribute("role", "alert");
  if (current) line.textContent += ` ${fill(words.now_reads, { text: current.shown })}`;
  one(box, "[data-panel] > header").after(line);
  line.scrollIntoView({ block: "nearest" });
  if (current) all(box, "[name=version]", HTMLInputElement).forEach((each) => { each.value = String(current.version); });
}

function shut() {
  const id = maybe(box, "[data-panel]")?.dataset.panel;
  box.close();
  const card = id && cards.card(id);
  if (card) keys.choose(card);
}

document.addEventListener("click", (event) => {
  const link = around(event.target, "[data-open]");
  if (link && !keys.merging && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const place = around(link, "[data-same]"), id = given(link, "open");
    open(id, place ? cards.same.get(id) : []);
  }
  if (around(event.target, "dialog [data-close]")) { event.preventDefault(); shut(); }
  if (event.target === box) shut();
});

// Forms do by a call what they do by a page without this script
board.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !(event.submitter instanceof HTMLButtonElement)) return;
  const [what, more] = event.submitter.value.split(":");
  const value = (/** @type {string} */ name) => maybe(form, `[name=${name}]`, HTMLInputElement)?.value;
  const id = value("id");
  /** @type {Record<string, () => Promise<unknown>>} */
  const does = !id ? {} : {
    move: () => acts.move(id, more), release: () => acts.release(id), hold: () => acts.hold(id), begin: () => acts.begin(id, value("guest") ?? ""),
    done: () => acts.done(), undo: () => acts.takeBack(id), resume: () => acts.resume(id),
    merge: () => acts.merge(all(form, "[name=with]:checked", HTMLInputElement).map((each) => each.value), id),
    unmerge: () => acts.unmerge(more, id), block: () => acts.block(id, Number(field(form, "days", HTMLSelectElement).value)), unblock: () => acts.unblock(id),
    edit: () => acts.edit(id, {
      shown: field(form, "shown", HTMLTextAreaElement).value, guest: field(form, "guest").value,
      topics: all(form, "[name=topics]:checked", HTMLInputElement).map((each) => each.value),
    }, Number(field(form, "version").value)),
  };
  const act = does[what];
  if (!act) return;
  event.preventDefault();
  say.clear();
  const panel = around(form, "[data-panel]");
  if (what === "merge" && !form.querySelector("[name=with]:checked")) return;
  const changed = await act();
  if (!changed || !panel) return;
  if (panel.closest("dialog")) shut(); else panel.remove();  // it shows what was
});

// What happens elsewhere
/** @type {Timer | 0} */
let similarTimer = 0;
let similarAt = -SIMILAR_APART;
function lookForSame(after = SIMILAR_AFTER) {
  if (similarTimer) return;
  similarTimer = setTimeout(async () => {
    similarTimer = 0;
    similarAt = performance.now();
    const address = board.dataset.events ? `${board.dataset.calls}/similar` : "/api/v1/studio/similar-questions";
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) cards.suggest((await answer.json()).groups);
  }, Math.max(after, similarAt + SIMILAR_APART - performance.now()));
}

/** @param {Health} data */
function health(data) {
  const place = one(board, "[data-health]");
  const part = (/** @type {string} */ text, tag = "span") => Object.assign(document.createElement(tag), { textContent: text });
  const parts = [
    part(fill(words.kbps, { kbps: Math.round((data.video_kbps ?? 0) + (data.audio_kbps ?? 0)).toLocaleString(document.documentElement.lang) })),
    part(fill(words.delay, { seconds: (data.delay ?? 0).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) })),
    part(fill(words.viewers, { count: data.viewers ?? 0 })),
  ];
  if (data.dropped) parts.push(part(fill(words.dropped, { count: data.dropped })));
  if (data.warning) parts.push(part(data.warning, "strong"));
  place.replaceChildren(...parts.flatMap((each) => [each, " "]));
}

/** @param {string} id */
function changed(id) {
  cards.refresh([id], true);
  lookForSame();
  const panel = box.open && maybe(box, "[data-panel]");
  if (panel && panel.dataset.panel === id) say.tell(words.later_changed);
}

if (board.dataset.events) {
  listen(`${board.dataset.events}?after=${board.dataset.after}`, {
    question: (data) => { if (!("shown" in data)) changed(data.id); },
    votes: (data) => cards.refresh([data.id]),
    gone: (data) => { if (data.into) cards.refresh([data.id, data.into]); },
    answering: () => cards.refresh(cards.all().filter((each) => each.dataset.state === "on_air").map((each) => given(each, "card"))),
    health,
    viewers: (data) => { const place = board.querySelector("[data-health] span:nth-of-type(3)"); if (place) place.textContent = fill(words.viewers, { count: data.count }); },
    reload: () => { if (box.open) box.addEventListener("close", () => location.reload(), { once: true }); else location.reload(); },
    line: (state) => { const place = one(board, "[data-line]"); place.hidden = state === "open"; place.textContent = words[state] ?? ""; },
  });
} else {
  const known = new Map(cards.all().map((each) => [given(each, "card"), Number(each.dataset.version)]));
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(given(board, "calls"), { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    for (const each of (await answer.json()).questions) {
      if (known.get(each.id) !== each.version) cards.refresh([each.id], known.size > 0);
      known.set(each.id, each.version);
    }
  }, ARCHIVE_LOOK);
}

// Who else is here
const present = maybe(board, "[data-people]");
/** @param {HTMLElement} people */
async function beat(people) {
  if (document.hidden) return;
  const headers = { "Content-Type": "application/json", "X-CSRF": csrf };
  const answer = await fetch(given(people, "people"), { method: "POST", headers, body: JSON.stringify({ what: "desk" }) }).catch(() => null);
  if (!answer?.ok) return;
  const names = [...new Set((await answer.json()).people.map((/** @type {Person} */ each) => each.name))].join(", ");
  people.textContent = names ? fill(words.people, { people: names }) : "";
  people.hidden = !names;
}
if (present) {
  beat(present);
  setInterval(() => beat(present), 10000);
}

// How long the answer runs
setInterval(() => {
  for (const place of all(board, "[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(given(place, "since"))) / 1000));
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}, 500);

// Tools, and on small screens one column at a time
all(board, "[data-with-script]").forEach((each) => { each.hidden = false; });
all(board, "[data-without-script]").forEach((each) => { each.hidden = true; });
const filter = one(board, "[data-filter]", HTMLInputElement);
filter.addEventListener("input", () => cards.filter(filter.value));
const sorting = one(board, "[data-sorting]", HTMLSelectElement);
sorting.addEventListener("change", () => sorting.form?.submit());
one(board, "[data-undo]").addEventListener("click", () => acts.undo());
one(board, "[data-help-open]").addEventListener("click", () => one(board, "[data-help]", HTMLDialogElement).showModal());
const show = (/** @type {string | undefined} */ column) => {
  for (const each of all(board, "[data-column]")) each.classList.toggle("here", each.dataset.column === column);
  for (const each of all(board, "[data-tab]")) if (each.dataset.tab === column) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
};
for (const each of all(board, "[data-tab]")) each.addEventListener("click", (event) => { event.preventDefault(); show(each.dataset.tab); });
board.classList.add("one-at-a-time");
show(location.hash.startsWith("#col-") ? location.hash.slice(5) : "incoming");
lookForSame(400);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
