// A broadcast's page: copying into the encoder, and how it does now.
import { all, given, maybe, one } from "../dom.js";
const LOOK = 3000;

for (const button of all(document, "[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(one(document, `#${given(button, "copy")}`, HTMLInputElement).value);
    button.textContent = given(button, "copied");
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

const health = maybe(document, "[data-health]");
if (health) setInterval(() => { if (!document.hidden) look(health).catch(() => {}); }, LOOK);

/** @param {HTMLElement} box */
async function look(box) {
  const answer = await fetch(given(box, "health"), { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const now = await answer.json();
  const state = one(box, "[data-state]");
  const began = state.dataset.state === "waiting" && now.state !== "waiting";
  if (began || (now.state === "ended" && state.dataset.state !== "ended")) { location.reload(); return; }
  state.dataset.state = now.state;
  const said = one(box, "[data-said]");
  if (said.textContent !== now.said) said.textContent = now.said;
  for (const { key, value } of now.figures) {
    const place = maybe(box, `[data-figure="${key}"]`);
    if (place) place.textContent = value;
  }
  const warning = one(box, "[data-warning]");
  if (warning.textContent !== now.warning) warning.textContent = now.warning;
  warning.hidden = !now.warning;
}
