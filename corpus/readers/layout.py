"""Lines and tables of a page in the order in which they are read, from where characters stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.readers.columns import find_regions
from corpus.readers.page import (
    CELL_GAP,
    SAME_LINE,
    WORD_GAP,
    Character,
    Item,
    Line,
    Page,
    Table,
    apart,
    find_pieces,
    joined,
)
from corpus.readers.rulings import Grid, find_grids

__all__ = ["read_page"]

OUTLIERS_FROM = 8  # items of a region, from which two may reach beyond its edge
NEARLY = 0.75  # of the width to the farthest, that the edge of most has
ALIGNED_ROWS = 3  # the fewest that are a table without lines
ALIGNED = 0.8  # of the size, within which the cells of a column begin, end or are centred


def read_page(page: Page) -> list[Item]:
    """The lines and tables of a page, column by column."""
    grids = find_grids(page.rulings)
    cells: list[dict[tuple[int, int], list[Character]]] = [{} for _ in grids]
    outside: list[Character] = []
    for character in page.characters:
        middle = (character.left + character.right) / 2, character.base - character.size / 3
        for grid, held in zip(grids, cells, strict=True):
            place = grid.place_of(*middle)
            if place:
                held.setdefault(grid.cell(place), []).append(character)
                break
        else:
            outside.append(character)
    items: list[Item] = [*find_pieces(outside)]
    items += [_table(grid, held) for grid, held in zip(grids, cells, strict=True) if held]
    return [item for region in find_regions(items) for item in _lines(region)]


def _table(grid: Grid, held: dict[tuple[int, int], list[Character]]) -> Table:
    texts = {}
    for cell, characters in held.items():
        text = ""
        for row in _rows([*find_pieces(characters)]):
            text = joined(text, _row_text(row)) if text else _row_text(row)
        texts[cell] = text
    rows = [
        [texts.get(grid.cell((row, column)), "") for column in range(grid.columns)]
        for row in range(grid.rows)
    ]
    return Table(rows, grid.xs, grid.xs[0], grid.xs[-1], grid.ys[0])


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Items that stand on one line, from the left, and those lines from the top."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda i: i.base):
        first = rows[-1][0] if rows else None
        size = min(item.size, first.size) if first else 0.0
        if first is not None and item.base - first.base <= SAME_LINE * size:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda i: i.left) for row in rows]


def _lines(region: Sequence[Item]) -> Iterator[Item]:
    """Whole lines of a region; several that have their parts one below the other are a table."""
    edges = _edges(region)
    rows = [_merged(row) for row in _rows(region)]
    place = 0
    while place < len(rows):
        end = place
        while end < len(rows) and len(rows[end]) > 1 and len(rows[end]) == len(rows[place]):
            end += 1
        if end - place >= ALIGNED_ROWS and _aligned(rows[place:end]):
            first = rows[place]
            cells = [[i.text for i in row if isinstance(i, Line)] for row in rows[place:end]]
            yield Table(cells, [i.left for i in first], *edges, first[0].base, 0.0, edges)
            place = end
            continue
        for item in _whole(rows[place]):
            item.edges = edges
            yield item
        place += 1


def _edges(region: Sequence[Item]) -> tuple[float, float]:
    """Where the lines of a region begin and end, but for one or two that reach beyond."""
    left = min(i.left for i in region)
    rights = sorted((i.right for i in region), reverse=True)
    usual = rights[2] if len(rights) >= OUTLIERS_FROM else rights[0]
    return left, usual if usual - left > NEARLY * (rights[0] - left) else rights[0]


def _merged(row: Sequence[Item]) -> list[Item]:
    """The items of a line, with those made one that no wide gap parts."""
    merged: list[Item] = []
    for item in row:
        before = merged[-1] if merged else None
        if (
            isinstance(before, Line)
            and isinstance(item, Line)
            and item.left - before.right <= CELL_GAP * max(before.size, item.size)
        ):
            merged[-1] = _one(before, item)
        else:
            merged.append(item)
    return merged


def _whole(row: Sequence[Item]) -> Iterator[Item]:
    line: Line | None = None
    for item in row:
        if isinstance(item, Table):
            yield item
        else:
            line = _one(line, item) if line else item
    if line:
        yield line


def _one(left: Line, right: Line) -> Line:
    wide = right.left - left.right > CELL_GAP * left.size
    space = wide or (
        apart(left.text[-1], right.text[0]) and right.left - left.right > WORD_GAP * left.size
    )
    larger = max(left, right, key=lambda line: len(line.text))
    text = left.text + (" " if space else "") + right.text
    return Line(text, left.left, max(left.right, right.right), larger.base, larger.size)


def _row_text(row: Sequence[Item]) -> str:
    return " ".join(item.text for item in row if isinstance(item, Line))


def _aligned(rows: Sequence[Sequence[Item]]) -> bool:
    """Whether the parts of lines begin, end or are centred below one another."""
    if any(isinstance(item, Table) for row in rows for item in row):
        return False
    for column in zip(*rows, strict=True):
        near = ALIGNED * max(item.size for item in column)
        places = (
            [item.left for item in column],
            [item.right for item in column],
            [(item.left + item.right) / 2 for item in column],
        )
        if all(max(place) - min(place) > near for place in places):
            return False
    return all(a[-1].left <= b[-1].right for a, b in pairwise(rows))
