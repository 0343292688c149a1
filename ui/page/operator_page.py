"""The operator's page: what is indexed and what readers say of it, behind a password."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ui.guard.protection import OPERATOR_BYTES
from ui.page.templating import Templates
from ui.page.words import Words

__all__ = ["MODULES", "build_operator_page"]

MODULES = ("operator", "asking", "changing", "listing", "page", "sending")
BOOT = Path(__file__).parent / "static" / "operator_boot.js"


def build_operator_page(templates: Templates, words: Words) -> gr.Blocks:
    """The page in one language; who may see it is decided before a request comes here.

    It is one block of HTML; `operator.js` asks the routes of `ui.page.operations`.
    """
    page = gr.Blocks(title=f"{words.operator} · {words.title}", analytics_enabled=False)
    with page:
        gr.HTML(
            templates.render("operator", words, bytes=OPERATOR_BYTES),
            js_on_load=BOOT.read_text("utf-8"),
            padding=False,
        )
    return page
