// Shows the one message that an answer is there, and opens it. Keeps no pages and looks at no requests.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("push", (event) => {
  const { title, body, url } = event.data?.json() ?? {};
  if (title) event.waitUntil(worker.registration.showNotification(title, { body, data: url, tag: url }));
});
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data ?? "/", worker.location.origin);
  if (address.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(address));
});
