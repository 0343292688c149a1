// Files on their way to the server: chosen or dropped, sent one by one, then indexed together.

import { act, attempt, complain, confirmed } from "./asking.js";
import { change } from "./changing.js";
import { fill, find, isSlip, make, page, query, remover, request } from "./page.js";

const LISTED = 100; // names shown of more
const ASKED = 8; // names that a question tells
// What systems and programs leave behind; `dongxihu index` passes it over as well.
const PASSED_OVER = /(?:^|\/)(?:\.|~\$|thumbs\.db$|desktop\.ini$|__macosx\/)/i;

let chosen = new Map(); // the files by name
let failed = new Map(); // why some were not sent, by name
let sending = null; // what ends it

const form = () => find("#adding");
const control = (action) => find(`[data-action=${action}]`, form());

export const choose = () => find("#files").click();
export const chooseFolder = () => find("#folder").click();

export function watchFiles() {
  for (const input of form().querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      take([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
      input.value = "";
    });
  }
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(sendAll);
  });
  find(".files", form()).addEventListener("click", (event) => {
    const clicked = event.target.closest("button");
    if (!clicked || isSlip(event, clicked)) return;
    const { name } = clicked.dataset;
    chosen.delete(name);
    failed.delete(name);
    draw();
    control("choose").focus();
  });
  watchDrops();
  addEventListener("beforeunload", (event) => sending && event.preventDefault());
}

function watchDrops() {
  const { app } = page;
  const carriesFiles = (event) => event.dataTransfer.types.includes("Files");
  app.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
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
    find("#tab-documents").click();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    attempt(async () => {
      for (const entry of entries) for await (const file of within(entry)) take([file]);
    });
  });
}

// Name and file of all that is in a folder that was dropped, or of a file.
async function* within(entry) {
  if (entry.isFile) {
    yield [entry.fullPath.slice(1), await new Promise((found, missing) => entry.file(found, missing))];
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((found, missing) => reader.readEntries(found, missing));
    if (!some.length) return;
    for (const one of some) yield* within(one);
  }
}

function take(files) {
  if (sending) {
    complain(page.words.already);
    return;
  }
  for (const [name, file] of files) {
    if (PASSED_OVER.test(name)) continue;
    chosen.set(name, file);
    failed.delete(name);
  }
  draw();
}

export function clear() {
  chosen = new Map();
  failed = new Map();
  draw();
  control("choose").focus();
}

export const stop = () => sending?.abort();

function draw() {
  const { words } = page;
  const megabytes = [...chosen.values()].reduce((sum, file) => sum + file.size, 0) / 2 ** 20;
  const told = chosen.size ? fill(words.chosen, chosen.size, megabytes.toFixed(1)) : "";
  find(".told", form()).textContent = told;
  const names = [...chosen.keys()];
  const shown = [...failed.keys(), ...names.filter((name) => !failed.has(name))].slice(0, LISTED);
  find(".files", form()).replaceChildren(...shown.map(itemOf));
  drawButtons();
}

function drawButtons() {
  find("[type=submit]", form()).hidden = control("clear").hidden = !chosen.size || Boolean(sending);
  control("stop").hidden = !sending;
  for (const action of ["choose", "choose-folder"]) control(action).disabled = Boolean(sending);
}

function itemOf(name) {
  const why = failed.get(name) ?? "";
  const item = make("li", why ? "file failed" : "file");
  item.append(make("span", "name", name), make("span", "told", why), remover(name, { name }));
  return item;
}

async function mayReplace(names) {
  const { words } = page;
  const told = names.slice(0, ASKED);
  if (names.length > ASKED) told.push(fill(words.and_more, names.length));
  return !names.length || confirmed(fill(words.replace_asked, names.length), told, words.replace);
}

async function sendAll() {
  if (sending) return;
  const { words } = page;
  sending = new AbortController();
  draw();
  try {
    const { batch, replaced } = await act("batches", { names: [...chosen.keys()] });
    if (!(await mayReplace(replaced))) return;
    failed = new Map();
    let done = 0;
    for (const [name, file] of chosen) {
      find(".told", form()).textContent = fill(words.sending, ++done, chosen.size);
      await sendOne(batch, name, file);
    }
    if (failed.size < chosen.size) await change("add", { batch });
    chosen = new Map([...chosen].filter(([name]) => failed.has(name)));
  } catch (error) {
    complain(sending.signal.aborted ? words.stopped : error.message);
  } finally {
    sending = null;
    draw();
  }
}

// Sends a file; why it cannot be taken is told beside it, and the others go on.
async function sendOne(batch, name, file) {
  const { bytes } = form().dataset;
  if (file.size > Number(bytes)) {
    failed.set(name, fill(page.words.too_large, Number(bytes) / 2 ** 20));
    return;
  }
  const { signal } = sending;
  for (;;) {
    try {
      await request(`/operator/do/files?${query({ batch, name })}`, { method: "POST", body: file, signal });
      return;
    } catch (error) {
      if (error.status === 400) {
        failed.set(name, error.message);
        return;
      }
      if (error.status !== 429) throw error;
      find(".told", form()).textContent = page.words.waiting;
      await pause(error.seconds || 1, signal); // so many a minute
    }
  }
}

function pause(seconds, signal) {
  return new Promise((waited, ended) => {
    const timer = setTimeout(waited, 1000 * seconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      ended(signal.reason);
    }, { once: true });
  });
}
