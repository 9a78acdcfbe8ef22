// A broadcast's page: copying into the encoder, and how it does now.
import { all } from "../dom.js";
const LOOK = 3000;

for (const button of all(document, "[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

const box = document.querySelector("[data-health]");
if (box) setInterval(() => { if (!document.hidden) look().catch(() => {}); }, LOOK);

async function look() {
  const answer = await fetch(box.dataset.health, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const now = await answer.json();
  const state = box.querySelector("[data-state]");
  const began = state.dataset.state === "waiting" && now.state !== "waiting";
  if (began || (now.state === "ended" && state.dataset.state !== "ended")) { location.reload(); return; }
  state.dataset.state = now.state;
  const said = box.querySelector("[data-said]");
  if (said.textContent !== now.said) said.textContent = now.said;
  for (const { key, value } of now.figures) {
    const place = box.querySelector(`[data-figure="${key}"]`);
    if (place) place.textContent = value;
  }
  const warning = box.querySelector("[data-warning]");
  if (warning.textContent !== now.warning) warning.textContent = now.warning;
  warning.hidden = !now.warning;
}
