// Keys 1 to 9 and space on study pages; members can switch them off.
const typing = (target) => target.closest("input[type=text], textarea, select, summary, a, button");

const press = (key) => {
  const dock = document.querySelector(".dock");
  const shown = Array.from(dock.querySelectorAll("[data-key]")).filter((b) => b.offsetParent);
  const rating = shown.find((b) => b.dataset.key === (key === " " ? "3" : key));
  const main = Array.from(dock.querySelectorAll(".primary")).find((b) => b.offsetParent);
  const button = rating || (key === " " && main);
  const choice = document.querySelectorAll("#answer input[name=choice]")[Number(key) - 1];
  const target = button || (key === " " ? null : choice);
  if (target) target.click();
  return Boolean(target);
};

if (document.body.dataset.shortcuts !== "off") {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!/^[1-9 ]$/.test(event.key) || typing(event.target)) return;
    if (press(event.key)) event.preventDefault();
  });
}
