"""Whose value is whose: 「城镇、农村居民收入分别为甲、乙」, 「由甲增加到乙」."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.language import (
    Figure,
    clause_end,
    clause_start,
    find_quantities,
    find_years,
    same_unit,
    sentence_spans,
    years_in,
)
from qa.asking import Query

__all__ = ["meant_by_change", "meant_by_turn", "told_changes"]

_FROM = re.compile("[由从](?:原来的?|过去的?|去年的?|上年的?)?$")
_TO = re.compile("[^，；。！？]{0,8}?[到至为](?:了|如今的?|现在的?)?")
_ONCE = ("原来", "以前", "之前", "此前", "原先", "过去", "最初")

_BRACKETED = re.compile("[（(][^（）()]{4,12}[)）]")
_RESPECTIVELY = re.compile("分别|依次")
_BETWEEN = re.compile("[、和与及]")
_BOTH = ("城镇", "农村")  # 城乡居民收入分别增长6%和7%


def told_changes(text: str) -> list[tuple[Figure, Figure]]:
    """The figures that a text tells a change between: those before and after it."""
    return [
        (one, other)
        for one, other in pairwise(find_quantities(text))
        if same_unit(one.unit, other.unit)
        and _FROM.search(text[: one.start])
        and _TO.fullmatch(text[one.end : other.start])
    ]


def meant_by_change(query: Query, text: str) -> dict[int, int]:
    """For the starts of figures before and after a change, the start of the one that is meant.

    That is the later, unless a question asks for what was before.
    """
    once = any(word in query.text for word in _ONCE)
    meant: dict[int, int] = {}
    for one, other in told_changes(text):
        meant |= dict.fromkeys((one.start, other.start), (one if once else other).start)
    return meant


def meant_by_turn(query: Query, text: str) -> dict[int, int]:
    """For the starts of figures after a 分别, the start of the one whose name a question has.

    Left out where names and values are not as many, or where the question does not single out
    one name. Names before one 分别 hold for the next one in the text too.
    """
    meant = _meant_by_year(query, text)
    names: list[str] = []
    for match in _RESPECTIVELY.finditer(text):
        before = text[: match.start()].rstrip("，")
        clause = before[clause_start(before, len(before)) :]
        told = list(_BOTH) if "城乡" in clause else _BETWEEN.split(clause)
        if len(told) > 1 and not _RESPECTIVELY.search(clause):
            names = told
        after = text[match.end() : clause_end(text, match.end(), "；。！？")]
        values = [match.end() + f.start for f in find_quantities(after)][: len(names)]
        if len(names) < 2 or len(names) != len(values):
            continue
        likely = [_shared(name, query.standalone) for name in _alone(names)]
        best = max(likely)
        if best and likely.count(best) == 1:
            meant |= dict.fromkeys(values, values[likely.index(best)])
    return meant


def _meant_by_year(query: Query, text: str) -> dict[int, int]:
    """For the starts of figures of other years, the start of one like it of the year in question.

    「2024年接待游客32万人次，2023年28万人次」: in one sentence the year before a figure is its own.
    """
    meant: dict[int, int] = {}
    if len(query.years) != 1 or not any(year != query.years[0] for year in years_in(text)):
        return meant
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        figures = find_quantities(sentence)
        of = [_year_before(sentence, figure) for figure in figures]
        for figure, year in zip(figures, of, strict=True):
            if year is None or year in query.years:
                continue
            own = _named(sentence, figure)
            same = [
                other
                for other, its in zip(figures, of, strict=True)
                if its in (None, *query.years) and same_unit(other.unit, figure.unit)
            ]
            likely = [len(own & _named(sentence, other)) for other in same]
            best = max(likely, default=0)
            if likely.count(best) == 1 and (best or len(same) == 1):
                meant[start + figure.start] = start + same[likely.index(best)].start
    return meant


def _year_before(sentence: str, figure: Figure) -> int | None:
    """The year in brackets behind a figure, else that named nearest before it, None if none is.

    One that is only compared with is none.
    """
    behind = _BRACKETED.match(sentence, figure.end)
    if behind:
        return next(iter(years_in(behind[0])), None)
    before = _BRACKETED.sub(lambda found: " " * len(found[0]), sentence[: figure.start])
    led = list(find_years(before))
    start, _, year = led[-1] if led else (0, 0, None)
    return None if sentence[start - 1 : start] in ("比", "较", "自", "从") else year


def _named(sentence: str, figure: Figure) -> set[str]:
    """The pairs of characters of what a clause has before a figure."""
    before = sentence[clause_start(sentence, figure.start) : figure.start]
    return {before[i : i + 2] for i in range(len(before) - 1) if before[i : i + 2].isalpha()}


def _alone(names: list[str]) -> list[str]:
    """The names without what is said of all: 今年城镇、农村居民收入 are 城镇 and 农村."""
    size = min(len(name) for name in names)
    return [names[0][len(names[0]) - size :], *names[1:-1], names[-1][:size]]


def _shared(name: str, question: str) -> float:
    """The share of a name's characters that the question holds."""
    return sum(c in question for c in name) / len(name) if name else 0.0
