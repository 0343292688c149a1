// What can be asked: of all the documents at first, and after each answer.

import { find, limited, page, parse, query, request, send, show } from "./page.js";

const KNOWN = 50; // questions asked before that are not offered again

let latest = 0; // first screens asked for, so that a slow one does not overwrite a later

// What can be asked of the documents that are asked now; nothing where they are limited, since it
// might have its answer elsewhere.
export async function welcome() {
  const { visit } = page;
  const asked = ++latest;
  if (limited() && !visit) return find("#corpus").replaceChildren();
  try {
    const response = await request(`/page/welcome?${query({ visit, lang: page.lang })}`);
    const found = parse(await response.text());
    if (asked === latest) find("#corpus").replaceChildren(...found);
  } catch {
    // a page without examples can be asked all the same
  }
}

// What goes on from the last turn of a conversation, below the element that shows it.
export async function suggest(element, turns) {
  const { answer, visit } = turns.at(-1);
  if (limited() && !visit) return;
  const isLast = () => element === find("#conversation").lastElementChild && visit === page.visit;
  if (!isLast()) return;
  const cited = answer.citations[0];
  try {
    const response = await send("/page/suggestions", {
      document_id: cited?.document_id ?? "",
      at: cited?.start ?? 0,
      answered: answer.status === "answered",
      asked: turns.map((one) => one.question).slice(-KNOWN),
    }, visit);
    const found = parse(await response.text());
    if (!isLast()) return;
    const offered = find("#suggestions");
    offered.replaceChildren(...found);
    // Below a short answer they are brought into sight, a long one is left where it is read.
    const height = offered.getBoundingClientRect().bottom - element.getBoundingClientRect().top;
    if (height < find(".scroller").clientHeight) show(offered);
  } catch {
    // an answer stands without them
  }
}
