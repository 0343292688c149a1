// Run by Gradio as soon as the page's HTML is there; `element` is Gradio's.
const app = element.querySelector(".app");
const words = JSON.parse(app.dataset.words);
document.documentElement.lang = words.lang; // chooses the forms of shared characters, too
import(`${location.origin}${app.dataset.root}/site/operator.js`).then(
  (operator) => operator.start(app),
  () => {
    app.querySelector(".problem").textContent = words.offline;
  },
);
