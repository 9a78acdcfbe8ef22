// Dragging cards between columns, and to a place of their own in the shortlist.

export function drag(board, cards, acts) {
  let dragged = null;
  for (const card of cards.all()) card.draggable = true;
  const over = (event) => event.target.closest?.("[data-column]");
  const clear = () => board.querySelectorAll(".over, .gap").forEach((each) => each.classList.remove("over", "gap"));

  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) return;
    dragged = card.dataset.card;
    event.dataTransfer.setData("text/plain", card.querySelector(".card-text").textContent);
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
    const state = column.dataset.column;
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
  function below(column, y) {
    if (column.dataset.column !== "shortlisted") return null;
    return cards.shown("shortlisted").find((each) => {
      const box = each.getBoundingClientRect();
      return each.dataset.card !== dragged && y < box.top + box.height / 2;
    });
  }
}
