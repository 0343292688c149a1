"""Tables by the lines that are drawn round their cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Grid", "Ruling", "find_grids"]

NEAR = 3.0  # points; lines nearer than this meet, or are one
BAR = 4.0  # points; what is filled and thinner than this is a line
SHORT = 5.0  # points; a shorter line is part of a letter or a picture
CELLS_LIMIT = 40_000  # of one grid
MERGED = 6  # places that a cell takes of a grid at most, usually; a drawing's take more


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line: level at `at` from the top, or upright at `at` from the left, between two ends."""

    level: bool
    at: float
    start: float
    end: float

    @staticmethod
    def sides(points: Sequence[tuple[float, float]], drawn: bool) -> Iterator[Ruling]:
        """The sides of an outline that are level or upright, where it is drawn and not only
        filled, as what is behind a text is; one line for a thin bar.
        """
        if len(points) < 2:
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if height <= BAR < SHORT <= width:
            yield Ruling(True, (min(ys) + max(ys)) / 2, min(xs), max(xs))
        elif width <= BAR < SHORT <= height:
            yield Ruling(False, (min(xs) + max(xs)) / 2, min(ys), max(ys))
        elif drawn:
            for (x, y), (other_x, other_y) in pairwise(points):
                if abs(y - other_y) < 1 and abs(x - other_x) >= SHORT:
                    yield Ruling(True, y, min(x, other_x), max(x, other_x))
                elif abs(x - other_x) < 1 and abs(y - other_y) >= SHORT:
                    yield Ruling(False, x, min(y, other_y), max(y, other_y))


class Grid:
    """The lines of a table, and which of its places one cell takes."""

    def __init__(self, xs: list[float], ys: list[float], rulings: Sequence[Ruling]) -> None:
        self.xs, self.ys = xs, ys
        self._cell = {
            (row, column): (row, column)
            for row in range(self.rows)
            for column in range(self.columns)
        }
        for row, column in list(self._cell):
            middle_x = (xs[column] + xs[column + 1]) / 2
            middle_y = (ys[row] + ys[row + 1]) / 2
            if column and not _drawn(rulings, False, xs[column], middle_y):
                self._unite((row, column - 1), (row, column))
            if row and not _drawn(rulings, True, ys[row], middle_x):
                self._unite((row - 1, column), (row, column))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.xs) - 1

    @property
    def cells(self) -> int:
        """How many cells there are, each of one place or more."""
        return len(set(map(self.cell, self._cell)))

    def cell(self, place: tuple[int, int]) -> tuple[int, int]:
        """The place that stands for the cell which holds a place."""
        while self._cell[place] != place:
            place = self._cell[place]
        return place

    def place_of(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column of a point, None outside."""
        row = next((i for i, (a, b) in enumerate(pairwise(self.ys)) if a <= y < b), None)
        column = next((i for i, (a, b) in enumerate(pairwise(self.xs)) if a <= x < b), None)
        return (row, column) if row is not None and column is not None else None

    def _unite(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((self.cell(one), self.cell(other)))
        self._cell[second] = first


def find_grids(rulings: Iterable[Ruling]) -> list[Grid]:
    """The tables of several cells that lines draw, from the top of the page."""
    joined = _joined(rulings)
    grids: list[Grid] = []
    for group in _meeting(joined):
        xs = _distinct(r.at for r in group if not r.level)
        ys = _distinct(r.at for r in group if r.level)
        if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > CELLS_LIMIT:
            continue
        grid = Grid(xs, ys, group)
        if grid.columns > 1 and grid.cells > 2 and len(xs) * len(ys) <= MERGED * grid.cells:
            grids.append(grid)
    return sorted(grids, key=lambda grid: grid.ys[0])


def _drawn(rulings: Iterable[Ruling], level: bool, at: float, across: float) -> bool:
    return any(
        r.level == level and abs(r.at - at) <= NEAR and r.start - NEAR <= across <= r.end + NEAR
        for r in rulings
    )


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The lines, with those that go on from one another made one."""
    whole: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda r: (r.level, round(r.at), r.start)):
        last = whole[-1] if whole else None
        if (
            last is not None
            and last.level == ruling.level
            and abs(last.at - ruling.at) <= 1
            and ruling.start <= last.end + NEAR
        ):
            whole[-1] = Ruling(last.level, last.at, last.start, max(last.end, ruling.end))
        else:
            whole.append(ruling)
    return whole


def _meeting(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Groups of lines that meet one another."""
    groups: list[list[Ruling]] = []
    for ruling in rulings:
        met = [group for group in groups if any(_meets(ruling, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([ruling, *(other for group in met for other in group)])
    return groups


def _meets(one: Ruling, other: Ruling) -> bool:
    if one.level == other.level:
        return False
    return (
        one.start - NEAR <= other.at <= one.end + NEAR
        and other.start - NEAR <= one.at <= other.end + NEAR
    )


def _distinct(places: Iterable[float]) -> list[float]:
    distinct: list[float] = []
    for place in sorted(places):
        if not distinct or place - distinct[-1] > NEAR:
            distinct.append(place)
    return distinct
