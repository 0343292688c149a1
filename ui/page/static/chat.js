// The conversation: each question goes to the server with the turns it may lean on, and its
// answer takes the place held for it.

import * as keeping from "./keeping.js";
import { button, find, make, page, parse, remover, send, show, within } from "./page.js";
import { arriving, restoreVisit } from "./documents.js";
import { suggest } from "./offers.js";
import { openSource } from "./source.js";

const LEANT_ON = 6; // earlier turns that a question may lean on
const LEANT_CHARACTERS = 4000; // of an answer that a question may lean on
const QUESTION_SHOWN = 300; // characters; a pasted book would push its own answer out of sight
const NAME_SHOWN = 60;
const TOGETHER = 200_000; // bytes of the turns of one request; the server takes some more

let conversation = keeping.fresh();
let waiting = []; // questions without an answer as yet, of this conversation and of others
let opened = 0; // conversations, so that a slow one does not come after a later

const log = () => find("#conversation");
const start = (text, most) => (text.length > most ? `${text.slice(0, most)}…` : text);

export const turnOf = (element) => conversation.turns[Number(element.closest(".turn").dataset.turn)];
export const turns = () => conversation.turns;
export const inUse = () => conversation;

// asking

export function ask(question, visit = page.visit) {
  if (!question.trim()) return;
  const asked = { conversation, question, visit, where: visit ? {} : within(), held: null, after: arriving() };
  hold(asked);
  if (asked.after) find(".reply", asked.held).textContent = page.words.reading_first;
  find("#welcome").hidden = true;
  find("#suggestions").replaceChildren();
  log().append(asked.held);
  show(asked.held, "start");
  enqueue(asked);
}

// What failed is asked again, as the latest.
export function askAgain(failed) {
  const asked = waiting.find((one) => one.held === failed.closest(".turn"));
  leave(asked);
  asked.held.remove();
  ask(asked.question);
}

let line = Promise.resolve(); // questions are asked one after the other

function enqueue(asked) {
  waiting.push(asked);
  keepWaiting();
  line = line.then(() => answer(asked));
}

function hold(asked) {
  asked.held = make("section", "turn");
  const question = make("h2", "question", start(asked.question, QUESTION_SHOWN));
  asked.held.append(question, make("article", "reply pending", page.words.pending));
}

function leave(asked) {
  waiting = waiting.filter((one) => one !== asked);
  keepWaiting();
}

function keepWaiting() {
  keeping.keepWaiting(
    waiting
      .filter((asked) => !asked.refused)
      .map(({ conversation: { id }, question, visit }) => ({ id, question, visit })),
  );
}

function said(turn) {
  return turn.answer.status === "answered" ? turn.answer.text.slice(0, LEANT_CHARACTERS) : "";
}

async function answer(asked) {
  await asked.after;
  if (asked.after && asked.conversation === conversation) {
    asked.visit = page.visit;
    asked.where = page.visit ? {} : asked.where;
    find(".reply", asked.held).textContent = page.words.pending;
  }
  if (!waiting.includes(asked)) return; // its conversation has been deleted
  const { conversation: of, question, visit, where } = asked;
  const history = of.turns.slice(-LEANT_ON).map((turn) => [turn.question, said(turn)]);
  try {
    const { not_a_question: wrong } = page.words;
    const response = await send("/page/turn", { question, history, where }, visit, { 400: wrong, 413: wrong, 422: wrong });
    const { html, ...told } = await response.json();
    if (!waiting.includes(asked)) return;
    of.turns.push({ question, visit, where, ...told });
    keep(of);
    leave(asked);
    if (of === conversation) arrive(asked.held, html);
  } catch (error) {
    // What the server did not refuse is asked again after a reload, which may be what broke it off.
    asked.refused = "status" in error && error.status !== 401;
    keepWaiting();
    fail(asked.held, error);
  }
}

function arrive(held, html) {
  const element = place(html, conversation.turns.length - 1);
  held.replaceWith(element);
  show(element);
  suggest(element, conversation.turns);
}

function fail(held, error) {
  const failed = make("article", "reply failed");
  failed.append(make("p", "label", page.words.failed), make("p", "text", error.message));
  failed.append(button(page.words.retry, { action: "retry" }));
  find(".reply", held).replaceWith(failed);
  if (held.isConnected) show(failed);
}

function place(html, number) {
  const element = parse(html).find((node) => node.classList?.contains("turn"));
  element.dataset.turn = number;
  const { verdict } = conversation.turns[number];
  for (const one of element.querySelectorAll("[data-verdict]")) {
    one.setAttribute("aria-pressed", String(one.dataset.verdict === verdict));
  }
  return element;
}

