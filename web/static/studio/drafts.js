// What is not saved yet, kept in this browser until it is. "strict" means: on the disk, so that it outlives a
// browser that is killed. Where there is no IndexedDB (private windows of old browsers) nothing is kept.
const NAME = "tualai", STORE = "drafts";

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** @type {Promise<IDBDatabase> | null} */
let database = null;

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T | undefined>} */
async function run(mode, act) {
  try {
    database ??= opened().catch((why) => {
      database = null; // another time it may open
      throw why;
    });
    const transaction = (await database).transaction(STORE, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(STORE));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}

/** @param {string} key @param {Draft} draft */
export function keep(key, draft) {
  return run("readwrite", (store) => store.put(draft, key));
}

/** @param {IDBValidKey} key */
export function forget(key) {
  return run("readwrite", (store) => store.delete(key));
}

// Drafts whose key begins with `prefix`, [[key, draft], …]; not those of pages that are still open.
/** @param {string} prefix @returns {Promise<Drafts>} */
export async function left(prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const [keys, drafts] = [await run("readonly", (s) => s.getAllKeys(range)), await run("readonly", (s) => s.getAll(range))];
  const locks = await navigator.locks?.query().catch(() => null);
  const open = new Set((locks?.held ?? []).map((lock) => lock.name));
  /** @type {Drafts} */
  const kept = (keys ?? []).map((key, n) => [key, drafts?.[n]]);
  return kept.filter(([key, draft]) => draft && !open.has(String(key)));
}

// Says that the page with this key is open.
/** @param {string} key */
export function hold(key) {
  navigator.locks?.request(key, () => new Promise(() => {})).catch(() => {});
}
