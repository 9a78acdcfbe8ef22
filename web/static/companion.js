// The live page: what is being answered, the questions and their votes, as they change; the player when on air.
import { all, around, children, copied, given, maybe, one } from "./dom.js";
import { listen } from "./events.js";
import { enhanceLivePlayer } from "./live_player.js";

const root = one(document, "[data-companion]");
/** @type {Words} */
const words = JSON.parse(one(document, "#live-words").textContent);
/** @param {string} name @param {ParentNode} [within] */
const find = (name, within = root) => one(within, `[data-${name}]`);
const list = find("list");
const number = new Intl.NumberFormat(document.documentElement.lang);
/** @type {Map<string, Question>} */
const known = new Map(); // what is known of questions, by id; also of those that are not on the page
const ORDERING_SECONDS = 8;
const MOST_ROWS = 300;

let total = Number(find("count").textContent.replace(/\D/g, ""));
/** @type {string | null} */
let answering = null;
let unordered = false;

for (const row of children(list)) {
  const id = given(row, "question");
  known.set(id, {
    id,
    shown: find("text", row).textContent,
    asker: find("asker", row).textContent,
    state: given(row, "state"),
    votes: Number(row.dataset.votes),
  });
}

// Questions

/** @param {Question} question */
function onQuestion(question) {
  const asker = [question.name, question.workplace].filter(Boolean).join(", ");
  const fresh = !known.has(question.id);
  const now = { ...question, asker };
  known.set(question.id, now);
  if (fresh) countMore(1);
  const row = rowOf(question.id) ?? (list.children.length < MOST_ROWS ? addRow(question.id) : null);
  if (row) fill(row, now);
  if (question.id === answering) showAnswering(question.id);
  unordered = true;
}

/** @param {{ id: string, votes: number }} given */
function onVotes({ id, votes }) {
  const question = known.get(id);
  if (question) question.votes = votes;
  const row = rowOf(id);
  if (row) showVotes(row, votes);
  unordered = true;
}

/** @param {{ id: string }} given */
function onGone({ id }) {
  if (known.delete(id)) countMore(-1);
  rowOf(id)?.remove();
  if (id === answering) showAnswering(null);
  showNone();
}

/** @param {string} id */
function rowOf(id) {
  return document.getElementById(`q-${id}`);
}

/** @param {string} id */
function addRow(id) {
  const row = copied(root, "[data-pattern]");
  row.id = `q-${id}`;
  row.dataset.question = id;
  one(row, "[name=question]", HTMLInputElement).value = id;
  list.append(row);
  showNone();
  return row;
}

/** @param {HTMLElement} row @param {Question} given */
function fill(row, { shown, asker, state, votes, answer }) {
  row.dataset.state = state;
  find("text", row).textContent = shown;
  const who = find("asker", row);
  who.textContent = asker ?? "";
  who.hidden = !asker;
  find("on-air", row).hidden = state !== "on_air";
  find("answered", row).hidden = state !== "answered";
  const link = one(row, "[data-answer]", HTMLAnchorElement);
  link.hidden = !answer;
  if (answer) link.href = answer;
  showVotes(row, votes);
}

/** @param {HTMLElement} row @param {number} votes */
function showVotes(row, votes) {
  row.dataset.votes = String(votes);
  find("votes-said", row).textContent = words.votes.replace("%(num)s", number.format(votes));
}

/** @param {number} by */
function countMore(by) {
  total = Math.max(0, total + by);
  find("count").textContent = number.format(total);
}

function showNone() {
  find("none").hidden = list.children.length > 0;
}

// Rows change places now and then, all at once, and never under a finger or while something in them has the focus.
let touchedAt = 0;
for (const name of ["pointerdown", "pointermove", "scroll"]) {
  addEventListener(name, () => { touchedAt = Date.now(); }, { passive: true });
}
setInterval(() => {
  const busy = Date.now() - touchedAt < 2500 || list.contains(document.activeElement) || document.hidden;
  if (!unordered || busy) return;
  unordered = false;
  const rank = (/** @type {HTMLElement} */ row) => [row.dataset.state === "answered" ? 1 : 0, -Number(row.dataset.votes)];
  const wanted = children(list).sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || ((a.dataset.question ?? "") < (b.dataset.question ?? "") ? -1 : 1);
  });
  if (wanted.some((row, place) => row !== list.children[place])) list.append(...wanted);
}, ORDERING_SECONDS * 1000);

// Votes

list.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = around(event.target, "form", HTMLFormElement);
  const row = around(form, "[data-question]");
  if (!form || !row) return;
  const id = given(row, "question");
  const button = one(form, "[data-vote]", HTMLButtonElement);
  const wanted = button.getAttribute("aria-pressed") !== "true";
  press(button, wanted);
  button.disabled = true;
  try {
    const options = wanted
      ? { method: "PUT", body: "{}", headers: { "Content-Type": "application/json" } }
      : { method: "DELETE" };
    const answer = await fetch(`/api/v1/questions/${id}/vote`, options);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { votes, voted } = await answer.json();
    press(button, voted);
    onVotes({ id, votes });
  } catch {
    press(button, !wanted);
    find("votes-said", row).textContent = words.not_voted;
  }
  button.disabled = false;
});

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

// What is being answered

/** @param {string | null} id */
function showAnswering(id) {
  answering = id;
  const question = id === null ? null : known.get(id);
  const box = find("answering");
  box.hidden = !question;
  if (!question) return;
  find("answering-text").textContent = question.shown;
  find("answering-asker").textContent = question.asker ?? "";
}

// The broadcast

const player = enhanceLivePlayer(maybe(root, "[data-live-player]"), words, given(root, "state"));

/** @param {{ state: string }} given */
function onLive({ state }) {
  if (!words[state]) return;
  root.dataset.state = state;
  find("said").textContent = words[state];
  for (const each of all(root, "[data-when]")) each.hidden = each.dataset.when !== state;
  player?.state(state);
  if (state === "ended") awaitReplay();
}

// After the end the page looks now and then whether the recording is there; not all pages at the same moment.
/** @type {Timer | undefined} */
let awaiting;
function awaitReplay() {
  clearTimeout(awaiting);
  awaiting = setTimeout(async () => {
    const answer = await fetch(`/api/v1/episodes/${root.dataset.episode}`, { method: "HEAD" }).catch(() => null);
    if (!answer?.ok) return awaitReplay();
    find("making").textContent = words.replay;
    find("replay").textContent = words.watch_again;
  }, 15000 + Math.random() * 15000);
}
if (root.dataset.state === "ended") awaitReplay();

offerFrame();

function offerFrame() {
  const button = maybe(root, "[data-show-frame]");
  const place = maybe(root, "[data-frame]");
  if (!button || !place) return;
  button.hidden = false; // nothing is loaded from another site before the tap
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = given(place, "frame");
    frame.title = given(place, "title");
    frame.allow = "autoplay; encrypted-media; picture-in-picture; fullscreen";
    frame.allowFullscreen = true;
    place.replaceChildren(frame);
    place.hidden = false;
    button.hidden = true;
  });
}

listen(`${root.dataset.events}?after=${root.dataset.after}`, {
  question: onQuestion,
  votes: onVotes,
  gone: onGone,
  answering: ({ id }) => showAnswering(id),
  live: onLive,
  cue: (cue) => player?.cue(cue),
  line: (state) => { find("line").hidden = state !== "lost"; },
});
