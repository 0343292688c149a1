"""Is what evidence speaks of what is asked about: names of one kind, told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from qa.asking import FUNCTION_WORDS

__all__ = ["other_name"]

LONGEST = 14  # characters before the word for its kind that a name may have
SHOWN = 6  # and of them those that are shown
BESIDE = 2  # of them those that must agree

# Words for kinds of things that have names, those that end in others first.
_KINDS = re.compile(
    "图书馆|博物馆|体育馆|文化馆|纪念馆|幼儿园|卫生院|医院|学院|法院|大学|中学|(?<!中)小学|学校|公司|集团|银行|"
    "中心|公园|景区|小区|水库|机场|协会|号线|苑|(?<![布结格大全])局(?![长面势部限])|(?<![老工])厂|(?<![驿车网电])站|"
    "县(?![级长委域])|(?<![城都超上门股])市(?![级场区政民域长委])"
)
# A product by its model: CX-2, K5, T15.
_MODEL = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,6}-?)\d{1,4}(?![A-Za-z0-9])")
# One of several that only a number tells apart: 二中, 一期, Ⅲ级响应.
_NUMBERED = re.compile(
    "([一二三四五六七八九十ⅠⅡⅢⅣⅤ]{1,2}|\\d{1,2})(中(?![心国央午小期秋等层餐文])|小(?![时学区组微型])|期(?!间)|号线|号楼|标段|级响应)"
)
# What makes no name of what follows: 6个中心, 哪家医院, 全市.
_UNNAMED = re.compile("[几多两个家所座处条项各全本该这那某每哪等和与及的年月日在]$")


def other_name(asked: str, told: str, whole: str) -> str:
    """The name that `told` has in place of one that is asked about, "" where it has none.

    Names are of one kind (供电公司, 供水公司; CX-1, CX-2). One that stands in both, or is short
    for the other (市人社局), is the same; so is one told in short in a `whole` that has it.
    """
    models = {match.group(): match[1] for match in _MODEL.finditer(told)}
    for match in _MODEL.finditer(asked):
        alike = [model for model, series in models.items() if series == match[1]]
        if alike and match.group() not in models:
            return alike[0]
    told_of = {(match[1], match[2]) for match in _NUMBERED.finditer(told)}
    for match in _NUMBERED.finditer(asked):
        others = [n + kind for n, kind in told_of if kind == match[2]]
        if others and match.group() not in others:
            return min(others)
    for name, kind in _names(FUNCTION_WORDS.sub(" ", asked)):
        if name[-BESIDE:] + kind in told or (len(name) > BESIDE and name in told):
            continue
        rivals = [
            other for other, of_kind in _names(FUNCTION_WORDS.sub(" ", told)) if of_kind == kind
        ]
        if name + kind in whole:
            rivals = [other for other in rivals if not _short_for(other, name)]
        if rivals and not any(_short_for(name, other) for other in rivals):
            return rivals[0][-SHOWN:] + kind
    return ""


@lru_cache(maxsize=256)
def _names(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_find_names(text))


def _find_names(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each word for a kind, and the word."""
    for match in _KINDS.finditer(text):
        run = re.search(
            r"[\u3400-\u9fffA-Za-z0-9-]*$", text[max(0, match.start() - LONGEST) : match.start()]
        )
        before = run.group() if run else ""
        if before and not _UNNAMED.search(before):
            yield before, match.group()


def _short_for(name: str, other: str) -> bool:
    """Whether the last characters of a name stand in another, in their order."""
    place = -1
    for character in name[-BESIDE:]:
        place = other.find(character, place + 1)
        if place < 0:
            return False
    return True
