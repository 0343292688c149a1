// Begins once the operator's page is there: its tabs, what is listed, and what is being changed.

import { act, attempt, confirmed } from "./asking.js";
import { change, dismiss, watchChanges } from "./changing.js";
import { listing } from "./listing.js";
import { fill, find, isSlip, page, parse, query, request } from "./page.js";
import { choose, chooseFolder, clear, stop, watchFiles } from "./sending.js";

let documents;
let feedback;

// what is shown

async function drawPart(path, place) {
  const html = await (await request(`/operator/do/${path}?${query({ lang: page.lang })}`)).text();
  find(place).replaceChildren(...parse(html));
}

const drawState = () => drawPart("state", ".state");
const drawGenerations = () => drawPart("generations", ".generations");

async function goBack(clicked) {
  const { go_back_title, go_back_confirm } = page.words;
  if (await confirmed(go_back_title, [clicked.dataset.told], go_back_confirm)) await change("back", {});
}

async function deleteDocuments(picked) {
  const { words } = page;
  const own = picked.filter((box) => "own" in box.dataset).length;
  const told = picked.slice(0, 5).map((box) => box.dataset.name);
  if (picked.length > told.length) told.push(fill(words.and_more, picked.length));
  if (own) told.push(fill(words.delete_own, own));
  if (own < picked.length) told.push(fill(words.delete_elsewhere, picked.length - own));
  const ids = picked.map((box) => box.value);
  if (await confirmed(fill(words.delete_title, ids.length), told, words.delete)) await change("delete", { ids });
}

async function deleteEntries(count, path, data) {
  const { words } = page;
  const title = fill(words.delete_entries_title, count);
  if (!(await confirmed(title, [words.delete_entries_told], words.delete))) return;
  await act(path, data);
  await feedback.draw();
}

const deletePicked = (picked) =>
  deleteEntries(picked.length, "feedback/delete", { numbers: picked.map((box) => Number(box.value)) });

const deleteFound = ({ total, last, found }) =>
  deleteEntries(total, "feedback/delete-found", { ...found, last });

const ACTIONS = {
  choose,
  "choose-folder": chooseFolder,
  clear,
  stop,
  dismiss,
  back: goBack,
};

// tabs, as WAI-ARIA has them

const DRAWN = {
  documents: () => Promise.all([documents.draw(), drawState()]),
  feedback: () => feedback.draw(),
  versions: drawGenerations,
};

function open(tab) {
  for (const one of page.app.querySelectorAll("[role=tab]")) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    find(`#${one.getAttribute("aria-controls")}`).hidden = !chosen;
  }
  attempt(DRAWN[tab.id.replace("tab-", "")]);
}

function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...page.app.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  open(next);
  next.focus();
}

export function start(app) {
  Object.assign(page, { app, root: app.dataset.root, words: JSON.parse(app.dataset.words), plain: true });
  page.lang = page.words.lang;
  documents = listing(find("[data-listing=documents]"), { remove: deleteDocuments });
  feedback = listing(find("[data-listing=feedback]"), { remove: deletePicked, removeFound: deleteFound });
  watchFiles();
  app.addEventListener("click", (event) => {
    const clicked = event.target.closest("button");
    const action = ACTIONS[clicked?.dataset.action];
    if (action && !isSlip(event, clicked)) attempt(() => action(clicked));
  });
  for (const tab of app.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", onTabKey);
  }
  open(find("[role=tab]"));
  watchChanges(() => Promise.all([documents.draw(), drawState(), drawGenerations()]));
}
