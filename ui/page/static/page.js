// Runs once in the browser. The conversation is kept here: each question goes to the server with
// the turns it may lean on, and its answer takes the place held for it.
const find = (selector, within = document) => within.querySelector(selector);
const log = find("#conversation", element);
const words = JSON.parse(log.dataset.words);
const PAST = "dongxihu.history";
const PAST_KEPT = 30;
const CHAT = "dongxihu.chat"; // of this tab: what a reload brings back
const TURNS = 6; // earlier ones that a question may lean on
// Looked up here, but not of `element`: Gradio mounts each when the code for its kind has come.
const PARTS = ["#brought", "#file", "#question textarea", "#source"];
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
// What the address limits questions to: ?source=年报/2024.pdf, ?date=2023..2024, ?section=教育
const limits = ["source", "date", "section"].map((name) => [name, limitOf(name)]);
const where = Object.fromEntries(limits.filter(([, value]) => value));
const limited = Object.keys(where).length > 0; // of the documents here; not of one's own
let visit = ""; // the key of the documents brought along
let number = 0; // of the latest turn
let left = []; // of a conversation that is being brought back: what is still to be asked

document.documentElement.lang = words.lang; // chooses the forms of shared characters, too

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

// what goes wrong, in the page's language

async function told(response) {
  const detail = await response.json().then((problem) => problem.detail, () => "");
  if (response.status === 401) location.reload(); // the session has ended: log in again
  if (words.lang !== "en" && detail) return detail;
  return { 400: words.not_a_question, 404: words.expired, 422: words.not_a_question, 429: words.busy }[
    response.status
  ] ?? words.internal;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(words.internal);
  }
  if (!response.ok) throw new Error(await told(response));
  return response;
}

function send(path, data, key = visit) {
  const body = JSON.stringify({ ...data, lang: words.lang, visit: key });
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
}

// asking

function limitOf(name) {
  return new URLSearchParams(location.search).get(name) ?? "";
}

function within() {
  const [since, until] = (where.date ?? "").split("..");
  return until === undefined ? where : { ...where, date: [since, until] };
}

function tellLimits() {
  if (!limited) return;
  const said = make("p", "told", words.only_within.replace("{}", Object.values(where).join(" · ")));
  const all = make("a", "", words.everywhere);
  all.href = location.pathname;
  said.id = "limits";
  said.append(" ", all);
  log.before(said);
}

const turns = () => [...log.querySelectorAll(".turn[data-question]")];

// A reload, or a server that was started anew, asks the same of the same documents again.
function keepChat() {
  try {
    const asked = turns().map((turn) => [turn.dataset.question, turn.dataset.visit]);
    sessionStorage.setItem(CHAT, JSON.stringify({ asked: [...asked, ...left], visit }));
  } catch {
    // a browser that keeps nothing
  }
}

async function restoreChat() {
  let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(CHAT) || "{}");
  } catch {
    // nothing was kept
  }
  if (typeof kept.visit === "string" && kept.visit) await restoreVisit(kept.visit);
  const asked = Array.isArray(kept.asked) ? kept.asked.slice(-PAST_KEPT) : [];
  left = asked.filter(Array.isArray);
  while (left.length) {
    const [question, key] = left.shift();
    // What was asked of documents that have been forgotten must not be asked of others.
    if (!key || key === visit) await ask(String(question), key ? visit : "");
  }
}

async function restoreVisit(key) {
  const query = new URLSearchParams({ lang: words.lang });
  try {
    const response = await request(`/page/documents/${encodeURIComponent(key)}?${query}`);
    find("#brought").replaceChildren(...parse(await response.text()).childNodes);
    visit = key;
  } catch {
    find("#brought").replaceChildren(make("p", "told", words.expired));
  }
}

function hold(question) {
  const turn = make("section", "turn");
  turn.id = `turn-${++number}`;
  const said = make("h2", "question", question.slice(0, 300));
  turn.append(said, make("article", "reply pending", words.pending));
  log.append(turn);
  find("#welcome").hidden = true;
  find("#again").hidden = false;
  find("#suggestions").replaceChildren();
  turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  return turn;
}

