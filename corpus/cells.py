"""What tables of every format share: how long a head is, which cells are figures, notes, years."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["HEAD_ROWS", "is_figure", "is_note", "year_column", "year_of"]

HEAD_ROWS = 3  # the most that a table's head takes
_FIGURE = re.compile(
    r"[-+±<>≥≤≈约]?\s*[¥$￥]?\d[\d.,，\s]*(?:[eE][-+]?\d+)?\s*[%％‰]?[\u4e00-\u9fff/]{0,4}"
)
_NOTE = re.compile("[（(]?[^，。；：:]{0,4}单位[：:].{1,30}")
_TIME = re.compile(r"(?:19|20)\d\d(?:年.*)?|(?:1[0-2]|[1-9])(?:月|季度).*")

_YEAR = re.compile(r"((?:19|20)\d\d)\s?(?:年度?)?")
_BRACKETED = re.compile(r"[（(][^（）()]*[)）]|\s")
# 建成年份 and 开工时间 tell of what a row is of, and not of when its figures are.
_YEAR_HEAD = re.compile("(?:统计|数据|报告|所属|会计|财政|预算|公历)?(?:年份|年度|年)")
_TIME_HEAD = re.compile("(?:统计|数据|报告|所属)?(?:时间|时期|日期)")
_NO_HEAD = frozenset(("", "项目", "指标", "类别", "名称"))  # over years that begin the rows


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure, with its unit maybe, and not a year or a month: 1月销售额."""
    return bool(_FIGURE.fullmatch(text)) and not _TIME.fullmatch(text)


def is_note(row: Sequence[str]) -> bool:
    """Whether a row only says what its table counts in, 单位：万元: it belongs above the table."""
    said = {cell for cell in row if cell}
    return len(row) > 1 and len(said) == 1 and bool(_NOTE.fullmatch(said.pop()))


def year_of(cell: str) -> int | None:
    """The year that a cell says and nothing else, 2024 or 2024年度, else None."""
    found = _YEAR.fullmatch(cell.strip())
    return int(found[1]) if found else None


def year_column(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The place of the column whose cells say of which year each row is, -1 where none does.

    Its head says that it is one and most cells bear it out; time may be told in years, then all
    cells are.
    """
    for place, head in enumerate(heads):
        name = _BRACKETED.sub("", head)
        named = bool(_YEAR_HEAD.fullmatch(name))
        maybe = bool(_TIME_HEAD.fullmatch(name)) or (place == 0 and name in _NO_HEAD)
        if not named and not maybe:
            continue
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        years = sum(year_of(cell) is not None for cell in cells)
        if 2 * years > len(cells) if named else 0 < years == len(cells):
            return place
    return -1
