// Studying from what the phone has kept: the same page as online, made here instead of there.
import { counted, deal, left, next } from "./deck.js";
import "./keys.js";
import { offerKept, showKept, words } from "./kept.js";
import { isRight } from "./marking.js";
import { afterAnswer, dayOf } from "./memory.js";
import { ask, mark, readAnswer } from "./question.js";
import { offerSpeech } from "./speech.js";
import { account, list, read } from "./store.js";
import { record, refreshPack, sync } from "./sync.js";

const AGAIN = 10000; // ms until what could not be sent is tried again
const FRESH = 60000; // ms; an answer this young was just given on a page that lost its network
const at = (name) => document.getElementById(name);
const now = { id: 0, pack: null, items: [], dealt: null, card: null, began: 0, last: null, ahead: false };

const show = (...names) =>
  ["answer", "verdict", "submit", "ratings", "onward", "more", "retry"].forEach((name) => {
    at(name).hidden = !names.includes(name);
  });

const load = async () => {
  now.pack = await read(now.id, "pack");
  now.items = await list(now.id);
  if (now.pack) now.dealt = deal(now.pack, now.items, Date.now());
};

let timer = 0;

const send = async () => {
  await showKept(now.id);
  const state = await sync(now.id);
  const sent = state === "sent";
  clearTimeout(timer);
  if (state === "later") timer = setTimeout(send, AGAIN);
  at("online").hidden = !sent || !(await refreshPack(now.id).catch(() => false));
  if (at("online").hidden) return;
  const bare = !now.pack;
  await load();
  if (bare) go();
  await showKept(now.id);
};

const title = (text, stem) => {
  const heading = at("stem");
  heading.textContent = text;
  heading.className = stem ? "stem" : "";
  heading.lang = stem ? "zh-CN" : document.documentElement.lang;
  document.title = text;
};

const count = () => {
  if (!now.dealt) return;
  const all = now.dealt.done + left(now.dealt, Date.now());
  at("bar").max = all || 1;
  at("bar").value = now.dealt.done;
  at("count").textContent = now.dealt.done + " / " + all;
};

const finish = () => {
  now.card = null;
  show(now.pack ? "more" : "retry");
  at("kind").textContent = "";
  title(words(now.pack ? "finished" : "nothing", ""), false);
};

const turn = (card) => {
  if (!card) return finish();
  now.card = card;
  now.began = Date.now();
  at("kind").textContent = words(card.told.kind, "");
  title(card.told.stem.replace(/___/g, "（　　）"), true);
  ask(at("answer"), card.told);
  show("answer", "submit");
  count();
  if (now.last) at("stem").focus();
  return null;
};

const go = () => turn(now.dealt && next(now.dealt, Date.now(), now.ahead));

const waitWords = (memory) =>
  memory.state === 2 ? words("days", memory.wait) : words("minutes", Math.round(memory.wait / 60));

const judge = (card, response, right) => {
  const told = card.told;
  show("answer", "verdict", right ? "ratings" : "onward");
  mark(at("answer"), told, response);
  at("verdict").className = "feedback " + (right ? "right" : "wrong");
  at("verdict-title").textContent = words(right ? "right" : "wrong", "");
  at("verdict-key").textContent = told.kind === "blank" ? words("key", told.answers.map((v) => v[0]).join("；")) : "";
  at("verdict-why").textContent = told.explanation;
  at("verdict-source").textContent = words("source", told.source);
  [2, 3, 4].forEach((rating) => {
    at("wait-" + rating).textContent = waitWords(afterAnswer(card.memory, rating, dayOf(Date.now())));
  });
  at("undo").hidden = false;
  at("verdict-title").focus();
};

const submit = async (event) => {
  event.preventDefault();
  const told = now.card.told;
  const response = readAnswer(at("answer"), told);
  if (response === null) return;
  const right = isRight(told, response);
  now.last = await record(now.id, {
    question: told.id,
    revision: told.revision,
    response: response,
    rating: right ? 3 : 1,
    elapsed: Date.now() - now.began,
    way: "due",
  });
  judge(now.card, response, right);
  await load();
  count();
  send();
};

const rate = async (rating) => {
  if (rating !== 3) {
    const replaced = now.last;
    const item = { voids: replaced.id, rating: rating };
    ["question", "revision", "response", "elapsed", "way", "at", "stamp"].forEach((name) => {
      item[name] = replaced[name];
    });
    now.last = await record(now.id, item);
    await load();
    send();
  }
  go();
};

const undo = async () => {
  const gone = now.last;
  await record(now.id, { voids: gone.id });
  now.last = null;
  at("undo").hidden = true;
  await load();
  send();
  const card = now.dealt.cards.find((one) => one.told.id === gone.question);
  turn(card || next(now.dealt, Date.now(), now.ahead));
};

// The last answer, when a page has just lost it to the network, gets its feedback here.
const resume = () => {
  const mine = counted(now.items).filter((item) => dayOf(item.at) === dayOf(Date.now()));
  now.last = mine[mine.length - 1] || null;
  at("undo").hidden = !now.last;
  const lost = now.last && !now.last.rating && !now.last.outcome && Date.now() - now.last.at < FRESH;
  const told = lost && now.pack && now.pack.cards.find((card) => card.id === now.last.question);
  if (!told) return go();
  const others = now.items.filter((item) => item !== now.last);
  const before = deal(now.pack, others, Date.now()).cards.find((card) => card.told === told);
  turn(before);
  return judge(before, now.last.response, isRight(told, now.last.response));
};

const start = async () => {
  now.id = account();
  if (location.pathname !== "/offline") history.replaceState(null, "", "/study");
  at("state").hidden = true;
  if (!now.id) {
    at("state").textContent = words("nobody", "");
    at("state").hidden = false;
    return show("retry");
  }
  await load();
  at("answer").addEventListener("submit", submit);
  at("onward").addEventListener("click", go);
  at("undo").addEventListener("click", undo);
  at("more").addEventListener("click", () => {
    now.ahead = true;
    go();
  });
  at("ratings").querySelectorAll("button").forEach((button) => {
    button.addEventListener("click", () => rate(Number(button.value)));
  });
  offerSpeech();
  offerKept(now.id);
  addEventListener("online", send);
  resume();
  count();
  return send();
};

window.xuejiStart = start; // for a page that has no worker and loses its network
if (document.getElementById("shell")) start();
