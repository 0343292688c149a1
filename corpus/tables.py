"""Tables among the lines of a text: Markdown's, tabs, columns set by spaces, HTML's rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.lines import Line

__all__ = ["mark_tables"]

FEWEST_ROWS = 2  # a header and one row
FEWEST_SPACED = 3  # lines before columns set by single spaces are taken for a table
LONGEST_CELL = 40  # characters of a cell of a line that only spaces part

_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_SENTENCE = re.compile("[，。；！？]")
_VALUE = re.compile(r"^[-+±]?[\d.,，]+|[\d.]+[%元万亿个人户家亩吨米岁天年]|^[—–-]+$|^[√×✓]$")


def mark_tables(lines: list[Line]) -> list[Line]:
    """The lines with those of tables marked; rules between rows are left out."""
    kept: list[Line] = []
    place, number = 0, 1000
    while place < len(lines):
        run, drop = _table_at(lines, place)
        if not run:
            kept.append(lines[place])
            place += 1
            continue
        number += 1
        for line in run:
            line.kind = "row"
            line.table = line.table if line.table >= 0 else number
        run[0].header = run[0].header or _is_header(run)
        kept += run
        place += len(run) + drop
    return kept


def _table_at(lines: list[Line], place: int) -> tuple[list[Line], int]:
    """The rows of the table that begins at a line, and how many rules stand among them."""
    line = lines[place]
    if line.table >= 0:
        run = _while(lines, place, lambda other: other.table == line.table)
        return _with_cells(run, "\t"), 0
    if line.text.count("|") >= 2 or (line.text.count("|") == 1 and _ruled(lines, place)):
        run = _while(lines, place, lambda other: "|" in other.text)
        rows = [other for other in run if not _RULE.match(other.text)]
        if len(rows) >= FEWEST_ROWS:
            return _with_cells(rows, "|"), len(run) - len(rows)
    for mark in ("\t", " "):
        count = len(_fields(line, mark))
        if count < 2:
            continue
        run = _while(lines, place, lambda other, c=count, m=mark: _has_fields(other, c, m))
        if len(run) >= (FEWEST_ROWS if mark == "\t" else FEWEST_SPACED) and (
            mark == "\t" or _looks_aligned(run, count)
        ):
            return _with_cells(run, mark), 0
    return [], 0


def _while(lines: Sequence[Line], place: int, holds: object) -> list[Line]:
    run = [lines[place]]
    for line in lines[place + 1 :]:
        if (line.gap and lines[place].table < 0) or not holds(line):  # type: ignore[operator]
            break
        run.append(line)
    return run


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
    return len(_fields(line, mark)) == count and not line.level and not line.bullet


def _looks_aligned(run: Sequence[Line], count: int) -> bool:
    """Whether lines that only spaces part are rows: short cells, and a column of values."""
    if any(_SENTENCE.search(line.text) for line in run):
        return False
    rows = [[line.text[a:b] for a, b in _fields(line, " ")] for line in run]
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        return False
    body = rows[1:]
    valued = [all(_VALUE.search(row[i]) for row in body) for i in range(count)]
    mostly = [
        2 * sum(bool(_VALUE.search(row[i])) for row in body) >= len(body) for i in range(count)
    ]
    return any(valued) or (count > 2 and any(mostly))


def _with_cells(rows: list[Line], mark: str) -> list[Line]:
    for row in rows:
        row.cells = tuple(_fields(row, mark))
    return rows


def _is_header(run: Sequence[Line]) -> bool:
    """Whether a first row names the columns: it has fewer values than those below it."""

    def values(line: Line) -> int:
        return sum(bool(_VALUE.search(line.text[a:b])) for a, b in line.cells)

    below = [values(line) for line in run[1:]]
    return bool(below) and (values(run[0]) < max(below) or values(run[0]) == 0)
