// On every page of somebody signed in: sending what waits.
import { account, drop, list, put, remember, waiting } from "./store.js";
import { sync } from "./sync.js";

const id = Number(document.documentElement.dataset.account);

// What the server has shown the result of is settled; what it has refused never was an answer.
const settle = async () => {
  const told = document.body.dataset;
  const mine = waiting(await list(id)).filter((item) => item.id === told.answer);
  if (told.settled === "no") return drop(id, mine);
  return put(id, mine.map((item) => Object.assign(item, { outcome: "ok" })));
};

const send = async () => {
  if (document.body.dataset.answer) await settle();
  if (waiting(await list(id)).length) await sync(id);
};
const quietly = () => send().catch(() => null);

if (account() !== id) localStorage.removeItem("look");
remember(id);
addEventListener("online", quietly);
document.addEventListener("visibilitychange", () => document.hidden || quietly());
quietly();
