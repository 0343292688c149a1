"""Where the clause around a place of a text begins and ends."""

from __future__ import annotations

__all__ = ["CLAUSE_MARKS", "clause_end", "clause_start"]

CLAUSE_MARKS = "，；：。！？,;"


def clause_start(text: str, place: int, marks: str = CLAUSE_MARKS) -> int:
    """The place after the last mark before `place`, 0 where there is none."""
    return max(text.rfind(mark, 0, place) for mark in marks) + 1


def clause_end(text: str, place: int, marks: str = CLAUSE_MARKS) -> int:
    """The place of the first mark from `place` on, the text's end where there is none."""
    return next((i for i in range(place, len(text)) if text[i] in marks), len(text))
