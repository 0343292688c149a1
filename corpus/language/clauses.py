"""Where the sentences and clauses of a text begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["CLAUSE_MARKS", "clause_end", "clause_spans", "clause_start", "sentence_spans"]

CLAUSE_MARKS = "，；：。！？,;\n"
ATTRIBUTION_LENGTH = 10  # "周某说。" after a closing quote belongs to the quote

# A line without end, as of a table run together, is cut: what reads it takes time as its square.
_SENTENCE = re.compile(
    r"[^。！？!?\n]{1,1000}(?:[。！？!?…]+[”’」』）)】]*|\n|$)?|[。！？!?…]+[”’」』）)】]*|\n"
)
_CLAUSE_END = re.compile(r"[，,；;。！？!?：:\n]+[”’」』）)]*")
_QUOTED_END = re.compile(r"[。！？!?…][”’」』]+$")


def clause_start(text: str, place: int, marks: str = CLAUSE_MARKS) -> int:
    """The place after the last mark before `place`, 0 where there is none."""
    return max(text.rfind(mark, 0, place) for mark in marks) + 1


def clause_end(text: str, place: int, marks: str = CLAUSE_MARKS) -> int:
    """The place of the first mark from `place` on, the text's end where there is none."""
    found = _any_of(marks).search(text, place)
    return found.start() if found else len(text)


def clause_spans(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a text start and end; their marks belong to them, 1,000 is no end."""
    found: list[tuple[int, int]] = []
    at = 0
    for mark in _CLAUSE_END.finditer(text):
        first = mark.start()
        inside = first > 0 and text[first - 1].isdigit() and text[mark.end() :][:1].isdigit()
        if text[first] in ",，:：" and inside:
            continue
        if text[at : mark.end()].strip():
            found.append((at, mark.end()))
            at = mark.end()
    if text[at:].strip():
        found.append((at, len(text)))
    return found


@lru_cache(maxsize=32)
def _any_of(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks)}]")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The (start, end) of each sentence of `text[start:end]`, white space trimmed off.

    A quotation and the few words that say whose it is stay one sentence.
    """
    end = len(text) if end is None else end
    pending: tuple[int, int] | None = None
    for match in _SENTENCE.finditer(text, start, end):
        piece = match.group()
        first = match.start() + len(piece) - len(piece.lstrip())
        last = match.end() - (len(piece) - len(piece.rstrip()))
        if first >= last:
            continue
        if pending:
            quoted = _QUOTED_END.search(text, pending[0], pending[1])
            if quoted and last - first <= ATTRIBUTION_LENGTH:
                pending = (pending[0], last)
                continue
            yield pending
        pending = (first, last)
    if pending:
        yield pending
