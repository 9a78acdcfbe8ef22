// Saving by itself: a second after the last change; what others saved is taken in; what can't be sent stays here.
import { maybe, one } from "../dom.js";
import { say } from "../words.js";
import * as drafts from "./drafts.js";
import { readCue, replay, writeCue } from "./transcript_model.js";
/** @import { Transcript } from "./transcript_model.js" */

const PAUSE = 1000, DRAFT_PAUSE = 250, BEAT = 10_000, RETRY = [2000, 5000, 10_000, 30_000];
let csrf = one(document, 'meta[name="csrf"]', HTMLMetaElement).content;

// After signing in again on another tab, forms have another token.
async function renewToken() {
  const page = await fetch("/studio/account").then((answer) => answer.text()).catch(() => "");
  csrf = maybe(new DOMParser().parseFromString(page, "text/html"), 'meta[name="csrf"]', HTMLMetaElement)?.content ?? csrf;
}

/** @param {string} url @param {unknown} [body] */
export async function call(url, method = "GET", body = undefined) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang, "X-CSRF": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const json = answer.status === 204 ? null : await answer.json().catch(() => null);
  return { status: answer.status, ok: answer.ok, json };
}

export class Saving {
  /** @param {Transcript} transcript @param {{ api: string, slug: string, account: string, show: Show, announce: Announce }} given */
  constructor(transcript, { api, slug, account, show, announce }) {
    this.transcript = transcript;
    this.api = api;
    this.show = show;
    this.announce = announce;
    this.savedAt = "";
    /** @type {Timer | undefined} */
    this.timer = undefined;
    /** @type {Timer | null} */
    this.draftTimer = null;
    /** @type {Promise<boolean> | null} */
    this.busy = null;
    this.prefix = `transcript/${slug}/${account}/`;
    this.key = this.prefix + crypto.getRandomValues(new Uint32Array(2)).join("");
    this.failures = 0;
    drafts.hold(this.key);
    transcript.listen(() => this.changed());
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.keepDraft());
    addEventListener("beforeunload", (event) => { if (this.dirty) { this.keepDraft(); event.preventDefault(); } });
    setInterval(() => this.catchUp(), BEAT);
  }

  get dirty() {
    return this.transcript.pending().length > 0 || this.transcript.held().length > 0;
  }

  changed() {
    if (!this.dirty) { if (!this.busy) this.settled(); return; }
    this.show("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    this.draftTimer ??= setTimeout(() => this.keepDraft(), DRAFT_PAUSE);
  }

  keepDraft() {
    if (this.draftTimer) clearTimeout(this.draftTimer);
    this.draftTimer = null;
    const all = this.transcript.pendingAll();
    if (!all.length) return drafts.forget(this.key);
    const cues = (/** @type {Cue[]} */ list) => list.map((cue) => writeCue(cue, true));
    return drafts.keep(this.key, { at: Date.now(), hunks: all.map(({ before, after }) => ({ before: cues(before), after: cues(after) })) });
  }

  settled() {
    clearTimeout(this.timer);
    if (this.draftTimer) clearTimeout(this.draftTimer);
    this.draftTimer = null;
    drafts.forget(this.key);
    this.show(this.savedAt ? "saved" : "as_stored", { time: this.savedAt });
  }

  // One request at a time; what changes meanwhile goes with the next.
  save() {
    clearTimeout(this.timer);
    this.busy ??= this.send().finally(() => { this.busy = null; });
    return this.busy;
  }

  async send() {
    for (let round = 0; round < 20; round++) {
      const sent = this.transcript.pending();
      if (!sent.length) break;
      this.show("saving");
      const answer = await this.attempt(sent);
      if (!answer) return false;
      if (answer.status === 409) { await this.catchUp(true); continue; }
      if (!await this.take(sent, answer.json)) return false;
    }
    if (!this.dirty) this.settled(); else { this.show("unsaved"); this.keepDraft(); }
    return true;
  }

  /** @param {Hunk[]} sent */
  async attempt(sent) {
    const edits = sent.map(({ before, after }) => ({
      before: before.map((cue) => writeCue(cue)),
      after: after.map((cue) => writeCue(cue, true)),
      confirms: after.some((cue) => cue.confirms),
    }));
    let answer;
    try {
      answer = await call(`${this.api}/edits`, "POST", { seen: this.transcript.version, edits });
    } catch {
      this.later("offline");
      return null;
    }
    if (answer.status === 401 || answer.status === 403) { await renewToken(); this.later("signed_out"); return null; }
    if (answer.status >= 500) { this.later("offline"); return null; }
    if (!answer.ok && answer.status !== 409) { this.show("refused", { why: answer.json?.detail ?? answer.status }); this.keepDraft(); return null; }
    this.failures = 0;
    return answer;
  }

  /** @param {Hunk[]} sent @param {{ version: number, made: WireCue[][], others: WireEdit[] | null }} given */
  async take(sent, { version, made, others }) {
    const now = new Date();
    this.savedAt = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
    const fits = this.transcript.saved(version, sent, made);
    if (!fits || others === null) return this.reload();
    if (others.length && !this.merged(this.transcript.merge(version, others))) return this.reload();
    return true;
  }

  /** @param {string} why */
  later(why) {
    this.show(why);
    this.keepDraft();
    const pause = RETRY[Math.min(this.failures++, RETRY.length - 1)];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  // Takes in what others saved. Quiet when there is no line: saving says so.
  async catchUp(now = false) {
    if (this.busy && !now) return;
    const answer = await call(`${this.api}/edits?since=${this.transcript.version}`).catch(() => null);
    if (!answer?.ok || (this.busy && !now)) return;
    const { version, edits } = answer.json;
    if (version === this.transcript.version && !edits?.length) return;
    if (edits === null || !this.merged(this.transcript.merge(version, edits))) await this.reload();
  }

  async reload() {
    const answer = await call(this.api).catch(() => null);
    if (!answer?.ok) { this.later("offline"); return false; }
    this.merged({ dropped: this.transcript.rebase(answer.json.version, answer.json.cues.map(readCue)) });
    return true;
  }

  /** @param {{ dropped: number } | null} result */
  merged(result) {
    if (result?.dropped) this.announce(say("kept_deleted"));
    return Boolean(result);
  }

  // Drafts of pages that were closed before they could save.
  async left() {
    return drafts.left(this.prefix);
  }

  /** @param {Drafts} found */
  open(found) {
    const pending = found.flatMap(([, draft]) => draft.hunks).map(({ before, after }) => ({ before: before.map(readCue), after: after.map(readCue) }));
    const { local } = replay(pending, this.transcript.local);
    this.transcript.reopen(local);
    return this.keepDraft()?.then(() => this.drop(found));
  }

  /** @param {Drafts} found */
  drop(found) {
    return Promise.all(found.map(([key]) => drafts.forget(key)));
  }
}
