// Comfort for the study pages; everything works without it.
const began = Date.now();
const form = document.getElementById("answer");
const shortcuts = document.body.dataset.shortcuts !== "off";

if (form) {
  form.addEventListener("submit", () => {
    form.elements.elapsed_ms.value = String(Date.now() - began);
  });
}

const typing = (target) => target.closest("input[type=text], textarea, select, summary, a, button");

const press = (key) => {
  const rating = document.querySelector('[data-key="' + (key === " " ? "3" : key) + '"]');
  if (rating) {
    rating.click();
    return true;
  }
  const onward = document.querySelector(".dock a.button");
  if (onward && key === " ") {
    onward.click();
    return true;
  }
  if (!form) return false;
  if (key === " ") {
    document.querySelector("button[form=answer]").click();
    return true;
  }
  const choice = form.querySelectorAll("input[name=choice]")[Number(key) - 1];
  if (choice) choice.click();
  return Boolean(choice);
};

document.addEventListener("keydown", (event) => {
  if (!shortcuts || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!/^[1-9 ]$/.test(event.key) || typing(event.target)) return;
  if (press(event.key)) event.preventDefault();
});
