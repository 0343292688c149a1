"""What tables of every format share: how long a head may be, and which cells are figures."""

from __future__ import annotations

import re

__all__ = ["HEAD_ROWS", "is_figure"]

HEAD_ROWS = 3  # the most that a table's head takes
_FIGURE = re.compile(
    r"[-+±<>≥≤≈约]?\s*[¥$￥]?\d[\d.,，\s]*(?:[eE][-+]?\d+)?\s*[%％‰]?[\u4e00-\u9fff/]{0,4}"
)
_TIME = re.compile(r"(?:19|20)\d\d(?:年.*)?|(?:1[0-2]|[1-9])(?:月|季度).*")


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure, with its unit maybe, and not a year or a month: 1月销售额."""
    return bool(_FIGURE.fullmatch(text)) and not _TIME.fullmatch(text)
