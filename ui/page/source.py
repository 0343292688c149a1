"""A whole document as a page, with the quotes of an answer marked in their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from corpus import Block, Document, Span
from ui.page.templating import Templates
from ui.page.words import Words

__all__ = ["render_source"]

_HEADINGS = ("title", "heading")


class Piece(NamedTuple):
    """A stretch of a document: of the quote of that number, None of none.

    `begins` where it is the first of its quote.
    """

    text: str
    quote: int | None
    begins: bool


class Row(NamedTuple):
    """A row of a table; those whose cells head others have `th` for a tag."""

    tag: str
    cells: list[list[Piece]]


class Run(NamedTuple):
    """A paragraph or heading, or where there are `rows` a table."""

    tag: str
    kind: str
    number: int
    pieces: list[Piece]
    rows: list[Row]


def render_source(
    document: Document, quotes: Sequence[Span], current: int, templates: Templates, words: Words
) -> str:
    """The page of a document.

    `quotes` are spans of its text and `current` is the place among them of the one that links
    lead to; what of them is none of the text is passed over.
    """
    at = quotes[current][0] if current < len(quotes) else -1
    around = next((b for b in document.blocks if b.start <= at < b.end), None)
    section = " / ".join(around.section) if around else ""
    year = f"{around.year}年" if around and around.year else ""
    marks = _parted(document, quotes, current)
    return templates.render(
        "source",
        words,
        title=document.title,
        source=document.source,
        place=" · ".join(filter(None, (section, year))),
        current=current,
        runs=list(_runs(document, marks, around)),
    )


def _parted(document: Document, quotes: Sequence[Span], current: int) -> list[tuple[int, int, int]]:
    """Stretches of a document that are quoted, in order, each with the number of its quote.

    None is in two: what several quotes hold is of the current one, else of the first.
    """
    size = len(document.text)
    spans = {n: (max(a, 0), min(b, size)) for n, (a, b) in enumerate(quotes)}
    order = sorted((n for n, (a, b) in spans.items() if a < b), key=lambda n: (n != current, n))
    cuts = sorted({place for n in order for place in spans[n]})
    parted: list[tuple[int, int, int]] = []
    for first, last in pairwise(cuts):
        owner = next((n for n in order if spans[n][0] <= first and last <= spans[n][1]), None)
        if owner is None:
            continue
        if parted and parted[-1][1:] == (first, owner):
            first = parted.pop()[0]
        parted.append((first, last, owner))
    return parted


def _runs(
    document: Document, marks: Sequence[tuple[int, int, int]], around: Block | None
) -> Iterator[Run]:
    begun: set[int] = set()
    shown = [
        (number, block)
        for number, block in enumerate(document.blocks)
        if document.text[block.start : block.end] != document.title or block is around
    ]
    for tabular, run in groupby(shown, key=lambda one: one[1].kind == "row"):
        if tabular:
            blocks = [block for _, block in run]
            heads = {block.heads for block in blocks}
            rows = [
                Row(
                    "th" if block.cells in heads else "td",
                    [
                        _pieces(document, cell, marks, begun)
                        for cell in block.cells or ((block.start, block.end),)
                    ],
                )
                for block in blocks
            ]
            yield Run("table", "row", 0, [], rows)
            continue
        for number, block in run:
            tag = "h2" if block.kind in _HEADINGS else "p"
            pieces = _pieces(document, (block.start, block.end), marks, begun)
            yield Run(tag, block.kind, number, pieces, [])


def _pieces(
    document: Document, span: Span, marks: Sequence[tuple[int, int, int]], begun: set[int]
) -> list[Piece]:
    """A stretch cut where quotes begin and end; `begun` are the quotes that have, before."""
    found: list[Piece] = []
    place, end = span
    for first, last, quote in marks:
        first, last = max(first, place), min(last, end)
        if first >= last:
            continue
        if place < first:
            found.append(Piece(document.text[place:first], None, False))
        found.append(Piece(document.text[first:last], quote, quote not in begun))
        begun.add(quote)
        place = last
    if place < end:
        found.append(Piece(document.text[place:end], None, False))
    return found
