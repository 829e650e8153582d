// On the first page: what lies on this phone; once all is shown, the worker and the pack.
import { offerKept, showKept } from "./kept.js";
import { account } from "./store.js";
import { refreshPack } from "./sync.js";

const root = document.documentElement;
const build = document.querySelector("script[src*='/app.js']").getAttribute("src").split("/")[2];

// The page that studies offline is kept in the member's language and look.
const keepShell = async () => {
  const look = [build, root.lang, root.dataset.theme, root.dataset.text].join();
  if (localStorage.getItem("look") === look) return;
  const cache = await caches.open("xueji-" + build);
  await cache.add("/offline");
  localStorage.setItem("look", look);
};

const fetchPack = async () => {
  const id = account();
  await refreshPack(id);
  await showKept(id);
  if (!window.caches) return;
  const cache = await caches.open("kept");
  await cache.put("/pack-is-kept", new Response(""));
  await keepShell();
};

// Where there can be no worker (WeChat on iOS), study pages must know that they are on their own.
const register = async () => {
  localStorage.setItem("alone", "yes");
  if (!navigator.serviceWorker) return;
  if (await navigator.serviceWorker.register("/sw.js")) localStorage.removeItem("alone");
};

offerKept(account());
addEventListener("load", () => register().catch(() => null));
document.addEventListener("xueji-sync", (event) => {
  if (event.detail === "sent") fetchPack().catch(() => null);
});
(window.requestIdleCallback || setTimeout)(() => fetchPack().catch(() => null));
