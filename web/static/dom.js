// The elements of a page, each of the sort that is said. What a page must have and has not is its template's mistake.

/** @template {Element} [E=HTMLElement] @param {ParentNode} within @param {string} selector @param {new () => E} [type] */
export function maybe(within, selector, type) {
  const found = within.querySelector(selector);
  return found instanceof (type ?? HTMLElement) ? /** @type {E} */ (found) : null;
}

/** @template {Element} [E=HTMLElement] @param {ParentNode} within @param {string} selector @param {new () => E} [type] */
export function one(within, selector, type) {
  const found = maybe(within, selector, type);
  if (!found) throw new Error(`The page has no ${type?.name ?? "element"} ${selector}.`);
  return found;
}

/** @template {Element} [E=HTMLElement] @param {ParentNode} within @param {string} selector @param {new () => E} [type] */
export function all(within, selector, type) {
  return /** @type {E[]} */ ([...within.querySelectorAll(selector)].filter((each) => each instanceof (type ?? HTMLElement)));
}

/** @param {ParentNode} parent */
export function children(parent) {
  return [...parent.children].filter((each) => each instanceof HTMLElement);
}

// The field of a form with this name.
/** @template {Element} [E=HTMLInputElement] @param {HTMLFormElement} form @param {string} name @param {new () => E} [type] */
export function field(form, name, type) {
  const found = form.elements.namedItem(name);
  if (!(found instanceof (type ?? HTMLInputElement))) throw new Error(`The form has no field ${name}.`);
  return /** @type {E} */ (found);
}

// The nearest that fits, of a thing (where an event happened, say) and all around it.
/** @template {Element} [E=HTMLElement] @param {EventTarget | null} thing @param {string} selector @param {new () => E} [type] */
export function around(thing, selector, type) {
  const found = thing instanceof Element ? thing.closest(selector) : null;
  return found instanceof (type ?? HTMLElement) ? /** @type {E} */ (found) : null;
}

// A copy of the one element in a template.
/** @param {ParentNode} within @param {string} selector */
export function copied(within, selector) {
  const copy = one(within, selector, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`The template ${selector} is empty.`);
  return copy;
}

// What the page says in an element's data-…; `name` as in `dataset`.
/** @param {HTMLElement} element @param {string} name */
export function given(element, name) {
  const value = element.dataset[name];
  if (value === undefined) throw new Error(`The page says no ${name} here.`);
  return value;
}
