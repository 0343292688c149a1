// Runs once in the browser; `element` holds the chat, `watch` tells when it was drawn anew.
document.documentElement.lang = "zh-CN"; // chooses the Chinese forms of shared characters

// Drawing anew closes every citation, so those a reader opened are opened again.
const opened = new Set();
let turnsBefore = 0;

element.addEventListener("click", (event) => {
  const citation = event.target.closest("summary")?.parentElement;
  if (citation) opened[citation.open ? "delete" : "add"](citation.id);
});

watch("value", () => {
  const turns = element.querySelectorAll(".turn");
  if (!turns.length) opened.clear();
  for (const citation of element.querySelectorAll("details.citation")) {
    citation.open = opened.has(citation.id);
  }
  if (turns.length > turnsBefore) {
    turns[turns.length - 1].scrollIntoView({ block: "start", behavior: "smooth" });
  }
  turnsBefore = turns.length;
});
