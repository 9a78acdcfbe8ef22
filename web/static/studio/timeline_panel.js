// The panel of the chosen segment, and the list of all.
import { all, children, one } from "../dom.js";
import { say } from "../words.js";
import { exactClock, overlapOf } from "./timeline_edits.js";
import { TopicField, folded } from "./timeline_topics.js";
/** @import { Segments } from "./timeline_saving.js" */

export class Panel {
  /** @param {HTMLElement} desk @param {Timeline} data @param {Segments} segments @param {Select} select */
  constructor(desk, data, segments, select) {
    this.data = data;
    this.segments = segments;
    this.select = select;
    this.guesses = new Map(Object.entries(data.guesses));
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
    /** @type {string | null} */
    this.id = null;
    this.filled = "";
    this.answerers = "";
    const find = (/** @type {string} */ name) => one(desk, `[data-${name}]`);
    this.desk = desk;
    this.fields = find("fields");
    this.deciding = find("decide");
    this.heading = find("panel-heading");
    this.facts = find("panel-facts");
    this.warning = find("warning");
    this.chips = find("answerers");
    this.list = find("list");
    this.count = find("count");
    this.texts = all(desk, "[data-text]").filter((each) => each instanceof HTMLInputElement || each instanceof HTMLTextAreaElement);
    for (const field of this.texts) field.addEventListener("input", () => this.typed(field));
    this.topics = new TopicField(desk, data.topics, (chosen, guessed) => this.setTopics(chosen, guessed), () => this.leave());
  }

