"""The chat page; with the operator's, the only place gradio is imported."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from pydantic import BaseModel, ValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus import SUFFIXES
from ui.faces.problems import handle_refusals, problem, tell_wrong
from ui.faces.rest import Text, Turns
from ui.guard.mounted import Mounted
from ui.page.templating import Templates
from ui.page.words import Words
from ui.service.service import Service
from ui.service.visits import DOCUMENTS, SECONDS
from ui.telemetry.log import explain_or_log

__all__ = ["MODULES", "build_page", "mount_page"]

# Gradio keeps past events, and builds a table of them after each so many; nobody reads it here,
# and what fails in it would be printed.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))

# What the chat page begins with: else a browser learns of each only by reading another.
MODULES = ("main", "acting", "chat", "documents", "keeping", "offers", "page", "source")
STATIC = Path(__file__).parent / "static"
SESSIONS = 500  # of Gradio, which keeps some 50 KB of each and is not needed for it
FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "system-ui",
    "sans-serif",
)

_EVENT = re.compile(r"/gradio_api/call/[^/]+/([^/]+)$")


class _Asked(BaseModel):
    """What the page's endpoint takes, as the REST API does."""

    question: Text
    history: Turns | None = None


class _Page(gr.Blocks):
    """A page whose endpoint says in words what is wrong with what it is given."""

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False
    ) -> list[Any]:
        """Question and history.

        Gradio would take any values, look for files in them, keep them, and print a traceback
        where one is missing.
        """
        try:
            asked = _Asked.model_validate(dict(zip(_Asked.model_fields, inputs, strict=False)))
        except ValidationError as error:
            raise gr.Error(tell_wrong(error.errors()[0]), print_exception=False) from error
        return [asked.question, asked.history]


def build_page(service: Service, templates: Templates, words: Words) -> gr.Blocks:
    """The chat page in one language.

    It is one block of HTML, so that nothing of it comes later than the rest; `main.js` keeps the
    conversation and asks the routes of `ui.page.turns`, so that nothing of a chat is kept here.
    """

    async def answer(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question; `history` holds earlier questions, oldest first."""
        try:
            return (await service.answer(question, history or [])).to_dict()
        except Exception as error:
            told = explain_or_log(error, "a question failed", words.internal)
            raise gr.Error(told, print_exception=False) from error

    kilobytes = service.settings.upload_kb
    hint = words.upload_hint.format(f"{kilobytes / 1024:g}", DOCUMENTS, SECONDS // 3600)
    page = _Page(title=words.title, analytics_enabled=False)
    page.state_session_capacity = SESSIONS
    with page:
        gr.HTML(
            templates.render(
                "page",
                words,
                accepted=",".join(SUFFIXES),
                upload_hint=hint,
                most=DOCUMENTS,
                bytes=kilobytes * 1024,
            ),
            js_on_load=(STATIC / "boot.js").read_text("utf-8"),
            padding=False,
        )
        api(answer, api_name="answer")
    page.queue(default_concurrency_limit=None)  # the service has a queue of its own
    return page


def mount_page(
    app: FastAPI, page: gr.Blocks, path: str, root: str, modules: Sequence[str] = ()
) -> None:
    """Put a page at a path of a server that stands under `root`; it begins with some `modules`."""
    page.has_launched = True  # else Gradio takes any file of this machine for one of its own
    gr.mount_gradio_app(
        app,
        page,
        path=path,
        theme=gr.themes.Base(
            primary_hue=gr.themes.colors.teal,
            neutral_hue=gr.themes.colors.stone,
            font=FONTS,
            font_mono=FONTS,
            text_size=gr.themes.sizes.text_lg,
        ),
        head=_head(root, modules),
        favicon_path=str(STATIC / "favicon.svg") if path == "/" else None,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # Gradio cannot close its upload route, only narrow it
        ssr_mode=False,
    )
    mounted = cast("Mount", app.router.routes[-1])
    # 400: Gradio's client reads a 422 as something else.
    handle_refusals(cast("FastAPI", mounted.app), root, invalid=400)
    guarded = Mounted(_with_known_events(mounted.app, page))
    mounted.app = GZipMiddleware(_told_whole_path(guarded, root))


def _head(root: str, modules: Sequence[str]) -> str:
    """What Gradio puts into the head of a page, right before it draws it."""
    # Within it, so that nothing is ever seen without its style; not as `css_paths`, since Gradio
    # rewrites the selectors of those.
    style = f"<style>{(STATIC / 'page.css').read_text('utf-8')}</style>"
    icon = f'<link rel="icon" href="{root}/site/favicon.svg">' if root else ""
    ahead = (f'<link rel="modulepreload" href="{root}/site/{name}.js">' for name in modules)
    return "".join([style, icon, *ahead])


def _with_known_events(app: ASGIApp, page: gr.Blocks) -> ASGIApp:
    """An app that tells only of what is being asked; for anything else Gradio begins an answer,
    and breaks it off.
    """

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        event = _EVENT.search(scope["path"])
        # Those of each session of which the end has not been told; nothing else knows.
        untold = page._queue.pending_event_ids_session.values()  # noqa: SLF001
        if event and not any(event[1] in ids for ids in untold):
            gone = problem(404, "没有这次提问，请重新提问", scope["path"])
            await gone(scope, receive, send)
        else:
            await app(scope, receive, send)

    return known


def _told_whole_path(app: ASGIApp, root: str) -> ASGIApp:
    """An app that hears of the path before it as well; by it Gradio finds its own parts."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        whole = {name: f"{root}{scope[name]}" for name in ("path", "root_path")}
        await app({**scope, **whole}, receive, send)

    return told if root else app
