// On every page: the data saver's mark, the key "/", search as you type, playing in place.
import { showSaver } from "./memory.js";
import { enhanceSearch } from "./search.js";

showSaver();
enhanceSearch();

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { playInPlace } = await import("./inline.js");
  playInPlace(link.closest("[data-hit]"), link);
});

document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-search] input");
  const writing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !writing && field && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