  leave() { if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); }
  /** @param {Segment} segment */
  guessed(segment) { return segment.topics.length || segment.kind !== "answer" ? [] : this.guesses.get(segment.id) ?? []; }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field */
  typed(field) {
    const segment = this.segments.get(this.id);
    if (!segment) return;
    const name = nameOf(field);
    const after = { ...segment, [name]: field.value };
    if (name === "question") after.title = field.value.slice(0, 300);
    this.segments.change([{ id: segment.id, after }], { key: `${name}:${segment.id}`, slowly: true });
  }

  /** @param {string[]} chosen @param {string[]} guessed */
  setTopics(chosen, guessed) {
    const segment = this.segments.get(this.id);
    if (!segment) return;
    this.guesses.set(segment.id, guessed);
    this.segments.change([{ id: segment.id, after: { ...segment, topics: chosen } }]);
    this.show(segment.id);
  }

  // As accepted: with the topics proposed, and the only guest where no answerer was heard.
  /** @param {Segment} segment */
  accepted(segment) {
    const answer = segment.kind === "answer";
    const alone = answer && !segment.answerers.length && this.data.guests.length === 1;
    return {
      ...segment,
      state: "confirmed",
      topics: segment.topics.length ? segment.topics : this.guessed(segment),
      answerers: alone ? this.data.guests : [...new Set(segment.answerers.map((name) => this.guest(name)))],
    };
  }

  // The guest whose name is in what was heard ("bà Nguyễn Thị Ngân"), else the name as heard.
  /** @param {string} heard */
  guest(heard) {
    const said = ` ${folded(heard)} `;
    return this.data.guests.find((name) => said.includes(` ${folded(name)} `)) ?? heard;
  }

  /** @param {number} index */
  toggleAnswerer(index) {
    const segment = this.segments.get(this.id);
    const name = this.names(segment)[index];
    if (segment?.kind !== "answer" || name === undefined) return;
    const has = segment.answerers.includes(name);
    const answerers = has ? segment.answerers.filter((each) => each !== name) : [...segment.answerers, name];
    this.segments.change([{ id: segment.id, after: { ...segment, answerers } }]);
  }

  /** @param {Segment | null} segment */
  names(segment) {
    return [...new Set([...this.data.guests, ...(segment?.answerers ?? [])])];
  }

  /** @param {string | null} id */
  show(id) {
    const segment = this.segments.get(id);
    this.id = segment ? id : null;
    for (const part of [this.fields, this.deciding]) part.hidden = !segment;
    if (segment) this.fill(segment);
    this.showList();
  }

  /** @param {Segment} segment */
  fill(segment) {
    this.heading.textContent = `${say(segment.kind)} ${exactClock(segment.start)} – ${exactClock(segment.end)}`;
    const sure = segment.state === "suggested" ? ` · ${say("sure", { percent: Math.round(100 * segment.confidence) })}` : "";
    this.facts.textContent = say(segment.state) + sure;
    for (const each of all(this.desk, "[data-only]")) each.hidden = each.dataset.only !== segment.kind;
    for (const field of this.texts) {
      const text = segment[nameOf(field)];
      if ((document.activeElement !== field || this.filled !== segment.id) && field.value !== text) field.value = text;
    }
    this.filled = segment.id;
    this.topics.show(segment.topics, this.guessed(segment));
    this.fillAnswerers(segment);
    const shared = overlapOf(this.segments.all, segment);
    this.warning.textContent = shared ? say("overlap", { seconds: shared.toFixed(1) }) : "";
  }

  /** @param {Segment} segment */
  fillAnswerers(segment) {
    const names = this.names(segment);
    const same = JSON.stringify([names, segment.answerers]);
    if (same === this.answerers) return;
    this.answerers = same;
    const active = document.activeElement;
    const focused = active instanceof HTMLElement ? children(this.chips).indexOf(active) : -1;
    this.chips.replaceChildren(...names.map((name, index) => {
      const chip = document.createElement("button");
      const on = segment.answerers.includes(name);
      chip.type = "button";
      chip.className = on ? "chip on" : "chip";
      chip.dir = "auto";
      chip.setAttribute("aria-pressed", String(on));
      chip.textContent = name;
      if (index < 9) {
        const key = document.createElement("kbd");
        key.textContent = String(index + 1);
        chip.append(" ", key);
      }
      chip.addEventListener("click", () => this.toggleAnswerer(index));
      return chip;
    }));
    if (focused >= 0) children(this.chips)[focused]?.focus();
  }

  // Answers first: they are what workers look for.
  get order() {
    const all = this.segments.all;
    return [...all.filter((each) => each.kind === "answer"), ...all.filter((each) => each.kind !== "answer")];
  }

  showList() {
    const order = this.order;
    this.count.textContent = say("left", { count: order.filter((each) => each.state === "suggested").length });
    const there = new Set(order.map((each) => each.id));
    for (const [id, item] of this.items) if (!there.has(id)) { item.remove(); this.items.delete(id); }
    order.forEach((segment, index) => {
      const item = this.items.get(segment.id) ?? this.buildItem(segment.id);
      this.fillItem(item, segment);
      if (this.list.children[index] !== item) this.list.insertBefore(item, this.list.children[index] ?? null);
    });
  }

  /** @param {string} id */
  buildItem(id) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const [time, said, state] = ["time", "said", "state"].map((name) => {
      const part = document.createElement("span");
      part.className = name;
      return part;
    });
    button.append(time, said, state);
    said.dir = "auto";
    said.lang = this.data.language;
    button.addEventListener("click", () => this.select(id, { seek: true }));
    item.append(button);
    this.items.set(id, item);
    return item;
  }

  /** @param {HTMLElement} item @param {Segment} segment */
  fillItem(item, segment) {
    const button = one(item, "button");
    const [time, title, state] = button.children;
    time.textContent = exactClock(segment.start);
    title.textContent = segment.question || segment.title || say("untitled");
    state.textContent = segment.kind === "chapter" ? `${say("chapter")} · ${say(segment.state)}` : say(segment.state);
    state.className = `state ${segment.state}`;
    if (segment.id === this.id) {
      if (button.getAttribute("aria-current") !== "true") {
        button.setAttribute("aria-current", "true");
        const { offsetTop, offsetHeight } = item;
        const { scrollTop, clientHeight } = this.list;
        if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight) this.list.scrollTop = offsetTop - clientHeight / 3;
      }
    } else button.removeAttribute("aria-current");
  }
}

/** @param {HTMLElement} field @returns {"question" | "title" | "asker"} */
function nameOf(field) {
  const { text } = field.dataset;
  return text === "title" || text === "asker" ? text : "question";
}
