// Shows the one message that an answer is there, and opens it. Keeps no pages and looks at no requests.
self.addEventListener("push", (event) => {
  const { title, body, url } = event.data?.json() ?? {};
  if (title) event.waitUntil(self.registration.showNotification(title, { body, data: url, tag: url }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data ?? "/", self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address));
});
