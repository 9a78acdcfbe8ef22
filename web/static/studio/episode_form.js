// Guests in their order, topics and newer answers by typing a few letters.
import { all, children, given, one } from "../dom.js";
const PAUSE_MS = 250;
/** @type {Record<string, string>} */
const SIGNS = { up: "↑", down: "↓", remove: "×" };

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Partial<HTMLElementTagNameMap[T]>} values @param {(Node | string)[]} inside @returns {HTMLElementTagNameMap[T]} */
function made(tag, values = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...inside);
  return element;
}

/** @param {HTMLFormElement} form @param {Words} words @param {Fill} fill */
export function guests(form, words, fill) {
  const list = one(form, "[data-guests]");
  const last = children(list).at(-1);
  if (!last) throw new Error("The page has no row for a guest.");
  const blank = document.importNode(last, true);
  /** @param {HTMLElement} row */
  const name = (row) => one(row, "[name=guest_name]", HTMLInputElement).value || words.guest;
  const changed = () => {
    children(list).forEach((row, at) => { one(row, "[name=guest_place]", HTMLInputElement).value = String(at + 1); });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  /** @param {HTMLElement} row */
  const label = (row) => {
    for (const button of all(row, ".buttons button")) button.setAttribute("aria-label", fill(words[given(button, "do")], { name: name(row) }));
  };
  /** @type {Record<string, (row: HTMLElement) => void>} */
  const deeds = {
    up: (row) => { row.previousElementSibling?.before(row); one(row, "[data-do=up]").focus(); },
    down: (row) => { row.nextElementSibling?.after(row); one(row, "[data-do=down]").focus(); },
    remove: (row) => { row.remove(); one(form, "[data-add-guest]").focus(); },
  };
  /** @param {HTMLElement} row */
  const dress = (row) => {
    one(row, "[name=guest_place]").hidden = true;
    const buttons = Object.keys(deeds).map((deed) => {
      const button = made("button", { type: "button", className: "small-button" }, SIGNS[deed]);
      button.dataset.do = deed;
      button.addEventListener("click", () => { deeds[deed](row); changed(); });
      return button;
    });
    row.append(made("span", { className: "buttons" }, ...buttons));
    row.addEventListener("input", () => label(row));
    label(row);
  };
  for (const row of children(list)) if (!one(row, "[name=guest_name]", HTMLInputElement).value) row.remove(); else dress(row);
  const add = one(form, "[data-add-guest]");
  add.hidden = false;
  add.addEventListener("click", () => {
    const row = document.importNode(blank, true);
    list.append(row);
    dress(row);
    changed();
    one(row, "input").focus();
  });
}

// A list of offers under a field: arrows choose, Enter takes, Escape closes.
/** @template T @param {HTMLInputElement} input @param {(value: T) => void} take @param {string} id */
function offers(input, take, id) {
  const list = made("ul", { className: "offers", id, hidden: true, role: "listbox", ariaLabel: input.labels?.[0]?.textContent ?? input.placeholder });
  input.after(list);
  input.type = "text";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", id);
  input.setAttribute("aria-autocomplete", "list");
  let at = -1;
  /** @type {Map<Element, () => void>} */
  const choices = new Map();
  const show = (/** @type {{ text: string, more?: string, value: T }[]} */ items) => {
    choices.clear();
    at = -1;
    list.replaceChildren(...items.map(({ text, more, value }, number) => {
      const item = made("li", { id: `${id}-${number}`, role: "option", ariaSelected: "false" }, text);
      if (more) item.append(" ", made("span", { className: "facts" }, more));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(value); });
      choices.set(item, () => choose(value));
      return item;
    }));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (/** @type {T} */ value) => { show([]); take(value); };
  const move = (/** @type {number} */ step) => {
    const count = list.children.length;
    at = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
    children(list).forEach((item, number) => { item.setAttribute("aria-selected", String(number === at)); });
    input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      choices.get(list.children[Math.max(at, 0)])?.();
    } else if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") show([]);
  });
  input.addEventListener("blur", () => show([]));
  return show;
}

/** @param {HTMLFormElement} form @param {Words} words */
export function topics(form, words) {
  const select = one(form, "[data-topics]", HTMLSelectElement);
  const chosen = made("div", { className: "chosen" });
  const input = made("input", { type: "text", placeholder: words.add_topic, autocomplete: "off", id: "topic-words" });
  select.before(chosen, input);
  select.hidden = true;
  const label = one(form, "label[for=topics]", HTMLLabelElement);
  label.htmlFor = input.id;
  const draw = () => chosen.replaceChildren(...[...select.selectedOptions].map((option) => {
    const button = made("button", { type: "button" }, option.text, " ×");
    button.setAttribute("aria-label", words.remove.replace("%(name)s", option.text));
    button.addEventListener("click", () => { option.selected = false; changed(); input.focus(); });
    return button;
  }));
  const changed = () => { draw(); form.dispatchEvent(new Event("input", { bubbles: true })); };
  const show = offers(input, (/** @type {HTMLOptionElement} */ option) => { option.selected = true; input.value = ""; changed(); input.focus(); }, "topic-offers");
  const look = () => {
    const asked = plain(input.value).split(/\s+/).filter(Boolean);
    const fits = (/** @type {HTMLOptionElement} */ option) => !option.selected && asked.every((word) => plain(`${option.text} ${option.dataset.words}`).includes(word));
    show([...select.options].filter(fits).slice(0, 12).map((option) => ({ text: option.text, value: option })));
  };
  input.addEventListener("input", (event) => { event.stopPropagation(); look(); });
  input.addEventListener("focus", look);
  select.addEventListener("restored", draw);
  draw();
}

/** @param {HTMLFormElement} form @param {Words} words */
export function newerAnswers(form, words) {
  const input = one(form, "[name=newer]", HTMLInputElement);
  const choices = one(form, "[data-choices]");
  one(form, "[value=find]").hidden = true;
  const take = (/** @type {FoundAnswer} */ answer) => {
    for (const each of all(choices, "[data-found]")) each.remove();
    let radio = all(choices, "input", HTMLInputElement).find((each) => each.value === answer.id);
    if (!radio) {
      radio = made("input", { type: "radio", name: "superseded_by", value: answer.id });
      const row = made("label", { className: "tick" }, radio, made("span", {}, answer.question || answer.title, " ", made("span", { className: "facts" }, answer.episode_title)));
      row.dataset.found = "";
      choices.append(row);
    }
    radio.checked = true;
    input.value = "";
    radio.focus();
  };
  const status = made("p", { className: "facts" });
  status.setAttribute("role", "status");
  const show = offers(input, take, `${input.id}-offers`);
  input.closest("p")?.after(status);
  /** @type {Timer | undefined} */
  let timer;
  let number = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      number += 1;
      const mine = number;
      const text = input.value.trim();
      if (!text) { show([]); return; }
      try {
        const answer = await fetch(`/api/v1/studio/answers?q=${encodeURIComponent(text)}`);
        /** @type {FoundAnswer[]} */
        const found = answer.ok ? (await answer.json()).answers : [];
        if (mine !== number) return;
        show(found.map((each) => ({ text: each.question || each.title, more: each.episode_title, value: each })));
        status.textContent = answer.ok ? (found.length ? "" : words.none) : words.away;
      } catch { status.textContent = words.away; }
    }, PAUSE_MS);
  });
}
