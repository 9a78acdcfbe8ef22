// What happens, as it happens: listen("/api/v1/episodes/…/events?after=17", { votes: (data) => … }).
//
// A stream (server-sent events) where one comes through. Some browsers inside other apps, and some proxies, hold
// its bytes back: where the stream's first sign of life does not come soon, the same address is asked now and then
// instead, and the stream is tried again later. Whichever way an event comes, it is handled once, by its id.

const PACE = {
  first: 8000, // a stream must show life within this
  silent: 40000, // and then again: the site sends a "beat" every 15 s
  poll: 4000,
  pollHidden: 20000,
  retry: 60000, // so long it is polled before the stream is tried again
  hidden: 60000, // a page that nobody has looked at for so long closes its stream
  farthest: 30000, // between tries while the network is away
};

/**
 * Follow the events of an address.
 *
 * handlers: a function (data, id) for each kind of event; also `reload()`: too much was missed, everything is to be
 * loaded again (when left out, the page is); and `line(state)`: "open", "polling" or "lost".
 * Returns a function that stops.
 */
/** @param {string} address @param {Handlers} handlers @param {Partial<typeof PACE>} [pace] */
export function listen(address, handlers, pace = {}) {
  const line = new Line(address, handlers, { ...PACE, ...pace });
  line.start();
  return () => line.stop();
}

class Line {
  /** @param {string} address @param {Handlers} handlers @param {typeof PACE} pace */
  constructor(address, handlers, pace) {
    this.address = new URL(address, location.href);
    this.handlers = handlers;
    this.pace = pace;
    const after = this.address.searchParams.get("after");
    this.last = after === null || after === "" ? null : Number(after);
    /** @type {EventSource | null} */
    this.source = null;
    this.polling = false;
    /** @type {Record<string, Timer>} */
    this.timers = {};
    this.heardAt = 0;
    this.stopped = false;
    this.failures = 0;
    this.state = "";
    this.awake = () => this.resume();
    this.asleep = () => this.rest();
  }

  async start() {
    for (const name of ["online", "pageshow"]) addEventListener(name, this.awake);
    addEventListener("pagehide", this.asleep);
    document.addEventListener("visibilitychange", this.awake);
    this.stopped = false;
    if (this.last === null) await this.ask(); // from now on: first know what "now" is
    if (!this.stopped) this.open();
  }

  stop() {
    this.stopped = true;
    this.close();
    for (const name of Object.keys(this.timers)) this.clear(name);
    for (const name of ["online", "pageshow"]) removeEventListener(name, this.awake);
    removeEventListener("pagehide", this.asleep);
    document.removeEventListener("visibilitychange", this.awake);
  }

  url() {
    const url = new URL(this.address);
    if (this.last === null) url.searchParams.delete("after");
    else url.searchParams.set("after", String(this.last));
    return url;
  }

  // The stream

  open() {
    this.close();
    if (!("EventSource" in window)) return this.poll();
    const source = new EventSource(this.url());
    this.source = source;
    const kinds = new Set([...Object.keys(this.handlers), "beat", "reload"]);
    kinds.delete("line");
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => this.heard(source, kind, event));
    }
    source.onerror = () => {
      if (source !== this.source) return;
      if (source.readyState === EventSource.CLOSED) this.fall(); // refused: the browser will not try again
      else this.tell("lost");
    };
    this.set("watch", () => this.fall(), this.pace.first);
  }

  /** @param {EventSource} source @param {string} kind @param {MessageEvent} event */
  heard(source, kind, event) {
    if (source !== this.source) return;
    this.polling = false;
    this.clear("poll");
    this.clear("again");
    this.tell("open");
    this.set("watch", () => this.open(), this.pace.silent);
    const id = event.lastEventId === "" ? null : Number(event.lastEventId);
    if (kind === "beat") {
      if (id !== null && id > (this.last ?? 0)) this.last = id;
      return;
    }
    this.handle(kind, id, event.data);
  }

  close() {
    if (this.source) this.source.close();
    this.source = null;
    this.clear("watch");
  }

  // Asking now and then

  fall() {
    this.close();
    this.set("again", () => this.open(), this.pace.retry);
    if (!this.polling) this.poll();
  }

  async poll() {
    this.polling = true;
    await this.ask();
    if (!this.polling || this.stopped) return;
    const usual = document.hidden ? this.pace.pollHidden : this.pace.poll;
    const wait = this.failures ? Math.min(usual * 2 ** this.failures, this.pace.farthest) : usual;
    this.set("poll", () => this.poll(), wait);
  }

  async ask() {
    try {
      const answer = await fetch(this.url(), { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const found = await answer.json();
      if (this.stopped) return;
      for (const each of found.events) this.handle(each.kind, each.id, each.data);
      if (this.last === null || found.last > this.last) this.last = found.last;
      this.failures = 0;
      if (this.polling) this.tell("polling");
    } catch {
      this.failures += 1;
      this.tell("lost");
    }
  }

  // Either way

  /** @param {string} kind @param {number | null} id @param {unknown} data */
  handle(kind, id, data) {
    if (kind === "reload") {
      this.last = id;
      const again = this.handlers.reload ?? (() => { setTimeout(() => location.reload(), Math.random() * 5000); });
      this.call(() => again(data, id));
      return;
    }
    if (this.last !== null && (id ?? 0) <= this.last) return;
    this.last = id;
    const handler = this.handlers[kind];
    if (handler) this.call(() => handler(typeof data === "string" ? JSON.parse(data) : data, id));
  }

  /** @param {() => void} handler */
  call(handler) {
    try {
      handler();
    } catch (error) {
      console.error(error);
    }
  }

  /** @param {string} state */
  tell(state) {
    if (state === this.state) return;
    this.state = state;
    const { line } = this.handlers;
    if (line) this.call(() => line(state, null));
  }

  // Sleep

  resume() {
    if (this.stopped) return;
    if (document.hidden) {
      this.set("rest", () => this.rest(), this.pace.hidden);
      return;
    }
    this.clear("rest");
    if (this.last === null) return; // still starting
    if (this.polling) {
      this.clear("poll");
      this.poll();
    } else if (!this.source || Date.now() - this.heardAt > 20000) {
      this.open();
    }
  }

  rest() {
    if (this.polling) return;
    this.close();
  }

  /** @param {string} name @param {() => void} then @param {number} after */
  set(name, then, after) {
    this.clear(name);
    if (name === "watch") this.heardAt = Date.now();
    this.timers[name] = setTimeout(then, after);
  }

  /** @param {string} name */
  clear(name) {
    clearTimeout(this.timers[name]);
    delete this.timers[name];
  }
}
