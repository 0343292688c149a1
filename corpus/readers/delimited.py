"""Tables in plain text: fields parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io

from corpus.assembly import LINES_LIMIT
from corpus.errors import DocumentError
from corpus.readers.tables import COLUMNS_LIMIT, sheet_html
from corpus.readers.text import decode

__all__ = ["read_csv"]

DELIMITERS = ",;\t|，；"
SAMPLE = 20_000  # characters that tell what parts the fields
RECORDS = 20  # that tell it where the Sniffer cannot


def read_csv(data: bytes, name: str) -> str:
    """Tables of HTML, from rows with whatever parts their fields; raises DocumentError."""
    text = decode(data, name)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([" ".join(cell.split()) for cell in row[:COLUMNS_LIMIT]])
            if (
                len(rows) > 2 * LINES_LIMIT
            ):  # blank ones too; make_document counts those that say something
                raise DocumentError(f"{name}: 超过 {LINES_LIMIT} 行，请拆成几份")
    except csv.Error as error:
        raise DocumentError(f"{name}: 引号不成对，不能分成各列，请用 Excel 另存为 .csv") from error
    return sheet_html(rows)


def _delimiter(text: str) -> str:
    """The mark that parts the first records into most fields of the same number each."""
    sample = text[:SAMPLE]

    def evenness(mark: str) -> tuple[float, int]:
        lines = list(csv.reader(io.StringIO(sample, newline=""), delimiter=mark))[:RECORDS]
        sizes = [len(row) for row in lines if any(row)]
        usual = max(set(sizes), key=sizes.count, default=1)
        return (sizes.count(usual) / len(sizes), usual) if usual > 1 else (0.0, 1)

    return max(DELIMITERS, key=evenness)
