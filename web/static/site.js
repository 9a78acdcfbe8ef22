// On every page: the data saver's mark, the key "/", search as you type, playing in place.
import { around, maybe } from "./dom.js";
import { showSaver } from "./memory.js";
import { countPlay } from "./playback.js";
import { enhanceSearch } from "./search.js";

showSaver();
enhanceSearch();
offerVoice();

// Where the browser can listen there is a button; its script comes with the first tap.
function offerVoice() {
  const button = maybe(document, "[data-voice]", HTMLButtonElement);
  if (!button || !(window.SpeechRecognition ?? window.webkitSpeechRecognition) || !isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { listen } = await import("./voice.js");
    listen(button);
  });
}

document.addEventListener("click", async (event) => {
  const opened = around(event.target, "[data-text] [data-passage] a:not([data-play])");
  const hit = around(opened, "[data-passage]");
  if (hit) countPlay(hit.dataset.episode, "", around(hit, "[data-text]")?.dataset.text, hit.dataset.passage);
  const link = around(event.target, "a[data-play]", HTMLAnchorElement);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { playInPlace } = await import("./inline.js");
  const played = around(link, "[data-hit]");
  if (played) playInPlace(played, link);
});

document.addEventListener("keydown", (event) => {
  const field = maybe(document, "[data-search] input", HTMLInputElement);
  const writing = around(event.target, "input, select, textarea, [contenteditable]");
  if (event.key === "/" && !writing && field && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
