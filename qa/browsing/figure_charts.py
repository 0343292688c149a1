"""What may be drawn side by side: figures of one thing over years, over places and over groups."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Literal, NamedTuple

from index import Index
from qa.browsing.figure_table import (
    MOMENTS,
    FigureRow,
    agreed,
    find_series,
    is_vague,
    what_counts,
)
from qa.saying.parallel import TOTALS

__all__ = ["Bar", "Chart", "Over", "find_charts"]

ROWS_LOOKED_AT = 100_000  # of a large index, for places and groups
MOST_BARS = 40
SHORTEST = 2  # characters of what is compared

Over = Literal["year", "place", "group"]

_PLACE = re.compile(
    "^([\u3400-\u9fff]{1,6}?(?:街道|社区|新区|开发区|自治[区州县旗]|[省市区县镇乡旗村]))(?![长民镇级内委])"
)
_NO_PLACE = re.compile("^(?:[全各本我该其]|新[建增]|农村|城市|.*(?:[小园景地片]|老旧社)区$|老旧小)")
# Each of these words stands for one of the groups that a figure is told of.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("男性", "女性"), ("男", "女"), ("男生", "女生"), ("城镇", "农村"), ("城市", "乡村"),
    ("职工", "居民", "退休人员"), ("公办", "民办"), ("小学", "初中", "高中", "幼儿园"),
    ("本科", "专科", "硕士", "博士"), ("进口", "出口"), ("第一产业", "第二产业", "第三产业"),
    ("上半年", "下半年"), ("户籍", "非户籍"), ("国家级", "省级", "市级", "区级"), ("国内", "国外"),
    ("线上", "线下"), ("优秀", "良好", "合格"), ("一级", "二级", "三级"),
)  # fmt: skip
_WHOLE = re.compile("^全[省市区县镇]")
_GROUP_OF = {word: words for words in _GROUPS for word in words}
_ANY_GROUP = re.compile("|".join(sorted(_GROUP_OF, key=len, reverse=True)))
_BESIDE_NAME = re.compile(
    r"[（(\[【][^（()）\]】\[【]*[)）\]】]|^[^\w“]+"
)  # no part of an indicator
_NAME = re.compile("[A-Za-z\u3400-\u9fff]")


class Bar(NamedTuple):
    """A figure of a chart, and the year, place or group that it is of."""

    label: str
    row: FigureRow


@dataclass(frozen=True, slots=True)
class Chart:
    """What one indicator is in several years, places or groups; all count in one unit.

    `year` is that of all its bars, None where it is not known or they are over years.
    """

    indicator: str
    unit: str
    over: Over
    year: int | None
    bars: tuple[Bar, ...]


class _Compared(NamedTuple):
    """A row as one of several: what is compared, what of it this is, and how they are told apart.

    `key` is shared by the rows that may stand beside it.
    """

    key: tuple[object, ...]
    indicator: str
    label: str
    row: FigureRow


def find_charts(index: Index) -> tuple[Chart, ...]:
    """The charts that the figures of an index make: over years, then over places and groups."""
    over_years = [
        Chart(
            series.indicator,
            series.unit,
            "year",
            None,
            tuple(Bar(str(row.year), row) for row in series.rows),
        )
        for series in find_series(index)
    ]
    rows = (FigureRow(*row) for row in index.catalogue.figures.of_all())
    return (*over_years, *_beside(islice(rows, ROWS_LOOKED_AT)))


def _beside(rows: Iterable[FigureRow]) -> Iterator[Chart]:
    """The charts of rows that differ in one thing only: a place, a group, a table's row."""
    alike: dict[tuple[object, ...], list[_Compared]] = defaultdict(list)
    for row in rows:
        if row.number and row.unit not in MOMENTS and "分别" not in row.indicator:
            for one in _comparisons(row):
                alike[one.key].append(one)
    drawn: set[frozenset[tuple[str, int]]] = set()
    for group in alike.values():
        chart = _chart(group)
        if chart is None:
            continue
        places = frozenset((bar.row.document_id, bar.row.figure_start) for bar in chart.bars)
        if places not in drawn:  # a table's rows may be places, too
            drawn.add(places)
            yield chart


def _comparisons(row: FigureRow) -> Iterator[_Compared]:
    name, own = row.indicator, (row.document_id, row.section, row.year, row.unit)
    rest = name.removeprefix(_BESIDE_NAME.sub("", row.subject))
    cell = "\t" in row.sentence or "|" in row.sentence
    if cell and rest and rest != name and row.subject not in TOTALS:
        yield _Compared(("row", rest, *own), rest, row.subject, row)
    place = _PLACE.match(name)
    if place and _is_place(place[1]) and _says(name[place.end() :]):
        rest = name[place.end() :]
        yield _Compared(("place", rest, *own), rest, place[1], row)
    plain = _WHOLE.sub("", name)
    group = _ANY_GROUP.search(plain)
    if group:
        rest = f"{plain[: group.start()]}{plain[group.end() :]}"
        if _says(rest):
            key = ("group", group.start(), rest, _GROUP_OF[group[0]], *own)
            yield _Compared(key, rest, group[0], row)
    told = what_counts(row)
    if told and row.year and row.place and row.place in row.title:
        yield _Compared(("across", *told, row.year, row.unit), name, row.place, row)


def _is_place(label: str) -> bool:
    named = _PLACE.fullmatch(label) and not _NO_PLACE.match(label)
    return bool(named) and label not in _GROUP_OF


def _says(words: str) -> bool:
    return len(words) >= SHORTEST and not is_vague(words)


def _chart(group: list[_Compared]) -> Chart | None:
    """The chart of rows that are compared, None where they do not make one."""
    by_label: dict[str, list[FigureRow]] = defaultdict(list)
    for one in group:
        by_label[one.label].append(one.row)
    bars = [
        Bar(label, row)
        for label, rows in by_label.items()
        if _NAME.search(label) and (row := agreed(rows))
    ]
    values = {Decimal(bar.row.number) for bar in bars}
    if not 1 < len(bars) <= MOST_BARS or len(values) == 1:
        return None
    first = min(group, key=lambda one: len(one.indicator))
    if len({bar.row.document_id for bar in bars}) > 1:
        bars.sort(key=lambda bar: -Decimal(bar.row.number))
    places = first.key[0] == "across" or all(_is_place(bar.label) for bar in bars)
    over: Over = "place" if places else "group"
    return Chart(first.indicator, first.row.unit, over, first.row.year, tuple(bars))
