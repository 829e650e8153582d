// What the phone keeps, one database per account: everything done (items), and facts such as the pack.
const open = {};

// In the order of time, as `new_timed_id` of the server makes them: their rows then lie together.
export const newId = () => {
  const now = ("0".repeat(11) + Math.max(0, Date.now()).toString(16)).slice(-11);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const text = btoa(String.fromCharCode.apply(null, bytes));
  return now + text.replace(/\+/g, "-").replace(/\//g, "_").slice(0, 11);
};

// The account that signed in last on this phone; pages say it, signing out forgets it.
export const account = () => Number(localStorage.getItem("account"));
export const remember = (id) =>
  id ? localStorage.setItem("account", id) : localStorage.removeItem("account");

const database = (id) => {
  if (!open[id]) {
    open[id] = new Promise((resolve, reject) => {
      const request = indexedDB.open("xueji-" + id, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("items", { keyPath: "sequence", autoIncrement: true });
        request.result.createObjectStore("facts");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
  return open[id];
};

// Resolved only when the transaction is complete: an answer that is shown as kept is kept.
const run = (id, name, mode, work) =>
  database(id).then(
    (db) =>
      new Promise((resolve, reject) => {
        const transaction = db.transaction(name, mode);
        const request = work(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(request && request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      })
  );

export const add = (id, item) => run(id, "items", "readwrite", (store) => store.add(item));
export const put = (id, items) =>
  run(id, "items", "readwrite", (store) => items.forEach((item) => store.put(item)));
export const drop = (id, items) =>
  run(id, "items", "readwrite", (store) => items.forEach((item) => store.delete(item.sequence)));
export const list = (id) => run(id, "items", "readonly", (store) => store.getAll());
export const read = (id, key) => run(id, "facts", "readonly", (store) => store.get(key));
export const write = (id, key, value) =>
  run(id, "facts", "readwrite", (store) => store.put(value, key));

export const waiting = (items) => items.filter((item) => !item.outcome);

export const forget = (id) =>
  database(id).then((db) => {
    db.close();
    delete open[id];
    indexedDB.deleteDatabase("xueji-" + id);
  });
