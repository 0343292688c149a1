"""Rows of tables as they are read: each cell under its column's head, with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corpus.cells import is_figure, year_column
from corpus.document import Block, Piece, Span
from corpus.language import UNIT, Figure, find_figures
from corpus.language.numbers import read_amount

__all__ = ["naming_columns", "read_row", "row_figures", "row_name", "with_unit"]

NAMING = 3  # first cells of a row, in which its name may stand
ABOVE = 3  # lines over a table, in which it is told what it counts in
LONGEST_ABOVE = 60  # characters of such a line

_UNIT_COLUMN = re.compile("^(?:计量|计费|计价)?单位$")
_UNIT_IN_HEAD = re.compile(r"[（(](?:单位[：:])?([^（）()]{1,8})[)）]$")
_NUMBER = re.compile(r"[-+]?\d[\d,.]*")
_EMPTY = re.compile("^[—–\\-/\\s]*$")
_COUNTS_IN = rf"(?:[十百千]?[万亿]|[十百千])?(?:{UNIT})"
_ABOVE = re.compile(
    rf"单位[：:]\s*((?:{_COUNTS_IN})(?:[、，,/]\s*(?:{_COUNTS_IN}))*)\s*(?:[)）\]】；;。\s]|$)"
    rf"|[（(]({_COUNTS_IN})[)）]$"
)
_ROW = re.compile(r"[\t|]")
_SEVERAL = re.compile(r"[、，,]\s*")
_SHARES = ("%", "‰")
# What is counted in nothing, or in shares; of a table in money, what is no money; and the like.
_NEVER = re.compile(
    r"序号|编号|编码|代码|邮编|电话|号码|排名|名次|位次|(?<!\d)(?:年份?|年度|月份?)$|日期|时间|备注|倍数$|指数$"
)
_SHARE = re.compile(r"[率幅]$|增速|比[重例]|占比|百分|增长|同比|环比|%")
_COUNT = re.compile("[个人户家件次辆套起宗]数|数量|数$|人口|面积|里程|长度|规模")
_MONEY = re.compile("[投融]资|金额|资金|收入|支出|产值|营收|税|经费|费用|价|工资|预算|总额|利润")
_SIZE = re.compile("面积|里程|长度|重量|产量|库容")
# Heads below which a bare number needs no unit: it counts what they name.
_COUNTED = re.compile("(?<![指倍系参函常序基对])数量?$|人口$|[人场班架车辆台户]次$")
_COLON, _COMMA, _STOP = Piece(-1, "："), Piece(-1, "，"), Piece(-1, "。")


@dataclass(frozen=True, slots=True)
class _Heads:
    """A table's heads as they are read, and what bare numbers below them count in."""

    names: tuple[Piece, ...]
    units: dict[int, Piece]  # by column, where its head ends in a unit
    unit_column: int  # the place of a column of units, -1 where there is none
    above: tuple[Piece, ...]  # what the whole table counts in, told over it


def read_row(text: str, block: Block) -> tuple[Piece, ...]:
    """A row as a sentence, 「水泥：2023年产量176.9万吨，…」; without heads its cells in turn."""
    pieces: list[Piece] = []
    heads = _heads_of(text, block)
    for place, (start, end) in enumerate(block.cells):
        head = heads.names[place] if place < len(heads.names) else None
        cell = text[start:end]
        if _EMPTY.match(cell) or place == heads.unit_column:
            continue
        if place == 0 and head:
            if not cell[:1].isalpha():  # 线路1路, but not 产品名称水泥
                pieces.append(head)
            pieces += [Piece(start, cell), _COLON]
            continue
        if head:
            pieces.append(head)
        pieces.append(Piece(start, cell))
        unit = _unit_of(text, block, heads, place) if _NUMBER.fullmatch(cell) else None
        if unit:
            pieces.append(unit)
        pieces.append(_COMMA)
    return (*pieces[:-1], _STOP)


def row_figures(text: str, block: Block) -> Iterator[tuple[str, Figure]]:
    """The figures of a row but for its first cell's, each with its column's name or "".

    Each is in the unit that stands in its cell or that its table gives, and in none where its
    column's head says what it counts: 员工数.
    """
    heads = _heads_of(text, block)
    for place, (start, end) in enumerate(block.cells[1:], 1):
        cell = told = text[start:end]
        if _NUMBER.fullmatch(cell):
            unit = _unit_of(text, block, heads, place)
            name = heads.names[place].text if place < len(heads.names) else ""
            if unit is None:  # most cells of a wide table: a number of nobody knows what
                if _COUNTED.search(name) and not _NEVER.search(name):
                    value = read_amount(cell)
                    yield name, Figure(start, end, cell, value, "")
                continue
            told += unit.text
        found = next(find_figures(told), None)
        if found and found.unit and not found.start:
            last = min(found.end, len(cell))
            name = heads.names[place].text if place < len(heads.names) else ""
            yield name, replace(found.moved(start), end=start + last, text=cell[:last])


def with_unit(text: str, block: Block, cell: int) -> str:
    """What a cell that begins at a place says, with the unit that its table gives it."""
    pieces = read_row(text, block)
    for piece, after in pairwise(pieces):
        if piece.start == cell:
            return piece.text + (after.text if after.start >= 0 and after.start != cell else "")
    return ""


