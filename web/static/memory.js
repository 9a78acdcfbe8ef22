// What is remembered on this device. Storage may be switched off: then nothing is remembered.
/** @param {string} name */
export function recall(name) {
  try { return localStorage.getItem(`tualai:${name}`); } catch { return null; }
}
/** @param {string} name @param {string} value */
export function remember(name, value) {
  try { localStorage.setItem(`tualai:${name}`, value); } catch { /* nothing to do */ }
}

// The data saver: what was chosen here, else what the browser asks for.
export function saverOn() {
  const chosen = recall("saver");
  return chosen === null ? Boolean(navigator.connection?.saveData) : chosen === "on";
}
/** @param {boolean} on */
export function setSaver(on) {
  remember("saver", on ? "on" : "off");
  showSaver();
}
export function showSaver() {
  document.documentElement.dataset.saving = saverOn() ? "on" : "off";
}
