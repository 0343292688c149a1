// Documents of one's own: those that are asked, and each file with how far it is read or why not.

import { fill, find, lines, make, page, query, remover, request } from "./page.js";

let files = []; // those not read as yet: {data, item, leaving}
let names = []; // of the documents that are asked
let reading = Promise.resolve(); // one document after the other
let changed = async () => {}; // what else is to be done when other documents are asked

const ofVisit = (visit, options, values = "") =>
  request(`/page/documents/${encodeURIComponent(visit)}${values}`, options, { 404: page.words.expired });
const carriesFiles = (event) => event.dataTransfer.types.includes("Files");

export function watchDocuments(told) {
  changed = told;
  find("#file").addEventListener("change", (event) => {
    bringAll([...event.target.files]);
    event.target.value = "";
  });
  const { app } = page;
  app.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return; // words may be dropped into the question
    event.preventDefault();
    app.classList.add("dropping");
  });
  app.addEventListener("dragleave", (event) => {
    if (!app.contains(event.relatedTarget)) app.classList.remove("dropping");
  });
  app.addEventListener("drop", (event) => {
    app.classList.remove("dropping");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    bringAll([...event.dataTransfer.files]);
  });
}

// Resolves once the files that are on their way are read, or cannot be; null where there are none.
export const arriving = () => (files.some(({ item }) => !item.classList.contains("failed")) ? reading : null);

function bringAll(chosen) {
  for (const data of chosen) {
    const file = { data, item: itemOf(data.name, { leave: "" }), leaving: new AbortController() };
    files.push(file);
    find("#arriving").append(file.item);
    tell(file, page.words.waiting);
    reading = reading.then(() => bring(file));
  }
}

function itemOf(name, data) {
  const item = make("li", "file");
  item.append(make("span", "name", name, { title: name }), make("span", "told"), remover(name, data));
  return item;
}

function tell(file, told) {
  find(".told", file.item).textContent = told;
}

// Why a file is not read, beside it; a new element, since that is what a screen reader tells.
function refuse(item, told) {
  item.classList.add("failed");
  find(".told", item).replaceWith(make("span", "told", told, { role: "alert" }));
}

async function bring(file) {
  if (!files.includes(file)) return; // it was removed while it waited
  try {
    check(file.data);
    tell(file, fill(page.words.reading, 0));
    const visit = await read(file);
    const found = await namesOf(visit);
    if (!files.includes(file)) return; // removed, or another conversation has been opened meanwhile
    page.visit = visit;
    names = found;
    leave(file);
    draw();
    await changed();
  } catch (error) {
    if (files.includes(file)) refuse(file.item, error.message);
  }
}

function check(data) {
  const { most, bytes } = find("#file").dataset;
  if (names.length >= Number(most)) throw new Error(fill(page.words.too_many, most));
  if (data.size > Number(bytes)) throw new Error(fill(page.words.too_large, Number(bytes) / 2 ** 20));
}

// The key of the visit that a file has been read into.
async function read({ data, item, leaving }) {
  const values = query({ name: data.name, visit: page.visit, lang: page.lang });
  const response = await request(`/page/documents?${values}`, { method: "POST", body: data, signal: leaving.signal });
  for await (const line of lines(response.body)) {
    if (line.error) throw new Error(fill(page.words.unreadable, line.error.replace(`${data.name}: `, "")));
    if (line.visit) return line.visit;
    tell({ item }, fill(page.words.reading, line.percent));
  }
  throw new Error(page.words.internal); // it was broken off
}

async function namesOf(visit) {
  for (;;) {
    const before = names;
    const found = await (await ofVisit(visit)).json();
    if (before === names) return found; // else one of them may have been removed meanwhile
  }
}

function leave(file) {
  files = files.filter((one) => one !== file);
  file.leaving.abort();
  file.item.remove();
}

function draw() {
  find("#asking .told").textContent = names.length ? page.words.asking : "";
  find("#asking button").hidden = !names.length;
  find("#read").replaceChildren(...names.map((name) => itemOf(name, { drop: name })));
}

// A file that is not read as yet, or cannot be.
export function leaveFile(clicked) {
  const item = clicked.closest(".file");
  const file = files.find((one) => one.item === item);
  if (file) leave(file);
  item.remove();
  find("#upload").focus();
}

export async function drop(name) {
  const { visit } = page;
  try {
    await ofVisit(visit, { method: "DELETE" }, `?${query({ name })}`);
    if (visit !== page.visit) return; // another conversation has been opened meanwhile
    names = names.filter((one) => one !== name);
  } catch (error) {
    if (visit !== page.visit) return;
    refuse([...find("#read").children][names.indexOf(name)], error.message);
    return;
  }
  if (!names.length) page.visit = "";
  draw();
  find("#upload").focus();
  await changed();
}

export async function forgetAll() {
  const { visit } = page;
  clear("");
  find("#upload").focus();
  const gone = ofVisit(visit, { method: "DELETE" }).catch(() => {}); // in two hours, then
  await changed();
  await gone;
}

function clear(visit) {
  page.visit = visit;
  names = [];
  for (const file of files) leave(file);
  find("#arriving").replaceChildren();
  draw();
}

// The documents of a visit, for a page that was loaded anew; told where they are forgotten.
export async function restoreVisit(visit) {
  clear(visit);
  if (!visit) return;
  try {
    const found = await (await ofVisit(visit)).json();
    if (visit !== page.visit) return;
    names = found;
    draw();
  } catch (error) {
    if (visit !== page.visit) return;
    if (error.status === 404) page.visit = "";
    const item = itemOf("", { leave: "" });
    find("#arriving").append(item);
    refuse(item, error.message);
    await changed();
  }
}
