"""Names that are one character off those of the documents: 昊城锂电, where there is “吴城锂电”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from corpus.language import simplify
from qa.asking import GRAMMAR, Query, content_runs

__all__ = ["NearName", "near_name"]

# What a document sets apart as a name; of fewer characters one that differs by one is another.
_NAMED = re.compile('[“《]([\u3400-\u9fff]{4,12})[”》]|简称[“"]?([\u3400-\u9fff]{4,12})[”"）)，,]')


class NearName(NamedTuple):
    """A name as it was asked for, and the one that the documents have."""

    asked: str
    told: str


def near_name(query: Query, bigrams: AbstractSet[str], texts: Sequence[str]) -> NearName | None:
    """The name in `texts` that one a question has, and no document, differs from by a character.

    That character stands beside neither of its neighbours anywhere in the documents, whose pairs
    of characters are `bigrams`.
    """
    for run in content_runs(query.standalone):
        unknown = [place for place in range(len(run)) if _is_unknown(run, place, bigrams)]
        for name in (name for text in texts if unknown for name in _names(text)):
            for place, start in _windows(unknown, len(run), len(name)):
                asked = run[start : start + len(name)]
                differ = [one != other for one, other in zip(asked, name, strict=True)]
                if sum(differ) == 1 and differ[place - start]:
                    return NearName(asked, name)
    return None


def _is_unknown(run: str, place: int, bigrams: AbstractSet[str]) -> bool:
    """Whether a character, not one of grammar, is beside neither neighbour in the documents."""
    if run[place] in GRAMMAR:
        return False
    pairs = (run[max(place - 1, 0) : place + 1], run[place : place + 2])
    return not any(len(pair) > 1 and pair in bigrams for pair in pairs)


def _windows(places: Sequence[int], length: int, size: int) -> Iterator[tuple[int, int]]:
    """Each place with each start of so many characters of a run that hold it."""
    for place in places:
        for start in range(max(0, place - size + 1), min(place, length - size) + 1):
            yield place, start


@lru_cache(maxsize=64)
def _names(text: str) -> frozenset[str]:
    """The names that a text sets apart."""
    return frozenset(one or other for one, other in _NAMED.findall(simplify(text)))
