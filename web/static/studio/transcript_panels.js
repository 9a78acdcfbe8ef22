// Find and replace, and the glossary: both show what they would change, and change what is chosen.
import { around, field, maybe, one } from "../dom.js";
import { clock, say } from "../words.js";
import { element } from "./transcript_cues.js";
import { flat, guess, keyOf, readCue } from "./transcript_model.js";
import { call } from "./transcript_saving.js";
/** @import { CueList } from "./transcript_list.js" */
/** @import { Transcript } from "./transcript_model.js" */
/** @import { Saving } from "./transcript_saving.js" */

const SHOWN = 300;

/** @typedef {{ node: HTMLElement, chosen: () => boolean }} Row */

/** @type {WeakMap<Cue, { text: string, folded: string }>} */
const foldedTexts = new WeakMap();

// Lower case without marks, one letter for one.
/** @param {string} text */
function fold(text) {
  const quick = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
  if (quick.length === text.length) return quick;
  return [...text.normalize("NFC")].map((each) => {
    const bare = each.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
    return bare.length === each.length ? bare : each;
  }).join("");
}

/** @param {Cue} cue @param {string} text @param {string} wanted @param {boolean} exact */
function places(cue, text, wanted, exact) {
  let kept = foldedTexts.get(cue);
  if (!exact && kept?.text !== text) {
    kept = { text, folded: fold(text) };
    foldedTexts.set(cue, kept);
  }
  const [where, what] = exact ? [text, wanted] : [kept?.folded ?? text, fold(wanted)];
  const found = [];
  for (let at = where.indexOf(what); what && at >= 0; at = where.indexOf(what, at + what.length)) found.push(at);
  return found;
}

/** @param {Cue} cue @param {(Node | string)[]} parts @param {boolean} chosen @param {(cue: Cue) => void} go */
function row(cue, parts, chosen, go) {
  const box = element("input", { type: "checkbox", checked: chosen });
  const time = element("button", { type: "button", className: "plain", textContent: clock(cue.start) });
  time.addEventListener("click", (event) => { event.preventDefault(); go(cue); });
  const text = element("span", {}, ...parts);
  box.setAttribute("aria-label", `${say("choose")}: ${text.textContent}`);
  const node = element("li", {}, element("label", { className: "tick" }, box, text), time);
  return { node, chosen: () => box.checked };
}

/** @param {Cue} cue @param {string} text */
function replaced(cue, text) {
  return { ...cue, text, numbers: guess(cue, text), sure: false };
}

export class Finder {
  /** @param {HTMLDetailsElement} root @param {Transcript} transcript @param {CueList} list @param {Announce} announce */
  constructor(root, transcript, list, announce) {
    this.root = root;
    this.transcript = transcript;
    this.list = list;
    this.announce = announce;
    this.form = one(root, "form", HTMLFormElement);
    this.wanted = "";
    /** @type {{ cue: Cue, at: number[], text: string, item: Row }[]} */
    this.rows = [];
    /** @type {Timer | undefined} */
    this.timer = undefined;
    this.form.addEventListener("input", (event) => { if (!around(event.target, "li")) this.later(); });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.replace(); });
  }

  show() {
    this.root.open = true;
    const find = field(this.form, "find");
    find.focus();
    find.select();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), 200);
  }

  find() {
    const exact = field(this.form, "exact");
    const wanted = field(this.form, "find").value.normalize("NFC").trim();
    this.rows = [];
    let count = 0;
    for (const cue of wanted ? this.transcript.local : []) {
      const text = flat(cue.text).normalize("NFC");
      const at = places(cue, text, wanted, exact.checked);
      count += at.length;
      if (at.length && this.rows.length < SHOWN) this.rows.push({ cue, at, text, item: row(cue, this.parts(text, at, wanted.length), true, (each) => this.list.go(each)) });
    }
    this.wanted = wanted;
    one(this.root, "[data-finds]").replaceChildren(...this.rows.map(({ item }) => item.node));
    one(this.root, "[data-found]").textContent = wanted ? say("finds", { count }) : "";
    field(this.form, "all", HTMLButtonElement).disabled = !count;
  }

  /** @param {string} text @param {number[]} at @param {number} length */
  parts(text, at, length) {
    const parts = [];
    let done = 0;
    for (const place of at) {
      parts.push(text.slice(done, place), element("mark", { textContent: text.slice(place, place + length) }));
      done = place + length;
    }
    return [...parts, text.slice(done)];
  }

  replace() {
    const into = field(this.form, "into").value.normalize("NFC");
    const there = new Set(this.transcript.local);
    /** @type {Edit[]} */
    const ops = [];
    let count = 0;
    for (const { cue, at, text, item } of this.rows) {
      if (!item.chosen() || !there.has(cue)) continue;
      const pieces = [];
      let done = 0;
      for (const place of at) { pieces.push(text.slice(done, place), into); done = place + this.wanted.length; }
      const made = `${pieces.join("")}${text.slice(done)}`.replace(/[^\S\n]+/g, " ").trim();
      count += at.length;
      if (made !== text) ops.push({ before: [cue], after: made ? [replaced(cue, made)] : [] });
    }
    this.list.close();
    if (ops.length) this.transcript.change(ops);
    this.find();
    this.announce(say("replaced", { count: ops.length ? count : 0 }));
  }
}