export function cite(clicked) {
  const turn = turnOf(clicked);
  openSource(turn.answer.citations, Number(clicked.dataset.cited), turn.visit);
}

// conversations: the one in use, and those kept

function use(chosen) {
  opened += 1;
  conversation = chosen;
  keeping.choose(conversation);
  const asked = waiting.filter((one) => one.conversation === conversation);
  log().replaceChildren(...asked.map((one) => one.held));
  find("#suggestions").replaceChildren();
  find("#welcome").hidden = asked.length > 0 || conversation.turns.length > 0;
  find("#kept").open = false;
  find(".scroller").scrollTo(0, 0);
}

// A new one, that asks the documents of a visit.
export function begin(visit = page.visit) {
  use(keeping.fresh(visit));
}

// Resolves once it is known which documents are asked.
function resume(chosen) {
  use(chosen);
  showTurns();
  return restoreVisit(chosen.visit);
}

async function showTurns() {
  const { turns: kept, id } = conversation;
  if (!kept.length) return;
  const now = opened;
  const asked = kept.map(({ question, answer: given, visit }) => ({ question, answer: given, visit }));
  try {
    const parts = parcels(asked).map((some) => send("/page/turns", { turns: some }));
    const shown = await Promise.all((await Promise.all(parts)).map((response) => response.json()));
    if (now !== opened) return;
    const elements = shown.flatMap(({ html }) => html).map(place);
    prepend(elements);
    log().lastElementChild.scrollIntoView({ block: "start" });
    suggest(elements.at(-1), conversation.turns);
  } catch (error) {
    if (now !== opened) return;
    const failed = make("p", "told", error.message);
    failed.append(" ", button(page.words.retry, { open: id }));
    prepend([failed]);
  }
}

// Turns in order, as many together as one request may have.
function parcels(asked) {
  const parts = [];
  let room = 0;
  for (const turn of asked) {
    const { size } = new Blob([JSON.stringify(turn)]);
    if (size > room) {
      parts.push([]);
      room = TOGETHER;
    }
    parts.at(-1).push(turn);
    room -= size;
  }
  return parts;
}

// What was read before is not read out again.
function prepend(elements) {
  log().ariaLive = "off";
  log().prepend(...elements);
  requestAnimationFrame(() => {
    log().ariaLive = "polite";
  });
}

// Questions that were left without an answer by a reload, or by a link, are asked again.
function askWaiting(chosen) {
  const before = keeping.waitingBefore();
  const known = new Map([[chosen.id, chosen]]);
  for (const { id, question, visit } of before) {
    if (!known.has(id)) known.set(id, keeping.find(id, visit));
    const asked = { conversation: known.get(id), question, visit, where: visit ? {} : within(), held: null };
    hold(asked);
    enqueue(asked);
  }
}

// What a reload, or the other language, brings back.
export function restore() {
  const chosen = keeping.current();
  askWaiting(chosen);
  return resume(chosen);
}

// A conversation of what a link asks, of the documents of its visit.
export function beginLinked(visit) {
  askWaiting(keeping.current());
  begin(visit);
  return restoreVisit(visit);
}

export function open(id) {
  const live = [conversation, ...waiting.map((asked) => asked.conversation)].find((one) => one.id === id);
  return resume(live ?? keeping.find(id));
}

// Asked once more first: nothing brings it back.
export function forgetConversation(clicked) {
  if (!clicked.classList.contains("primary")) {
    clicked.classList.add("primary");
    clicked.textContent = page.words.forget_sure;
    clicked.setAttribute("aria-label", page.words.forget_sure);
    return;
  }
  const id = clicked.dataset.forget;
  keeping.remove(id);
  waiting = waiting.filter((asked) => asked.conversation.id !== id);
  keepWaiting();
  const menu = find("#kept");
  if (id === conversation.id) begin();
  menu.open = true;
  drawKept();
  (find(".kept button") ?? find("summary", menu)).focus();
}

export function keepConversation() {
  conversation.visit = page.visit;
  keeping.choose(conversation);
  if (conversation.turns.length) keep(conversation);
}

export function keep(one) {
  find("#kept .told").textContent = keeping.keep(one) ? "" : page.words.not_kept;
  if (find("#kept").open && !find(".kept").contains(document.activeElement)) drawKept();
}

export function drawKept() {
  const list = find(".kept");
  const items = keeping.conversations().filter((one) => one.turns.length).map((one) => {
    const item = make("li", "row");
    const asked = start(one.turns[0].question, NAME_SHOWN);
    const name = button(asked, { open: one.id }, "wide");
    if (one.id === conversation.id) name.setAttribute("aria-current", "true");
    item.append(name, remover(asked, { forget: one.id }));
    return item;
  });
  list.replaceChildren(...(items.length ? items : [make("li", "", list.dataset.empty)]));
}
