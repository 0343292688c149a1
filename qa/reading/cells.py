"""Which cell of a table a question asks for: by what its row and its column are named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus import Block, Document, Passage
from corpus.language import simplify
from qa.asking import Query

__all__ = ["asked_cell", "named_cells", "rows_of"]

Span = tuple[int, int]

_BRACKETED = re.compile(r"[（(].*?[)）]|\s")


def asked_cell(query: Query, document: Document, passage: Passage) -> Span | None:
    """The cell where the one row and the one column that a query names meet, or None."""
    row = document.block_at(passage.start)
    if not row.heads:
        return None
    rows = rows_of(document, row.heads)
    keys = named_cells(document, (cell for row in rows for cell in row.cells), query)
    named = [row for row in rows if any(cell in keys for cell in row.cells)]
    own = {
        head
        for row in named
        for head, cell in zip(row.heads, row.cells, strict=False)
        if cell in keys
    }
    heads = named_cells(document, row.heads, query) - own  # 各垦区早稻面积合计: not of 垦区
    if len(heads) != 1 or len(named) != 1:
        return None
    column = row.heads.index(heads.pop())
    cell = named[0].cells[column] if column < len(named[0].cells) else (0, 0)
    inside = passage.start <= cell[0] < passage.end and cell not in keys
    return cell if inside and any(c.isalnum() for c in document.text[slice(*cell)]) else None


def named_cells(document: Document, cells: Iterable[Span], query: Query) -> set[Span]:
    """The cells whose names a query has, but for those within longer names of others."""
    asked = query.standalone.replace(" ", "").lower()
    names = {cell: _name(document, cell) for cell in cells}
    held = {cell: name for cell, name in names.items() if len(name) > 1 and name in asked}
    longer = set(held.values())
    return {
        cell
        for cell, name in held.items()
        if not any(name != other and name in other for other in longer)
    }


@lru_cache(maxsize=64)
def rows_of(document: Document, heads: tuple[Span, ...]) -> tuple[Block, ...]:
    """The rows of the table that has these heads."""
    return tuple(block for block in document.blocks if block.cells and block.heads == heads)


def _name(document: Document, cell: Span) -> str:
    """What a cell says, without its unit and as it may stand in a question."""
    return simplify(_BRACKETED.sub("", document.text[slice(*cell)])).lower()