export class GlossaryPanel {
  /** @param {HTMLDetailsElement} root @param {Transcript} transcript @param {CueList} list @param {Saving} saving @param {{ announce: Announce, keeps: boolean }} given */
  constructor(root, transcript, list, saving, { announce, keeps }) {
    this.transcript = transcript;
    this.list = list;
    this.saving = saving;
    this.announce = announce;
    this.keeps = keeps;
    /** @type {(Fix & { at: Cue, item?: Row })[]} */
    this.fixes = [];
    /** @type {Term | null} */
    this.seen = null;
    this.find = (/** @type {string} */ name) => one(root, `[data-${name}]`);
    this.form = maybe(root, "[data-term-form]", HTMLFormElement);
    root.addEventListener("toggle", () => { if (root.open) this.offer(); });
    one(root, "[data-do=fix-all]").addEventListener("click", () => this.fixAll());
    this.form?.addEventListener("submit", (event) => { event.preventDefault(); this.add(); });
  }

  // What the glossary would put right in what is stored; so that is done first.
  async offer() {
    this.find("fixes-state").textContent = say("loading");
    await this.saving.save();
    const [fixes, terms] = await Promise.all([call(`${this.saving.api}/fixes`), call("/api/v1/glossary")]).catch(() => [null, null]);
    if (!fixes?.ok || !terms?.ok) { this.find("fixes-state").textContent = say("not_loaded"); return; }
    this.showFixes(fixes.json.fixes);
    this.showTerms(terms.json.terms);
  }

  /** @param {Fix[]} found */
  showFixes(found) {
    const byKey = new Map(this.transcript.local.map((cue) => [keyOf(cue), cue]));
    this.fixes = found.flatMap((fix) => {
      const at = byKey.get(keyOf(readCue(fix.cue)));
      return at ? [{ ...fix, at }] : [];
    });
    const shown = this.fixes.slice(0, SHOWN);
    for (const fix of shown) {
      const why = element("span", { className: "facts", textContent: ` ${say(`by_${fix.reason}`)}` });
      const parts = [element("del", { textContent: fix.found }), " → ", element("ins", { textContent: fix.written }), why];
      fix.item = row(fix.at, parts, fix.reason !== "sound", (cue) => this.list.go(cue));
    }
    this.find("fixes").replaceChildren(...shown.flatMap((fix) => (fix.item ? [fix.item.node] : [])));
    this.find("fixes-state").textContent = shown.length ? say("fixes", { count: this.fixes.length }) : say("no_fixes");
    this.find("fix-all").hidden = !shown.length;
    this.find("fix-count").textContent = String(shown.length || "");
  }

  // A cue with several fixes gets the first now, the others when they are offered again.
  async fixAll() {
    const there = new Set(this.transcript.local);
    /** @type {Edit[]} */
    const ops = [];
    const done = new Set();
    for (const fix of this.fixes) {
      if (!fix.item?.chosen() || !there.has(fix.at)) continue;
      if (done.has(fix.at)) continue;
      done.add(fix.at);
      ops.push({ before: [fix.at], after: [replaced(fix.at, flat(this.allIn(fix.at)))] });
    }
    this.list.close();
    if (ops.length) this.transcript.change(ops);
    this.announce(say("replaced", { count: ops.length }));
    await this.offer();
  }

  /** @param {Cue} cue */
  allIn(cue) {
    let text = flat(cue.text);
    for (const fix of this.fixes) if (fix.at === cue && fix.item?.chosen()) text = text.replace(fix.found, () => fix.written);
    return text;
  }

  /** @param {Term[]} terms */
  showTerms(terms) {
    this.find("term-count").textContent = String(terms.length || "");
    this.find("term-list").replaceChildren(...terms.map((term) => {
      const heard = element("span", { className: "facts", textContent: term.heard.join(", ") });
      const remove = element("button", { type: "button", className: "plain", textContent: say("delete") });
      remove.setAttribute("aria-label", `${say("delete")}: ${term.written}`);
      remove.addEventListener("click", () => call(`/api/v1/glossary/${term.id}`, "DELETE").then(() => this.offer()));
      const change = element("button", { type: "button", className: "plain", textContent: say("change") });
      change.setAttribute("aria-label", `${say("change")}: ${term.written}`);
      change.addEventListener("click", () => this.change(term));
      const does = this.keeps ? element("span", {}, change, remove) : null;
      return element("li", {}, element("span", {}, element("strong", { textContent: term.written }), " ", heard), does);
    }));
  }

  /** @param {Term} term */
  change(term) {
    if (!this.form) return;
    const { written, heard, kind, bySound } = fieldsOf(this.form);
    [written.value, heard.value, kind.value, bySound.checked] = [term.written, term.heard.join("\n"), term.kind, term.by_sound];
    this.seen = term;
    written.focus();
  }

  async add() {
    const { form } = this;
    if (!form) return;
    const { written, heard, kind, bySound } = fieldsOf(form);
    const body = { written: written.value, kind: kind.value, by_sound: bySound.checked, heard: heard.value.split("\n").map((each) => each.trim()).filter(Boolean) };
    const { seen } = this;
    const sent = seen ? call(`/api/v1/glossary/${seen.id}`, "PUT", { ...body, seen }) : call("/api/v1/glossary", "POST", body);
    const answer = await sent.catch(() => null);
    const problem = this.find("term-problem");
    problem.hidden = answer?.ok === true;
    if (!answer?.ok) { problem.textContent = answer?.json?.detail ?? say("not_loaded"); return; }
    this.seen = null;
    form.reset();
    await this.offer();
  }
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  return {
    written: field(form, "written"), heard: field(form, "heard", HTMLTextAreaElement),
    kind: field(form, "kind", HTMLSelectElement), bySound: field(form, "by_sound"),
  };
}
