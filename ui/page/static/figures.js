// Runs once in the browser: fills the view of the figures from the API when it is first shown.
const find = (selector) => element.querySelector(selector);
const words = JSON.parse(find(".figures").dataset.words);
const PAGE = 50;
const state = { sort: "place", descending: false, shown: 0 };

function make(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function addressOf(row) {
  const query = new URLSearchParams({ start: row.start, end: row.end, lang: words.lang });
  return `/source/${row.document_id}?${query}`;
}

function drawRow(row) {
  const line = document.createElement("tr");
  const head = make("th", "", { scope: "row" });
  head.append(make("button", row.indicator || row.value, { type: "button", "data-source": addressOf(row) }));
  line.append(
    head,
    make("td", row.value),
    make("td", row.unit),
    make("td", row.year ?? ""),
    make("td", words[row.status] ?? ""),
    make("td", row.sentence, { class: "sentence" }),
  );
  line.addEventListener("click", (event) => {
    if (!event.target.closest("button")) head.firstChild.click();
  });
  return line;
}

async function ask(path, query) {
  const response = await fetch(`/api/${path}?${new URLSearchParams(query)}`);
  const told = await response.json();
  if (!response.ok) throw new Error(told.detail);
  return told;
}

let latest = 0; // of the requests sent, so that a slow one does not overwrite a later

async function draw(more = false) {
  const request = ++latest;
  const query = { limit: PAGE, offset: more ? state.shown : 0, sort: state.sort };
  query.descending = state.descending;
  for (const name of ["q", "year", "status"]) {
    const value = find(`[name=${name}]`).value.trim();
    if (value) query[name] = value;
  }
  try {
    const page = await ask("figures", query);
    if (request !== latest) return;
    const years = find("[name=year]");
    if (years.length === 1) {
      years.append(...page.years.map((year) => make("option", year, { value: year })));
    }
    const rows = page.items.map(drawRow);
    if (more) find("tbody").append(...rows);
    else find("tbody").replaceChildren(...rows);
    state.shown = query.offset + rows.length;
    find(".more").hidden = state.shown >= page.total;
    find(".count").textContent = words.found.replace("{}", page.total);
  } catch (error) {
    find(".count").textContent = error.message;
  }
}

function drawSort() {
  for (const button of element.querySelectorAll("[data-sort]")) {
    const sorted = button.dataset.sort === state.sort;
    const direction = state.descending ? "descending" : "ascending";
    button.parentElement.setAttribute("aria-sort", sorted ? direction : "none");
  }
}

function drawSeries(found) {
  const made = document.createElement("figure");
  made.lang = "zh-CN";
  made.append(make("figcaption", found.indicator));
  const most = Math.max(...found.rows.map((row) => Math.abs(Number(row.number))));
  const list = document.createElement("ul");
  for (const row of found.rows) {
    const item = document.createElement("li");
    const status = words[row.status] ? ` ${words[row.status]}` : "";
    const bar = make("span", "", { class: `bar ${row.status}`, "aria-hidden": "true" });
    bar.style.inlineSize = `${Math.max(2, (100 * Math.abs(Number(row.number))) / most)}%`;
    const button = make("button", "", { type: "button", "data-source": addressOf(row) });
    button.append(make("span", `${row.year}${status}`, { class: "when" }), bar, make("strong", row.value));
    item.append(button);
    list.append(item);
  }
  made.append(list);
  return made;
}

async function start() {
  drawSort();
  draw();
  try {
    const series = await ask("figures/series", {});
    find(".series").replaceChildren(
      ...(series.length ? series.map(drawSeries) : [make("p", words.no_series)]),
    );
  } catch (error) {
    find(".series").textContent = error.message;
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sort]");
  if (button) {
    const same = state.sort === button.dataset.sort;
    state.descending = same ? !state.descending : false;
    state.sort = button.dataset.sort;
    drawSort();
    draw();
  }
  if (event.target.closest(".more")) draw(true);
});
element.addEventListener("input", () => draw());

new IntersectionObserver((seen, observer) => {
  if (!seen.some((one) => one.isIntersecting)) return;
  observer.disconnect();
  start();
}).observe(element);
