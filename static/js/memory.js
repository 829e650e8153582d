// Memory of one card by FSRS-6 with its published default weights, as the server counts it.
// A memory is {state, step, stability, difficulty, day, wait}; days are study days since 1970.
const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
  1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const FACTOR = Math.pow(0.9, -1 / W[20]) - 1;
const REVIEW = 2;
const RELEARNING = 3;
const ROLLOVER = 4 * 3600; // Shanghai is 8 hours ahead, and a study day begins at 4

export const dayOf = (ms) => Math.floor((ms / 1000 + ROLLOVER) / 86400);
export const dayStart = (day) => day * 86400 - ROLLOVER;

export const dueAt = (memory, ms) =>
  memory.state === REVIEW ? dayStart(memory.day + memory.wait) : Math.floor(ms / 1000) + memory.wait;

const firstDifficulty = (rating) => W[4] - Math.exp(W[5] * (rating - 1)) + 1;
const within = (difficulty) => Math.min(10, Math.max(1, difficulty));

const nextDifficulty = (difficulty, rating) => {
  const moved = difficulty - (W[6] * (rating - 3) * (10 - difficulty)) / 9;
  return within(W[7] * firstDifficulty(4) + (1 - W[7]) * moved);
};

const sameDay = (stability, rating) => {
  const growth = Math.exp(W[17] * (rating - 3 + W[18])) * Math.pow(stability, -W[19]);
  return stability * (rating > 1 ? Math.max(1, growth) : growth);
};

const laterDay = (memory, rating, days) => {
  const s = memory.stability;
  const recall = Math.pow(1 + (FACTOR * days) / s, -W[20]);
  if (rating === 1) {
    const forgot = W[11] * Math.pow(memory.difficulty, -W[12]) * (Math.pow(s + 1, W[13]) - 1);
    return Math.min(forgot * Math.exp((1 - recall) * W[14]), s / Math.exp(W[17] * W[18]));
  }
  const weight = (rating === 2 ? W[15] : 1) * (rating === 4 ? W[16] : 1);
  const growth = Math.exp(W[8]) * (11 - memory.difficulty) * Math.pow(s, -W[9]);
  return s * (1 + growth * (Math.exp((1 - recall) * W[10]) - 1) * weight);
};

const learn = (state, step, rating) => {
  const steps = state === RELEARNING ? [600] : [60, 600];
  if (rating === 1) return [0, steps[0]];
  if (rating === 4 || step >= steps.length) return null;
  if (rating === 3) return step + 1 < steps.length ? [step + 1, steps[step + 1]] : null;
  if (step > 0) return [step, steps[step]];
  return [0, steps.length > 1 ? (steps[0] + steps[1]) / 2 : steps[0] * 1.5];
};

export const afterAnswer = (memory, rating, today) => {
  const day = memory ? Math.max(today, memory.day) : today;
  const made = { state: memory ? memory.state : 1, day: day, difficulty: 0, stability: W[rating - 1] };
  if (memory) {
    const days = day - memory.day;
    made.stability = days ? laterDay(memory, rating, days) : sameDay(memory.stability, rating);
    made.difficulty = nextDifficulty(memory.difficulty, rating);
  } else {
    made.difficulty = within(firstDifficulty(rating));
  }
  made.stability = Math.max(0.001, made.stability);
  if (made.state === REVIEW && rating === 1) made.state = RELEARNING;
  else if (made.state === REVIEW) return rest(made);
  const place = learn(made.state, memory && memory.state !== REVIEW ? memory.step : 0, rating);
  return place ? Object.assign(made, { step: place[0], wait: place[1] }) : rest(made);
};

const rest = (made) =>
  Object.assign(made, {
    state: REVIEW,
    step: null,
    wait: Math.min(36500, Math.max(1, Math.round(made.stability))),
  });
