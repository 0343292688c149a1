"""Rows of tables as they are read: each cell under its column's head, with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.document import Block, Piece, Span
from corpus.language import Figure, find_figures

__all__ = ["read_row", "row_figures"]

_UNIT_COLUMN = re.compile("^(?:计量|计费|计价)?单位$")
_UNIT_IN_HEAD = re.compile(r"[（(](?:单位[：:])?([^（）()]{1,8})[)）]$")
_NUMBER = re.compile(r"[-+]?\d[\d,.]*")
_EMPTY = re.compile("^[—–\\-/\\s]*$")
_COLON, _COMMA, _STOP = Piece(-1, "："), Piece(-1, "，"), Piece(-1, "。")


@dataclass(frozen=True, slots=True)
class _Heads:
    """A table's heads as they are read, and what bare numbers below them count in."""

    names: tuple[Piece, ...]
    units: dict[int, Piece]  # by column, where its head ends in a unit
    unit_column: int  # the place of a column of units, -1 where there is none


def read_row(text: str, block: Block) -> tuple[Piece, ...]:
    """A row as a sentence, 「水泥：2023年产量176.9万吨，…」; without heads its cells in turn."""
    pieces: list[Piece] = []
    heads = _heads_of(text, block)
    unit_of_row = _unit_of_row(text, block, heads)
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
        unit = heads.units.get(place, unit_of_row)
        if unit and _NUMBER.fullmatch(cell):
            pieces.append(unit)
        pieces.append(_COMMA)
    return (*pieces[:-1], _STOP)


def row_figures(text: str, block: Block) -> Iterator[tuple[str, Figure]]:
    """The figures of a row but for its first cell's, each with its column's name or "".

    Each is in the unit that stands in its cell or that its table gives.
    """
    heads = _heads_of(text, block)
    unit_of_row = _unit_of_row(text, block, heads)
    for place, (start, end) in enumerate(block.cells[1:], 1):
        cell = told = text[start:end]
        if _NUMBER.fullmatch(cell):
            unit = heads.units.get(place, unit_of_row)
            if unit is None:
                continue  # most cells of a wide table: a number of nobody knows what
            told += unit.text
        found = next(find_figures(told), None)
        if found and found.unit and not found.start:
            last = min(found.end, len(cell))
            name = heads.names[place].text if place < len(heads.names) else ""
            yield name, replace(found.moved(start), end=start + last, text=cell[:last])


def _unit_of_row(text: str, block: Block, heads: _Heads) -> Piece | None:
    if not 0 <= heads.unit_column < len(block.cells):
        return None
    start, end = block.cells[heads.unit_column]
    return Piece(start, text[start:end])


def _heads_of(text: str, block: Block) -> _Heads:
    return _read_heads(block.heads, tuple(text[start:end] for start, end in block.heads))


@lru_cache(maxsize=8)  # rows of a table are read one after the other
def _read_heads(spans: tuple[Span, ...], heads: tuple[str, ...]) -> _Heads:
    names, units, unit_column = [], {}, -1
    for place, ((start, _), head) in enumerate(zip(spans, heads, strict=True)):
        named = _UNIT_IN_HEAD.search(head)
        if named:
            units[place] = Piece(start + named.start(1), named[1])
        elif unit_column < 0 and _UNIT_COLUMN.match(head):
            unit_column = place
        names.append(Piece(start, head[: named.start()] if named else head))
    return _Heads(tuple(names), units, unit_column)
