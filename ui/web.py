"""The chat page; the only place gradio is imported."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from corpus import DEFAULT_CORPUS
from qa import Answer
from ui.failures import explain
from ui.render import Turn, render_conversation

__all__ = ["Ask", "build_page", "example_questions", "mount_page"]

Ask = Callable[[str, Sequence[tuple[str, str]]], Answer]

TITLE = "东西湖问答"
SUBTITLE = "就收录的文章提问，得到简短的回答和原文依据；文中没有的，会直说没有。"
EXAMPLES = DEFAULT_CORPUS.with_name("examples.txt")
STATIC = Path(__file__).parent / "static"
TURNS_KEPT = 30  # of one chat; the page is drawn anew from all of them at each question
CONCURRENT_QUESTIONS = 4  # an answer takes two cores for 60 ms, so more only wait elsewhere
FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "system-ui",
    "sans-serif",
)

_log = logging.getLogger(__name__)


def example_questions(path: Path = EXAMPLES) -> list[str]:
    """The example questions of a file, one a line; none where there is no such file."""
    try:
        return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def build_page(ask: Ask, examples: Sequence[str]) -> gr.Blocks:
    """The chat page; `ask(question, earlier questions and answers)` gives the answers."""

    def respond(question: str | None, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        turns = [turn for turn in turns if isinstance(turn.reply, Answer)][-TURNS_KEPT:]
        asked = Turn(question or "")
        yield show([*turns, asked], box="")
        replies = [(t.question, t.reply) for t in turns if isinstance(t.reply, Answer)]
        history = [(q, reply.text if reply.status == "answered" else "") for q, reply in replies]
        yield show([*turns, Turn(asked.question, reply_to(asked.question, history))])

    def reply_to(question: str, history: Sequence[tuple[str, str]]) -> Answer | str:
        try:
            return ask(question, history)
        except Exception as error:  # noqa: BLE001 - the page outlives any question
            expected = explain(error)
            if expected:
                return expected[0]
            _log.exception("a question failed")
            return "抱歉，程序内部出错了。请换个问法再试，或查看服务器日志。"

    def show(turns: list[Turn], box: str | None = None) -> tuple[Any, ...]:
        return (
            turns,
            render_conversation(turns),
            gr.skip() if box is None else box,
            gr.update(visible=bool(examples) and not turns),
            gr.update(visible=bool(turns)),
        )

    page = gr.Blocks(title=TITLE, analytics_enabled=False)
    with page:
        turns = gr.State([])
        gr.HTML(f"<header><h1>{TITLE}</h1><p>{SUBTITLE}</p></header>")
        conversation = gr.HTML(
            elem_id="conversation", js_on_load=(STATIC / "conversation.js").read_text("utf-8")
        )
        with gr.Column(elem_id="examples", visible=bool(examples)) as suggestions:
            gr.HTML('<p class="label">可以这样问</p>')
            buttons = [gr.Button(question, elem_classes="example") for question in examples]
        again = gr.Button("开始新的对话", visible=False, elem_id="again")
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                label="问题",
                placeholder="输入问题，按回车提问",
                show_label=False,
                container=False,
                scale=1,
                max_lines=4,
                autofocus=True,
                elem_id="question",
            )
            submit = gr.Button("提问", variant="primary", scale=0, elem_id="submit")

        outputs = [turns, conversation, box, suggestions, again]
        for trigger, source in [
            (box.submit, box),
            (submit.click, box),
            *((b.click, b) for b in buttons),
        ]:
            trigger(
                respond,
                [source, turns],
                outputs,
                show_progress="hidden",
                api_visibility="private",
            )
        again.click(
            lambda: show([], box=""),
            None,
            outputs,
            show_progress="hidden",
            api_visibility="private",
        )
    page.queue(default_concurrency_limit=CONCURRENT_QUESTIONS)
    return page


def mount_page(app: FastAPI, ask: Ask, examples: Sequence[str]) -> None:
    """Put the chat page at the root of a server."""
    gr.mount_gradio_app(
        app,
        build_page(ask, examples),
        path="/",
        theme=gr.themes.Base(
            primary_hue=gr.themes.colors.teal,
            neutral_hue=gr.themes.colors.stone,
            font=FONTS,
            font_mono=FONTS,
            text_size=gr.themes.sizes.text_lg,
        ),
        css_paths=STATIC / "page.css",
        favicon_path=str(STATIC / "favicon.svg"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # the page takes no files, and Gradio cannot close its upload route
        ssr_mode=False,
    )
