// What the operator asks of the server: told where it goes wrong, and confirmed where it matters.

import { find, make, page, request } from "./page.js";

// What goes wrong is told in one place; "" where it goes well again.
export function complain(told) {
  find(".problem").textContent = told;
}

export async function attempt(work) {
  complain("");
  try {
    return await work();
  } catch (error) {
    complain(error.message);
    return undefined;
  }
}

export async function act(path, data) {
  const body = JSON.stringify(data);
  const response = await request(`/operator/do/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return response.status === 200 ? response.json() : undefined;
}

let latest = 0; // what is asked; a question before it that was left unanswered means no

export async function confirmed(title, told, label) {
  const dialog = find("#confirm");
  find("h2", dialog).textContent = title;
  find(".lines", dialog).replaceChildren(...told.map((line) => make("p", "", line)));
  find(".primary", dialog).textContent = label;
  dialog.returnValue = "";
  dialog.showModal();
  const turn = ++latest;
  do {
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  } while (turn === latest && dialog.open); // the event may be of the time before
  return turn === latest && dialog.returnValue === "yes";
}
