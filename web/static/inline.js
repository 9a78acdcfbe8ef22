// Plays one hit where it stands in a list, from its first second to its last.
import { around, one } from "./dom.js";
import { saverOn } from "./memory.js";
import { CannotPlay, attach, countPlay, stopAt } from "./playback.js";
import { watch } from "./watching.js";
import { say } from "./words.js";

/** @type {InlinePlayer | null} */
let open = null;

/** @param {HTMLElement} hit @param {HTMLAnchorElement} link */
export function playInPlace(hit, link) {
  if (open?.hit === hit) { open.toggle(); return; }
  open?.close();
  open = new InlinePlayer(hit, link);
}

document.addEventListener("keydown", (event) => { if (event.key === "Escape") open?.close(); });
document.addEventListener("tualai:results", () => { if (open && !open.hit.isConnected) open.close(false); });

class InlinePlayer {
  /** @param {HTMLElement} hit @param {HTMLAnchorElement} link */
  constructor(hit, link) {
    this.hit = hit;
    this.link = link;
    this.start = Number(hit.dataset.start);
    this.end = Number(hit.dataset.end);
    const { sound = "", video, poster } = hit.dataset;
    const soundOnly = Boolean(saverOn() && sound) || !video;
    this.url = soundOnly ? sound : video;
    this.media = soundOnly ? document.createElement("audio") : document.createElement("video");
    if (poster && this.media instanceof HTMLVideoElement) this.media.poster = poster;
    this.box = document.createElement("div");
    this.trouble = document.createElement("p");
    /** @type {(() => void) | undefined} */
    this.detach = undefined;
    /** @type {(() => void) | undefined} */
    this.release = undefined;
    this.build();
    this.play();
  }

  build() {
    this.box.className = "inline";
    this.box.dataset.inline = "";
    Object.assign(this.media, { controls: true, playsInline: true, preload: "auto" });
    const said = this.link.getAttribute("aria-label") ?? one(this.link, ".visually-hidden").textContent;
    this.media.setAttribute("aria-label", said);
    watch(this.media, this.hit.dataset.episode);
    this.trouble.setAttribute("role", "alert");
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = this.hit.dataset.notice ?? "";
    notice.hidden = !notice.textContent;
    this.box.append(this.media, notice, this.trouble, this.buttons());
    this.hit.append(this.box);
    this.box.scrollIntoView({ block: "nearest" });
  }

  buttons() {
    const line = document.createElement("p");
    const whole = document.createElement("a");
    whole.className = "more";
    whole.href = this.link.href;
    whole.textContent = say("whole");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "plain";
    close.textContent = say("close");
    close.addEventListener("click", () => this.close());
    line.append(whole, close);
    return line;
  }

  async play() {
    this.media.play().catch(() => {});  // within the tap, so that the browser lets the rest sound
    try {
      this.detach = await attach(this.media, this.url, this.start, () => this.fail("failed"));
    } catch (error) {
      if (!(error instanceof CannotPlay)) throw error;
      this.fail("no_player");
      return;
    }
    if (open !== this) { this.detach(); return; }
    this.release = stopAt(this.media, this.end, () => this.media.pause());
    const { episode, segment, passage } = this.hit.dataset;
    countPlay(episode, segment, around(this.hit, "[data-text]")?.dataset.text, passage);
    this.media.play().catch(() => {});
  }

  toggle() {
    if (!this.media.paused) { this.media.pause(); return; }
    if (this.media.currentTime >= this.end - 0.05) {
      this.media.currentTime = this.start;
      this.release?.();
      this.release = stopAt(this.media, this.end, () => this.media.pause());
    }
    this.media.play().catch(() => {});
  }

  /** @param {string} why */
  fail(why) {
    this.trouble.className = "trouble";
    this.trouble.textContent = say(why);
  }

  close(giveFocus = true) {
    this.release?.();
    this.detach?.();
    this.box.remove();
    if (open === this) open = null;
    if (giveFocus) this.link.focus();
  }
}
