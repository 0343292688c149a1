// Run by Gradio as soon as the page's HTML is there: what is asked before the modules have come
// waits for them. `element` is Gradio's.
const app = element.querySelector(".app");
const box = app.querySelector("#question");
const words = JSON.parse(app.dataset.words);
document.documentElement.lang = words.lang; // chooses the forms of shared characters, too
app.asked = [];
let dead = false; // no module will come
app.querySelector("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (dead) return;
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
// What else is done meanwhile is done again once they are there.
const early = [];
const starting = new AbortController();
const { signal } = starting;
app.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (button) early.push(() => button.click());
}, { signal });
for (const kind of ["dragover", "drop"]) {
  app.addEventListener(kind, (event) => {
    const { types, files } = event.dataTransfer;
    if (!types.includes("Files")) return;
    event.preventDefault(); // the browser would leave the page to show the file
    if (kind === "dragover") return;
    const dataTransfer = new DataTransfer(); // the event's own is empty afterwards
    for (const file of files) dataTransfer.items.add(file);
    early.push(() => app.dispatchEvent(new DragEvent("drop", { dataTransfer })));
  }, { signal });
}
import(`${location.origin}${app.dataset.root}/site/main.js`).then(
  (main) => {
    starting.abort();
    main.start(app);
    for (const act of early) act();
  },
  () => {
    starting.abort();
    dead = true;
    box.value = [...app.asked, box.value].filter(Boolean).join("\n");
    app.querySelector("#corpus").textContent = words.offline;
  },
);
