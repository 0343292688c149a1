"""The operator's page: what is indexed, and adding to it with progress, behind a password."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any

import gradio as gr

from corpus import SUFFIXES
from index import Progress, Summary, default_home
from qa import default_index
from ui.page import views
from ui.page.render import escaped
from ui.page.words import CHINESE, Words
from ui.service.collection import add_documents
from ui.service.feedback import Feedback
from ui.service.workers import until_done
from ui.telemetry.log import explain_or_log

__all__ = ["build_operator_page", "tell_added"]

LISTED = 200  # documents on the page
UPLOADS_KEPT = (600, 600)  # seconds between two looks, and of age, for files never added


def build_operator_page(feedback: Feedback, words: Words) -> gr.Blocks:
    """The page in one language; who may see it is decided before a request comes here."""

    async def add(paths: list[str] | None) -> AsyncIterator[tuple[Any, ...]]:
        files = [Path(path) for path in paths or ()]
        if files and not any(file.exists() for file in files):
            return  # a second press, after the first has taken them
        if not files:
            yield views.say(words.choose_files, "alert"), gr.skip(), gr.skip()
            return
        told = words.preparing
        steps = dict(zip(CHINESE.steps, words.steps, strict=True))

        def progress(what: str, done: int, total: int) -> None:
            nonlocal told
            told = words.adding.format(steps.get(what, what), done, total)

        # It goes on in its thread, and its files stay, should the page be closed meanwhile.
        adding = asyncio.ensure_future(asyncio.to_thread(_add, files, progress))
        try:
            async for _ in until_done(adding):
                yield views.say(told), gr.skip(), gr.skip()
            summary = adding.result()
        except Exception as error:  # noqa: BLE001 - the page outlives any file
            said = explain_or_log(error, "adding documents failed", words.internal)
            for file in files:  # where the server put it is nobody's business
                said = said.replace(str(file), file.name)
            yield views.say(said, "alert"), gr.skip(), gr.skip()
            return
        said = tell_added({file.name for file in files}, summary, words)
        yield views.say(said), await asyncio.to_thread(listed), None

    def listed() -> str:
        rows = "".join(
            f"<tr><td>{escaped(d.title)}</td><td>{escaped(d.source)}</td>"
            f"<td>{escaped(d.date)}</td><td>{d.characters}</td></tr>"
            for d in default_index().catalogue.heads(LISTED)
        )
        heads = (words.documents, words.source, words.year, words.characters)
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        return (
            f"<p>{words.feedback}: {feedback.count()}</p>"
            f'<div class="table" tabindex="0" role="region" aria-label="{words.documents}"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    page = gr.Blocks(
        delete_cache=UPLOADS_KEPT,
        title=f"{words.operator} · {words.title}",
        analytics_enabled=False,
    )
    with page:
        gr.HTML(
            f'<header><h1>{words.operator}</h1><form method="post" action="/logout">'
            f"<button>{words.log_out}</button></form>"
            f'<p><a href="/">{words.back}</a></p></header>'
        )
        documents = gr.HTML()
        files = gr.File(label=words.add_documents, file_count="multiple", file_types=[*SUFFIXES])
        button = gr.Button(words.add, variant="primary", elem_id="add")
        state = gr.HTML(elem_id="state")
        private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        button.click(add, [files], [state, documents, files], **private)
        page.load(listed, None, documents, **private)
    return page


def tell_added(names: Collection[str], summary: Summary, words: Words) -> str:
    """What became of files; the index may have taken in others of the folder as well."""
    added = sum(name in names for name in summary.added)
    changed = sum(name in names for name in summary.changed)
    said = [words.added.format(added, changed, summary.documents)]
    twins = [f"{name} = {of}" for name, of in summary.duplicates.items() if name in names]
    if twins:
        said.append(words.duplicates.format("、".join(twins)))
    return " · ".join(said)


def _add(files: list[Path], progress: Progress) -> Summary:
    try:
        return add_documents(files, default_home(), progress)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
