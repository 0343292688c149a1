"""Names that are one character off those of the documents: 昊城锂电, where there is “吴城锂电”."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.language import simplify
from qa.asking import GRAMMAR, Query, content_runs

__all__ = ["NearName", "near_name"]

# What a document sets apart as a name; of fewer characters one that differs by one is another.
_NAMED = re.compile('[“《]([\u3400-\u9fff]{4,12})[”》]|简称[“"]?([\u3400-\u9fff]{4,12})[”"）)，,]')
SHORTEST, LONGEST = 4, 12
OPEN = "*"  # in place of the character that differs
_PRONOUNS = frozenset("我你您他她它咱")


class NearName(NamedTuple):
    """A name as it was asked for, and the one that the documents have."""

    asked: str
    told: str


def near_name(query: Query, pairs: Container[str], texts: Sequence[str]) -> NearName | None:
    """The name in `texts` that one a question has, and no document, differs from by a character.

    That character stands beside neither of its neighbours anywhere in the documents, whose pairs
    of characters are `pairs`.
    """
    for run in content_runs(query.standalone):
        for place in range(len(run)):
            if not _is_unknown(run, place, pairs):
                continue
            for start, end in _windows(place, len(run)):
                if place == start and start > 0 and run[max(start - 2, 0) : start] not in pairs:
                    continue  # within a word: 街|道为群众办实事
                likely = run[start:place] + OPEN + run[place + 1 : end]
                told = next((name for text in texts if (name := _names(text).get(likely))), "")
                if told:
                    return NearName(run[start:end], told)
    return None


def _is_unknown(run: str, place: int, pairs: Container[str]) -> bool:
    """Whether a character, not one of grammar, is beside neither neighbour in the documents."""
    if run[place] in GRAMMAR:
        return False
    here = (run[max(place - 1, 0) : place + 1], run[place : place + 2])
    return not any(len(pair) > 1 and pair in pairs for pair in here)


def _windows(place: int, length: int) -> Iterator[tuple[int, int]]:
    """The stretches of a run, as long as names are, that hold a place of it."""
    for size in range(SHORTEST, min(LONGEST, length) + 1):
        for start in range(max(0, place - size + 1), min(place, length - size) + 1):
            yield start, start + size


@lru_cache(maxsize=64)
def _names(text: str) -> Mapping[str, str]:
    """The names that a text sets apart, by each of their forms with one character left open."""
    found: dict[str, str] = {}
    for one, other in _NAMED.findall(simplify(text)):
        name = one or other
        for place, character in enumerate(name):
            if character not in _PRONOUNS and character not in GRAMMAR:
                found.setdefault(name[:place] + OPEN + name[place + 1 :], name)
    return found
