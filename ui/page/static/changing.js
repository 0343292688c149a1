// A change of the index: begun here or in another tab, and told how far it is until it ends.

import { act, attempt, complain } from "./asking.js";
import { fill, find, lines, make, page, parse, query, request } from "./page.js";

const PAUSE = 2000; // milliseconds before a connection that was lost is tried again

let watching = false;
let again = false; // another change has begun meanwhile
let changed = async () => {}; // what is to be drawn anew when a change has ended

export function watchChanges(redraw) {
  changed = redraw;
  watch();
}

export async function change(path, data) {
  try {
    await act(path, data);
  } catch (error) {
    watch(); // it may be another change that goes on
    throw error.status === 429 ? new Error(page.words.already) : error;
  }
  watch();
}

async function watch() {
  again = watching;
  if (watching) return;
  watching = true;
  let lost = false;
  for (;;) {
    try {
      await follow(lost);
      if (!again) break;
      again = lost = false;
    } catch {
      lost = true;
      complain(page.words.reconnecting);
      await new Promise((waited) => setTimeout(waited, PAUSE));
    }
  }
  watching = false;
}

// Tells how far a change is until it ends; throws where the connection ends before.
async function follow(lost) {
  const { body } = await request(`/operator/do/change?${query({ lang: page.lang })}`);
  let begun = false;
  for await (const line of lines(body)) {
    if (!begun && lost) complain("");
    begun = true;
    if (line.step) tellStep(line);
    else return end(line);
  }
  if (begun) throw new Error();
  find("#change").hidden = true;
  if (lost) complain(page.words.internal); // the server has begun anew
}

function tellStep({ step, done, total }) {
  const box = find("#change");
  const told = find(".step", box);
  if (told.textContent !== step) told.textContent = step; // a screen reader tells each text
  find(".count", box).textContent = total ? `${done} / ${total}` : "";
  const bar = find("progress", box);
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
  show(false);
}

function show(ended) {
  const box = find("#change");
  if (box.hidden) find(".operations").scrollTop = 0;
  box.hidden = false;
  find("progress", box).hidden = ended;
  find(".step", box).parentElement.hidden = ended;
  find("[data-action]", box).hidden = !ended;
  if (!ended) find(".outcome", box).replaceChildren();
}

async function end({ html, error }) {
  const outcome = error ? [make("p", "failure", fill(page.words.change_failed, error))] : parse(html);
  show(true);
  find(".step").textContent = "";
  find("#change .outcome").replaceChildren(...outcome);
  await attempt(changed);
}

export async function dismiss() {
  find("#change").hidden = true;
  find("[role=tab][aria-selected=true]").focus();
  await request("/operator/do/change", { method: "DELETE" });
}
