// Run by Gradio as soon as the page's HTML is there: what is asked before the modules have come
// waits for them. `element` is Gradio's.
const app = element.querySelector(".app");
const box = app.querySelector("#question");
const words = JSON.parse(app.dataset.words);
document.documentElement.lang = words.lang; // chooses the forms of shared characters, too
app.asked = [];
app.querySelector("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim()) app.asked.push(box.value);
  box.value = "";
  box.style.blockSize = "";
  app.dispatchEvent(new Event("ask"));
});
box.addEventListener("keydown", (event) => {
  // An input method takes Enter for itself while it composes; Safari tells of it by 229 alone.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  box.form.requestSubmit();
});
import(`${location.origin}${app.dataset.root}/site/main.js`).then(
  (main) => main.start(app),
  () => {
    box.value = box.value || app.asked.join("\n");
    app.querySelector("#corpus").textContent = words.offline;
  },
);
