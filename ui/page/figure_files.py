"""Rows of figures as a file for a spreadsheet: CSV, or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from qa import FigureRow
from ui.page.words import Words
from ui.printing import printable

__all__ = ["MEDIA_TYPES", "FileKind", "write_figures"]

FileKind = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[FileKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_CELL = 32_000  # characters; Excel takes a few more
MOST_DIGITS = 15  # of a number that Excel does not round
WIDTHS = (36, 14, 16, 10, 8, 10, 12, 24, 60, 30)  # of the columns, in characters

# A spreadsheet takes a cell of text that begins so for a formula; some take the full-width signs.
_FORMULA = re.compile("[=+\\-@＝＋－＠\t\r\n]")


def write_figures(rows: Sequence[FigureRow], kind: FileKind, words: Words) -> bytes:
    """The file, with a line of heads in the words' language."""
    heads = (
        *(words.indicator, words.value, words.number, words.unit, words.year, words.status),
        *(words.place, words.section, words.sentence, words.source),
    )
    lines = (_cells(row, words) for row in rows)
    return _csv(heads, lines) if kind == "csv" else _xlsx(words.figures_tab, heads, lines)


def _cells(row: FigureRow, words: Words) -> tuple[str, ...]:
    status = {"done": words.done, "target": words.target}.get(row.status, "")
    year = "" if row.year is None else str(row.year)
    said = (row.indicator, row.value, row.number, row.unit, year, status)
    return tuple(map(printable, (*said, row.place, row.section, row.sentence, row.source)))


def _csv(heads: Sequence[str], lines: Iterator[tuple[str, ...]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heads)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return file.getvalue().encode("utf-8-sig")  # Excel takes it for GBK without the mark


def _harmless(cell: str) -> str:
    # A spreadsheet of some countries splits at semicolons, too, and what follows one begins a cell.
    whole = cell.replace(";", "；")
    return f"'{whole}" if _FORMULA.match(whole) else whole


def _xlsx(name: str, heads: Sequence[str], lines: Iterator[tuple[str, ...]]) -> bytes:
    from xlsxwriter import Workbook  # only where such a file is asked for

    file = io.BytesIO()
    plain = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
    with Workbook(file, {"in_memory": True, **plain}) as book:
        sheet = book.add_worksheet(name)
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(zip(heads, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, wrapped)
            sheet.write_string(0, column, title, head)
        last = 0
        for last, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                if heads[column] in (heads[2], heads[4]) and _is_number(cell):
                    sheet.write_number(last, column, float(cell))
                else:
                    sheet.write_string(last, column, cell[:LONGEST_CELL])
        sheet.autofilter(0, 0, last, len(heads) - 1)
    return file.getvalue()


def _is_number(cell: str) -> bool:
    return bool(cell) and len(cell) <= MOST_DIGITS