async function ask(question, key = visit) {
  if (!question.trim()) return;
  const before = turns().slice(-TURNS);
  const history = before.map((turn) => [turn.dataset.question, turn.dataset.answer]);
  const place = hold(question);
  try {
    const response = await send("/page/turn", { number, question, history, where: key ? {} : within() }, key);
    const turn = find(".turn", parse(await response.text()));
    if (!place.isConnected) return; // a new conversation was begun meanwhile
    place.replaceWith(turn);
    remember(turn);
    keepChat();
    show(turn);
    if (turn === log.lastElementChild) suggest(turn);
  } catch (error) {
    const failed = make("article", "reply failed");
    failed.append(make("p", "label", words.failed), make("p", "text", error.message));
    find(".reply", place)?.replaceWith(failed);
  }
}

async function askInTurn(questions) {
  for (const question of questions) await ask(question);
}

async function suggest(turn) {
  if (limited && !turn.dataset.visit) return; // they might have their answers elsewhere
  const reply = find(".reply", turn);
  try {
    const response = await send("/page/suggestions", {
      document_id: reply.dataset.document ?? "",
      at: Number(reply.dataset.at ?? 0),
      answered: reply.classList.contains("answered"),
      asked: turns().map((one) => one.dataset.question).slice(-50),
    }, turn.dataset.visit);
    const found = parse(await response.text());
    if (turn !== log.lastElementChild || turn.dataset.visit !== visit) return;
    find("#suggestions").replaceChildren(...found.childNodes);
    // Below a short answer they are brought into sight, a long one is left where it is read.
    const height = find("#suggestions").getBoundingClientRect().bottom - turn.getBoundingClientRect().top;
    if (height < 0.8 * innerHeight) show(find("#again"));
  } catch {
    // an answer stands without them
  }
}

