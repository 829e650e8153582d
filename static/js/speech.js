// Reads the question aloud with the browser's own voice, where it has one.
export const offerSpeech = () => {
  const button = document.getElementById("speak");
  if (!button || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const busy = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (busy) return;
    const parts = document.querySelectorAll(".stem, .choices .choice, .order .text, .feedback p");
    const text = Array.from(parts, (part) => part.textContent.replace(/（\s*）/g, "，什么，")).join("。");
    const said = new SpeechSynthesisUtterance(text);
    said.lang = "zh-CN";
    speechSynthesis.speak(said);
  });
};
