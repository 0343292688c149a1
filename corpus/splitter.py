"""Cut a document into passages: whole sentences, packed up to a reader's window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import Document, Passage

__all__ = ["SPLITTER", "sentence_spans", "split"]

PASSAGE_LENGTH = 160  # about 110 tokens: five passages are read in one batch of 5 x 128
SPLITTER = f"sentences-{PASSAGE_LENGTH}-v3"  # recorded in an index; a change rebuilds it

HEADING_LENGTH = 14  # characters; a longer heading says something that may be asked for
ATTRIBUTION_LENGTH = 10  # "周某说。" after a closing quote belongs to the quote

# A line without end, as of a table run together, is cut: what reads it takes time as its square.
_SENTENCE = re.compile(
    r"[^。！？!?\n]{1,1000}(?:[。！？!?…]+[”’」』）)】]*|\n|$)?|[。！？!?…]+[”’」』）)】]*|\n"
)
_QUOTED_END = re.compile(r"[。！？!?…][”’」』]+$")


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


def split(document: Document) -> tuple[Passage, ...]:
    """Passages of at most PASSAGE_LENGTH characters, or of one sentence if it is longer.

    A sentence of up to 1,000 characters is never cut, so a figure and what it counts stay
    together. Short headings are context only; longer ones, the title and captions are passages
    of their own too.
    """
    passages: list[Passage] = []
    for block in document.blocks:
        if block.kind == "heading" and block.end - block.start < HEADING_LENGTH:
            continue
        for start, end in _pack(list(sentence_spans(document.text, block.start, block.end))):
            passages.append(
                Passage(
                    f"{document.id}:{len(passages)}",
                    document.id,
                    start,
                    end,
                    document.text[start:end],
                    block.section,
                    block.year,
                    block.kind,
                )
            )
    return tuple(passages)


def _pack(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    pending: tuple[int, int] | None = None
    for start, end in spans:
        if pending and end - pending[0] <= PASSAGE_LENGTH:
            pending = (pending[0], end)
            continue
        if pending:
            yield pending
        pending = (start, end)
    if pending:
        yield pending
