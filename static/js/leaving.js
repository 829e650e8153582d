// Signing out: what waits is offered to be sent first; what nobody waits for leaves the phone.
import { account, forget, list, remember, waiting } from "./store.js";
import { sync } from "./sync.js";

const form = document.getElementById("sign-out");
const ask = document.getElementById("leaving");

const go = async (forgetting) => {
  const id = account();
  remember(0);
  if (forgetting) await forget(id).catch(() => null);
  form.submit();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const waits = await list(account()).then((items) => waiting(items).length, () => 0);
  if (!waits) return go(true);
  document.getElementById("leaving-count").textContent = waits;
  ask.hidden = false;
  return ask.querySelector("button").focus();
});

ask.querySelector("[data-leave=send]").addEventListener("click", async () => {
  if ((await sync(account())) === "sent") return go(true);
  document.getElementById("leaving-problem").hidden = false;
  return null;
});
ask.querySelector("[data-leave=keep]").addEventListener("click", () => go(false));
