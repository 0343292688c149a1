"""Tables of pages as grids: cells over several rows or columns read in each, heads made one.

A cell that is repeated leads back to where it stands in the raw text, from each of its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.cells import HEAD_ROWS, is_figure, is_note
from corpus.lines import Line

__all__ = ["Cell", "Tables"]

WIDEST = 200  # columns; the widest of statistics have 40
DEEPEST = 65_534  # rows of a cell, as browsers have it
REPEATED = 1_000_000  # characters of a page that cells over several rows or columns add to it
_VALUE = re.compile(r"(?=.*\d).{1,20}|\S{1,3}")  # of a cell: 50元/月, 免费
_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(slots=True, eq=False)
class Cell:
    """A cell: where its tag stands, over how many rows and columns it goes, what it says."""

    place: int
    rows: int = 1
    columns: int = 1
    head: bool = False
    text: str = ""
    offsets: Sequence[int] = ()

    @classmethod
    def opened(cls, place: int, attributes: Mapping[str, str | None], head: bool) -> Cell:
        """A cell by what its tag says."""
        rows = _span(attributes.get("rowspan"), DEEPEST, 0)
        columns = _span(attributes.get("colspan"), WIDEST, 1)
        return cls(place, rows or DEEPEST, columns, head)


class Tables:
    """The tables of a page that are open, one within the other."""

    def __init__(self) -> None:
        self._open: list[_Grid] = []
        self._count = 0
        self._spare = REPEATED

    def open(self) -> None:
        """Begin a table, within that which is open."""
        self._count += 1
        self._open.append(_Grid(self._count))

    def close(self) -> None:
        """End the table that was begun last: its lines are filled."""
        if self._open:
            self._open.pop().close()

    def line(self, cells: Sequence[Cell], gap: int, linked: float) -> Line | None:
        """The line of a row, by its own cells and those that reach into it from above.

        It is filled when its table is closed; None where no cell of its own says anything.
        """
        if not self._open:
            self.open()
        grid = self._open[-1]
        if self._spare <= 0:
            grid.forget(cells)
        row = grid.add(cells)
        self._spare -= len(row) - len(cells)
        if not any(cell.text for cell in cells):
            return None
        own = {id(cell) for cell in cells}
        self._spare -= sum(len(cell.text) for cell in row if id(cell) not in own)
        line = Line("", [], gap, table=grid.number, linked=linked)
        line.header = any(cell.head for cell in cells)
        grid.rows.append(_Row(row, cells, line))
        return line

    def close_all(self) -> None:
        """End the tables that nothing ended."""
        while self._open:
            self.close()


@dataclass(slots=True)
class _Row:
    cells: list[Cell]  # one for each column
    own: Sequence[Cell]
    line: Line


class _Grid:
    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[_Row] = []
        self._below: dict[int, tuple[Cell, int]] = {}  # by column: what reaches down, how far yet

    def add(self, cells: Sequence[Cell]) -> list[Cell]:
        """A row in full: a cell for each column."""
        row: list[Cell] = []
        following = iter(cells)
        while len(row) < WIDEST:
            column = len(row)
            if column in self._below:
                row.append(self._reaching(column))
                continue
            cell = next(following, None)
            if cell is None:
                if not any(other > column for other in self._below):
                    break
                cell = Cell(row[-1].place if row else 0)
            for _ in range(cell.columns):
                if len(row) in self._below or len(row) == WIDEST:
                    break
                if cell.rows > 1:
                    self._below[len(row)] = cell, cell.rows - 1
                row.append(cell)
        return row

    def forget(self, cells: Sequence[Cell]) -> None:
        """Take each cell for one of a single place: there are too many others already."""
        self._below.clear()
        for cell in cells:
            cell.rows = cell.columns = 1

    def _reaching(self, column: int) -> Cell:
        cell, rows = self._below.pop(column)
        if rows > 1:
            self._below[column] = cell, rows - 1
        return cell

    def close(self) -> None:
        """Part from the rows what stands above and below them; make heads of several rows one."""
        first, last = 0, len(self.rows)
        while first < last and _is_above(self.rows[first].cells):
            first += 1
        while last > first and _is_across(self.rows[last - 1].cells):
            last -= 1
        if first < last:
            for row in [*self.rows[:first], *self.rows[last:]]:
                row.line.table, row.line.header, row.line.gap = -1, False, max(1, row.line.gap)
        rows = self.rows[first:last]
        _drop_doubled(rows)
        for row in self.rows:
            row.line.text, row.line.offsets = _written([row.cells])
        size = _head_size(rows)
        if size > 1:
            line = rows[0].line
            line.text, line.offsets = _written([row.cells for row in rows[:size]])
            line.header = True
            for row in rows[1:size]:
                row.line.text, row.line.offsets = "", []


def _span(value: str | None, most: int, least: int) -> int:
    found = re.match(r"\s*(\d{1,6})", value or "")
    return min(max(int(found[1]), least), most) if found else 1


def _is_across(row: Sequence[Cell]) -> bool:
    """Whether a row is one cell that stands over more than a column."""
    return len(row) > 1 and bool(row[0].text) and all(cell is row[0] for cell in row)


def _is_above(row: Sequence[Cell]) -> bool:
    """Whether a row over a table is a line of its own: a title, 单位：万元 in any of its cells."""
    return _is_across(row) or is_note([cell.text for cell in row])


def _drop_doubled(rows: Sequence[_Row]) -> None:
    """Leave out columns that every row has in one with the column before."""
    width = max((len(row.cells) for row in rows), default=0)
    doubled = {
        column
        for column in range(1, width)
        if all(row.cells[column - 1 : column] == row.cells[column : column + 1] for row in rows)
    }
    for row in rows:
        row.cells = [cell for column, cell in enumerate(row.cells) if column not in doubled]


def _head_size(rows: Sequence[_Row]) -> int:
    """How many rows are a table's head: each further one stands below the wide cells above it."""
    size = 1
    while size < min(HEAD_ROWS, len(rows) - 1):
        above, below = rows[size - 1], rows[size]
        marked = all(cell.head for cell in (*above.own, *below.own))
        if not marked and not _stands_below(above.cells, below.cells):
            break
        if any(is_figure(cell.text) for cell in (*rows[0].own, *below.own)):
            break
        size += 1
    return size


