// The receipts of the questions asked on this device. Where storage is off there are none, and the codes still work.
import { maybe, one } from "../dom.js";
import { recall, remember } from "../memory.js";

const MOST = 30;

/** @returns {{ code: string, text: string }[]} */
export function receipts() {
  try {
    const kept = JSON.parse(recall("receipts") ?? "[]");
    return kept.filter((/** @type {{ code: string }} */ each) => /^[2-7]\d{10}$/.test(each.code));
  } catch { return []; }
}

/** @param {string} code @param {string} text */
export function keepReceipt(code, text) {
  const others = receipts().filter((each) => each.code !== code);
  remember("receipts", JSON.stringify([{ code, text }, ...others].slice(0, MOST)));
}

export function listReceipts() {
  const list = maybe(document, "[data-receipts]"), line = maybe(document, "[data-forget-line]");
  const kept = receipts();
  if (!list || !line || !kept.length) return;
  list.replaceChildren(...kept.map(({ code, text }) => {
    const row = document.createElement("li"), link = document.createElement("a");
    const number = document.createElement("span"), words = document.createElement("span");
    link.href = `/questions/${code}`;
    number.className = "code";
    number.textContent = `${code.slice(0, 4)} ${code.slice(4, 8)} ${code.slice(8)}`;
    words.textContent = String(text);
    link.append(number, words);
    row.append(link);
    return row;
  }));
  list.hidden = line.hidden = false;
  one(line, "[data-forget]").addEventListener("click", () => {
    remember("receipts", "[]");
    list.hidden = line.hidden = true;
  });
}
