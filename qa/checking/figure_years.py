"""Which year a figure is of: its own clause tells before all other years of its sentence."""

from __future__ import annotations

import re

from corpus import Document, years_of
from corpus.language import (
    CLAUSE_MARKS,
    YEAR,
    Figure,
    clause_end,
    clause_start,
    find_quantities,
    find_years,
    years_in,
)

__all__ = ["figures_of_years", "years_at"]

_COMPARED = frozenset("自从比较同")  # 比2023年 is no year of what comes after it
_ABOUT = "(?:[约近超达]|超过|达到|大约)?"
# 「2022年的30%」, 「2023年为27个」: a year set directly before a figure is that figure's own,
# also where it is compared with.
_BESIDE = re.compile(rf"(?P<year>{YEAR.pattern})年(?:[初底末]|全年|同期)?[的为是有达到]?{_ABOUT}$")
_AFTER = re.compile(rf"[（(](?:{YEAR.pattern})年(?:[初底末]|全年)?[)）]")
_YEAR_BEFORE = re.compile(rf"(?:上一?年|去年)(?:[底末]|全年|同期)?[的为是有达到]?{_ABOUT}$")
# A clause that the year before opens: 上年改造27个. 比上年 compares.
_OF_YEAR_BEFORE = re.compile("^(?:而|其中)?(?:上一?年|去年)(?:[底末]|全年|同期)?(?![增减降])")
_IN_TURN = re.compile(rf"(?:(?:{YEAR.pattern})年?[、和与及]?){{2,}}")
_RESPECTIVELY = re.compile("分别|依次")


def years_at(
    document: Document, start: int, end: int, sentence: tuple[int, int]
) -> tuple[int, ...]:
    """The years that what stands at `start` of a document may be of, likeliest first."""
    block = document.block_at(start)
    if block.cells:  # what a table says of a figure: its column's head may give another year
        column = next((i for i, (a, b) in enumerate(block.cells) if a <= start < b), -1)
        head = block.heads[column] if 0 <= column < len(block.heads) else (0, 0)
        return years_in(document.text[slice(*head)]) or ((block.year,) if block.year else ())
    first, last = sentence
    told, before = document.text[first:last], document.text[block.start : first]
    figures = find_quantities(told)
    here = (f for f in figures if f.start < end - first and start - first < f.end)
    figure = next(here, None)
    # A span may begin before the year of its figure: 「2023年改造27个」.
    at = figure.start if figure else start - first
    years = years_of(told, at, block.year, before)
    return _narrowed(told, figure, figures, years) if figure else years


def figures_of_years(
    document: Document, sentence: tuple[int, int], figures: list[Figure], years: tuple[int, ...]
) -> list[Figure]:
    """Those figures of a sentence that may be of one of some years; all where none is asked for."""
    first = sentence[0]
    return [
        figure
        for figure in figures
        if not years
        or not (told := years_at(document, first + figure.start, first + figure.end, sentence))
        or set(told) & set(years)
    ]


def _narrowed(
    text: str, figure: Figure, figures: list[Figure], years: tuple[int, ...]
) -> tuple[int, ...]:
    """Of the years a figure of a text may be of, those its clause and its neighbours leave."""
    head = text[: figure.start]
    beside = _BESIDE.search(head)
    if beside and not _IN_TURN.search(head[clause_start(head, len(head)) :]):
        return years_in(beside["year"])
    after = _AFTER.match(text, figure.end)
    if after:
        return years_in(after[0])
    turn = _in_turn(text, figure, figures)
    if turn:
        return turn
    clause = text[clause_start(text, figure.start) : figure.start]
    led = [(a, year) for a, _, year in find_years(head) if head[a - 1 : a] not in _COMPARED]
    if _YEAR_BEFORE.search(head) or _OF_YEAR_BEFORE.search(clause):
        known = [year for _, year in led] or list(years[:1])
        return (*(year - 1 for year in known[-1:]), *(years if not led else ()))
    return _without_neighbours(text, figure, figures, years, led)


def _in_turn(text: str, figure: Figure, figures: list[Figure]) -> tuple[int, ...]:
    """The year whose turn it is: 「2023年、2024年分别为800个、1200个」."""
    shared = list(_RESPECTIVELY.finditer(text, 0, figure.start))
    if not shared:
        return ()
    at = shared[-1]
    named = list(_IN_TURN.finditer(text, 0, at.start()))
    if not named:
        return ()
    years = years_in(named[-1][0])
    till = clause_end(text, at.end(), "；。！？")
    values = [f.start for f in figures if at.end() <= f.start < till]
    if len(values) != len(years) or figure.start not in values:
        return ()
    return (years[values.index(figure.start)],)


def _without_neighbours(
    text: str,
    figure: Figure,
    figures: list[Figure],
    years: tuple[int, ...],
    led: list[tuple[int, int]],
) -> tuple[int, ...]:
    """The years without those that are of the figures beside it.

    What is named in a later clause, or with a figure between, is of that other figure, unless
    it is named nearer too.
    """
    end = clause_end(text, figure.end, CLAUSE_MARKS)
    # (2024年底建成) after the figure, in its own clause, may still tell of it.
    later = [(a, year) for a, _, year in find_years(text) if a >= figure.end]
    near = [year for a, year in later if a < end and not _between(figures, figure.end, a)]
    last = led[-1][0] if led else -1
    near += [year for a, year in led if a == last or not _between(figures, a, last)]
    far = {year for _, year in (*led, *later)} - set(near)
    governing = years[:1] if led or later else years
    # The first is what opens its clause or governs the passage; a nearer one that a clause has
    # of its own (全区2023年改造27个) goes before it.
    left = tuple(year for year in years if year not in far or year in governing)
    nearest = led[-1][1] if led else None
    if nearest in left and _between(figures, 0, last) and left[0] != nearest:
        return (nearest,)
    return left or years


def _between(figures: list[Figure], start: int, end: int) -> bool:
    """Whether a figure stands between two places."""
    return any(start <= figure.start and figure.end <= end for figure in figures)
