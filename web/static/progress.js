// Shows how far the processing is: server-sent events, else asking every few seconds.
import { given, maybe, one } from "./dom.js";
export function enhanceProgress() {
  const box = maybe(document, "[data-progress]");
  if (!box || box.dataset.ended === "true") return;
  if (!("EventSource" in window)) { poll(box); return; }
  const source = new EventSource(given(box, "progress"));
  source.onmessage = (event) => {
    const view = JSON.parse(event.data);
    show(box, view);
    if (view.ended) { source.close(); finish(view); }
  };
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) poll(box); };
}

/** @param {HTMLElement} box @param {Progress} view */
function show(box, view) {
  one(box, "[data-step]").textContent = view.step;
  one(box, "[data-percent]").textContent = `${view.percent} %`;
  one(box, "[data-left]").textContent = view.left;
  const bar = maybe(box, "progress", HTMLProgressElement);
  if (bar) bar.value = view.percent;
}

/** @param {HTMLElement} box */
async function poll(box) {
  try {
    const view = await (await fetch(given(box, "progress"), { headers: { accept: "application/json" } })).json();
    show(box, view);
    if (view.ended) { finish(view); return; }
  } catch { /* asked again below */ }
  setTimeout(() => poll(box), 5000);
}

// What was made is shown by loading the page again, unless somebody is watching.
/** @param {Progress} view */
function finish(view) {
  const video = maybe(document, "[data-player] video", HTMLVideoElement);
  if (!view.failed && (!video || (video.paused && video.readyState === 0))) location.reload();
}
