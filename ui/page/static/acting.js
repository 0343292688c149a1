// What can be done with an answer: copied, linked to, judged, exported.

import { inUse, keep, turnOf, turns } from "./chat.js";
import { fill, find, page, send, show } from "./page.js";

const LINKED = 6; // questions of one link

const toldOf = (element) => find(".told", element.closest(".reply"));

async function copy(text, button, telling) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // without https a browser has only the old way
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus({ preventScroll: true });
  }
  toldOf(button).textContent = telling;
}

export function copyAnswer(button) {
  const { answer } = turnOf(button);
  const lines = answer.citations.map(
    (cited, place) => `[${place + 1}] “${cited.quote}” ——《${cited.title}》${cited.section}`,
  );
  const text = [answer.text, ...lines].join("\n").replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (c) => (c === "\n" ? c : ""));
  return copy(text, button, page.words.copied);
}

// The turn's question, with those before it that it leans on.
function chain(turn) {
  const all = turns();
  const last = all.indexOf(turn);
  let first = last;
  while (all[first].leans && first > 0 && last - first < LINKED - 1) first -= 1;
  return all.slice(first, last + 1).map((one) => one.question);
}

export function share(button) {
  const turn = turnOf(button);
  const link = new URL(location.pathname, location.origin);
  for (const question of chain(turn)) link.searchParams.append("q", question);
  for (const [name, value] of Object.entries(turn.where)) link.searchParams.set(name, [value].flat().join(".."));
  if (turn.visit) link.hash = new URLSearchParams({ visit: turn.visit }); // no log holds what follows #
  return copy(link.href, button, turn.visit ? page.words.link_own : page.words.copied_link);
}

export async function judge(button) {
  const turn = turnOf(button);
  const reply = button.closest(".reply");
  if (!(await sendVerdict(turn, button.dataset.verdict, "", toldOf(button)))) return;
  for (const one of reply.querySelectorAll("[data-verdict]")) {
    one.setAttribute("aria-pressed", String(one.dataset.verdict === turn.verdict));
  }
  find(".note", reply).hidden = false;
  show(find(".note", reply));
}

export async function note(form) {
  const turn = turnOf(form);
  const { note: field } = form.elements;
  if (!(await sendVerdict(turn, turn.verdict, field.value, toldOf(form)))) return;
  form.hidden = true;
  form.reset();
  find("[aria-pressed=true]", form.closest(".reply")).focus();
}

let judging = Promise.resolve(); // one verdict after the other: the last one counts

// Whether a verdict has been kept.
function sendVerdict(turn, verdict, words, told) {
  const history = chain(turn).slice(0, -1);
  const conversation = inUse(); // another may be opened meanwhile
  const sent = judging.then(() => keepVerdict({ turn, history, verdict, words, told, conversation }));
  judging = sent;
  return sent;
}

async function keepVerdict({ turn, history, verdict, words, told, conversation }) {
  if (turn.verdict === verdict && !words) return true; // clicked twice
  const { key, question, visit, where } = turn;
  try {
    await send("/page/feedback", { key, question, history, where, verdict, note: words }, visit);
  } catch (error) {
    told.textContent = fill(page.words.not_sent, error.message);
    return false;
  }
  turn.verdict = verdict;
  keep(conversation);
  told.textContent = page.words.thanks;
  return true;
}

// What a file tells of an answer, so that long conversations fit a request; its parts say its text.
function lighter({ citations, ...answer }) {
  const cited = citations.map(({ quote, source, title, section, year, page: of }) => (
    { quote, source, title, section, year, page: of, passage: "", document_id: "", start: 0, end: 0 }
  ));
  return { ...answer, text: answer.status === "answered" ? "" : answer.text, citations: cited };
}

export async function exportConversation(button) {
  const kind = button.dataset.export;
  const kept = turns().map(({ question, answer, visit }) => ({ question, answer: lighter(answer), visit }));
  const told = find(".told", button.closest(".sheet"));
  told.textContent = kept.length ? "" : page.words.no_conversations;
  if (!kept.length) return;
  try {
    const response = await send(`/page/export?kind=${kind}`, { turns: kept });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${page.words.title}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // once it is surely saved
  } catch (error) {
    const why = error.status === 413 ? page.words.too_long_to_export : error.message;
    told.textContent = fill(page.words.exporting_failed, why);
  }
}
