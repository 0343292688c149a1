"""Every figure of the documents as a row, and what the years say of the same thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus import FactStatus
from corpus.language import clause_start, same_unit
from index import Index

__all__ = [
    "MOMENTS",
    "FigureRow",
    "Series",
    "agreed",
    "document_rows",
    "figure_rows",
    "find_series",
    "is_vague",
    "what_counts",
]

SHORTEST = 4  # characters of an indicator; of less nobody can say that two mean the same


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure and where it stands: `document.text[start:end] == sentence`.

    `indicator` reads by itself; `subject` is whose it is where a heading or a row's name says so.
    `value` is the figure as written; `number` is the same as a plain decimal that counts in
    `unit`, the plainest of its kind, or "" where it is not known: 73.5公里 is 73500 米. `place`
    is the one the document is about; `year` is None and `status` and `place` are "" where
    nothing tells. `figure_start` and `figure_end` are offsets into the document like `start`.
    `written` is the value with the unit that its table tells elsewhere: 320万元 of 320.
    """

    indicator: str
    value: str
    number: str
    unit: str
    year: int | None
    status: FactStatus
    place: str
    subject: str
    sentence: str
    section: str
    document_id: str
    source: str
    title: str
    start: int
    end: int
    figure_start: int
    figure_end: int
    written: str


@dataclass(frozen=True, slots=True)
class Series:
    """The same indicator in two years or more: one row a year, oldest first.

    Every `number` is known and counts in `unit` or in a measure word that stands for it (个, 家).
    """

    indicator: str
    unit: str
    rows: tuple[FigureRow, ...]


def figure_rows(
    index: Index,
    words: str = "",
    year: int | None = None,
    status: str | None = None,
    sort: str = "",
    descending: bool = False,
    limit: int = -1,
    offset: int = 0,
    section: str = "",
) -> tuple[int, list[FigureRow]]:
    """How many figures there are in whose row all words stand, of a year, a status and under a
    section (its headings, outermost first: 工作计划 / 教育) where these are named, and `limit` of
    them from `offset` on.

    Numbers that are part of a name, a date or a rank (三个优势, 15周年, 第三届) are none of them.

    `sort` names a field, "" the order of the documents; what is not known comes last.
    """
    total, rows = index.catalogue.figures.page(
        words, year, status, sort, descending, limit, offset, section
    )
    return total, [FigureRow(*row) for row in rows]


def document_rows(index: Index, document_id: str) -> Iterator[FigureRow]:
    """The figures of one document, in order; none of an unknown one."""
    return (FigureRow(*row) for row in index.catalogue.figures.of_document(document_id))


# What tells a rise from a level, and what was added from what there is.
_WAYS = {
    "增长": "up", "增加": "up", "提高": "up", "上升": "up", "增速": "up", "增幅": "up",
    "下降": "down", "减少": "down", "降低": "down", "回落": "down",
    "新增": "new", "新认定": "new", "净增": "net", "累计": "sum", "人均": "each",
}  # fmt: skip
# Words of reporting: with or without them the same is counted.
_FILLER = re.compile(
    r"[\W_]|跌破|大关|\d{4}年|^(?:[一二三四五六七八九十]是|全[年区县镇]|共?有)|完成|实现|达到?|预计|预期|计划|力争|争取|"
    r"确保|建成|新建|建设|控制在|稳定在|突破|总数$|全年|同比|比上年|新(?=引进)"
)
# Each once, whatever comes of it, as in corpus/indicators.py.
_VAGUE = re.compile(
    "(?:(?=(总|投资|金额|额|项目|面积|规模|数量|全长|产量|产值|投入|资金|分别|年度|收入|企业|发展|其中|销售|占比|占|惠及|居民|群众|"
    "公司|元|以上|价格|股份|股|每|约合|折合|人民币|数|量|累计|达到?|实际|到位|同口径|同比|增长|下降|增加|占地|规划|完成|实施|兑现|"
    "新增|带动|就业|分配|入住|合计|力争|计划|首次|有|为))\\1)*"
)
MOMENTS = frozenset("年月日天周秒点岁届期代") | {"周年", "个月", "小时", "分钟", "刻钟"}
_PART_OF_YEAR = re.compile(
    r"季度|半年|当?月份?|五年|时期|期间|[\d一二三四五六七八九十]月|十[三四五]五|以来|同期"
)
_RANK: dict[FactStatus, int] = {"done": 0, "": 0, "target": 1}


