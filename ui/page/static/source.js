// The source of a citation beside the conversation: docked where there is room, else a sheet.

import { fill, find, page, request } from "./page.js";

const wide = matchMedia("(min-width: 1100px)");
const OTHERS = 50; // quotes that are marked beside the one looked at
let shown = { citations: [], at: 0, visit: "" };
let latest = 0; // of the sources asked for, so that a slow one does not overwrite a later
let from; // where the focus was before

const panel = () => find("#source");

function open() {
  if (panel().open) return;
  if (wide.matches) panel().show();
  else panel().showModal();
}

function address({ citations, at, visit }) {
  const { document_id: id, start, end } = citations[at];
  const others = citations.filter((one, place) => place !== at && one.document_id === id);
  const values = new URLSearchParams({ start, end, lang: page.lang });
  for (const one of others.slice(0, OTHERS)) values.append("also", `${one.start}-${one.end}`);
  if (visit) values.set("visit", visit);
  return `/source/${encodeURIComponent(id)}?${values}`;
}

export async function openSource(citations, at, visit) {
  if (!panel().contains(document.activeElement)) from = document.activeElement;
  if (!(await draw({ citations, at, visit }))) return;
  keepingInPlace(from, () => {
    open();
    page.app.classList.add("docked");
  });
  (find("#quote", panel()) ?? find("#source-body")).focus({ preventScroll: true });
  bringIntoSight();
}

// Whether what was asked for is shown, and not something else by now.
async function draw(next) {
  shown = next;
  const number = ++latest;
  const where = address(shown);
  const { citations, at } = shown;
  let content = [];
  let place = "";
  try {
    const { expired, gone } = page.words;
    const text = await (await request(where, {}, { 404: shown.visit ? expired : gone })).text();
    const main = find("main", new DOMParser().parseFromString(text, "text/html"));
    place = find(".place", main)?.textContent ?? "";
    content = [...main.children];
  } catch (error) {
    content = [fill(page.words.no_source, error.message)];
  }
  if (number !== latest) return false;
  find("#source-place").textContent = place;
  find("#source-body").replaceChildren(...content);
  find("#alone").href = `${page.root}${where}#quote`;
  find("#source-of").textContent = fill(page.words.of, at + 1, citations.length);
  find(".turning", panel()).hidden = citations.length < 2;
  return true;
}

// What is read stays where it is while the conversation gets narrower or wider.
function keepingInPlace(element, change) {
  const scroller = element?.closest(".scroller");
  const before = element?.getBoundingClientRect().top;
  change();
  if (scroller) scroller.scrollTop += element.getBoundingClientRect().top - before;
}

function bringIntoSight() {
  find("#quote", panel())?.scrollIntoView({ block: "center" });
}

// A document from a place on, to be read before anything is asked.
export function readDocument(id, start, length, visit) {
  return openSource([{ document_id: id, start, end: start + length }], 0, visit);
}

// The focus stays on the button, so that it can be pressed again.
export async function turn(step) {
  const { citations, at, visit } = shown;
  const next = (at + step + citations.length) % citations.length;
  if (await draw({ citations, at: next, visit })) bringIntoSight();
}

export function closeSource() {
  latest += 1; // what is still to come does not open it again
  panel().close();
}

export function watchSource() {
  panel().addEventListener("close", () => {
    if (panel().open) return; // it was only opened in the other way
    keepingInPlace(from, () => page.app.classList.remove("docked"));
    if (from?.isConnected) from.focus({ preventScroll: true });
  });
  wide.addEventListener("change", () => {
    if (!panel().open) return;
    panel().close();
    open();
  });
}
