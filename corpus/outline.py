"""Which headings stand above a block, and which year governs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.document import BlockKind

__all__ = ["governing_year", "outline", "years_in"]

LEAD_BLOCKS = 4  # a report says in its headline and lead which year it is about

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|[\d.,]*(?:元|万|亿|个|家|人|户|套|米|吨))")
_NUMBERING = re.compile(
    r"^(第[一二三四五六七八九十百\d]+[章节编条]|[一二三四五六七八九十]+、|"
    r"[（(][一二三四五六七八九十\d]+[）)]|\d+(?:\.\d+)*[.、 ])"
)


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years named in digits, in order; a number with another unit is none."""
    return tuple(int(year) for year in _YEAR.findall(text))


def governing_year(texts: Sequence[str]) -> int | None:
    """The year a document is about: the one its headline and lead name most, else first."""
    named = [year for text in texts[:LEAD_BLOCKS] for year in years_in(text)]
    if not named:
        named = [year for text in texts for year in years_in(text)]
    return Counter(named).most_common(1)[0][0] if named else None


def outline(
    blocks: Sequence[tuple[BlockKind, str]], year: int | None
) -> list[tuple[tuple[str, ...], int | None]]:
    """The section path and the governing year of each (kind, text), in their order.

    No level is given in a scraped page, so it is read from shape: a heading shaped like an
    open one is its sibling, one that names a year opens a new part, any other goes one level
    down. `year` governs where no heading names one.
    """
    open_headings: list[tuple[str, str]] = []  # (shape, text), outermost first
    found: list[tuple[tuple[str, ...], int | None]] = []
    for kind, text in blocks:
        if kind == "heading":
            shape = _shape(text)
            shapes = [shape_ for shape_, _ in open_headings]
            if shape in shapes:
                del open_headings[shapes.index(shape) :]
            elif shape == "year":
                open_headings.clear()
            open_headings.append((shape, text))
            path = tuple(heading for _, heading in open_headings[:-1])
        elif kind in ("title", "caption"):
            path = ()
        else:
            path = tuple(heading for _, heading in open_headings)
        named = [y for heading in path for y in years_in(heading)[:1]]
        found.append((path, named[-1] if named else year))
    return found


def _shape(text: str) -> str:
    if years_in(text):
        return "year"
    numbering = _NUMBERING.match(text)
    if numbering:
        return re.sub(r"[一二三四五六七八九十百\d]+", "#", numbering.group())
    if "——" in text:
        return "dash"
    if " " in text.strip():
        return "parts"
    return "short" if len(text) <= 12 else "long"