def find_series(index: Index, documents: Sequence[str] | None = None) -> tuple[Series, ...]:
    """The indicators that have a figure in two years or more, in the order of the documents, of
    those of these ids alone where they are given.

    A chart shows one bar a year: what was done there, else what was aimed at; two bars would
    read as a change. Figures of one year that contradict each other are left out, and what
    one document says is set beside another's only where both titles name the same place.
    """
    years: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for row, key in _named_rows(index, documents):
        years[key].add(row.year or 0)
    alike: dict[tuple[object, ...], list[FigureRow]] = defaultdict(list)
    for row, key in _named_rows(index, documents):  # again, lest all rows of a large index be kept
        if len(years[key]) > 1:
            alike[key].append(row)
    return tuple(series for group in alike.values() for series in _by_unit(group))


def _named_rows(
    index: Index, documents: Sequence[str] | None
) -> Iterator[tuple[FigureRow, tuple[object, ...]]]:
    """The figures of a year, each with what it counts and of whom."""
    rows: Iterable[FigureRow] = (FigureRow(*row) for row in index.catalogue.figures.of_years())
    if documents is not None:
        rows = (row for key in documents for row in document_rows(index, key) if row.year)
    for row in rows:
        named = what_counts(row)
        if named and row.number and row.unit not in MOMENTS:
            whole = row.place if row.place and row.place in row.title else row.document_id
            yield row, (whole, *named)


def what_counts(row: FigureRow) -> tuple[frozenset[str], str] | None:
    """What a row counts, as two rows of the same have it; None where its words do not tell."""
    at = row.figure_start - row.start
    before = row.sentence[clause_start(row.sentence, at) : at]
    share = row.unit in ("%", "个百分点")
    compared = not share and any(word in before for word in "由从比较")
    compared = compared or "分别" in row.indicator  # of which of them nobody knows
    if compared or row.value.startswith("第") or _PART_OF_YEAR.search(row.sentence[:at]):
        return None
    core = row.indicator.replace(row.place, "")
    ways = frozenset(way for word, way in _WAYS.items() if word in core)
    for word in _WAYS:
        core = core.replace(word, "")
    core = _FILLER.sub("", core)
    long_enough = len(core) + (2 if ways & {"new", "net"} else 0) >= SHORTEST
    return (ways, core) if long_enough and not is_vague(core) else None


def is_vague(words: str) -> bool:
    """Whether words tell nothing of what is counted: 投资总额, 增长."""
    return bool(_VAGUE.fullmatch(words))


def _by_unit(rows: Iterable[FigureRow]) -> Iterator[Series]:
    groups: list[list[FigureRow]] = []
    for row in rows:
        unit = row.unit
        group = next((g for g in groups if _comparable(g[0].unit, unit)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    for group in groups:
        years = sorted({row.year for row in group if row.year})
        points = [
            point for year in years if (point := agreed([row for row in group if row.year == year]))
        ]
        if len(points) > 1:
            shortest = min((point.indicator for point in points), key=len)
            yield Series(shortest, points[0].unit, tuple(points))


def _comparable(one: str, other: str) -> bool:
    """Whether two units count the same; a share and a change in points do not."""
    return one == other or ("%" not in (one, other) and same_unit(one, other))


def agreed(rows: Sequence[FigureRow]) -> FigureRow | None:
    """The first of the rows of one thing, done before aimed at; None where they contradict."""
    best = min(_RANK[row.status] for row in rows)
    said = [row for row in rows if _RANK[row.status] == best]
    return said[0] if len({Decimal(row.number) for row in said}) == 1 else None