def _stands_below(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a row says something only where cells above it are wide, or reach into it."""
    wide = any(one is other and one.text for one, other in pairwise(above))
    return (
        wide
        and len(above) == len(below)
        and all(
            lower is upper or not lower.text or not upper.text or upper.columns > 1
            for upper, lower in zip(above, below, strict=True)
        )
    )


def _written(rows: Sequence[Sequence[Cell]]) -> tuple[str, list[int]]:
    """A row's text, with tabs between the cells but for empty ones at its end.

    Of several rows each column is one: 2023年 over 产量 is 2023年产量.
    """
    text = ""
    offsets: list[int] = []
    for column, cells in enumerate(_columns(rows)):
        if column:
            text += "\t"
            offsets.append(offsets[-1] if offsets else rows[0][0].place)
        for place, cell in enumerate(cells):
            if place and _LATIN.match(text[-1:]) and _LATIN.match(cell.text):
                text += " "
                offsets.append(offsets[-1])
            text += cell.text
            offsets += cell.offsets
    text = text.rstrip("\t")
    return text, offsets[: len(text)]


def _columns(rows: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """What each column says, from above, each thing once."""
    for column in range(max(map(len, rows))):
        cells = [row[column] for row in rows if column < len(row)]
        if len(rows) == 1 and column and rows[0][column - 1] is cells[0]:
            # Words over several columns, a row's name too, are said once; values in each.
            named = rows[0][0] is cells[0] or not _VALUE.fullmatch(cells[0].text)
            cells = [] if named else cells
        yield [*{cell.text: cell for cell in cells if cell.text}.values()]
