// Comfort for the study pages; everything works without it. An answer is kept on the phone before
// it is sent, so that a line that breaks loses nothing; sent twice, it still counts once.
import "./keys.js";
import { offerSpeech } from "./speech.js";
import { account, read, write } from "./store.js";
import { limited, record } from "./sync.js";

const PATIENCE = 2500; // ms
const began = Date.now();
const id = account();
const form = document.getElementById("answer");
const ratings = document.getElementById("ratings");
const worker = () => navigator.serviceWorker && navigator.serviceWorker.controller;

const indexes = (inputs) => Array.from(inputs, (input) => Number(input.dataset.index)).sort();

const response = () => {
  const kind = form.dataset.kind;
  if (kind === "blank") {
    return Array.from(form.querySelectorAll("input[type=text]"), (input) => input.value.trim());
  }
  if (kind === "order") {
    const placed = Array.from(form.querySelectorAll("select"));
    placed.sort((a, b) => Number(a.value) - Number(b.value));
    return placed.map((select) => Number(select.dataset.index));
  }
  const chosen = indexes(form.querySelectorAll("input:checked"));
  return kind === "truefalse" ? chosen[0] === 0 : chosen;
};

// Without a worker this very page goes on, made over into the one that studies offline.
const carryOn = async () => {
  const shell = await read(id, "shell");
  if (!shell || !window.xuejiStart) return false;
  const page = new DOMParser().parseFromString(shell, "text/html");
  document.body.textContent = "";
  Array.from(page.body.childNodes).forEach((node) => document.body.appendChild(node));
  await window.xuejiStart();
  return true;
};

const isReachable = () =>
  limited("/livez", {}, PATIENCE).then((reply) => reply.ok, () => false);

const keepShell = async () => {
  if (!form || !localStorage.getItem("alone")) return;
  const reply = await limited("/offline", {}, 10000);
  if (reply.ok) await write(id, "shell", await reply.text());
  const script = Object.assign(document.createElement("script"), { type: "module" });
  script.src = document.querySelector("script[src*='/study.js']").src.replace("study.js", "offline.js");
  document.head.appendChild(script);
};

const quietly = (work) => Promise.race([work.catch(() => null), new Promise((go) => setTimeout(go, 1000))]);

const sendOrCarryOn = async (whole, item) => {
  await quietly(record(id, item));
  if (!worker() && !(await isReachable()) && (await carryOn())) return;
  HTMLFormElement.prototype.submit.call(whole);
};

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const fields = form.elements;
    fields.elapsed_ms.value = String(Date.now() - began);
    sendOrCarryOn(form, {
      id: fields.answer_id.value,
      question: fields.question_id.value,
      revision: Number(fields.revision.value),
      response: response(),
      elapsed: Date.now() - began,
      way: fields.way.value,
    });
  });
}

if (ratings) {
  const told = ratings.dataset;
  ratings.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.value === "3") return; // right answers are stored as Good already
    event.preventDefault();
    const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "rating" });
    chosen.value = button.value;
    ratings.appendChild(chosen);
    sendOrCarryOn(ratings, {
      id: ratings.elements.new_id.value,
      voids: ratings.elements.answer_id.value,
      question: told.question,
      revision: Number(told.revision),
      response: JSON.parse(told.response),
      rating: Number(button.value),
      way: ratings.elements.way.value,
    });
  });
}

offerSpeech();
addEventListener("load", () => setTimeout(() => keepShell().catch(() => null), 2000));
