"""Tables in plain text: fields parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from corpus.assembly import LINES_LIMIT
from corpus.cells import is_figure, year_of
from corpus.errors import DocumentError
from corpus.readers.tables import COLUMNS_LIMIT, sheet_html
from corpus.readers.text import decode

__all__ = ["read_csv", "read_given"]

DELIMITERS = ",;\t|，；"
SAMPLE = 20_000  # characters that tell what parts the fields
RECORDS = 20  # that tell it where the Sniffer cannot
FEWEST = 2  # lines of a text that is a table: its head and one more
NARROW = 2  # fields a line, which prose may have in each
LONGEST_HEAD = 16  # characters
LONGEST_CELL = 60

_SAID = re.compile("[。！？!?，；：:、]")
_SENTENCE = re.compile("[。！？!?]")
_KNOWN_HEAD = re.compile(
    "(?:姓名|名称|部门|单位|电话|地址|地点|类别|类型|日期|时间|编号|序号|备注|职务|性别|负责人|联系人|状态)$"
)


def read_csv(data: bytes, name: str) -> str:
    """Tables of HTML, from rows with whatever parts their fields; raises DocumentError."""
    text = decode(data, name)
    try:
        return sheet_html(_rows(text, _delimiter(text), name))
    except csv.Error as error:
        raise DocumentError(f"{name}: 引号不成对，不能分成各列，请用 Excel 另存为 .csv") from error


def read_given(text: str, name: str) -> str | None:
    """A text without the name of a file as tables of HTML, None where it is not plainly a table.

    A line of one field may stand above it. Prose has commas too, and is taken for a table by no
    means: a table has a head and, in every line, as many fields.
    """
    above, _, below = text.removeprefix("\ufeff").strip().partition("\n")
    for mark in DELIMITERS.replace("|", ""):
        lines = f"{above}\n{below}" if mark in above else below.lstrip()
        if mark not in lines.partition("\n")[0]:
            continue
        try:
            rows = [row for row in _rows(lines, mark, name, strict=True) if any(row)]
        except csv.Error:
            continue
        if _is_table(rows, mark):
            title = [] if mark in above else [[above.strip()]]
            return sheet_html([*title, *rows])
    return None


def _rows(text: str, mark: str, name: str, strict: bool = False) -> list[list[str]]:
    rows: list[list[str]] = []
    lines = io.StringIO(text, newline="")
    for row in csv.reader(lines, delimiter=mark, strict=strict):
        rows.append([" ".join(cell.split()) for cell in row[:COLUMNS_LIMIT]])
        if len(rows) > 2 * LINES_LIMIT:  # blank ones too; make_document counts those that say more
            raise DocumentError(f"{name}: 超过 {LINES_LIMIT} 行，请拆成几份")
    return rows


def _is_table(rows: Sequence[Sequence[str]], mark: str) -> bool:
    """Whether rows are alike, below a head: with a column of figures, or a head that is known.

    Two fields a line are prose more often than three, as are those that a Chinese comma parts.
    """
    if len(rows) < FEWEST or len({len(row) for row in rows}) != 1:
        return False
    head, *below = rows
    width = len(head)
    plain = len(set(head)) == width > 1 and all(
        0 < len(cell) <= LONGEST_HEAD and not _SAID.search(cell) and not is_figure(cell)
        for cell in head
    )
    if not plain or any(len(cell) > LONGEST_CELL for row in below for cell in row):
        return False
    if width == NARROW and any(_SENTENCE.search(cell) for row in below for cell in row):
        return False
    columns = [[cell for cell in column if cell] for column in zip(*below, strict=True)]
    if any(column and all(map(_is_number, column)) for column in columns[1:]):
        return True
    known = any(map(_KNOWN_HEAD.search, head)) and mark in ",;\t"
    return known and width > NARROW and not any(_SENTENCE.search(c) for row in rows for c in row)


def _is_number(cell: str) -> bool:
    return is_figure(cell) or year_of(cell) is not None


def _delimiter(text: str) -> str:
    """The mark that parts the first records into most fields of the same number each."""
    sample = text[:SAMPLE]

    def evenness(mark: str) -> tuple[float, int]:
        lines = list(csv.reader(io.StringIO(sample, newline=""), delimiter=mark))[:RECORDS]
        sizes = [len(row) for row in lines if any(row)]
        usual = max(set(sizes), key=sizes.count, default=1)
        return (sizes.count(usual) / len(sizes), usual) if usual > 1 else (0.0, 1)

    return max(DELIMITERS, key=evenness)
