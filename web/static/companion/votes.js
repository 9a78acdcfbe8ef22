// "Me too" without leaving the page. The form itself works where this does not.
import { around, field, one } from "../dom.js";
/** @param {ParentNode & EventTarget} root */
export function enhanceVotes(root) {
  root.addEventListener("submit", async (event) => {
    const form = around(event.target, "[data-vote]", HTMLFormElement);
    if (!form) return;
    event.preventDefault();
    const button = one(form, "button", HTMLButtonElement), wanted = button.getAttribute("aria-pressed") !== "true";
    if (button.disabled) return;
    button.disabled = true;
    try {
      const address = `/api/v1/questions/${field(form, "question").value}/vote`;
      const answer = await fetch(address, { method: wanted ? "PUT" : "DELETE" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      show(form, button, await answer.json());
    } catch {
      form.submit();
    } finally {
      button.disabled = false;
    }
  });
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button @param {{ votes: number, voted: boolean }} given */
function show(form, button, { votes, voted }) {
  button.setAttribute("aria-pressed", String(voted));
  one(form, "[data-votes]").textContent = String(votes);
  form.querySelector("[name=take_back]")?.remove();
  if (voted) form.insertAdjacentHTML("beforeend", '<input type="hidden" name="take_back" value="1">');
}
