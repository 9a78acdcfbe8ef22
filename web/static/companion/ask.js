// /ask: answers while typing, the text kept until it is sent, the proof of work, votes, this device's receipts.
import { field, given, maybe, one } from "../dom.js";
import { recall, remember } from "../memory.js";
import { solve } from "./proof.js";
import { listReceipts } from "./receipts.js";
import { enhanceVotes } from "./votes.js";

const DELAY = 400, LEAST = 8, GOOD = 2 * 3600 * 1000;
const form = one(document, "[data-ask]", HTMLFormElement);
const question = field(form, "text", HTMLTextAreaElement);
const known = one(document, "[data-known]");
const trouble = one(form, "[data-trouble]");
const button = one(form, "[data-send]", HTMLButtonElement);
const sending = one(form, "[data-sending]");
/** @type {AbortController | null} */
let request = null;
/** @type {Promise<string> | null} */
let proof = null;
/** @type {Timer | undefined} */
let timer;
let asked = "", begun = 0;

listReceipts();
enhanceVotes(document);
restore();
question.addEventListener("input", () => {
  remember("question", question.value);
  work();
  clearTimeout(timer);
  timer = setTimeout(offer, DELAY);
});
for (const each of [question, form]) each.addEventListener("focusin", work, { once: true });
form.addEventListener("submit", send);
known.addEventListener("submit", () => remember("question", ""));
addEventListener("offline", () => tell(said("offline")));
addEventListener("online", () => { if (!trouble.hidden) tell(said("back")); });
if (question.value) offer();

/** @param {string} name */
function said(name) { return one(form, `[data-say="${name}"]`).textContent; }
/** @param {string} sentence */
function tell(sentence) {
  trouble.hidden = !sentence;
  trouble.textContent = sentence;
}

function restore() {
  const kept = recall("question");
  if (!kept || question.value) return;
  question.value = kept;
  one(form, '[data-say="kept"]').hidden = false;
}

// Begun while typing, so that nobody waits when sending.
function work() {
  proof ??= solve(given(form, "challenge"));
  return proof;
}

async function offer() {
  const text = question.value.trim().replace(/\s+/g, " ").slice(0, 200);
  if (text === asked) return;
  asked = text;
  request?.abort();
  if (text.length < LEAST) { known.replaceChildren(); return; }
  request = new AbortController();
  try {
    const answer = await fetch(`/ask/answers?text=${encodeURIComponent(text)}`, { signal: request.signal });
    if (answer.ok) known.innerHTML = (await answer.text()).trim();
  } catch { /* no network: nothing is offered */ }
}

/** @param {Event} event */
async function send(event) {
  event.preventDefault();
  if (button.disabled) return;
  tell("");
  button.disabled = true;
  sending.hidden = false;
  try {
    await renew();
    const found = work();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, String(value));
    body.set("challenge", given(form, "challenge"));
    body.set("nonce", await found);
    body.set("seen", "1");
    await posted(body);
  } catch {
    tell(said("offline"));
  } finally {
    button.disabled = false;
    sending.hidden = true;
  }
}

// A challenge is good for three hours; a page may stay open for longer.
async function renew() {
  if (performance.now() - begun < GOOD) return;
  begun = performance.now();
  form.dataset.challenge = (await (await fetch("/api/v1/questions/challenge")).json()).challenge;
  proof = null;
}

// The answer is the receipt's page, or this page again with what is wrong.
/** @param {URLSearchParams} body */
async function posted(body) {
  const answer = await fetch("/ask", { method: "POST", body });
  if (answer.redirected && answer.ok) {
    remember("question", "");
    location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  tell(page.querySelector(".trouble[role=alert]:not([data-trouble])")?.textContent ?? page.querySelector("h1")?.textContent ?? "");
  form.dataset.challenge = maybe(page, "[data-ask]")?.dataset.challenge ?? form.dataset.challenge;
  proof = null;
  trouble.scrollIntoView({ block: "nearest" });
}
