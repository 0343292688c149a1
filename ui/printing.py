"""Text that a terminal can be given: of files, titles and questions, none of them trusted."""

from __future__ import annotations

import unicodedata

__all__ = ["printable", "visible"]


def visible(text: str) -> str:
    """White space as spaces, as many as there were; other control characters dropped.

    Spaces at the ends stay: beside a mark they part what it marks from the words around it.
    """
    spaced = (" " if c.isspace() else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def printable(text: str) -> str:
    """Words in one line, parted by one space; control, direction and surrogate characters dropped.

    They would move a terminal's cursor, reverse the words around them, or not encode.
    """
    return " ".join(visible(text).split())
