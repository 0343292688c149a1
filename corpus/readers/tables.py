"""Rows of cells told apart into tables and what stands above them, and written as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from corpus.cells import HEAD_ROWS, is_figure, is_note

__all__ = ["COLUMNS_LIMIT", "Row", "head_rows", "sheet_html", "table_html", "trimmed"]

Row = Sequence[str]

COLUMNS_LIMIT = 500  # that a row is read of; sheets of statistics have up to 100

_LATIN = re.compile(r"[A-Za-z0-9]")


def sheet_html(rows: Iterable[Row]) -> str:
    """Rows of a sheet: tables parted by empty rows, lines of one cell beside them paragraphs."""
    html: list[str] = []
    table: list[Row] = []
    for row in [*rows, ()]:
        if any(row):
            table.append(row)
        elif table:
            html += _part(table)
            table = []
    return "\n".join(html)


def table_html(rows: Sequence[Row]) -> str:
    """One table, its head as th: rows of words over rows with figures, several made one."""
    rows = trimmed(rows)
    size = head_rows(rows)
    lines = [_line(_joined(rows[:size]), "th")] if size else []
    lines += [_line(row, "td") for row in rows[size:]]
    return "\n".join(["<table>", *lines, "</table>"]) if lines else ""


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """The rows, of one length each, without empty ones and empty columns."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows if any(row)]
    columns = [i for i in range(width) if any(row[i] for row in padded)]
    return [[row[i] for i in columns] for row in padded]


def _part(rows: Sequence[Row]) -> list[str]:
    """A run of rows: what stands in one cell above and below the table is no row of it."""
    first, last = 0, len(rows)
    while first < last and (_cells(rows[first]) == 1 or is_note(rows[first])):
        first += 1
    while last > first and _cells(rows[last - 1]) == 1:
        last -= 1
    if first == last:  # a list, down one column
        return [_paragraph(row) for row in rows]
    above, below = rows[:first], rows[last:]
    return [
        *map(_paragraph, above),
        table_html(rows[first:last]),
        *map(_paragraph, below),
    ]


def _cells(row: Row) -> int:
    """How many cells of a row say something of their own: one that was merged counts once."""
    return (
        len({cell for cell in row if cell})
        if len([c for c in row if c]) > 2
        else sum(map(bool, row))
    )


def _paragraph(row: Row) -> str:
    return f"<p>{escape(next(cell for cell in row if cell), quote=False)}</p>"


def _line(row: Row, tag: str) -> str:
    cells = "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"


def head_rows(rows: Sequence[Row]) -> int:
    """How many rows of words stand over the first row with figures; 0 where the first has some."""
    if len(rows) < 2 or any(map(is_figure, rows[0])):
        return 0
    size = 1
    while (
        size < min(HEAD_ROWS, len(rows) - 1)
        and _spans(rows[size - 1])
        and not any(map(is_figure, rows[size]))
        and any(map(is_figure, rows[size + 1]))
    ):
        size += 1
    return size


def _spans(row: Row) -> bool:
    """Whether a cell of a head stands over several columns, or leaves some to the row below."""
    return not all(row) or any(a == b for a, b in pairwise(row))


def _joined(rows: Sequence[Row]) -> list[str]:
    """One head for several rows of it: 2023年 over 产量 is 2023年产量."""
    heads: list[str] = []
    for column in zip(*rows, strict=True):
        head = ""
        for cell in dict.fromkeys(column):
            between = " " if head and cell and _LATIN.match(cell) and _LATIN.match(head[-1]) else ""
            head += between + cell
        heads.append(head)
    return heads
