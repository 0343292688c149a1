// The figures of the documents in use: picked, sorted, drawn, saved, each opening its source.

import { fill, find, page, parse, query, request } from "./page.js";
import { openSource } from "./source.js";

const state = { frame: "", visit: "", sort: "place", descending: false, shown: 0, total: 0 };
// Of what was asked for, so that a slow answer does not overwrite a later.
const latest = { frame: 0, rows: 0, charts: 0 };
let view;

export async function showFigures(shown) {
  if (!view) listen(shown);
  view = shown;
  const { visit } = page;
  const asked = ++latest.frame;
  let frame;
  try {
    frame = await (await request(`/page/figures?${query({ visit, lang: page.lang })}`)).text();
  } catch (error) {
    if (asked === latest.frame) fail(error);
    return;
  }
  if (asked !== latest.frame) return;
  if (frame === state.frame && visit === state.visit && find("form", view)) return;
  const before = visit === state.visit && find("form", view) ? picked() : {};
  Object.assign(state, { frame, visit }, visit === state.visit ? {} : { sort: "place", descending: false });
  view.replaceChildren(...parse(frame));
  for (const [name, value] of Object.entries(before)) {
    const field = find(`[name=${name}]`, view);
    if (!field) continue;
    field.value = value;
    if (field.selectedIndex === -1) field.value = ""; // a year that no figure is of any more
  }
  drawSort();
  await Promise.all([drawRows(), drawCharts()]);
}

function fail(error) {
  state.frame = ""; // what is missing is drawn when the view is opened again
  const told = find(".told", view);
  if (told) told.textContent = error.message;
  else view.textContent = error.message;
}

function listen(shown) {
  shown.addEventListener("input", (event) => event.target.closest("form") && redraw());
  shown.addEventListener("submit", (event) => {
    if (event.target.matches(".filters")) event.preventDefault();
  });
  shown.addEventListener("click", (event) => {
    const clicked = event.target.closest("button") ?? find("[data-document]", event.target.closest("tbody tr") ?? document.createElement("p"));
    if (!clicked || getSelection().toString()) return;
    if ("document" in clicked.dataset) openFigure(clicked);
    else if ("sort" in clicked.dataset) sortBy(clicked.dataset.sort);
    else if ("file" in clicked.dataset) save(clicked.dataset.file);
    else if (clicked.matches(".more")) drawRows(true);
    else if (clicked.matches(".all-charts")) showAllCharts(clicked);
  });
}

function openFigure(button) {
  button.focus({ preventScroll: true }); // comes back to it; a click beside it has not moved it there
  const { document: id, start, end } = button.dataset;
  openSource([{ document_id: id, start: Number(start), end: Number(end) }], 0, state.visit);
}

function picked() {
  const values = [...new FormData(find("form", view))].map(([name, value]) => [name, value.trim()]);
  return Object.fromEntries(values.filter(([, value]) => value));
}

function asked(more = {}) {
  const { sort, descending, visit } = state;
  return query({ ...picked(), sort, descending, visit, lang: page.lang, ...more });
}

let waiting;

function redraw() {
  clearTimeout(waiting);
  waiting = setTimeout(() => Promise.all([drawRows(), drawCharts()]), 200); // not for every key
}

async function drawRows(more = false) {
  const turn = ++latest.rows;
  try {
    const offset = more ? state.shown : 0;
    const { html, total } = await (await request(`/page/figures/rows?${asked({ offset })}`)).json();
    if (turn !== latest.rows) return;
    const rows = [...parse(html)[0].tBodies[0].rows];
    const body = find("tbody", view);
    if (more) body.append(...rows);
    else body.replaceChildren(...rows);
    Object.assign(state, { shown: offset + rows.length, total });
    find(".more", view).hidden = state.shown >= total;
    find(".count", view).textContent = fill(page.words.found, total);
    find("table", view).hidden = total === 0;
    find(".told", view).textContent = "";
    if (more) find("button", rows[0])?.focus({ preventScroll: true });
  } catch (error) {
    if (turn === latest.rows) fail(error);
  }
}

async function drawCharts() {
  const turn = ++latest.charts;
  try {
    const html = await (await request(`/page/figures/charts?${asked()}`)).text();
    if (turn !== latest.charts) return;
    const charts = parse(html);
    find(".charts", view).replaceChildren(...charts);
    find(".charting", view).hidden = !find("figure", view);
  } catch (error) {
    if (turn === latest.charts) fail(error);
  }
}

function showAllCharts(button) {
  const hidden = [...view.querySelectorAll(".chart[hidden]")];
  for (const chart of hidden) chart.hidden = false;
  find("button", hidden[0]).focus({ preventScroll: true });
  button.remove();
}

function sortBy(column) {
  state.descending = state.sort === column && !state.descending;
  state.sort = column;
  drawSort();
  drawRows();
}

function drawSort() {
  for (const button of view.querySelectorAll("[data-sort]")) {
    const way = state.descending ? "descending" : "ascending";
    button.parentElement.setAttribute("aria-sort", button.dataset.sort === state.sort ? way : "none");
  }
}

async function save(kind) {
  try {
    const response = await request(`/page/figures/file?${asked({ kind })}`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${page.words.title} ${page.words.figures_tab}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // once it is surely saved
    const { most } = find(".figures", view).dataset;
    find(".told", view).textContent = state.total > Number(most) ? fill(page.words.file_cut, most) : "";
  } catch (error) {
    fail(error);
  }
}
