// What became of the files that were sent: looked up while something is still under way.
import { children, copied, given, maybe, one } from "../dom.js";
const UNDER_WAY = ["waiting", "taking"];
const SECONDS = 3;

/** @param {() => (string | undefined)[]} beingSent */
export function followSent(beingSent) {
  const list = one(document, "[data-sent]");
  const live = one(document, "[data-live]");
  /** @type {Timer | undefined} */
  let timer;

  async function look() {
    clearTimeout(timer);
    try {
      const answer = await fetch(`/api/v1/uploads?lang=${document.documentElement.lang}`, { headers: { Accept: "application/json" } });
      if (answer.ok) show((await answer.json()).uploads);
    } catch {
      // no line: looked up again
    }
    if (list.querySelector(UNDER_WAY.map((state) => `[data-state="${state}"]`).join(","))) timer = setTimeout(look, SECONDS * 1000);
  }

  /** @param {Upload[]} uploads */
  function show(uploads) {
    const there = new Set(uploads.map((upload) => upload.id));
    for (const row of children(list)) if (!there.has(given(row, "id"))) row.remove();
    for (const upload of uploads.toReversed()) {
      let row = maybe(list, `[data-id="${upload.id}"]`);
      if (!row) {
        row = list.ownerDocument.createElement("li");
        row.dataset.id = upload.id;
        row.innerHTML = '<div class="what"><span class="name" dir="auto"></span><span class="facts" data-said></span> <span class="facts" data-percent></span><span class="why" data-error></span></div><div class="acts"><a data-episode hidden></a></div>';
        list.prepend(row);
      }
      draw(row, upload);
    }
    refresh();
  }

  // What this page is sending just now stands above already.
  function refresh() {
    const busy = beingSent();
    for (const row of children(list)) row.hidden = busy.includes(row.dataset.id);
    one(document, "[data-none]").hidden = children(list).some((row) => !row.hidden);
  }

  /** @param {HTMLElement} row @param {Upload} upload */
  function draw(row, upload) {
    const before = row.dataset.state;
    row.dataset.state = upload.state;
    one(row, ".name").textContent = upload.filename;
    one(row, "[data-said]").textContent = upload.said;
    one(row, "[data-error]").textContent = upload.error;
    one(row, "[data-percent]").textContent = ["arriving", "taking"].includes(upload.state) ? `${upload.percent}%` : "";
    const link = one(row, "[data-episode]", HTMLAnchorElement);
    link.hidden = !upload.episode;
    link.href = `/studio/episodes/${encodeURIComponent(upload.episode)}`;
    link.textContent ||= one(document, "[data-open]", HTMLTemplateElement).content.textContent ?? "";
    forms(row, upload);
    if (before && before !== upload.state && !UNDER_WAY.includes(upload.state)) live.textContent = `${upload.filename}: ${upload.said}`;
  }

  /** @param {HTMLElement} row @param {Upload} upload */
  function forms(row, upload) {
    for (const [what, allowed] of Object.entries({ retry: upload.may_retry, remove: upload.may_remove })) {
      let form = maybe(row, `[data-act="${what}"]`);
      if (!form) {
        form = copied(document, `template[data-form="${what}"]`);
        one(form, "[name=id]", HTMLInputElement).value = upload.id;
        const button = one(form, "button");
        button.setAttribute("aria-label", `${button.textContent}: ${upload.filename}`);
        one(row, ".acts").append(form);
      }
      form.hidden = !allowed;
    }
  }

  look();
  return { look, refresh };
}
