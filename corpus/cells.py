"""What tables of every format share: how long a head may be, which cells are figures or notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["HEAD_ROWS", "is_figure", "is_note"]

HEAD_ROWS = 3  # the most that a table's head takes
_FIGURE = re.compile(
    r"[-+±<>≥≤≈约]?\s*[¥$￥]?\d[\d.,，\s]*(?:[eE][-+]?\d+)?\s*[%％‰]?[\u4e00-\u9fff/]{0,4}"
)
_NOTE = re.compile("[（(]?[^，。；：:]{0,4}单位[：:].{1,30}")
_TIME = re.compile(r"(?:19|20)\d\d(?:年.*)?|(?:1[0-2]|[1-9])(?:月|季度).*")


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure, with its unit maybe, and not a year or a month: 1月销售额."""
    return bool(_FIGURE.fullmatch(text)) and not _TIME.fullmatch(text)


def is_note(row: Sequence[str]) -> bool:
    """Whether a row only says what its table counts in, 单位：万元: it belongs above the table."""
    said = {cell for cell in row if cell}
    return len(row) > 1 and len(said) == 1 and bool(_NOTE.fullmatch(said.pop()))
