"""Questions for how figures compare: of one thing in two years, and of the rows of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from corpus import Document, Fact
from corpus.language import in_base_unit, years_in
from index import Index
from qa.asking.query import without_year
from qa.browsing.candidates import Compared, in_turn
from qa.browsing.figure_questions import is_clear
from qa.browsing.figure_table import MOMENTS, Series, find_series
from qa.browsing.topics import place_told
from qa.saying.parallel import TOTALS

__all__ = ["ask_comparisons"]

SHORTEST, LONGEST = 2, 14  # characters of what is compared
SHORTEST_OF_YEARS = 4
MOST_APART = 3  # times; figures further apart are hardly of the same: all there are and new ones
LONGEST_NAME = 10  # of a row's name
KINDS = range(2, 5)  # characters of what the rows are: 乡镇, 学校
TWO = 2
_BRACKETED = re.compile(r"[（(].*?[）)]|\s")
_CUT = re.compile(
    r"[\d、，,/]|^(?:增长|下降|其中|的|安排)|(?:增长|下降|新增|完成|实现|的|[为达至到])$"
)
_BOUNDED = re.compile("以[内下]|不超过")
_LEVELS = (
    "率",
    "价",
    "价格",
    "费",
    "学费",
    "比重",
    "占比",
    "水平",
    "标准",
    "温",
    "度",
    "高度",
    "增速",
)


def ask_comparisons(
    index: Index, documents: Sequence[Document], several: bool
) -> Iterator[Compared]:
    """Questions that compare figures of some documents."""
    series = find_series(index, [document.id for document in documents])
    tables = [[*_of_tables(document, several)] for document in documents]
    return in_turn(
        [
            [one for each in series for one in _of_years(each, several)],
            [*in_turn(tables)],
        ]
    )


def _of_years(series: Series, several: bool) -> Iterator[Compared]:
    """By how much a later year is above an earlier one: 2025年的目标比2024年完成的多多少."""
    one, other = series.rows[-2:]
    name, place = _name(series.indicator), one.place if one.place in one.title else ""
    rose = Decimal(other.number) - Decimal(one.number)
    alone = (several and not place) or len(name) < SHORTEST_OF_YEARS
    if alone or not name or not rose or one.status == "target" or one.unit in MOMENTS:
        return
    if series.unit == "%" and _BOUNDED.search(other.value):  # a rate to stay below is no aim
        return
    low, high = sorted((Decimal(one.number), Decimal(other.number)))
    if high > low * MOST_APART:
        return
    way = _way(name, series.unit, rose > 0)
    later = f"{place if several else ''}{other.year}年{name}"
    aimed, done = other.status == "target", "" if series.unit == "%" else "完成的"
    beside = f"的目标比{one.year}年{done}" if aimed else f"比{one.year}年"
    grounds = ((row.document_id, row.figure_start, row.value) for row in (one, other))
    yield Compared(f"{later}{beside}{way}多少？", "", tuple(grounds))


def _of_tables(document: Document, several: bool) -> Iterator[Compared]:
    """Which of two rows of a table has more of something, and which of all has the most."""
    columns: dict[tuple[object, str, int | None], list[Fact]] = defaultdict(list)
    for fact in document.facts:
        block = document.block_at(fact.figure.start)
        if block.cells and block.heads and fact.subject not in TOTALS:
            head = fact.indicator.removeprefix(fact.subject)
            columns[block.heads, head, fact.year].append(fact)
    place = place_told(document) if several else ""
    several_years = len({key[:2] for key in columns}) < len(columns)
    for (_, head, year), facts in columns.items():
        alike = {fact.subject for fact in facts}
        if len(alike) != len(facts) or len(facts) < TWO or (several and not place):
            continue
        heads = document.block_at(facts[0].figure.start).heads
        first = {document.text[slice(*document.block_at(f.figure.start).cells[0])] for f in facts}
        kind = _BRACKETED.sub("", document.text[slice(*heads[0])]) if first == alike else ""
        years = (year,) if year and several_years else years_in(head)
        yield from _of_column(document, kind, place, head, years, facts)


def _of_column(
    document: Document,
    kind: str,
    place: str,
    head: str,
    years: Sequence[int],
    facts: Sequence[Fact],
) -> Iterator[Compared]:
    """What is asked of the rows of one column."""
    told = [(value, fact) for fact in facts if (value := in_base_unit(fact.figure)[0]) is not None]
    name = _name(_BRACKETED.sub("", without_year(head)))
    if len(told) < len(facts) or not name or facts[0].figure.unit in (*MOMENTS, "周岁"):
        return
    way = _way(name, facts[0].figure.unit, True)
    (value, one), (least, other) = told[:2]
    named = max(len(one.subject), len(other.subject)) <= LONGEST_NAME
    if value != least and named and not years:
        first = max((one, value), (other, least), key=lambda pair: pair[1])[0]
        yield Compared(
            f"{place}{one.subject}和{other.subject}哪个{name}{way}？",
            first.subject,
            tuple(_ground(document, fact) for fact in (one, other)),
        )
    values = [value for value, _ in told]
    best = max(told, key=lambda pair: pair[0])
    if values.count(best[0]) == 1 and len(told) > TWO and len(kind) in KINDS:
        year = f"{years[0]}年" if years else ""
        question = f"{place}{year}哪个{kind}的{name}最{way}？"
        yield Compared(question, best[1].subject, (_ground(document, best[1]),))


def _ground(document: Document, fact: Fact) -> tuple[str, int, str]:
    return document.id, fact.figure.start, fact.figure.text


def _name(indicator: str) -> str:
    """What is compared, "" where it does not stand by itself."""
    fit = SHORTEST <= len(indicator) <= LONGEST and is_clear(indicator)
    return indicator if fit and not _CUT.search(indicator) else ""


def _way(name: str, unit: str, more: bool) -> str:
    """The word for more or less of a measure: 面积 is 大, a rate 高."""
    if name.endswith("面积"):
        return "大" if more else "小"
    level = unit == "%" or name.endswith(_LEVELS)
    return ("高" if more else "低") if level else "多" if more else "少"
