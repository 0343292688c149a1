"""Text that a terminal can be given: of files, titles and questions, none of them trusted."""

from __future__ import annotations

import unicodedata

__all__ = ["printable"]


def printable(text: str) -> str:
    """Line ends as spaces; control, direction and surrogate characters dropped.

    They would move a terminal's cursor, reverse the words around them, or not encode.
    """
    return "".join(
        c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
