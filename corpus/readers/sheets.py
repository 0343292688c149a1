"""Excel workbooks (.xlsx), by openpyxl: each sheet a heading and its tables, as they are shown."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from corpus.assembly import LINES_LIMIT
from corpus.errors import DocumentError
from corpus.readers.archive import broken_is_told, check_package
from corpus.readers.tables import COLUMNS_LIMIT, sheet_html

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

__all__ = ["read_xlsx", "shown"]

FILLED_LIMIT = LINES_LIMIT * COLUMNS_LIMIT  # cells of merged ranges
EMPTY_LIMIT = 1_000  # rows in a run; what a program wrote far below the last is none of the table
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([0#?]+))?")
_UNNAMED = re.compile(r"(?:Sheet|工作表)\s*\d*", re.IGNORECASE)
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")


def read_xlsx(data: bytes, name: str) -> str:
    """The sheets that are not hidden, as HTML; raises DocumentError."""
    import openpyxl

    check_package(data, name)
    html: list[str] = []
    with broken_is_told(name, "Excel 文件"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not keep, and we do not read
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                rows = _with_merged(_rows(sheet, name), _merged(data, sheet), name)
                if any(map(any, rows)):
                    html += [_heading(sheet.title), sheet_html(rows)]
        book.close()
    return "\n".join(html)


def _heading(title: str) -> str:
    """The name of a sheet, unless the program gave it."""
    return "" if _UNNAMED.fullmatch(title) else f"<h2>{escape(title, quote=False)}</h2>"


def _rows(sheet: ReadOnlyWorksheet, name: str) -> list[list[str]]:
    sheet.reset_dimensions()  # which programs write wrongly
    rows: list[list[str]] = []
    empty = 0
    for row in sheet.iter_rows(max_col=COLUMNS_LIMIT):
        cells = [
            shown(cell.value, cell.number_format if cell.value is not None else "") for cell in row
        ]
        empty = 0 if any(cells) else empty + 1
        if empty > EMPTY_LIMIT:
            break
        rows.append(cells)
        if len(rows) > LINES_LIMIT + EMPTY_LIMIT:
            raise DocumentError(f"{name}: 工作表 {sheet.title} 超过 {LINES_LIMIT} 行，请拆成几份")
    return rows


def _merged(data: bytes, sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, int, int, int]]:
    """The ranges of merged cells, which openpyxl leaves out where it reads as a stream."""
    from openpyxl.utils.cell import range_boundaries

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(sheet._worksheet_path)  # noqa: SLF001 - nothing else names it
    for found in _MERGED.finditer(xml):
        left, top, right, bottom = range_boundaries(found[1].decode())
        yield left - 1, top - 1, right - 1, bottom - 1


def _with_merged(
    rows: list[list[str]], merged: Iterator[tuple[int, int, int, int]], name: str
) -> list[list[str]]:
    """The rows, with what merged cells hold in each of their places."""
    filled = 0
    for left, top, right, bottom in merged:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for row in rows[top : bottom + 1]:
            last = min(right, COLUMNS_LIMIT - 1)
            row += [""] * (last + 1 - len(row))
            row[left : last + 1] = [rows[top][left]] * (last + 1 - left)
            filled += last + 1 - left
        if filled > FILLED_LIMIT:  # ranges that lie on one another, since no sheet has so many
            raise DocumentError(f"{name}: 合并的单元格太多，请取消合并后另存")
    return rows


def shown(value: Any, number_format: str) -> str:
    """A cell's value as Excel shows it, but for thousands' marks and colours."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return _date(value, number_format.lower())
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    text = " ".join(str(value).split())
    return "" if _ERROR.fullmatch(text) else text


def _date(value: dt.datetime | dt.date | dt.time, number_format: str) -> str:
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    text = value.isoformat()[:10]
    if "y" in number_format and "d" not in number_format:
        text = text[:7] if "m" in number_format else text[:4]
    timed = isinstance(value, dt.datetime) and value.time() != dt.time()
    return f"{text} {value:%H:%M}" if timed else text


def _number(value: float, number_format: str) -> str:
    """A number with the decimals, the sign of a share and the words that its format gives it."""
    exact = Decimal(f"{value:.15g}")  # as many digits as Excel keeps
    if not exact.is_finite():
        return ""
    pattern = number_format.split(";")[0]
    literal = _QUOTED.sub(lambda m: next((g for g in m.groups() if g), ""), pattern)
    digits = _DIGITS.search(_QUOTED.sub("", pattern))
    if "%" in pattern:
        exact *= 100
    if digits is None or pattern.lower() == "general":
        return f"{_plain(exact)}{'%' if '%' in pattern else ''}"
    decimals = digits[1] or ""
    if "e" not in pattern.lower():
        exact = exact.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    if not decimals.endswith("0"):
        exact = Decimal(_plain(exact))
    written = _DIGITS.search(literal)
    before, after = (literal[: written.start()], literal[written.end() :]) if written else ("", "")
    return f"{before.strip()}{exact:f}{after.strip()}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
