// A question on the page that studies offline: asking it, reading what was answered, marking it.
import { words } from "./kept.js";

const make = (name, values, children) => {
  const element = Object.assign(document.createElement(name), values);
  (children || []).forEach((child) => element.appendChild(child));
  return element;
};

const text = (words) => make("span", { className: "text", lang: "zh-CN", textContent: words });

const shuffled = (count) => {
  const order = Array.from({ length: count }, (_none, n) => n);
  for (let n = count - 1; n > 0; n -= 1) {
    const other = Math.floor(Math.random() * (n + 1));
    [order[n], order[other]] = [order[other], order[n]];
  }
  return order;
};

const choice = (told, index, place) => {
  const type = told.kind === "multiple" ? "checkbox" : "radio";
  const input = make("input", { type: type, name: "choice", value: String(index) });
  const letter = make("span", { className: "letter", textContent: "ABCDEFGH"[place] });
  const label = make("label", { className: "choice" }, [input, letter, text(told.options[index])]);
  return make("li", {}, [label]);
};

const rank = (told, index) => {
  const id = "place-" + index;
  const select = make("select", { id: id }, [make("option", { value: "", textContent: words("place", "") })]);
  told.options.forEach((_option, n) => {
    select.appendChild(make("option", { value: String(n + 1), textContent: String(n + 1) }));
  });
  const label = make("label", { className: "place", htmlFor: id }, [text(told.options[index])]);
  return make("li", {}, [label, select]);
};

const gap = (number, count) => {
  const id = "blank-" + number;
  const named = count > 1 ? words("gap", number + 1) : words("fill", "");
  const label = make("label", { htmlFor: id, textContent: named });
  const input = make("input", { type: "text", id: id, maxLength: 100, autocomplete: "off" });
  return make("p", { className: "field" }, [label, input]);
};

// Put the inputs of a question into the form, its options in an order of their own.
export const ask = (form, told) => {
  form.textContent = "";
  if (told.kind === "blank") {
    told.answers.forEach((_variants, n) => form.appendChild(gap(n, told.answers.length)));
    return;
  }
  const keeps = told.kind === "truefalse";
  const order = keeps ? [0, 1] : shuffled(told.options.length);
  const ranked = told.kind === "order";
  const rows = order.map((index, place) => (ranked ? rank(told, index) : choice(told, index, place)));
  form.appendChild(make("ol", { className: ranked ? "order" : "choices" }, rows));
};

const readers = {
  blank: (form) => {
    const texts = Array.from(form.querySelectorAll("input"), (input) => input.value.trim());
    return texts.some(Boolean) ? texts : null;
  },
  order: (form) => {
    const placed = Array.from(form.querySelectorAll("select"), (s) => [Number(s.value), Number(s.id.slice(6))]);
    placed.sort((a, b) => a[0] - b[0]);
    return placed.every((pair, n) => pair[0] === n + 1) ? placed.map((pair) => pair[1]) : null;
  },
  multiple: (form) => {
    const chosen = Array.from(form.querySelectorAll("input:checked"), (input) => Number(input.value));
    return chosen.length ? chosen.sort() : null;
  },
};

// Read what was answered, or say what is missing and return null.
export const readAnswer = (form, told) => {
  const response = (readers[told.kind] || readers.multiple)(form);
  const state = document.getElementById("state");
  state.hidden = response !== null;
  if (response === null) {
    state.textContent = words(told.kind === "order" ? "orderFirst" : "answerFirst", "");
    return null;
  }
  return told.kind === "truefalse" ? response[0] === 0 : response;
};

const verdict = (row, name, said) => {
  row.classList.add(name);
  row.appendChild(make("span", { className: "verdict", textContent: said }));
};

// Show on the question what was right and what was chosen, in words and not by colour alone.
export const mark = (form, told, response) => {
  form.querySelectorAll("input, select").forEach((input) => {
    input.disabled = true;
  });
  const chosen = told.kind === "truefalse" ? [response ? 0 : 1] : response;
  form.querySelectorAll(".choice").forEach((row) => {
    const input = row.querySelector("input");
    const picked = chosen.includes(Number(input.value));
    input.checked = false; // the verdict says it, in words
    if (told.key.includes(Number(input.value))) {
      verdict(row, "is-right", words(picked ? "chosenRight" : "keyHere", ""));
    } else if (picked) verdict(row, "is-wrong", words("chosen", ""));
  });
  form.querySelectorAll(".order li").forEach((row) => {
    const index = Number(row.querySelector("select").id.slice(6));
    row.querySelector("select").value = String(response.indexOf(index) + 1);
    row.appendChild(make("span", { className: "verdict", textContent: words("placeIs", index + 1) }));
  });
  form.querySelectorAll("input[type=text]").forEach((input, n) => {
    input.value = response[n] || "";
  });
};
