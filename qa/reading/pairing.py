"""Whose value is whose: 「城镇、农村居民收入分别为甲、乙」."""

from __future__ import annotations

import re

from corpus.language import clause_start, find_quantities
from qa.asking import Query

__all__ = ["meant_by_turn"]

_RESPECTIVELY = re.compile("分别|依次")
_BETWEEN = re.compile("[、和与及]")
_END = re.compile("[；。！？]|，(?![^；。！？，]*[、和与])|分别|依次")
_BOTH = ("城镇", "农村")  # 城乡居民收入分别增长6%和7%


def meant_by_turn(query: Query, text: str) -> dict[int, int]:
    """For the starts of figures after a 分别, the start of the one whose name a question has.

    Left out where names and values are not as many, or where the question does not single out
    one name. Names before one 分别 hold for the next one in the text too.
    """
    meant: dict[int, int] = {}
    names: list[str] = []
    for match in _RESPECTIVELY.finditer(text):
        before = text[: match.start()].rstrip("，")
        clause = before[clause_start(before, len(before)) :]
        told = list(_BOTH) if "城乡" in clause else _BETWEEN.split(clause)
        if len(told) > 1 and not _RESPECTIVELY.search(clause):
            names = told
        end = _END.search(text, match.end())
        last = end.start() if end else len(text)
        values = [match.end() + f.start for f in find_quantities(text[match.end() : last])]
        if len(names) < 2 or len(names) != len(values):
            continue
        likely = [_shared(name, query.standalone) for name in _alone(names)]
        best = max(likely)
        if best and likely.count(best) == 1:
            meant |= dict.fromkeys(values, values[likely.index(best)])
    return meant


def _alone(names: list[str]) -> list[str]:
    """The names without what is said of all: 今年城镇、农村居民收入 are 城镇 and 农村."""
    size = min(len(name) for name in names)
    return [names[0][len(names[0]) - size :], *names[1:-1], names[-1][:size]]


def _shared(name: str, question: str) -> float:
    """The share of a name's characters that the question holds."""
    return sum(c in question for c in name) / len(name) if name else 0.0