def _unit_of(text: str, block: Block, heads: _Heads, place: int) -> Piece | None:
    """What a bare number of a row counts in: as its column says, its row, or the whole table."""
    if place in heads.units:
        return heads.units[place]
    if 0 <= heads.unit_column < len(block.cells):
        start, end = block.cells[heads.unit_column]
        return Piece(start, text[start:end])
    names = [heads.names[place].text] if place < len(heads.names) else []
    for start, end in block.cells[: min(place, NAMING)]:
        name = text[start:end]
        own = _UNIT_IN_HEAD.search(name)
        if own and re.fullmatch(_COUNTS_IN, own[1]):
            return Piece(start + own.start(1), own[1])
        names += [] if is_figure(name) else [name]
    of_all = _counts_in("", heads.above)  # unless its column or its row says that it is another
    told = (_counts_in(name, heads.above) for name in names)
    return next((unit for unit in told if unit != of_all), of_all)


def row_name(text: str, block: Block, columns: Sequence[int]) -> str:
    """What a row is of: its cells in the columns that name rows, else the first that says words."""
    cells = [text[start:end] for start, end in block.cells]
    named = [cells[i] for i in columns if i < len(cells) and not _EMPTY.match(cells[i])]
    return "".join(named) or next((cell for cell in cells if cell[:1].isalpha()), cells[0])


def naming_columns(text: str, rows: Sequence[Block]) -> tuple[int, ...]:
    """The columns that name the rows of a table: the first of words that differ in each row.

    Before it may stand numbers in turn (序号) or what rows are grouped by (类别). Where no
    column tells every row apart, all before the figures do it together. The year of a row is
    told beside its name, and names it only where nothing else does.
    """
    if not rows or not rows[0].heads:
        return (0,)
    heads = _heads_of(text, rows[0])
    tables = [[text[start:end] for start, end in row.cells] for row in rows]
    year = year_column([text[start:end] for start, end in rows[0].heads], tables)
    words: list[int] = []
    for place in range(max(map(len, tables))):
        column = [cells[place] for cells in tables if place < len(cells)]
        said = [cell for cell in column if not _EMPTY.match(cell)]
        if place in (heads.unit_column, year) or not said:
            continue
        if place and any(map(is_figure, said)):
            break  # what comes after the first figures tells more of a row, and names none
        if place == 0 and _is_count(said):
            continue
        words.append(place)
        if len(set(said)) == len(said):
            return (place,)
        if year >= 0 and len({_at(cells, (*words, year)) for cells in tables}) == len(tables):
            break
    return tuple(words) or (max(year, 0),)


def _at(cells: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(cells[place] for place in places if place < len(cells))


def _is_count(cells: Sequence[str]) -> bool:
    """Whether cells are the numbers of their rows, 1, 2, 3, but for those of rows of sums."""
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    in_turn = all(after == before + 1 for before, after in pairwise(numbers))
    return in_turn and 2 * len(numbers) > len(cells)


def _heads_of(text: str, block: Block) -> _Heads:
    spans = block.heads
    above = _unit_above(text, spans[0][0]) if spans else ()
    return _read_heads(spans, tuple(text[start:end] for start, end in spans), above)


def _unit_above(text: str, heads: int) -> tuple[Piece, ...]:
    """What the lines right over a table's heads say it counts in: 单位：万元; （单位：亿元、%）."""
    end = text.rfind("\n", 0, heads)
    for _ in range(ABOVE):
        start = text.rfind("\n", 0, max(end, 0)) + 1
        if end < 0 or end - start > LONGEST_ABOVE or _ROW.search(text, start, end):
            break
        found = _ABOVE.search(text[start:end])
        if found:
            group = 1 if found[1] else 2
            at, told = start + found.start(group), []
            for unit in _SEVERAL.split(found[group]):
                at = text.index(unit, at)
                told.append(Piece(at, unit))
                at += len(unit)
            return tuple(told)
        end = start - 1
    return ()


def _counts_in(name: str, above: Sequence[Piece]) -> Piece | None:
    """Which of the units above a table what has a name counts in; None where they do not tell."""
    if not above or _NEVER.search(name):
        return None
    shares = [unit for unit in above if unit.text in _SHARES]
    if _SHARE.search(name):
        return shares[0] if shares else None
    others = [unit for unit in above if unit.text not in _SHARES]
    if len(others) != 1:
        return shares[0] if len(above) == len(shares) == 1 else None
    money = others[0].text.endswith(("元", "镑"))
    other = _COUNT.search(name) if money else _MONEY.search(name)
    counted = not money and others[0].text[-1] in "人个户家件次名所"
    return None if other or (counted and _SIZE.search(name)) else others[0]


@lru_cache(maxsize=8)  # rows of a table are read one after the other
def _read_heads(
    spans: tuple[Span, ...], heads: tuple[str, ...], above: tuple[Piece, ...]
) -> _Heads:
    names, units, unit_column = [], {}, -1
    for place, ((start, _), head) in enumerate(zip(spans, heads, strict=True)):
        named = _UNIT_IN_HEAD.search(head)
        if named:
            units[place] = Piece(start + named.start(1), named[1])
        elif unit_column < 0 and _UNIT_COLUMN.match(head):
            unit_column = place
        names.append(Piece(start, head[: named.start()] if named else head))
    return _Heads(tuple(names), units, unit_column, above)
