// The upload page: files go one after the other by the tus protocol, so that a slow line is not divided.
import { maybe, one } from "../dom.js";
import { say } from "../words.js";
import { followSent } from "./upload_sent.js";

const area = one(document, "[data-upload]");
const list = maybe(document, "[data-list]") ?? document.createElement("ul");  // nothing can be sent where there is no programme
const csrf = one(document, 'meta[name="csrf"]', HTMLMetaElement).content;
const live = one(document, "[data-live]");
const language = document.documentElement.lang;
const CHUNK = 32 * 1024 * 1024; // behind a proxy that holds a request back, a break costs at most this
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, ...Array(60).fill(30000)];
/** @type {Words} */
const KINDS = { srt: "captions", vtt: "captions", sbv: "captions", pdf: "document" };
/** @type {Words} */
const REPLACING = { recording: "replaces", captions: "as_captions", document: "as_document" };
/** @type {Sending[]} */
const queue = [];
const sent = followSent(() => queue.filter((each) => !["done", "gone", "failed"].includes(each.state)).map((each) => each.id));
/** @type {Sending | undefined} */
let current;

/** @param {string} text */
function announce(text) {
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

/** @param {number} value */
function number(value, decimals = 0) {
  return value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** @param {number} seconds */
function duration(seconds) {
  if (!Number.isFinite(seconds)) return "…";
  if (seconds >= 5400) return say("hours", { num: number(seconds / 3600, 1) });
  return seconds >= 90 ? say("minutes", { num: number(Math.round(seconds / 60)) }) : say("seconds", { num: number(Math.ceil(seconds)) });
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Partial<HTMLElementTagNameMap[T]>} options @param {(Node | string)[]} children @returns {HTMLElementTagNameMap[T]} */
function make(tag, options = {}, ...children) {
  const node = Object.assign(document.createElement(tag), options);
  node.append(...children);
  return node;
}

/** @param {string} name */
const stem = (name) => name.replace(/\.[^.]*$/, "");
/** @param {File} file */
const kindOf = (file) => KINDS[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "recording";

class Sending {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    this.kind = kindOf(file);
    this.state = "waiting";
    /** @type {[at: number, bytes: number][]} */
    this.recent = [];
    this.percent = 0;
    this.told = 0;
    /** @type {string | undefined} */
    this.id = undefined;
    /** @type {Sending | undefined} */
    this.captions = undefined;
    /** @type {import("tus-js-client").Upload | undefined} */
    this.upload = undefined;
    const id = `s${Math.random().toString(36).slice(2)}`;
    this.said = make("span", { className: "facts", id: `${id}-said` });
    this.bar = make("progress", { max: 100, value: 0, hidden: true });
    this.bar.setAttribute("aria-label", file.name);
    this.button = make("button", { type: "button", className: "do quiet-button", hidden: true, onclick: () => this.toggle() });
    this.drop = make("button", { type: "button", className: "do quiet-button", textContent: say("remove"), onclick: () => this.remove() });
    this.drop.setAttribute("aria-label", `${say("remove")}: ${file.name}`);
    this.node = make("li", {}, make("span", { className: "name", dir: "auto", textContent: file.name }), this.said);
    this.title = make("input", { id: `${id}-t`, value: stem(file.name).replaceAll("_", " ").slice(0, 200), maxLength: 200 });
    this.date = make("input", { id: `${id}-d`, type: "date", value: day(file.lastModified) });
    if (this.kind === "recording" && !area.dataset.for) {
      this.node.append(
        make("div", { className: "wanted" },
          make("p", { className: "field" }, make("label", { htmlFor: `${id}-t`, textContent: say("title") }), this.title),
          make("p", { className: "field" }, make("label", { htmlFor: `${id}-d`, textContent: say("date") }), this.date)),
      );
    }
    this.node.append(this.bar, make("div", { className: "acts" }, this.button, this.drop));
    list.append(this.node);
    this.tell(area.dataset.for ? say(REPLACING[this.kind]) : say("waiting"));
  }

  /** @param {string} text */
  tell(text, className = "") {
    this.said.textContent = text;
    this.node.className = className;
  }

  /** @param {string} text */
  fail(text) {
    this.state = "failed";
    this.button.hidden = true;
    this.tell(text, "broken");
    announce(`${this.file.name}: ${text}`);
  }

  metadata() {
    /** @type {Record<string, string>} */
    const found = { filename: this.file.name, kind: this.kind };
    if (area.dataset.for) return { ...found, for: area.dataset.for };
    if (this.kind !== "recording") return found;
    Object.assign(found, {
      title: this.title.value.trim(),
      date: this.date.value,
      programme: one(document, "#programme", HTMLSelectElement).value,
      language: one(document, "#language", HTMLSelectElement).value,
    });
    if (this.captions?.id) found.captions = this.captions.id;
    return found;
  }

  async start() {
    this.state = "going";
    for (const field of [this.title, this.date]) field.readOnly = true;
    this.bar.hidden = this.button.hidden = false;
    this.label("pause");
    this.upload ??= new tus.Upload(this.file, {
      endpoint: "/api/v1/uploads",
      headers: { "Accept-Language": document.documentElement.lang, "X-CSRF": csrf },
      metadata: this.metadata(),
      chunkSize: CHUNK,
      retryDelays: WAITS,
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => this.again(error),
      onProgress: (bytes, total) => this.progress(bytes, total),
      onSuccess: () => this.finish(),
      onError: (error) => this.stop(error),
    });
    const { upload } = this;
    if (!upload.url) {
      const before = await upload.findPreviousUploads();
      if (before.length) upload.resumeFromPreviousUpload(before[before.length - 1]);
    }
    upload.start();
  }

  /** @param {Error | import("tus-js-client").DetailedError} error */
  again(error) {
    const status = responseOf(error)?.getStatus() ?? 0;
    const passing = status === 0 || [408, 409, 423, 429, 460, 500, 502, 503, 504].includes(status);
    if (passing && status !== 409 && status !== 460) {
      if (this.state === "going") {
        this.state = "lost";
        this.tell(say("lost"), "broken");
        announce(`${this.file.name}: ${say("lost")}`);
      }
    }
    return passing;
  }

  /** @param {number} bytes @param {number} total */
  progress(bytes, total) {
    const now = performance.now() / 1000;
    if (!this.recent.length && bytes > 0 && bytes > this.file.size * 0.01) announce(say("resumed", { percent: number((100 * bytes) / total) }));
    if (this.state === "lost") {
      this.state = "going";
      this.recent = [];
    }
    if (this.state !== "going") return;
    this.recent = [...this.recent.filter(([at]) => now - at < 10), [now, bytes]];
    const [since, from] = this.recent[0];
    const speed = now > since ? (bytes - from) / (now - since) : 0;
    this.percent = Math.floor((100 * bytes) / total);
    this.bar.value = this.percent;
    this.known();
    this.tell(say("going", { percent: number(this.percent), speed: number(speed / 1e6, 1), left: speed > 0 ? duration((total - bytes) / speed) : "…" }));
    const tenth = Math.floor(this.percent / 25);
    if (tenth !== this.told) {
      this.told = tenth;
      if (tenth) announce(`${this.file.name}: ${number(this.percent)}%`);
    }
  }

  known() {
    if (this.id || !this.upload?.url) return;
    this.id = this.upload.url.split("/").pop();
    sent.refresh();
  }

  /** @param {string} name */
  label(name) {
    this.button.textContent = say(name);
    this.button.setAttribute("aria-label", `${say(name)}: ${this.file.name}`);
  }

  async toggle() {
    if (this.state === "paused") {
      this.recent = [];
      this.start();
      return;
    }
    this.state = "paused";
    await this.upload?.abort();
    this.label("resume");
    this.tell(say("paused", { percent: number(this.percent) }));
    announce(say("paused", { percent: number(this.percent) }));
  }

  async remove() {
    const url = this.upload?.url;
    const going = current === this;
    this.state = "gone";
    await this.upload?.abort();
    if (url) await tus.Upload.terminate(url, { headers: { "X-CSRF": csrf }, retryDelays: [0, 1000, 3000] }).catch(() => {});
    queue.splice(queue.indexOf(this), 1);
    this.node.remove();
    announce(`${this.file.name}: ${say("gone")}`);
    one(document, "#files").focus();
    refresh();
    if (going) next();
  }

  finish() {
    this.state = "done";
    this.known();
    this.bar.value = 100;
    this.button.hidden = this.drop.hidden = true;
    this.node.querySelector(".wanted")?.remove();
    this.bar.hidden = true;
    this.tell(say("done"), "arrived");
    announce(`${this.file.name}: ${say("done")}`);
    sent.look();
    next();
  }

  /** @param {Error | import("tus-js-client").DetailedError} error */
  stop(error) {
    const response = responseOf(error);
    const status = response?.getStatus() ?? 0;
    if (status === 401 || (status === 403 && !this.upload?.url)) this.fail(say("signed_out"));
    else if (status) this.fail(say("refused", { why: reason(response) }));
    else {
      this.state = "paused";
      this.label("resume");
      this.tell(say("lost"), "broken");
    }
    next();
  }
}

/** @param {Error | import("tus-js-client").DetailedError} error */
function responseOf(error) {
  return "originalResponse" in error ? error.originalResponse : null;
}

/** @param {import("tus-js-client").HttpResponse | null} response */
function reason(response) {
  try {
    return JSON.parse(response?.getBody() ?? "").detail;
  } catch {
    return response?.getStatus();
  }
}

/** @param {number} milliseconds */
function day(milliseconds) {
  const at = new Date(Math.min(milliseconds, Date.now()));
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

/** @param {File[]} files */
function choose(files) {
  for (const file of files) {
    if (queue.some((each) => each.file.name === file.name && each.file.size === file.size && each.state !== "failed")) continue;
    const item = new Sending(file);
    queue.push(item);
    if (file.size === 0) item.fail(say("empty"));
    else if (file.size > Number(area.dataset.largest)) item.fail(say("too_large", { size: number(Number(area.dataset.largest) / 1e9) }));
    else if (item.kind === "document" && !area.dataset.for) item.fail(say("unfit"));
  }
  pair();
  refresh();
  list.querySelector("input")?.focus();
}

function pair() {
  if (area.dataset.for) return;
  for (const captions of queue.filter((each) => each.kind === "captions" && each.state === "waiting")) {
    const recording = queue.find((each) => each.kind === "recording" && stem(each.file.name) === stem(captions.file.name));
    if (!recording) continue;
    recording.captions = captions;
    captions.tell(say("with", { name: recording.file.name }));
  }
}

function refresh() {
  one(document, "[data-start]").hidden = !queue.some((each) => each.state === "waiting");
}

function next() {
  current = queue.find((each) => each.state === "queued" && each.kind !== "recording") ?? queue.find((each) => each.state === "queued");
  if (current) current.start();
  else if (queue.length && queue.every((each) => each.state === "done")) announce(say("all_done"));
}

function begin() {
  for (const each of queue.filter((one) => one.state === "waiting")) {
    each.state = "queued";
    each.tell(say("queued"));
  }
  refresh();
  if (!current || !["going", "lost"].includes(current.state)) next();
}

if (list.isConnected) {
  const input = one(document, "#files", HTMLInputElement);
  const target = one(area, "[data-drop]");
  const programme = maybe(document, "#programme", HTMLSelectElement);
  programme?.addEventListener("change", () => {
    one(document, "#language", HTMLSelectElement).value = programme.selectedOptions[0].dataset.language ?? "";
  });
  programme?.dispatchEvent(new Event("change"));
  input.addEventListener("change", () => {
    choose([...(input.files ?? [])]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    target.addEventListener(name, (event) => {
      event.preventDefault();
      target.classList.add("over");
    });
  }
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  target.addEventListener("drop", (event) => {
    target.classList.remove("over");
    choose([...(event.dataTransfer?.files ?? [])]);
  });
  one(document, "[data-start] button").addEventListener("click", begin);
  window.addEventListener("online", () => {
    const waiting = queue.find((each) => each.state === "lost");
    waiting?.upload?.abort().then(() => waiting.start());
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.some((each) => ["going", "lost", "queued"].includes(each.state))) {
      event.preventDefault();
      event.returnValue = say("leave");
    }
  });
}
area.hidden = false;
