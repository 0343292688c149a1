"""What a page holds: characters, and the lines and tables that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.rulings import Ruling

__all__ = ["HYPHEN", "Character", "Item", "Line", "Page", "Table", "apart", "joined"]

HYPHEN = "\u00ad"  # at a line's end: the word goes on in the next


@dataclass(frozen=True, slots=True)
class Character:
    """A character from `left` to `right` on a base line, that far from the top, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class Page:
    """A page's size, its characters in the order of the file, and the lines drawn on it."""

    width: float
    height: float
    characters: Sequence[Character] = ()
    rulings: Sequence[Ruling] = ()
    pictured: bool = False


@dataclass(slots=True)
class Line:
    """A line of text, with the edges of the column that it stands in."""

    text: str
    left: float
    right: float
    base: float
    size: float
    edges: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Table:
    """Rows of cells, and where the columns begin."""

    rows: list[list[str]]
    xs: list[float]
    left: float
    right: float
    base: float
    size: float = 0.0
    edges: tuple[float, float] = (0.0, 0.0)


Item = Line | Table


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph in one, a space between Latin words."""
    if before.endswith(HYPHEN):
        return before[:-1] + after
    return before + (" " if apart(before[-1:], after[:1]) else "") + after


def apart(left: str, right: str) -> bool:
    """Whether two characters are of Latin words, which a space parts."""
    return _latin(left) and _latin(right)


def _latin(character: str) -> bool:
    return character < "\u2000" and not character.isspace() and bool(character)
