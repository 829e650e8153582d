// Sending what waits and fetching the pack: local first, a time limit on every request.
import { add, drop, list, newId, put, read, waiting, write } from "./store.js";

const MOST = 100;
const FIELDS = ["id", "sequence", "at", "stamp", "question", "revision", "response", "rating", "elapsed", "way", "voids"];

export const limited = (address, options, ms) => {
  const stop = typeof AbortController === "function" ? new AbortController() : null;
  const late = new Promise((_resolve, reject) =>
    setTimeout(() => {
      if (stop) stop.abort();
      reject(new Error("late"));
    }, ms)
  );
  const asked = Object.assign({ credentials: "same-origin", cache: "no-store" }, options);
  if (stop) asked.signal = stop.signal;
  return Promise.race([fetch(address, asked), late]);
};

// Record something done: an answer, or the taking back of one. Kept before anything else happens.
export const record = async (id, item) => {
  const whole = Object.assign({ id: newId(), at: Date.now(), stamp: (await read(id, "stamp")) || "" }, item);
  whole.sequence = await add(id, whole);
  return whole;
};

const device = async (id) => {
  const known = await read(id, "device");
  if (known) return known;
  const made = newId();
  await write(id, "device", made);
  return made;
};

const wire = (item) =>
  FIELDS.reduce((sent, name) => {
    if (item[name] !== undefined) sent[name] = item[name];
    return sent;
  }, {});

const deliver = async (id, items) => {
  const named = await device(id);
  const body = JSON.stringify({ account: id, device: named, now: Date.now(), items: items.map(wire) });
  const headers = { "Content-Type": "application/json", "X-Xueji": "1" };
  const reply = await limited("/api/sync", { method: "POST", headers: headers, body: body }, 10000);
  if (reply.status === 401) return "signed-out";
  if (reply.status === 409) return "other";
  if (!reply.ok) return "later";
  const told = await reply.json();
  const became = new Map(told.results.map((result) => [result[0], result]));
  const done = items.filter((item) => became.has(item.id));
  await put(
    id,
    done.map((item) => {
      const result = became.get(item.id);
      return Object.assign(item, { outcome: result[1], reason: result[2] });
    })
  );
  await write(id, "stamp", told.stamp);
  return done.length ? "sent" : "later";
};

const send = async (id) => {
  for (;;) {
    const items = waiting(await list(id)).slice(0, MOST);
    if (!items.length) return "sent";
    const state = await deliver(id, items);
    if (state !== "sent") return state;
  }
};

let running = null;

// Send what waits; returns "sent", "later" (no network), "signed-out" or "other" (another account).
export const sync = (id) => {
  if (!running) {
    const end = (state) => {
      running = null;
      document.dispatchEvent(new CustomEvent("xueji-sync", { detail: state }));
      return state;
    };
    running = send(id).then(end, () => end("later"));
  }
  return running;
};

// Fetch the pack unless something waits, and say whether that was done; what the new pack knows of
// already is dropped.
export const refreshPack = async (id) => {
  const items = await list(id);
  if (waiting(items).length) return false;
  const headers = {};
  const tag = await read(id, "tag");
  if (tag) headers["If-None-Match"] = tag;
  const reply = await limited("/api/pack", { headers: headers }, 20000);
  if (reply.status !== 304 && !reply.ok) return false;
  if (reply.ok) {
    const pack = await reply.json();
    if (pack.account !== id) return false;
    await write(id, "pack", pack);
    await write(id, "tag", reply.headers.get("ETag"));
  }
  await write(id, "stamp", reply.headers.get("X-Xueji-Stamp"));
  await drop(id, items.filter((item) => item.outcome !== "rejected"));
  return true;
};
