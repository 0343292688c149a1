"""A conversation in the terminal: questions, and commands that begin with a slash."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index import Selection
from qa import Answer, Citation, answer, default_index, openers
from ui.failures import explain
from ui.page.export import MEDIA_TYPES, export
from ui.page.words import CHINESE
from ui.printing import printable
from ui.terminal import render_paragraph, render_terminal

__all__ = ["converse"]

PROMPT = "问："
SLASHES = "/／、"  # the last is what the key types where Chinese is typed
TITLES = 3  # shown of the documents
EXAMPLES = 2

Turns = list[tuple[str, Answer]]


def converse(where: Mapping[str, object]) -> None:
    """Answer what is typed, line by line, until it ends; `where` is as in `qa.answer`.

    Raises ValueError for a wrong `where`, IndexingError and CorpusError.
    """
    with suppress(ImportError):  # where it is not, as on Windows, the system edits lines
        import readline  # noqa: F401  # its import lets `input` edit lines and recall them
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    Selection.read(where)
    turns: Turns = []
    try:
        if sys.stdin.isatty():
            _greet(limited=bool(where))
        while _respond(_read(), turns, where):
            pass
    except (EOFError, KeyboardInterrupt):
        if sys.stdin.isatty():
            print()  # what comes next stands in a line of its own


def _greet(limited: bool) -> None:
    """What is indexed, and what can be asked of all of it."""
    index = default_index()
    count, _ = index.catalogue.sizes()
    titles = "".join(f"《{head.title}》" for head in index.catalogue.heads(TITLES, 0))
    print(printable(f"收录了 {count} 篇文章：{titles}{'等' * (count > TITLES)}"))
    if not limited:
        lookups, opened, comparisons = openers(index)
        examples = (*lookups[:1], *opened, *lookups[1:], *comparisons)[:EXAMPLES]
        print("可以这样问：", *map(printable, examples), sep="\n  ")
    print("输入 /帮助 看有哪些命令，按 Ctrl+D 结束。\n")


def _read() -> str:
    """The next line, without spaces around it; one from a file is shown as if it was typed."""
    if sys.stdin.isatty():
        return input(PROMPT).strip()
    line = input().strip()
    if line:
        print(f"{PROMPT}{printable(line)}")
    return line


def _respond(line: str, turns: Turns, where: Mapping[str, object]) -> bool:
    """Do what a line asks for, and whether to go on; what is wrong with it is told."""
    try:
        if line[:1] in SLASHES and line:
            return _obey(line[1:], turns)
        if line:
            found = answer(line, [(asked, _said(told)) for asked, told in turns], where=where)
            turns.append((line, found))
            print(f"{render_terminal(found)}\n")
    except Exception as error:
        expected = explain(error)
        if expected is None:
            raise
        print(f"出错了：{printable(expected[0])}\n", file=sys.stderr)
    return True


def _said(told: Answer) -> str:
    return told.text if told.status == "answered" else ""


def _obey(told: str, turns: Turns) -> bool:
    """Do a command, and whether to go on after it."""
    name, _, given = told.strip().partition(" ")
    command = next((one for one in COMMANDS if name.lower() in one.names), None)
    if command is None:
        raise ValueError(f"没有命令 /{name}，输入 /帮助 看有哪些")
    if command.run is None:
        return False
    print(f"{command.run(given.strip(), turns)}\n")
    return True


def _begin(_: str, turns: Turns) -> str:
    turns.clear()
    return "新的对话开始了，之前问的不再算数。"


def _show_place(given: str, turns: Turns) -> str:
    citations = turns[-1][1].citations if turns else ()
    if not citations:
        raise ValueError("上一个回答没有出处，请先问一个问题" if turns else "请先问一个问题")
    numbers = {str(number): cited for number, cited in enumerate(citations, 1)}
    if (given or "1") not in numbers:
        raise ValueError(f"上一个回答没有出处 {given}，请输入 1 到 {len(numbers)}，如 /出处 1")
    cited = numbers[given or "1"]
    return render_paragraph(cited, _paragraph(cited))


def _paragraph(cited: Citation) -> str:
    try:
        document = default_index().document(cited.document_id)
    except KeyError:  # it has been replaced since
        return cited.passage
    block = document.block_at(cited.start)
    return document.text[block.start : block.end]


def _export(given: str, turns: Turns) -> str:
    place = Path(given.strip("\"'"))
    with suppress(RuntimeError):  # ~ of somebody unknown
        place = place.expanduser()
    kind = next((kind for kind in MEDIA_TYPES if place.suffix.lower() == f".{kind}"), None)
    if kind is None:
        raise ValueError("请给文件名，以 .md 或 .docx 结尾，如 /导出 对话.docx")
    if not turns:
        raise ValueError("还没有可以导出的问答，请先问一个问题")
    data = export(turns, kind, CHINESE)
    try:
        with place.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise ValueError(f"{place} 已经有了，请换一个文件名") from None
    except FileNotFoundError:
        raise ValueError(f"没有文件夹 {place.parent}，请换一个") from None
    return f"已导出到 {printable(str(place))}。"


def _help(_: str, __: Turns) -> str:
    lines = ("直接输入问题，可以接着上一个问，如“那2025年呢”。命令有："), *map(str, COMMANDS)
    return "\n".join(lines)


class Command(NamedTuple):
    """A command by its names, the Chinese one first; without `run` it ends the conversation."""

    names: tuple[str, ...]
    takes: str
    does: str
    run: Callable[[str, Turns], str] | None

    def __str__(self) -> str:
        named = "、".join(f"/{name}" for name in self.names)
        return f"  {' '.join(filter(None, (named, self.takes)))}  {self.does}"


COMMANDS = (
    Command(("新", "new"), "", "开始新的对话", _begin),
    Command(("出处", "source"), "N", "看上一个回答的第 N 条出处所在的段落", _show_place),
    Command(("导出", "export"), "FILE", "把对话存成文件，以 .md 或 .docx 结尾", _export),
    Command(("帮助", "help"), "", "列出命令", _help),
    Command(("退出", "quit", "exit"), "", "结束，Ctrl+D 也行", None),
)
