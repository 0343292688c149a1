"""The chat page; with the operator's, the only place gradio is imported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import api

from ui.page import views
from ui.page.words import Words
from ui.service.service import Service
from ui.telemetry.log import explain_or_log

__all__ = ["build_page", "mount_page"]

# Gradio builds a table of this many past events after each; nobody reads it here.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")

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


def build_page(service: Service, words: Words) -> gr.Blocks:
    """The chat page in one language.

    `page.js` keeps the conversation and asks the routes of `ui.page.turns` for each turn, so that
    nothing of a chat is kept here, and what a reader opened or began to write stays.
    """

    async def answer(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question; `history` holds earlier questions, oldest first."""
        try:
            return (await service.answer(question, history or [])).to_dict()
        except Exception as error:
            told = explain_or_log(error, "a question failed", words.internal)
            raise gr.Error(told, print_exception=False) from error

    page = gr.Blocks(title=words.title, analytics_enabled=False)
    page.state_session_capacity = SESSIONS
    with page:
        gr.HTML(views.header(words))
        with gr.Tabs(elem_id="views"):
            with gr.Tab(words.ask_tab):
                gr.HTML(views.conversation(words), js_on_load=_script("page.js"))
                with gr.Row(elem_id="composer"):
                    gr.HTML('<div id="brought"></div>', elem_id="brought-row")
                    gr.HTML(views.upload(words), elem_id="upload")
                    box = gr.Textbox(
                        label=words.question,
                        placeholder=words.placeholder,
                        show_label=False,
                        container=False,
                        scale=1,
                        max_lines=4,
                        autofocus=True,
                        elem_id="question",
                    )
                    submit = gr.Button(words.submit, variant="primary", scale=0, elem_id="submit")
            with gr.Tab(words.figures_tab):
                gr.HTML(views.figures(words), elem_id="figures", js_on_load=_script("figures.js"))
        gr.HTML(views.source_panel(words))
        for asking in (box.submit, submit.click):
            asking(
                None,
                box,
                box,
                # It waits there for `page.js`, which may not have come yet.
                js="(question) => { (window.asked ??= []).push(question); "
                "document.dispatchEvent(new Event('ask')); return ''; }",
                api_visibility="private",
            )
        api(answer, api_name="answer")
    page.queue(default_concurrency_limit=None)  # the service has a queue of its own
    return page


def mount_page(app: FastAPI, page: gr.Blocks, path: str, upload_bytes: int = 1) -> None:
    """Put a page at a path of a server; Gradio cannot close its upload route, only narrow it."""
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
        css_paths=STATIC / "page.css",
        favicon_path=str(STATIC / "favicon.svg") if path == "/" else None,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=upload_bytes,
        ssr_mode=False,
    )


def _script(name: str) -> str:
    return (STATIC / name).read_text("utf-8")
