"""Which headings and which lead-in stand above each line, and which year governs it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Block
from corpus.kinds import QUESTION
from corpus.language import find_years, years_in
from corpus.lines import Line
from corpus.numbering import read_numbering
from corpus.years import dateline

__all__ = ["outline"]

OPENING = 12  # characters in which a line says which year it is about
UNMARKED = 10  # the level of a heading that nothing numbers, under its likes

_AFTER_YEAR = frozenset("，,全我本上下")
_LEADS_IN = re.compile(
    r"(?:[：:]|如下|(?:下列|以下)[^，。；]{0,12}|[两二三四五六七八九十](?:步|点|类|种|项|条|个[^，。；]{1,6}))[。：:]?$"
)


def outline(
    lines: Sequence[Line], spans: Sequence[tuple[int, int]], year: int | None
) -> tuple[Block, ...]:
    """Blocks for lines that stand at `spans` of the text, with headings, lead-in and year.

    Levels are read from numbers and marks. Where a scraped page gives none, from shape: a
    heading shaped like an open one is its sibling, one that names a year opens a new part, any
    other goes one level down. `year` governs where no heading names one.
    """
    open_headings: list[tuple[str, int, int]] = []  # shape, rank, place
    leads: list[tuple[str, int]] = []  # the shape of the items, and the line that leads them in
    heads: tuple[tuple[int, int], ...] = ()
    table = -1
    blocks: list[Block] = []
    for place, (line, (start, end)) in enumerate(zip(lines, spans, strict=True)):
        above = tuple(p for _, _, p in open_headings)
        level = 0
        if line.kind == "heading":
            shape, rank = _shape(line)
            _close_headings(open_headings, shape, rank)
            above = tuple(p for _, _, p in open_headings)
            open_headings.append((shape, rank, place))
            level = len(open_headings)
            leads.clear()
        elif line.kind in ("title", "caption"):
            above = ()
        governing = line.year or _governing_year(lines, above, line) or year
        cells: tuple[tuple[int, int], ...] = ()
        if line.kind == "row":
            cells = tuple((start + a, start + b) for a, b in line.cells)
            if line.table != table:
                table, heads = line.table, (cells if line.header else ())
        own_lead = _lead_of(leads, line) if line.kind in ("item", "row") else None
        blocks.append(
            Block(
                line.kind,
                start,
                end,
                tuple(lines[p].text for p in above),
                governing,
                above,
                own_lead,
                level,
                cells,
                heads if cells and heads != cells else (),
                line.label,
            )
        )
        if line.kind == "paragraph":
            leads.clear()
        if line.kind in ("paragraph", "item") and _LEADS_IN.search(line.text):
            leads.append(("", place))
    return tuple(blocks)


def _governing_year(lines: Sequence[Line], above: Sequence[int], line: Line) -> int | None:
    """The year that a line names at its head, else the nearest heading that names one."""
    if line.kind in ("paragraph", "item"):
        opening = _opening_year(line.text)
        if opening:
            return opening
    for text in (lines[place].text for place in reversed(above)):
        if years_in(text) and dateline([text]) is None:  # a dateline there rules nothing
            return years_in(text)[0]
    return None


def _opening_year(text: str) -> int | None:
    """The year a line begins with, where it speaks of that year: 2022年，…; 2022年全区…"""
    first = next(find_years(text[:OPENING]), None)
    opens = first and first[0] == 0 and text[first[1] : first[1] + 1] == "年"
    return (
        first[2] if first and opens and text[first[1] + 1 : first[1] + 2] in _AFTER_YEAR else None
    )


def _lead_of(leads: list[tuple[str, int]], line: Line) -> int | None:
    """The line that leads an item in; items of an outer list end the list within one."""
    numbering = read_numbering(line.text)
    shape = "row" if line.kind == "row" else numbering.shape if numbering else "bullet"
    while leads and leads[-1][0] not in ("", shape):
        leads.pop()
    if not leads:
        return None
    leads[-1] = shape, leads[-1][1]
    return leads[-1][1]


def _close_headings(open_headings: list[tuple[str, int, int]], shape: str, rank: int) -> None:
    """Close the open headings that a new one ends."""
    shapes = [shape_ for shape_, _, _ in open_headings]
    if shape in shapes:
        del open_headings[shapes.index(shape) :]
    elif shape == "year":
        open_headings.clear()
    elif rank < UNMARKED:
        while open_headings and UNMARKED > open_headings[-1][1] >= rank:
            open_headings.pop()
        if (
            open_headings
            and rank <= 4
            and open_headings[-1][1] == UNMARKED
            and shape[0] in "编章节一"
        ):
            open_headings.clear()


def _shape(line: Line) -> tuple[str, int]:
    numbering = read_numbering(line.text)
    if line.level:
        return f"#{line.level}", line.level
    if numbering:
        return numbering.shape, numbering.rank
    if QUESTION.match(line.text):  # before its year: one of several that are asked
        return "question", UNMARKED
    if years_in(line.text):
        return "year", UNMARKED
    if "——" in line.text:
        return "dash", UNMARKED
    if " " in line.text.strip():
        return "parts", UNMARKED
    return ("short" if len(line.text) <= 12 else "long"), UNMARKED
