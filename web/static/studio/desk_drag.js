// Dragging cards between columns, and to a place of their own in the shortlist.
import { all, around, given, one } from "../dom.js";
/** @import { Acts } from "./desk_acts.js" */
/** @import { Cards } from "./desk_cards.js" */

/** @param {HTMLElement} board @param {Cards} cards @param {Acts} acts */
export function drag(board, cards, acts) {
  /** @type {string | null} */
  let dragged = null;
  for (const card of cards.all()) card.draggable = true;
  const over = (/** @type {Event} */ event) => around(event.target, "[data-column]");
  const clear = () => all(board, ".over, .gap").forEach((each) => { each.classList.remove("over", "gap"); });

  board.addEventListener("dragstart", (event) => {
    const card = around(event.target, "[data-card]");
    if (!card || !event.dataTransfer) return;
    dragged = given(card, "card");
    event.dataTransfer.setData("text/plain", one(card, ".card-text").textContent);
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("dragged");
  });
  board.addEventListener("dragover", (event) => {
    const column = over(event);
    if (!dragged || !column) return;
    event.preventDefault();
    clear();
    column.classList.add("over");
    below(column, event.clientY)?.classList.add("gap");
  });
  board.addEventListener("drop", (event) => {
    const column = over(event);
    if (!dragged || !column) return;
    event.preventDefault();
    const state = given(column, "column");
    const above = below(column, event.clientY)?.dataset.card ?? null;
    const same = cards.card(dragged)?.dataset.state === state;
    if (!same || state === "shortlisted") acts.move(dragged, state, above);
    clear();
  });
  board.addEventListener("dragend", () => {
    clear();
    board.querySelector(".dragged")?.classList.remove("dragged");
    dragged = null;
  });

  // In the shortlist: the card that the dragged one would stand above.
  /** @param {HTMLElement} column @param {number} y */
  function below(column, y) {
    if (column.dataset.column !== "shortlisted") return null;
    return cards.shown("shortlisted").find((each) => {
      const box = each.getBoundingClientRect();
      return each.dataset.card !== dragged && y < box.top + box.height / 2;
    });
  }
}