function show(element) {
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

function begin() {
  left = [];
  log.replaceChildren();
  find("#suggestions").replaceChildren();
  find("#welcome").hidden = false;
  find("#again").hidden = true;
  drawPast();
  keepChat();
  find("#question textarea").focus();
}

// questions asked before, in this browser

function past() {
  try {
    const kept = JSON.parse(localStorage.getItem(PAST) || "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function keepPast(questions) {
  try {
    localStorage.setItem(PAST, JSON.stringify(questions));
  } catch {
    // a browser that keeps nothing
  }
  drawPast();
}

function remember(turn) {
  const { question, leans } = turn.dataset;
  if (leans || visit) return; // alone it would mean something else
  keepPast([question, ...past().filter((one) => one !== question)].slice(0, PAST_KEPT));
}

function drawPast() {
  const items = past().map((question) => {
    const button = make("button", "example", question);
    button.type = "button";
    button.dataset.ask = question;
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  find("#history ul").replaceChildren(...items);
  find("#history").hidden = !items.length;
}

// documents of one's own

let reading = Promise.resolve(); // one document after the other

async function bring(file) {
  await started;
  const shown = find("#brought");
  const keep = shown.innerHTML; // our own words, escaped by the server
  try {
    const query = new URLSearchParams({ name: file.name, visit, lang: words.lang });
    const response = await request(`/page/documents?${query}`, { method: "POST", body: file });
    const lines = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let last = {};
    for (;;) {
      const { value, done } = await lines.read();
      if (done) break;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const part of parts) {
        last = JSON.parse(part);
        shown.replaceChildren(...parse(last.html).childNodes);
      }
    }
    if (!last.visit) throw new Error(shown.textContent || words.internal);
    visit = last.visit;
    await offer();
  } catch (error) {
    shown.innerHTML = keep;
    const failed = make("p", "told", error.message);
    failed.setAttribute("role", "alert");
    shown.append(failed);
  }
}

// What can be asked of the documents that are asked now.
async function offer() {
  const key = visit;
  keepChat();
  find("#suggestions").replaceChildren();
  if (limited) find("#limits").hidden = Boolean(key);
  if (limited && !key) return find("#examples").replaceChildren(); // as `suggest` does
  try {
    const response = key
      ? await send("/page/suggestions", { asked: [] })
      : await request(`/page/welcome?${new URLSearchParams({ lang: words.lang })}`);
    const found = parse(await response.text());
    if (key === visit) find("#examples").replaceChildren(...found.childNodes);
  } catch {
    // a page without examples can be asked all the same
  }
}

async function forget() {
  const key = visit;
  visit = "";
  find("#brought").replaceChildren();
  offer();
  await fetch(`/page/documents/${encodeURIComponent(key)}`, { method: "DELETE" }).catch(() => {});
}

// the source of a citation, in a panel beside the conversation

async function openSource(address) {
  const panel = find("#source");
  const body = find("#source-body");
  try {
    const page = await (await request(address)).text();
    const main = find("main", new DOMParser().parseFromString(page, "text/html"));
    find("#source-place").textContent = find(".place", main)?.textContent ?? "";
    body.replaceChildren(...main.children);
  } catch (error) {
    body.replaceChildren(make("p", "", words.no_source.replace("{}", error.message)));
  }
  find("#alone").href = `${address}#quote`;
  if (!panel.open) panel.showModal();
  const quote = find("#quote", body);
  (quote || body).focus({ preventScroll: true });
  quote?.scrollIntoView({ block: "center" });
}

// what can be done with an answer

async function copy(text, said, telling) {
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
  }
  said.textContent = telling;
}

function chain(turn) {
  const questions = [turn.dataset.question];
  for (let at = turn; at?.dataset.leans && questions.length < TURNS; ) {
    at = turns()[turns().indexOf(at) - 1];
    if (at) questions.unshift(at.dataset.question);
  }
  return questions;
}

function share(turn) {
  const link = new URL(location.pathname, location.origin);
  for (const question of chain(turn)) link.searchParams.append("q", question);
  for (const [name, value] of Object.entries(where)) link.searchParams.set(name, value);
  return link.href;
}

async function sendFeedback(form) {
  const turn = form.closest(".turn");
  const questions = chain(turn);
  const said = find(".told", turn);
  const body = JSON.stringify({
    question: questions.at(-1),
    history: questions.slice(0, -1),
    where: within(), // of documents of one's own no verdict is kept
    verdict: find("input[type=radio]:checked", form).value,
    note: form.elements.note.value,
  });
  const headers = { "Content-Type": "application/json" };
  const button = find("button", form);
  button.disabled = true; // pressed twice, it is still one verdict
  try {
    await request("/api/feedback", { method: "POST", headers, body });
    find("details.feedback", turn).open = false;
    form.reset();
    said.textContent = words.thanks;
  } catch (error) {
    said.textContent = words.not_sent.replace("{}", error.message);
  } finally {
    button.disabled = false;
  }
}

const ACTIONS = {
  begin,
  forget,
  clear: () => keepPast([]),
  close: () => find("#source").close(),
  upload: () => find("#file").click(),
  copy: (button) => {
    const reply = button.closest(".reply");
    copy(reply.dataset.copy, find(".told", reply), words.copied);
  },
  share: (button) => {
    const turn = button.closest(".turn");
    copy(share(turn), find(".told", turn), words.shared);
  },
};

document.addEventListener("click", (event) => {
  if (event.target === find("#source")) find("#source").close(); // beside the panel
  const button = event.target.closest?.("[data-ask], [data-source], [data-action]");
  if (!button) return;
  if (button.dataset.ask) {
    started.then(() => ask(button.dataset.ask));
    find("#question textarea").focus({ preventScroll: true }); // the button goes away
  } else if (button.dataset.source) openSource(button.dataset.source);
  else ACTIONS[button.dataset.action](button);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.(".feedback form");
  if (!form) return;
  event.preventDefault();
  sendFeedback(form);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "file" || !event.target.files.length) return;
  for (const file of event.target.files) reading = reading.then(() => bring(file));
  event.target.value = "";
});

document.addEventListener(
  "toggle",
  (event) => event.target.matches(".feedback") && event.target.open && show(event.target),
  true,
);

// beginning

function mounted() {
  return new Promise((resolve) => {
    const observer = new MutationObserver(look);
    function look() {
      if (!PARTS.every((part) => find(part))) return;
      observer.disconnect();
      resolve();
    }
    observer.observe(document.body, { childList: true, subtree: true });
    look();
  });
}

async function start() {
  await mounted();
  drawPast();
  tellLimits();
  const linked = new URLSearchParams(location.search).getAll("q");
  if (linked.length) {
    offer();
    await askInTurn(linked.slice(0, TURNS));
  } else {
    await restoreChat();
    offer();
  }
}

// What is asked meanwhile waits, so that it follows what a reload brings back.
const started = start();

function takeAsked() {
  askInTurn((window.asked ?? []).splice(0));
}

started.then(() => {
  document.addEventListener("ask", takeAsked);
  takeAsked();
});
