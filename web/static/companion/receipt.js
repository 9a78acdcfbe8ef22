// A receipt's page: kept in this device's list, looks now and then how the question stands, offers a push message.
import { given, maybe, one } from "../dom.js";
import { remember } from "../memory.js";
import { keepReceipt } from "./receipts.js";

const LOOK = 20000;
const page = one(document, "[data-receipt]");
const code = given(page, "receipt");

keepReceipt(code, given(page, "text"));
if ("new" in page.dataset) {
  remember("question", "");
  history.replaceState(null, "", `/questions/${code}`);
}
setInterval(look, LOOK);
offerPush();

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/api/v1/receipts", post({ code }));
    const found = answer.ok ? await answer.json() : null;
    if (found && (found.words !== page.dataset.words || (found.answer && !page.querySelector("a.button")))) location.reload();
  } catch { /* looked at again later */ }
}

/** @param {object} body */
function post(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function offerPush() {
  const line = maybe(page, "[data-push]");
  if (!line || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window) || Notification.permission === "denied") return;
  line.hidden = false;
  one(line, "button").addEventListener("click", async () => {
    try {
      await subscribe(given(line, "key"));
      line.hidden = true;
      one(page, "[data-push-on]").hidden = false;
    } catch {
      one(page, "[data-push-failed]").hidden = false;
    }
  });
}

/** @param {string} key */
async function subscribe(key) {
  if (await Notification.requestPermission() !== "granted") throw new Error("not allowed");
  await navigator.serviceWorker.register("/sw.js");
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const answer = await fetch("/api/v1/receipts/push", post({ code, subscription: subscription.toJSON() }));
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}
