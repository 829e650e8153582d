// On every page of somebody signed in: the worker, and sending what waits.
import { account, list, remember, waiting } from "./store.js";
import { sync } from "./sync.js";

const id = Number(document.documentElement.dataset.account);

const send = async () => {
  if (waiting(await list(id)).length) await sync(id);
};
const quietly = () => send().catch(() => null);

if (account() !== id) localStorage.removeItem("look");
remember(id);
if (navigator.serviceWorker) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => null));
}
addEventListener("online", quietly);
document.addEventListener("visibilitychange", () => document.hidden || quietly());
quietly();
