// Conversations, kept in this browser: what was answered comes back without being asked again.

import { page } from "./page.js";

const KEPT = "dongxihu.conversations";
const CONVERSATIONS = 30;
const TURNS = 100; // of one of them

// of this tab alone: what a reload, or the other language, brings back
const CURRENT = "dongxihu.current"; // which conversation, and whose documents it asks
const WAITING = "dongxihu.waiting"; // questions without an answer as yet
const DRAFT = "dongxihu.draft";

// Under the path of this service: another of the same host keeps its own.
function read(storage, key) {
  try {
    return JSON.parse(window[storage].getItem(key + page.root));
  } catch {
    return null; // nothing of ours, or a browser that keeps nothing
  }
}

function write(storage, key, value) {
  try {
    window[storage].setItem(key + page.root, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or a browser that keeps nothing
  }
}

const listed = (value) => (Array.isArray(value) ? value : []);
const isText = (value) => typeof value === "string";
const isTurn = (turn) => isText(turn?.question) && Array.isArray(turn.answer?.citations);
const isConversation = (one) => isText(one?.id) && isText(one.visit) && Array.isArray(one.turns);
const isWaiting = (one) => isText(one?.id) && isText(one.question) && isText(one.visit);

export function conversations() {
  const kept = listed(read("localStorage", KEPT)).filter(isConversation);
  return kept.map((one) => ({ ...one, turns: one.turns.filter(isTurn) }));
}

export function fresh(visit = "") {
  return { id: crypto.randomUUID?.() ?? String(Math.random()), visit, turns: [] };
}

export function find(id, visit = "") {
  return conversations().find((one) => one.id === id) ?? { ...fresh(visit), id };
}

export function current() {
  const { id, visit } = read("sessionStorage", CURRENT) ?? {};
  return isText(id) && isText(visit) ? { ...find(id), visit } : fresh();
}

export function choose({ id, visit }) {
  write("sessionStorage", CURRENT, { id, visit });
}

// Another tab may have gone on with the same conversation.
function joined(before, turns) {
  const own = new Map(turns.map((turn) => [turn.key, turn]));
  const known = new Set(before.map((turn) => turn.key));
  return [...before.map((turn) => own.get(turn.key) ?? turn), ...turns.filter((turn) => !known.has(turn.key))];
}

// Keep a conversation as it is now, the latest first. False where others went for lack of room.
export function keep(conversation) {
  const { id, visit, turns } = conversation;
  const all = conversations();
  const now = { id, visit, turns: joined(all.find((one) => one.id === id)?.turns ?? [], turns).slice(-TURNS) };
  const rest = all.filter((one) => one.id !== id).slice(0, CONVERSATIONS - 1);
  const before = rest.length;
  while (!write("localStorage", KEPT, [now, ...rest])) {
    if (!rest.length) return false;
    rest.pop();
  }
  return rest.length === before;
}

export function remove(id) {
  write("localStorage", KEPT, conversations().filter((one) => one.id !== id));
}

export const waitingBefore = () => listed(read("sessionStorage", WAITING)).filter(isWaiting);
export const keepWaiting = (waiting) => write("sessionStorage", WAITING, waiting);
export const draft = () => String(read("sessionStorage", DRAFT) ?? "");
export const keepDraft = (text) => write("sessionStorage", DRAFT, text);
