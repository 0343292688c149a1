"""The columns of a page, told by the lines that fill them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from corpus.readers.page import Item, Line

__all__ = ["find_regions"]

GAP = 0.5  # of the size; the least that parts two columns
COLUMN_LINES = 4  # the fewest that make a column of a page
COLUMN_FILL = 0.6  # of a column's width, that its lines usually take; those of a table do not
COLUMN_LENGTH = 8  # characters of its lines


def find_regions(items: list[Item]) -> Iterator[list[Item]]:
    """Parts of a page that are read one after the other; a column is one, and so is a headline."""
    gutter = _gutter(items)
    if gutter is None:
        if items:
            yield items
        return
    across: list[Item] = []
    sides: tuple[list[Item], list[Item]] = ([], [])
    for item in sorted(items, key=lambda i: i.base):
        crosses = item.left < gutter - 1 and item.right > gutter
        if crosses and any(sides):
            for side in sides:
                yield from find_regions(side)
            sides = ([], [])
        elif not crosses and across:
            yield across
            across = []
        if crosses:
            across.append(item)
        else:
            sides[item.left >= gutter - 1].append(item)
    if across:
        yield across
    for side in sides:
        yield from find_regions(side)


def _gutter(items: Sequence[Item]) -> float | None:
    """Where the right one of two columns begins, None where there is one."""
    best, most = None, COLUMN_LINES - 1
    left_edge = min((i.left for i in items), default=0.0)
    right_edge = max((i.right for i in items), default=0.0)
    for at in sorted({round(i.left, 1) for i in items}):
        right = [i for i in items if i.left >= at - 1]
        left = [i for i in items if i.right <= at - GAP * (i.size or 10)]
        crossing = len(items) - len(left) - len(right)
        fewer = min(len(left), len(right))
        if (
            fewer > most
            and crossing <= fewer
            and _fills(left, at - left_edge)
            and _fills(right, right_edge - at)
            and _beside(left, right)
        ):
            best, most = at, fewer
    return best


def _fills(items: Sequence[Item], width: float) -> bool:
    """Whether items are lines as long as a column of that width."""
    lines = [i for i in items if isinstance(i, Line)]
    if not lines:
        return False
    usual = statistics.median(i.right - i.left for i in lines)
    length = statistics.median(len(i.text) for i in lines)
    return usual >= COLUMN_FILL * width and length >= COLUMN_LENGTH


def _beside(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether two columns stand beside one another for some lines, not one below the other."""
    top = max(min(i.base for i in left), min(i.base for i in right))
    bottom = min(max(i.base for i in left), max(i.base for i in right))
    return all(sum(top <= i.base <= bottom for i in side) >= COLUMN_LINES for side in (left, right))
