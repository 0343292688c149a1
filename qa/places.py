"""Places by name: which a text names, which one it is about, and which one a question means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from corpus import Document

__all__ = ["count_as_place", "main_place", "own_names", "places_asked", "places_in"]

PLACES = Path(__file__).with_name("places.txt")
NAME_GOES_ON = 2  # characters after a place that tell 武汉吴城锂电, a name, from 武汉

_IN_TITLE = re.compile(r"[\u3400-\u9fff]{2,4}?(?:新区|[省市区县镇])")
_NO_PLACE = re.compile("年|[小社园景校片市城灾]区|地区|上市|超市|城市|门市|集镇|乡镇")
_AT = frozenset("在去到赴往于从来")  # before a place where something happens
_AS_PLACE = re.compile("(?:[省市区县州]|全|的|地区|[，、。；：]|20|19|$)")


def places_in(text: str) -> list[str]:
    """The places of places.txt that a text names; 东西湖南侧 names no 湖南."""
    found = [(m.start(), m.end(), p) for p in _places() if p in text for m in _find(p, text)]
    kept: list[str] = []
    reached = 0
    for start, end, place in sorted(found, key=lambda at: (at[0], -at[1])):
        if start >= reached:
            kept.append(place)
            reached = end
    return list(dict.fromkeys(kept))


def _find(place: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(re.escape(place), text)


@lru_cache(maxsize=64)
def main_place(document: Document) -> str:
    """The place a document names most, and more than once; "" where there is none."""
    counts = {place: count_as_place(document.text, place) for place in places_in(document.text)}
    place = max(counts, key=lambda name: counts[name], default="")
    return place if counts.get(place, 0) > 1 else ""


@lru_cache(maxsize=64)
def own_names(document: Document) -> tuple[str, ...]:
    """The names of the place a document is about: those of its title, and the main one."""
    names = [*_IN_TITLE.findall(document.title), main_place(document)]
    return tuple(name for name in dict.fromkeys(names) if name and not _NO_PLACE.search(name))


def count_as_place(text: str, place: str) -> int:
    """How often a text names a place by itself, not at the head of a longer name."""
    return sum(bool(_AS_PLACE.match(text, m.end())) for m in _find(place, text))


def places_asked(question: str, text: str) -> list[str]:
    """Places a question asks about: no part of a name that `text` holds, and not 在深圳."""
    found = []
    for place in places_in(question):
        at = question.find(place)
        if question[max(0, at - 1) : at] in _AT:
            continue
        longer = question[at : at + len(place) + NAME_GOES_ON]
        if len(longer) < len(place) + NAME_GOES_ON or longer not in text:
            found.append((at, place))
    return [place for _, place in sorted(found)]


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    lines = PLACES.read_text("utf-8").splitlines()
    return tuple(name for line in lines if not line.startswith("#") for name in line.split())
