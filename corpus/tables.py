"""Tables among the lines of a text: Markdown's, tabs, columns set by spaces, HTML's rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from corpus.language import find_figures
from corpus.lines import Line

__all__ = ["mark_tables"]

FEWEST_ROWS = 2  # a header and one row
FEWEST_SPACED = 3  # lines before columns set by single spaces are taken for a table
LONGEST_CELL = 40  # characters of a cell of a line that only spaces part

_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_SENTENCE = re.compile("[，。；！？]")
_PLAIN = re.compile(r"[-+±]?\d[\d.,，]*|[—–-]+|[√×✓]")


def mark_tables(lines: list[Line]) -> list[Line]:
    """The lines with those of tables marked; rules between rows are left out."""
    kept: list[Line] = []
    place, number = 0, 1000
    while place < len(lines):
        size, rows = _table_at(lines, place)
        if rows:
            number += 1
            for line in rows:
                line.kind = "row"
                line.table = line.table if line.table >= 0 else number
            rows[0].header = len(rows) > 1 and (rows[0].header or _is_header(rows))
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
    for at in [*(i for i in range(first, last) if text[i] == mark), last]:
        piece = text[start:at]
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, max(left, at - (len(piece) - len(piece.rstrip())))))
        start = at + 1
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
    body = rows[1:]
    valued = [all(_is_value(row[i]) for row in body) for i in range(count)]
    mostly = [2 * sum(_is_value(row[i]) for row in body) >= len(body) for i in range(count)]
    return any(valued) or (count > 2 and any(mostly))


def _is_value(cell: str) -> bool:
    """Whether a cell is a number, with its unit or alone, and no name with one (2023年产量)."""
    figures = find_figures(cell)
    return bool(_PLAIN.fullmatch(cell)) or any(f.end - f.start == len(cell) for f in figures)


def _with_cells(rows: list[Line], mark: str) -> list[Line]:
    for row in rows:
        row.cells = tuple(_fields(row, mark))
    return rows


def _is_header(run: Sequence[Line]) -> bool:
    """Whether a first row names the columns: it has fewer values than those below it."""

    def values(line: Line) -> int:
        return sum(_is_value(line.text[a:b]) for a, b in line.cells)

    below = [values(line) for line in run[1:]]
    return bool(below) and (values(run[0]) < max(below) or values(run[0]) == 0)
