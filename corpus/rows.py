"""Rows of tables as they are read: each cell under its column's head, with its unit."""

from __future__ import annotations

import re

from corpus.document import Block, Piece
from corpus.language import Figure, find_figures

__all__ = ["cell_figure", "read_row"]

_UNIT_COLUMN = re.compile("^(?:计量|计费|计价)?单位$")
_UNIT_IN_HEAD = re.compile(r"[（(](?:单位[：:])?([^（）()]{1,8})[)）]$")
_NUMBER = re.compile(r"[-+]?\d[\d,.]*")
_EMPTY = re.compile("^[—–\\-/\\s]*$")


def read_row(text: str, block: Block) -> tuple[Piece, ...]:
    """A row as a sentence, 「水泥：2023年产量176.9万吨，…」; without heads its cells in turn."""
    pieces: list[Piece] = []
    for place, (start, end) in enumerate(block.cells):
        head = _head(text, block, place)
        cell = text[start:end]
        if _EMPTY.match(cell) or (head and _UNIT_COLUMN.match(head.text)):
            continue
        if place == 0 and block.heads:
            if head and not cell[:1].isalpha():  # 线路1路, but not 产品名称水泥
                pieces.append(head)
            pieces += [Piece(start, cell), Piece(-1, "：")]
            continue
        if head:
            pieces.append(Piece(head.start, _UNIT_IN_HEAD.sub("", head.text)))
        pieces.append(Piece(start, cell))
        unit = _unit(text, block, place)
        pieces += [unit, Piece(-1, "，")] if unit else [Piece(-1, "，")]
    return (*pieces[:-1], Piece(-1, "。"))


def cell_figure(text: str, block: Block, place: int) -> Figure | None:
    """The figure a cell holds, in the unit that stands in it or that its table gives."""
    start, end = block.cells[place]
    cell = text[start:end]
    unit = _unit(text, block, place)
    told = next((f for f in find_figures(f"{cell}{unit.text if unit else ''}")), None)
    if told is None or not told.unit or told.start:
        return None
    return Figure(
        start,
        min(end, start + told.end),
        cell[: told.end],
        told.value,
        told.unit,
        told.upper,
        told.qualifier,
    )


def _head(text: str, block: Block, place: int) -> Piece | None:
    if place >= len(block.heads):
        return None
    start, end = block.heads[place]
    return Piece(start, text[start:end])


def _unit(text: str, block: Block, place: int) -> Piece | None:
    """What a bare number counts in: a column of units says so, or its own column's head."""
    if not _NUMBER.fullmatch(text[slice(*block.cells[place])]):
        return None
    head = _head(text, block, place)
    named = _UNIT_IN_HEAD.search(head.text) if head else None
    if head and named:
        return Piece(head.start + named.start(1), named[1])
    for column, (start, end) in enumerate(block.heads):
        if _UNIT_COLUMN.match(text[start:end]) and column < len(block.cells):
            first, last = block.cells[column]
            return Piece(first, text[first:last])
    return None
