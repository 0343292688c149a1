"""Tables among the lines of a text: Markdown's, tabs, columns set by spaces, HTML's rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from corpus.cells import is_note, year_column, year_of
from corpus.language import find_figures
from corpus.lines import Line

__all__ = ["mark_tables"]

FEWEST_ROWS = 2  # a header and one row
FEWEST_SPACED = 3  # lines before columns set by single spaces are taken for a table
LONGEST_CELL = 40  # characters of a cell of a line that only spaces part
SAMPLE = 50  # rows that tell what a table's columns hold

_RULE = re.compile(r"^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_SENTENCE = re.compile("[，。；！？]")
_PLAIN = re.compile(r"[-+±]?\d[\d.,，]*|[—–-]+|[√×✓]")


def mark_tables(lines: list[Line]) -> list[Line]:
    """The lines with those of tables marked; rules between rows are left out."""
    kept: list[Line] = []
    place, number = 0, 1000
    while place < len(lines):
        size, rows = _table_at(lines, place)
        while len(rows) > FEWEST_ROWS and _is_above(rows[0]):
            line = rows.pop(0)
            start, end = next(span for span in line.cells if span[0] < span[1])
            line.text, line.offsets = line.text[start:end], line.offsets[start:end]
            line.cells = ()
            kept.append(line)
        if rows:
            number += 1
            for line in rows:
                line.kind = "row"
                line.table = line.table if line.table >= 0 else number
            rows[0].header = len(rows) > 1 and (rows[0].header or _is_header(rows))
            if rows[0].header:
                _mark_years(rows)
        kept += rows or lines[place : place + size]
        place += size
    return kept


def _table_at(lines: list[Line], place: int) -> tuple[int, list[Line]]:
    """How many lines from a place on belong together, and the rows where they are a table."""
    line = lines[place]
    if line.table >= 0:
        run = _while(lines, place, lambda other: other.table == line.table)
        return len(run), _with_cells(run, "\t")
    if line.text.count("|") >= 2 or (line.text.count("|") == 1 and _ruled(lines, place)):
        run = _while(lines, place, lambda other: "|" in other.text)
        rows = [other for other in run if not _RULE.match(other.text)]
        if len(rows) >= FEWEST_ROWS:
            return len(run), _with_cells(rows, "|")
    for mark, fewest in (("\t", FEWEST_ROWS), (" ", FEWEST_SPACED)):
        count = line.text.count(mark) + 1
        if count < 2 or not _has_fields(line, count, mark):
            continue
        run = _while(lines, place, partial(_has_fields, count=count, mark=mark))
        if len(run) >= fewest and (mark == "\t" or _looks_aligned(run, count)):
            return len(run), _with_cells(run, mark)
        return len(run), []  # no part of it is a table either
    return 1, []


def _while(lines: Sequence[Line], place: int, holds: Callable[[Line], bool]) -> list[Line]:
    """The lines from a place on that hold, without a blank line among them."""
    end = place + 1
    while (
        end < len(lines) and holds(lines[end]) and (not lines[end].gap or lines[place].table >= 0)
    ):
        end += 1
    return list(lines[place:end])


def _ruled(lines: Sequence[Line], place: int) -> bool:
    return place + 1 < len(lines) and bool(_RULE.match(lines[place + 1].text))


def _fields(line: Line, mark: str) -> list[tuple[int, int]]:
    """The spans of what stands between marks, white space trimmed off; empty cells stay."""
    text = line.text
    first, last = 0, len(text)
    if mark == "|":
        first += text.startswith("|")
        last -= text.endswith("|")
    spans, start = [], first
    for piece in text[first:last].split(mark):
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, max(left, start + len(piece.rstrip()))))
        start += len(piece) + 1
    return spans


def _has_fields(line: Line, count: int, mark: str) -> bool:
    """Whether a line has that many fields; one that only spaces part holds no sentence then."""
    if line.text.count(mark) + 1 != count or line.level or line.bullet:
        return False
    return mark == "\t" or not _SENTENCE.search(line.text)


def _looks_aligned(run: Sequence[Line], count: int) -> bool:
    """Whether lines that only spaces part are rows: short cells, and a column of values."""
    rows = [[line.text[a:b] for a, b in _fields(line, " ")] for line in run]
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        return False
    values = [[_is_value(cell) for cell in row] for row in rows[1:SAMPLE]]
    columns = [sum(row[i] for row in values) for i in range(count)]
    return len(values) in columns or (count > 2 and 2 * max(columns) >= len(values))


def _is_value(cell: str) -> bool:
    """Whether a cell is a number, with its unit or alone, and no name with one (2023年产量)."""
    if _PLAIN.fullmatch(cell):
        return True
    return any(f.end - f.start == len(cell) for f in find_figures(cell))


def _with_cells(rows: list[Line], mark: str) -> list[Line]:
    for row in rows:
        row.cells = tuple(_fields(row, mark))
    return rows


def _mark_years(rows: Sequence[Line]) -> None:
    """Say of each row below a head of which year it is, where a column of the table tells."""
    heads, *cells = [[line.text[a:b] for a, b in line.cells] for line in rows]
    place = year_column(heads, cells)
    for line, row in zip(rows[1:], cells, strict=True):
        line.year = year_of(row[place]) if 0 <= place < len(row) else None


def _is_above(row: Line) -> bool:
    """Whether a table's first row says in one cell what it counts in: it is a line above it."""
    return row.table < 0 and is_note([row.text[a:b] for a, b in row.cells])


def _is_header(run: Sequence[Line]) -> bool:
    """Whether a first row names the columns: it has fewer values than those below it."""

    def values(line: Line) -> int:
        return sum(_is_value(line.text[a:b]) for a, b in line.cells)

    first = values(run[0])
    return first == 0 or any(values(line) > first for line in run[1:SAMPLE])
