"""Which year a document is about, and in which it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.document import Block
from corpus.language import find_dates, find_years, years_in
from corpus.lines import Line

__all__ = ["dateline", "present_year", "release_date", "subject_year"]

DATELINE_LENGTH = 60  # characters
REPORTING_MONTHS = 2  # months of a year in which the year before is reported on
LEAD_LENGTH = 5000  # characters; a text that is one line has its lead there
RELEASED = "发布日期"  # the label of a line that says so
FOOT_LINES = 3  # in which a document is dated
LEAD_BLOCKS = 4  # a report says in its headline and lead which year it is about


def dateline(texts: Sequence[str]) -> tuple[int, int] | None:
    """The year and month in which a document appeared, of a short line under its headline."""
    for text in texts[:LEAD_BLOCKS]:
        if len(text) > DATELINE_LENGTH:
            continue
        for found in find_dates(text):
            whole = found.year and found.month and found.day
            if whole and text[found.start - 1 : found.start] not in tuple("至到自"):
                return int(found.year or 0), int(found.month or 0)
    return None


def subject_year(lines: Sequence[Line]) -> int | None:
    """The year a document is about: the title's, else that of its dateline, else the one it begins
    with or its lead names as often as all others. What appears in the first weeks of a year reports
    on the one before. A table's rows of several years are no lead.
    """
    title = next((line.text for line in lines if line.kind == "title"), "")
    titled = years_in(title)
    told = [line for line in lines if line.label == "" and not line.year]
    texts = [line.text[:LEAD_LENGTH] for line in told]
    dated = dateline([line.text for line in lines])
    if titled:
        early = dated and dated[0] == titled[0] and dated[1] <= REPORTING_MONTHS + 1
        return titled[0] - 1 if early and "工作报告" in title else titled[0]
    if dated and dated[1] > REPORTING_MONTHS:
        return dated[0]
    named = [year for text in texts[:LEAD_BLOCKS] for year in _spoken_of(text)]
    if not named:
        named = [year for text in texts for year in _spoken_of(text)]
    if not named:
        of_rows = {line.year for line in lines if line.year}
        return of_rows.pop() if len(of_rows) == 1 else None
    first = next(find_years(texts[0]), None)
    if first and first[0] == 0:
        return first[2]
    year, times = Counter(named).most_common(1)[0]
    return year if 2 * times >= len(named) else None


def _spoken_of(text: str) -> Iterator[int]:
    """The years a text speaks of; the year of a day (出生于2018年8月31日前) is none."""
    if not years_in(text):
        return
    days = (found for found in find_dates(text) if found.day)
    day = next(days, None)
    for start, end, year in find_years(text):
        while day and day.end < end:
            day = next(days, None)
        if not day or start < day.start:
            yield year


def present_year(lines: Sequence[Line], blocks: Sequence[Block], year: int | None) -> int | None:
    """The year a document was written in: of its release, else the latest its parts are about."""
    stamped = [
        found.year
        for line in lines
        if line.kind == "meta"
        for found in find_dates(line.text)
        if found.year and found.month
    ]
    dated = dateline([line.text for line in lines])
    if dated or stamped:
        return dated[0] if dated else stamped[0]
    governing = [block.year for block in blocks if block.year]
    return max(governing, default=year)


def release_date(lines: Sequence[Line], present: int | None) -> str:
    """When a document was released: the date it is labelled with, else that of its head or foot,
    else the year it was written in; "" where nothing tells.
    """
    heads = [line.text for line in lines[:LEAD_BLOCKS] if len(line.text) <= DATELINE_LENGTH]
    feet = [line.text for line in lines[-FOOT_LINES:] if len(line.text) <= DATELINE_LENGTH]
    meta = [line for line in lines if line.kind == "meta"]
    stamped = [line.text for line in sorted(meta, key=lambda line: line.label != RELEASED)]
    for text in [*stamped, *heads, *reversed(feet)]:
        for found in find_dates(text):
            if found.year and found.month and found.day:
                return f"{found.year:04}-{found.month:02}-{found.day:02}"
    return f"{present:04}" if present else ""
