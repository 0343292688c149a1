// Begins once the page's HTML is there: what is clicked, typed and opened goes where it belongs.

import { copyAnswer, exportConversation, judge, note, share } from "./acting.js";
import {
  ask, askAgain, begin, beginLinked, cite, drawKept, forgetConversation, keepConversation, open, restore,
} from "./chat.js";
import { drop, forgetAll, leaveFile, watchDocuments } from "./documents.js";
import { draft, keepDraft } from "./keeping.js";
import { welcome } from "./offers.js";
import { fill, find, isSlip, limited, make, page } from "./page.js";
import { closeSource, readDocument, turn, watchSource } from "./source.js";

const LINKED = 6; // questions of one link that are asked
const HIGHEST = 160; // pixels of the question box

const touched = matchMedia("(pointer: coarse)");

const ACTIONS = {
  begin: () => {
    begin();
    goOn();
  },
  retry: askAgain,
  forget: forgetAll,
  close: closeSource,
  previous: () => turn(-1),
  next: () => turn(1),
  upload: () => find("#file").click(),
  copy: copyAnswer,
  share,
};

// What a button does, by the first of these data attributes that it has.
const BUTTONS = {
  ask: ({ dataset }) => {
    ask(dataset.ask);
    goOn();
  },
  cited: cite,
  read: ({ dataset }) => readDocument(dataset.read, Number(dataset.at ?? 0), Number(dataset.length ?? 1), page.visit),
  open: async ({ dataset }) => {
    const known = open(dataset.open);
    goOn();
    await known;
    await drawDocuments();
  },
  forget: forgetConversation,
  drop: ({ dataset }) => drop(dataset.drop),
  leave: leaveFile,
  verdict: judge,
  export: exportConversation,
  action: (clicked) => ACTIONS[clicked.dataset.action]?.(clicked),
};

// The button that had the focus goes away; on a phone the box would bring up the keyboard.
function goOn() {
  choose(find("#tab-ask"));
  find(touched.matches ? ".scroller" : "#question").focus({ preventScroll: true });
}

function onClick(event) {
  if (event.target === find("#source")) closeSource(); // beside a sheet
  const menu = find("#kept");
  if (menu.open && !menu.contains(event.target)) menu.open = false;
  const clicked = event.target.closest("button");
  const kind = clicked && Object.keys(BUTTONS).find((name) => name in clicked.dataset);
  if (!kind || isSlip(event, clicked)) return;
  BUTTONS[kind](clicked);
}

function onEscape(event) {
  if (event.key !== "Escape" || event.isComposing) return;
  const menu = find("#kept");
  if (menu.open) {
    menu.open = false;
    find("summary", menu).focus();
  } else if (find("#source").open) {
    closeSource();
  }
}

// tabs, as WAI-ARIA has them

function choose(tab) {
  for (const one of page.app.querySelectorAll("[role=tab]")) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    find(`#${one.getAttribute("aria-controls")}`).hidden = !chosen;
  }
  if (tab.id === "tab-figures") drawFigures();
}

async function drawFigures() {
  const view = find("#view-figures");
  try {
    const { showFigures } = await import("./figures.js");
    await showFigures(view);
  } catch {
    view.replaceChildren(make("p", "told", page.words.offline));
  }
}

function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...page.app.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  choose(next);
  next.focus();
}

// what the address says

function readAddress() {
  const asked = new URLSearchParams(location.search);
  const other = find(".language");
  for (const name of ["source", "date", "section"]) {
    const [value] = asked.getAll(name);
    if (!value) continue;
    page.where[name] = value;
    other.search += `&${new URLSearchParams({ [name]: value })}`;
  }
  const visit = new URLSearchParams(location.hash.slice(1)).get("visit") ?? "";
  const questions = asked.getAll("q").slice(0, LINKED);
  asked.delete("q"); // a reload brings back what was answered, and asks nothing again
  history.replaceState(history.state, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
  return { questions, visit };
}

function tellLimits() {
  const told = find("#limits");
  told.hidden = !limited() || Boolean(page.visit);
  const all = make("a", "", page.words.everywhere);
  all.href = location.href; // but for the limits: in the same language
  all.search = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name === "lang"));
  told.replaceChildren(fill(page.words.only_within, Object.values(page.where).join(" · ")), " ", all);
}

async function drawDocuments() {
  tellLimits();
  await welcome();
  if (!find("#view-figures").hidden) await drawFigures();
}

async function documentsChanged() {
  keepConversation();
  find("#suggestions").replaceChildren();
  await drawDocuments();
}

async function enter() {
  const { questions, visit } = readAddress();
  const linked = questions.length || visit;
  const known = linked ? beginLinked(visit) : restore();
  for (const question of questions) ask(question, visit);
  takeAsked();
  await known;
  await drawDocuments();
}

// What was typed before the modules came.
function takeAsked() {
  for (const question of page.app.asked.splice(0)) ask(question);
}

// the question box

function fit(box) {
  box.style.blockSize = "";
  const borders = box.offsetHeight - box.clientHeight;
  box.style.blockSize = `${Math.min(box.scrollHeight + borders, HIGHEST)}px`;
}

function watchBox() {
  const box = find("#question");
  box.value ||= draft();
  if (box.value) fit(box);
  keepDraft(box.value);
  box.addEventListener("input", () => {
    fit(box);
    keepDraft(box.value);
  });
  page.app.addEventListener("ask", () => {
    keepDraft("");
    takeAsked();
  });
}

export function start(app) {
  page.app = app;
  page.root = app.dataset.root;
  page.words = JSON.parse(app.dataset.words);
  page.lang = page.words.lang;
  watchSource();
  watchDocuments(documentsChanged);
  app.addEventListener("click", onClick);
  document.addEventListener("keydown", onEscape);
  app.addEventListener("submit", (event) => {
    if (!event.target.matches(".note")) return;
    event.preventDefault();
    note(event.target);
  });
  for (const tab of app.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", onTabKey);
  }
  find("#kept").addEventListener("toggle", drawKept);
  enter();
  watchBox();
}
