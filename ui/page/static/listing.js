// A list of what is found, page by page, of which some may be picked and removed.

import { attempt } from "./asking.js";
import { fill, find, page, parse, query, request } from "./page.js";

const SIZE = 50; // rows of a page; the server has as many
const PAUSE = 250; // milliseconds after a key: not for every one

export function listing(view, { remove, removeFound }) {
  const rows = find("tbody, .entries", view);
  const filters = find(".filters", view);
  const all = find(".all", view);
  const state = { offset: 0, shown: 0, total: 0, last: 0, found: {} };
  let latest = 0; // so that a slow answer does not overwrite a later
  let waiting;

  const boxes = () => [...rows.querySelectorAll("input[type=checkbox]")];
  const picked = () => boxes().filter((box) => box.checked);
  const control = (action) => find(`[data-action=${action}]`, view);

  async function draw(offset = state.offset) {
    const turn = ++latest;
    clearTimeout(waiting); // what was typed is asked for now
    state.offset = offset; // a second press goes on from here
    const found = Object.fromEntries(new FormData(filters));
    const values = query({ ...found, offset, lang: page.lang });
    let told;
    try {
      told = await (await request(`/operator/do/${view.dataset.listing}?${values}`)).json();
    } catch (error) {
      if (turn === latest) state.offset = state.shown;
      throw error;
    }
    if (turn !== latest) return undefined;
    if (offset && offset >= told.total) return draw(Math.max(0, SIZE * (Math.ceil(told.total / SIZE) - 1)));
    const made = parse(told.html).find((one) => one.children);
    rows.replaceChildren(...(made.tBodies?.[0] ?? made).children);
    // What came since stays where all that is found is removed.
    const last = offset && state.last ? state.last : told.last;
    Object.assign(state, { total: told.total, last, found, shown: offset });
    drawAround();
    return undefined;
  }

  function drawAround() {
    const { offset, total } = state;
    const { words } = page;
    const none = Object.values(state.found).some(Boolean) ? words.none_found : (view.dataset.empty ?? words.none_found);
    const range = fill(words.range, offset + 1, Math.min(offset + SIZE, total), total);
    find(".range", view).textContent = total ? range : none;
    control("before").hidden = control("after").hidden = total <= SIZE;
    control("before").disabled = offset === 0;
    control("after").disabled = offset + SIZE >= total;
    find(".tools .pick", view).hidden = !total;
    const found = control("delete-found");
    if (found) {
      found.hidden = total === 0;
      found.textContent = fill(words.delete_found, total);
    }
    drawPicked();
  }

  function drawPicked() {
    const count = picked().length;
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
    control("delete").hidden = count === 0;
    control("delete").textContent = fill(page.words.delete_picked, count);
  }

  async function turn(offset) {
    await draw(offset);
    find(".filters input", view).scrollIntoView({ block: "nearest" });
  }

  const ACTIONS = {
    before: () => turn(Math.max(0, state.offset - SIZE)),
    after: () => turn(state.offset + SIZE),
    delete: () => remove(picked()),
    "delete-found": () => removeFound(state),
  };

  view.addEventListener("click", (event) => {
    const action = ACTIONS[event.target.closest("button")?.dataset.action];
    if (action) attempt(action);
  });
  view.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    drawPicked();
  });
  filters.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => attempt(() => draw(0)), PAUSE);
  });
  filters.addEventListener("submit", (event) => event.preventDefault());

  return { draw };
}
