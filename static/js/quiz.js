// Comfort while taking a paper: the time ticks, a change that is not saved says so. All optional:
// without this the deadline is written on the page and every button saves.
const clock = document.querySelector(".clock");
const sheet = document.getElementById("sheet");
let changed = false;

const words = (seconds) => {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = two(Math.floor((seconds % 3600) / 60)) + ":" + two(seconds % 60);
  return hours ? hours + ":" + rest : rest;
};

const over = () => {
  if (sheet && changed) sheet.requestSubmit();
  else window.location.reload();
};

if (clock) {
  // The page's own clock only measures how long it has been open; when it ends is the server's.
  const began = performance.now();
  const given = Number(clock.dataset.left);
  const tick = clock.querySelector(".tick");
  const said = clock.querySelector(".said");
  const warnings = [300, 60].filter((n) => n < given);
  let timer = 0;
  const show = () => {
    const left = Math.max(0, Math.round(given - (performance.now() - began) / 1000));
    tick.textContent = left ? clock.dataset.words + " " + words(left) : clock.dataset.over;
    clock.classList.toggle("soon", left <= 60);
    if (warnings.length && left <= warnings[0]) {
      warnings.shift();
      said.textContent = " " + clock.dataset.words + " " + words(left);
    }
    if (!left) {
      window.clearInterval(timer);
      // An answer on its way still counts for some seconds, so the page that comes back waits.
      window.setTimeout(over, given ? 1000 : 20000);
    }
  };
  timer = window.setInterval(show, 1000);
  show();
}

if (sheet) {
  sheet.addEventListener("input", () => {
    changed = true;
    sheet.querySelector(".unsaved").hidden = false;
  });
}
