// The transcript: fetched when long, follows what is said, can be searched, shows finds on the timeline.
import { all, maybe, one } from "./dom.js";
import { say } from "./words.js";

/** @typedef {{ link: HTMLElement, start: number, folded?: string }} FoundCue */

const FINDS_MARKED = 200;

// Lower case without tone marks, one letter for one, so that "thai san" finds "thai sản".
/** @param {string} text */
function fold(text) {
  return text.normalize("NFC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}

/** @param {HTMLElement | null} player */
export function enhanceTranscript(player) {
  const section = maybe(document, "[data-transcript]");
  if (section) new TranscriptPanel(section, player);
}

class TranscriptPanel {
  /** @param {HTMLElement} section @param {HTMLElement | null} player */
  constructor(section, player) {
    this.section = section;
    this.field = one(section, "[data-find-text]", HTMLInputElement);
    /** @type {FoundCue[]} */
    this.cues = [];
    /** @type {HTMLElement | undefined} */
    this.current = undefined;
    this.marks = player?.querySelector("[data-found-marks]");
    this.duration = Number(player?.dataset.duration ?? 0);
    this.episode = player?.dataset.episode;
    this.asked = new URLSearchParams(location.search).get("find") ?? "";  // from the results of a search
    const open = maybe(section, "[data-open-words]", HTMLAnchorElement);
    if (open) open.addEventListener("click", (event) => { event.preventDefault(); this.fetch(open); });
    if (open && this.asked) this.fetch(open);
    if (!open) this.begin();
  }

  /** @param {HTMLAnchorElement} link */
  async fetch(link) {
    const written = link.textContent;
    link.textContent = say("loading");
    try {
      const answer = await fetch(link.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      link.parentElement?.replaceWith(one(page, "[data-words]"));
      this.begin();
      this.field.focus();
    } catch {
      link.textContent = `${written}. ${say("transcript_failed")}`;
    }
  }

  begin() {
    this.cues = all(this.section, "[data-t]").map((link) => ({ link, start: Number(link.dataset.t) }));
    one(this.section, "[data-find]").hidden = false;
    this.field.addEventListener("input", () => this.search(this.field.value.trim()));
    document.addEventListener("tualai:time", (event) => this.follow(event.detail));
    if (!this.asked) return;
    this.field.value = this.asked;
    this.search(this.asked);
  }

  /** @param {Moment} given */
  follow({ second, playing }) {
    let low = 0, high = this.cues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cues[middle].start <= second + 0.05) low = middle + 1; else high = middle;
    }
    const cue = this.cues[low - 1]?.link;
    if (cue === this.current) return;
    this.current?.removeAttribute("aria-current");
    this.current = cue;
    cue?.setAttribute("aria-current", "true");
    if (cue && playing && this.mayScroll()) cue.scrollIntoView({ block: "nearest" });
  }

  // Only where the reader is reading it: never pulls the page away from the answers.
  mayScroll() {
    if (!one(this.section, "[data-follow]", HTMLInputElement).checked || document.activeElement?.matches("[data-find-text]")) return false;
    const { top, bottom } = one(this.section, "[data-words]").getBoundingClientRect();
    return top < innerHeight * 0.6 && bottom > innerHeight * 0.2;
  }

  /** @param {string} text */
  search(text) {
    const wanted = fold(text);
    const found = [];
    for (const cue of this.cues) {
      cue.folded ??= fold(cue.link.textContent);
      const here = wanted.length > 1 && cue.folded.includes(wanted);
      cue.link.classList.toggle("found", here);
      if (here) found.push(cue);
    }
    this.show(found, text);
    clearTimeout(this.timer);
    if (wanted.length > 1 && !found.length && this.episode) this.timer = setTimeout(() => this.searchMeaning(text), 300);
  }

  // Nobody said it in just these words: the search engine knows other words for it.
  /** @param {string} text */
  async searchMeaning(text) {
    const values = new URLSearchParams({ q: text, kind: "speech", episode: this.episode ?? "", limit: "100" });
    const answer = await fetch(`/api/v1/search?${values}`).catch(() => null);
    if (!answer?.ok || this.field.value.trim() !== text) return;
    const { hits } = await answer.json();
    const firsts = hits.map((/** @type {Moment & { start: number, end: number }} */ hit) => this.cues.find((cue) => cue.start >= hit.start - 0.05 && cue.start < hit.end));
    const found = [...new Set(firsts)].filter(Boolean).sort((a, b) => a.start - b.start);
    for (const cue of found) cue.link.classList.add("found");
    this.show(found, text);
  }

  /** @param {FoundCue[]} found @param {string} text */
  show(found, text) {
    one(this.section, "[data-find-count]").textContent = text.length > 1 ? say("found", { count: found.length, text }) : "";
    this.mark(found);
    found[0]?.link.scrollIntoView({ block: "center" });
  }

  /** @param {FoundCue[]} found */
  mark(found) {
    if (!this.marks || !this.duration) return;
    this.marks.replaceChildren(...found.slice(0, FINDS_MARKED).map((cue) => {
      const mark = document.createElement("i");
      mark.style.left = `${(100 * cue.start) / this.duration}%`;
      return mark;
    }));
  }
}
