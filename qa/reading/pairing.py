"""Which of several values is meant: 「城镇、农村居民收入分别为甲、乙」, 「由甲增加到乙」."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.language import find_quantities
from qa.asking import Query

__all__ = ["pair"]

_FROM = re.compile("[由从](?:原来的?|过去的?)?$")
_TO = re.compile("[^，；。！？]{0,8}?[到至](?:了|如今的?|现在的?)?")
_ONCE = re.compile("原来|以前|之前|此前|原先|过去|最初")
_CHANGE = re.compile(r"(?:增|涨|降|减|提高|扩大|缩小|缩短|提升|多|少)[^，]{0,4}(?:了|多少|几)")
_RESPECTIVELY = re.compile("分别|依次")
_CLAUSE_START = re.compile("[，；：。！？]")
_BETWEEN = re.compile("[、和与及]")
_END = re.compile("[；。！？]|，(?![^；。！？，]*[、和与])|分别|依次")


def pair(question: Query, text: str) -> dict[int, int]:
    """For the starts of figures that are told together, the start of the one that is meant."""
    return _in_turn(question, text) | _from_to(question, text)


def _from_to(question: Query, text: str) -> dict[int, int]:
    """Of 「由甲增加到乙」 the second, the first where the question asks for what was before."""
    if _CHANGE.search(question.text):
        return {}
    figures = find_quantities(text)
    meant: dict[int, int] = {}
    for one, other in pairwise(figures):
        leads = _FROM.search(text[: one.start])
        if leads and _TO.fullmatch(text[one.end : other.start]):
            chosen = one if _ONCE.search(question.text) else other
            meant |= dict.fromkeys((one.start, other.start), chosen.start)
    return meant


def _in_turn(question: Query, text: str) -> dict[int, int]:
    """Of figures after a 分别, the one whose turn is that of the name in the question.

    Left out where names and values are not as many, or where the question does not single out
    one name. Names before one 分别 hold for the next one in the text too.
    """
    meant: dict[int, int] = {}
    names: list[str] = []
    for match in _RESPECTIVELY.finditer(text):
        clause = _CLAUSE_START.split(text[: match.start()].rstrip("，"))[-1]
        found = _BETWEEN.split(clause)
        if len(found) > 1 and not _RESPECTIVELY.search(clause):
            names = found
        end = _END.search(text, match.end())
        last = end.start() if end else len(text)
        values = [match.end() + f.start for f in find_quantities(text[match.end() : last])]
        if len(names) < 2 or len(names) != len(values):
            continue
        likely = [_shared(name, question.standalone) for name in _alone(names)]
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
