// What lies on this phone: until when the pack lasts, how many answers wait, saving them to a file.
import { drop, list, read, waiting } from "./store.js";
import { sync } from "./sync.js";
import { dayOf } from "./memory.js";

const box = () => document.getElementById("kept");
const part = (name) => document.getElementById("kept-" + name);

// Words come with the page, %n and %s stand for a number and a text.
export const words = (name, value) => {
  const shell = document.getElementById("shell");
  const said = (shell && shell.dataset[name]) || box().dataset[name];
  return said.replace(/%[ns]/, () => value);
};

const dayWords = (seconds) => {
  const away = dayOf(seconds * 1000 - 1) - dayOf(Date.now());
  if (away < 0) return words("past", "");
  return away < 2 ? words(away ? "tomorrow" : "today", "") : words("days", away);
};

const show = (element, text) => {
  element.hidden = !text;
  if (text && element.textContent !== text) element.textContent = text;
};

const problemOf = (state, refused) => {
  if (state === "signed-out") return words("signedOut", "");
  if (state === "other") return words("other", "");
  return refused.length ? words("refused", refused.length) + refused[0].reason : "";
};

export const showKept = async (id, state) => {
  if (!box()) return;
  const items = await list(id);
  const pack = await read(id, "pack");
  const waits = waiting(items);
  const refused = items.filter((item) => item.outcome === "rejected");
  box().hidden = false;
  show(part("pack"), pack ? words("until", pack.cards.length).replace("%s", dayWords(pack.until)) : words("none", ""));
  show(part("waiting"), waits.length ? words("waiting", waits.length) : words("sent", ""));
  show(part("problem"), problemOf(state, refused));
  part("send").hidden = !waits.length;
  part("save").hidden = !waits.length && !refused.length;
  part("dismiss").hidden = !refused.length;
};

const save = async (id) => {
  const items = (await list(id)).filter((item) => !item.outcome || item.outcome === "rejected");
  const told = { account: id, device: await read(id, "device"), now: Date.now(), items: items };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told)], { type: "application/json" }));
  link.download = "xueji-" + new Date().toISOString().slice(0, 10) + ".json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

export const offerKept = (id) => {
  if (!box()) return;
  part("send").addEventListener("click", () => sync(id));
  part("save").addEventListener("click", () => save(id));
  part("dismiss").addEventListener("click", async () => {
    await drop(id, (await list(id)).filter((item) => item.outcome === "rejected"));
    showKept(id);
  });
  document.addEventListener("xueji-sync", (event) => showKept(id, event.detail));
  showKept(id);
};
