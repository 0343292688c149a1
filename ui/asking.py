"""Commands that ask: one question, or a conversation."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = ["add_asking"]

REFUSED = 3

Sources = Annotated[list[str] | None, typer.Option(help="只在这个文件或文件夹里找。")]
Date = Annotated[str, typer.Option(help="只在这个日期的文章里找：2024、2024-05，或 2023..2024。")]
Section = Annotated[str, typer.Option(help="只在标题里有这些字的部分找。")]


def add_asking(app: typer.Typer) -> None:
    """Add the commands to the program's."""
    app.command()(ask)
    app.command()(chat)


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="要问的问题。")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    history: Annotated[
        list[str] | None, typer.Option(help="之前问过的问题，可以有几个，先问的在前。")
    ] = None,
    source: Sources = None,
    date: Date = "",
    section: Section = "",
) -> None:
    """回答一个问题，并列出原文依据；答不了时退出码为 3。"""
    from qa import answer
    from ui.terminal import render_terminal

    found = answer(question, history or (), where=_where(source, date, section))
    told = json.dumps(found.to_dict(), ensure_ascii=False, indent=2) if as_json else None
    print(told or render_terminal(found))
    if found.status == "refused":
        raise typer.Exit(REFUSED)


def chat(source: Sources = None, date: Date = "", section: Section = "") -> None:
    """在终端里对话：可以接着问、看出处、导出；按 Ctrl+D 结束。"""
    from ui.chatting import converse

    converse(_where(source, date, section))


def _where(source: list[str] | None, date: str, section: str) -> dict[str, object]:
    """What is told of where to look, as `qa.answer` takes it."""
    dates: object = date.split("..", 1) if ".." in date else date
    where = {"source": source, "date": dates, "section": section}
    return {name: told for name, told in where.items() if told}
