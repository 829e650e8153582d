// The pack with everything done since laid over it: what is to be asked next, and how much is left.
import { isRight } from "./marking.js";
import { afterAnswer, dayOf, dayStart, dueAt } from "./memory.js";

const AHEAD = 20 * 60; // seconds a learning card may come early, as on the server

const dayNumber = (iso) => Math.round(Date.parse(iso + "T00:00:00Z") / 864e5);

const memoryOf = (told) =>
  told &&
  Object.assign({}, told, { day: dayNumber(told.last_day) });

const ratingOf = (told, item) => {
  if (!isRight(told, item.response)) return 1;
  return item.rating > 1 ? item.rating : 3;
};

// What counts of the items: not taken back, not refused.
export const counted = (items) => {
  const held = items.filter((item) => item.outcome !== "rejected");
  const gone = new Set(held.map((item) => item.voids).filter(Boolean));
  return held.filter((item) => item.question && !gone.has(item.id));
};

export const deal = (pack, items, now) => {
  const today = dayOf(now);
  const fresh = dayNumber(pack.day) === today;
  const dealt = {
    cards: pack.cards.map((told) => ({ told: told, memory: memoryOf(told.memory), due: told.due })),
    done: fresh ? pack.done : 0,
    newLeft: fresh ? pack.new_left : pack.new_per_day,
    most: pack.answers_per_day,
  };
  const byId = new Map(dealt.cards.map((card) => [card.told.id, card]));
  counted(items).forEach((item) => {
    const day = dayOf(item.at);
    const card = byId.get(item.question);
    if (day === today) dealt.done += 1;
    if (!card) return;
    if (!card.memory && day === today) dealt.newLeft -= 1;
    card.memory = afterAnswer(card.memory, ratingOf(card.told, item), day);
    card.due = dueAt(card.memory, item.at);
  });
  return dealt;
};

const soonest = (cards) => cards.slice().sort((a, b) => a.due - b.due)[0] || null;

// Due cards, oldest first; then new ones; then learning ones a little early. With `ahead`, the
// others too: a phone whose clock has gone back must not lock its member out.
export const next = (dealt, now, ahead) => {
  const seconds = now / 1000;
  const met = dealt.cards.filter((card) => card.memory);
  const unmet = dealt.cards.filter((card) => !card.memory);
  const due = soonest(met.filter((card) => card.due <= seconds));
  if (ahead) return due || soonest(met) || unmet[0] || null;
  if (dealt.done >= dealt.most) return null;
  if (due || (dealt.newLeft > 0 && unmet.length)) return due || unmet[0];
  return soonest(met.filter((card) => card.memory.state !== 2 && card.due <= seconds + AHEAD));
};

export const left = (dealt, now) => {
  const end = dayStart(dayOf(now) + 1);
  const due = dealt.cards.filter((card) => card.memory && card.due < end).length;
  const unmet = dealt.cards.filter((card) => !card.memory).length;
  const all = due + Math.max(0, Math.min(dealt.newLeft, unmet));
  return Math.max(0, Math.min(all, dealt.most - dealt.done));
};
