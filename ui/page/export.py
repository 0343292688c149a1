"""A conversation as a file: Markdown or Word, with the sentences it cites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Literal

from qa import Answer
from ui.page.markdown import as_markdown
from ui.page.transcript import transcribe
from ui.page.word import as_word
from ui.page.words import Words

__all__ = ["MEDIA_TYPES", "ExportKind", "export"]

ExportKind = Literal["md", "docx"]
MEDIA_TYPES: dict[ExportKind, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def export(turns: Sequence[tuple[str, Answer]], kind: ExportKind, words: Words) -> bytes:
    """The file of a conversation; `turns` are questions with their answers, in order."""
    now = datetime.now(timezone.utc)
    title = f"{words.title} · {now.astimezone():%Y-%m-%d}"
    exchanges = [transcribe(question, answer, words) for question, answer in turns]
    if kind == "md":
        return as_markdown(title, exchanges).encode()
    return as_word(title, exchanges, now)
