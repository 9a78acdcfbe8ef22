// Asking by voice, where the browser turns speech into words (Web Speech API). The page gets words, never sound.
import { field, one } from "./dom.js";
import { say } from "./words.js";

/** @type {Words} */
const LANGUAGES = { vi: "vi-VN", en: "en-US" };
/** @type {Words} */
const TROUBLES = {
  "not-allowed": "voice_denied", "service-not-allowed": "voice_denied", "audio-capture": "voice_denied",
  "network": "voice_away", "language-not-supported": "voice_away",
  "no-speech": "not_understood",
};
/** @type {Recognition | null} */
let listening = null;

/** @param {HTMLButtonElement} button */
export function listen(button) {
  if (listening) { listening.stop(); return; }
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  const { form } = button;
  if (!Recognition || !form) return;
  const words = field(form, "q");
  const before = words.value;
  let trouble = "", heard = "";
  listening = new Recognition();
  Object.assign(listening, { lang: LANGUAGES[document.documentElement.lang] ?? "vi-VN", interimResults: true, maxAlternatives: 1 });
  listening.onresult = (event) => {
    heard = [...event.results].map((result) => result[0].transcript).join(" ").trim();
    words.value = heard;
    words.dispatchEvent(new Event("input", { bubbles: true }));
  };
  listening.onerror = (event) => { trouble = event.error === "aborted" ? "" : TROUBLES[event.error] ?? "voice_away"; };
  listening.onend = () => {
    listening = null;
    show(button, trouble || heard ? trouble : "not_understood", false);
    if (trouble) words.value = heard || before;
    if (heard) form.requestSubmit();
  };
  show(button, "listening", true);
  try {
    listening.start();
  } catch {
    listening = null;
    show(button, "voice_away", false);
  }
}

/** @param {HTMLButtonElement} button @param {string} state @param {boolean} on */
function show(button, state, on) {
  const note = one(document, "[data-voice-state]");
  button.setAttribute("aria-pressed", String(on));
  note.hidden = !state;
  note.classList.toggle("failed", Boolean(state) && !on);
  note.textContent = SENTENCES[state]?.() ?? "";
}

/** @type {Record<string, () => string>} */
const SENTENCES = {
  listening: () => `${say("listening")} ${say("voice_private")}`,
  not_understood: () => say("not_understood"),
  voice_denied: () => say("voice_denied"),
  voice_away: () => say("voice_away"),
};
