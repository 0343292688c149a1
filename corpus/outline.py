"""Which headings stand above a block, and which year governs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.document import BlockKind

__all__ = ["NOT_A_YEAR", "dateline", "governing_year", "outline", "years_in"]

DATELINE_LENGTH = 60  # characters
REPORTING_MONTHS = 2  # months of a year in which the year before is reported on
LEAD_BLOCKS = 4  # a report says in its headline and lead which year it is about

NOT_A_YEAR = r"\d|[\d.,]*(?:元|万|亿|个|家|人|户|套|米|吨)"  # after four digits
_YEAR = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})(?!{NOT_A_YEAR})")
_DATE = re.compile(r"(?<![\d至到自])((?:19|20)\d{2})年(\d{1,2})月\d{1,2}日")
_OPENS_WITH_YEAR = re.compile(r"((?:19|20)\d{2})年[，,全我本上下]")
_NUMBERING = re.compile(
    r"^(第[一二三四五六七八九十百\d]+[章节编条]|[一二三四五六七八九十]+、|"
    r"[（(][一二三四五六七八九十\d]+[）)]|\d+(?:\.\d+)*[.、 ])"
)


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years named in digits, in order; a number with another unit is none."""
    return tuple(int(year) for year in _YEAR.findall(text))


def dateline(texts: Sequence[str]) -> tuple[int, int] | None:
    """The year and month in which a document appeared, of a short line under its headline."""
    for text in texts[:LEAD_BLOCKS]:
        found = _DATE.search(text)
        if found and len(text) <= DATELINE_LENGTH:
            return int(found[1]), int(found[2])
    return None


def governing_year(texts: Sequence[str]) -> int | None:
    """The year a document is about: that of its dateline, else the one its headline and lead
    name most, else first. What appears in the first weeks of a year reports on the one before.
    """
    dated = dateline(texts)
    if dated and dated[1] > REPORTING_MONTHS:
        return dated[0]
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
        # A dateline among the headings rules nothing.
        named = [y for h in path if not _DATE.search(h) for y in years_in(h)[:1]]
        opening = _OPENS_WITH_YEAR.match(text) if kind == "paragraph" else None
        named += [int(opening[1])] if opening else []
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
