// Topics of a segment: chips, and a list to choose from while typing.
import { around, children, given, one } from "../dom.js";
import { say } from "../words.js";

const SHOWN = 8;

/** @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
}

export class TopicField {
  /** @param {HTMLElement} root @param {Topic[]} topics @param {(chosen: string[], guessed: string[]) => void} change @param {() => void} leave */
  constructor(root, topics, change, leave) {
    this.topics = topics;
    this.change = change;
    this.leave = leave;
    /** @type {string[]} */
    this.chosen = [];
    /** @type {string[]} */
    this.guessed = [];
    /** @type {Topic[]} */
    this.found = [];
    this.active = 0;
    this.same = "";
    this.names = new Map(topics.map((each) => [each.slug, each.name]));
    this.chips = one(root, "[data-topics]");
    this.input = one(root, "[data-topic]", HTMLInputElement);
    this.list = one(root, "[data-choices]");
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("focus", () => this.look());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = around(event.target, "[role=option]");
      if (option) this.add(given(option, "slug"));
    });
  }

  /** @param {string[]} chosen @param {string[]} guessed */
  show(chosen, guessed) {
    this.chosen = chosen;
    this.guessed = guessed;
    const same = [...chosen, "|", ...guessed].join();
    if (same === this.same) return;
    this.same = same;
    this.chips.replaceChildren(...[...chosen.map((slug) => this.chip(slug, false)), ...guessed.map((slug) => this.chip(slug, true))]);
  }

  /** @param {string} slug @param {boolean} guessed */
  chip(slug, guessed) {
    const name = this.names.get(slug) ?? slug;
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = guessed ? "chip guessed" : "chip on";
    chip.textContent = guessed ? `${name} ?` : name;
    chip.append(" ×");
    chip.dataset.slug = slug;
    chip.setAttribute("aria-label", say("remove_topic", { name }));
    chip.addEventListener("click", () => this.change(this.chosen.filter((each) => each !== slug), this.guessed.filter((each) => each !== slug)));
    return chip;
  }

  look() {
    const text = folded(this.input.value.trim());
    const all = new Set([...this.chosen, ...this.guessed]);
    const fits = (/** @type {Topic} */ topic) => !all.has(topic.slug) && topic.others.some((name) => folded(name).includes(text));
    const first = (/** @type {Topic} */ topic) => (folded(topic.name).startsWith(text) ? 0 : 1);
    this.found = this.topics.filter(fits).sort((a, b) => first(a) - first(b)).slice(0, SHOWN);
    this.active = 0;
    this.list.hidden = !this.found.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...this.found.map((topic, index) => this.option(topic, index)));
    this.point();
  }

  /** @param {Topic} topic @param {number} index */
  option(topic, index) {
    const option = document.createElement("li");
    option.id = `topic-${index}`;
    option.setAttribute("role", "option");
    option.dataset.slug = topic.slug;
    option.textContent = topic.name;
    return option;
  }

  point() {
    children(this.list).forEach((each, index) => { each.setAttribute("aria-selected", String(index === this.active)); });
    if (this.found.length) this.input.setAttribute("aria-activedescendant", `topic-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way && this.found.length) {
      event.preventDefault();
      this.active = (this.active + way + this.found.length) % this.found.length;
      this.point();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const typed = this.input.value.trim();
      if (typed && this.found.length) this.add(this.found[this.active].slug); else if (!typed) this.leave();
    } else if (event.key === "Backspace" && !this.input.value) {
      const guessed = this.guessed.slice(0, -1);
      this.change(this.guessed.length ? this.chosen : this.chosen.slice(0, -1), guessed);
      this.look();
    }
  }

  /** @param {string} slug */
  add(slug) {
    this.input.value = "";
    this.change([...this.chosen, ...this.guessed, slug], []);
    this.look();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}
