// What all modules of the page share: its words, its parts, and how it asks the server.

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const page = {
  app: null,
  root: "",
  words: {},
  lang: "",
  visit: "", // the key of the documents brought along, "" where those of the server are asked
  where: {}, // what the address limits questions to, of the documents of the server
  plain: false, // whether what the server says is told as it is, to whoever runs it
};

export function find(selector, within = page.app) {
  return within.querySelector(selector);
}

export function make(tag, className = "", text = "", attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A button that `main.js` knows what to do about, by one of its data attributes.
export function button(text, data, className = "") {
  const made = make("button", className, text, { type: "button" });
  Object.assign(made.dataset, data);
  return made;
}

// A button that takes something away, which a screen reader is told of by name.
export function remover(name, data) {
  const made = button("✕", data, "remove");
  made.setAttribute("aria-label", `${page.words.delete}：${name}`);
  return made;
}

// Whether it is a second click where something else to remove or to stop has come under the pointer.
export function isSlip(event, clicked) {
  return event.detail > 1 && clicked.matches(".remove, [data-action=stop]");
}

export function parse(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

export function fill(words, ...values) {
  return values.reduce((text, value) => text.replace("{}", () => value), words);
}

export function show(element, block = "nearest") {
  element?.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
}

// An error that says what is wrong; it has a `status` where the server said so. `known` has words
// for what it says in Chinese, by status.
async function refusal(response, known) {
  const { status } = response;
  const detail = await response.json().then((problem) => problem.detail, () => "");
  const { words } = page;
  if (status === 401) location.reload(); // the session has ended: log in again
  const meant = { 429: words.busy, 503: words.busy, 504: words.busy, ...known };
  const told = ((page.plain || words.lang !== "en") && detail) || meant[status] || words.internal;
  return Object.assign(new Error(told), { status, seconds: Number(response.headers.get("Retry-After")) });
}

export async function request(path, options, known = {}) {
  let response;
  try {
    response = await fetch(page.root + path, options);
  } catch {
    throw new Error(page.words.offline);
  }
  if (!response.ok) throw await refusal(response, known);
  return response;
}

// The values of a body of lines of JSON, one by one as they come.
export async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.map((part) => JSON.parse(part));
  }
}

export function send(path, data, visit = page.visit, known = {}) {
  const body = JSON.stringify({ ...data, lang: page.lang, visit });
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  return request(path, options, { ...(visit && { 404: page.words.expired }), ...known });
}

export function query(values) {
  return new URLSearchParams(values).toString();
}

// What the address limits questions to: ?source=年报/2024.pdf, ?date=2023..2024, ?section=教育
export function within() {
  const [since, until] = (page.where.date ?? "").split("..");
  return until === undefined ? page.where : { ...page.where, date: [since, until] };
}

export const limited = () => Object.keys(page.where).length > 0;
