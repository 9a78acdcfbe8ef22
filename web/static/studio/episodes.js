// The desk: progress that follows by itself, and what makes an episode's form quicker. All works without it.
import { all, given, maybe, one } from "../dom.js";
import { keepDraft } from "./draft.js";
import { guests, newerAnswers, topics } from "./episode_form.js";

/** @type {Words} */
const words = JSON.parse(one(document, "#words").textContent);
const csrf = one(document, "meta[name=csrf]", HTMLMetaElement).content;
const POLL_MS = 20000;
const BEAT_MS = 10000;

/** @param {string} text @param {Values} values */
function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
}

/** @param {string} slug @param {EpisodeRow} row */
function showRow(slug, row) {
  const place = maybe(document, `[data-live-of="${CSS.escape(slug)}"]`);
  if (!place) return;
  const part = (/** @type {string} */ name) => one(place, `[data-${name}]`);
  part("state").textContent = row.state;
  part("state").className = `badge ${row.kind}`;
  part("people").textContent = row.people ? fill(words.people, { people: row.people }) : "";
  part("line").textContent = row.line;
  const bar = one(place, "[data-percent]", HTMLProgressElement);
  bar.value = row.percent;
  bar.hidden = Boolean(row.reason);
  part("work").hidden = !row.line && !row.steps.length;
  part("reason").textContent = row.reason;
  part("reason").hidden = !row.reason;
  part("steps").replaceChildren(...row.steps.map(stepItem));
  const form = maybe(document, `[data-work-of="${CSS.escape(slug)}"]`);
  if (!form) return;
  form.hidden = !row.can_retry && !row.can_cancel;
  one(form, "[data-retry]").hidden = !row.can_retry;
  one(form, "[data-cancel]").hidden = !row.can_cancel;
}

/** @param {Step} step */
function stepItem(step) {
  const item = document.createElement("li");
  item.className = `step-${step.state}`;
  item.title = step.name;
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.textContent = `${step.name}: ${words[step.state]}`;
  item.append(said);
  return item;
}

/** @param {Record<string, EpisodeRow>} rows */
function showRows(rows) {
  for (const [slug, row] of Object.entries(rows)) showRow(slug, row);
}

// A stream while there is room for one; else a look now and then.
/** @param {string} url */
function follow(url) {
  /** @type {Timer | 0} */
  let timer = 0;
  const look = async () => {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) showRows((await answer.json()).episodes);
    } catch { /* the line is gone: the next look will do */ }
  };
  const source = new EventSource(url);
  source.onmessage = (event) => showRows(JSON.parse(event.data));
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED && !timer) timer = setInterval(look, POLL_MS);
  };
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

/** @param {string} slug */
function beat(slug) {
  const send = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`/api/v1/episodes/${slug}/presence`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF": csrf },
        body: JSON.stringify({ what: "facts" }),
      });
      if (!answer.ok) return;
      const { people } = await answer.json();
      const place = one(document, "[data-people]");
      const names = [...new Set(people.map((/** @type {Person} */ each) => each.name))].join(", ");
      place.textContent = names ? fill(words.people, { people: names }) : "";
    } catch { /* said again in ten seconds */ }
  };
  send();
  setInterval(send, BEAT_MS);
}

const list = maybe(document, "[data-stream]");
if (list) follow(given(list, "stream"));

const facts = maybe(document, "[data-facts]", HTMLFormElement);
if (facts) {
  beat(given(facts, "present"));
  if (facts.querySelector("[data-add-guest]")) {
    guests(facts, words, fill);
    topics(facts, words);
    keepDraft(facts, words);
  }
  for (const form of all(document, "[data-marks]", HTMLFormElement)) newerAnswers(form, words);
}
for (const box of all(document, "[data-send-at-once]", HTMLInputElement)) {
  const { form } = box;
  if (!form) continue;
  box.addEventListener("change", () => form.submit());
  for (const button of all(form, "[data-without-script]")) button.hidden = true;
}
