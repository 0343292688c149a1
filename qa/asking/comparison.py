"""Questions for how two things, or the same in two years, differ: 两个办法有什么区别."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from corpus.language import years_in
from qa.asking.decomposition import find_pair
from qa.asking.query import content_runs, read_query, without_year
from qa.asking.words import ASKING

__all__ = ["Comparison", "read_comparison"]

TWO = 2  # things that are compared
_UNLIKE = "(?:区别|不同|不一样|差异|差别)"
_DIFFER = re.compile(
    f"(?:各?[有是])?(?:什么|啥|何|哪些|没有|哪里|多大){_UNLIKE}(?:之处|的地方)?|"
    f"的?{_UNLIKE}(?:之处|的地方)?(?:是什么|在哪里?|呢|有哪些)?(?=[?？]?$)|差在哪[里儿]?|"
    "[做作]?个?对比(?:一下|下|(?=[:：,，。?？]|$))|比较一?下|比一比|比比看?|一样(?:吗|不|么)(?=[?？]?$)"
)
# Of two years it is asked what has changed, too.
_CHANGED = re.compile(
    f"{_DIFFER.pattern}|(?:有|是)?(?:什么|啥|何|哪些|没有)?(?:变化|改变)(?=[?？]?$)|[相一]比|"
    "(?:各?有)?(?:什么|啥|哪些)新(?:的|招|变化|举措)*"
)
_TWO_YEARS = re.compile("(?:前后|[这近])[两二]年(?:之?间|来)?|(?<!十)[两二]年(?:之间|间|来)")
_COUNTED = re.compile("这?两[个种类家者项]|二者")
_AND = re.compile("跟(?![踪进随])")
_EDGE = " ,，、的和与跟同比到?？。"


class Comparison(NamedTuple):
    """The things compared, by name, and a question for each; two years' also for their figures."""

    names: tuple[str, ...]
    questions: tuple[str, ...]
    counts: tuple[str, ...] = ()


def read_comparison(text: str, told: Callable[[], Sequence[int]]) -> Comparison | None:
    """The comparison a question asks for, or None; `told` gives the years of the documents."""
    years = sorted(read_query(text).years)
    rest = _CHANGED.sub(" ", text)
    if ASKING.search(rest):
        return None
    if rest != text and not years and _TWO_YEARS.search(text):
        years, rest = sorted(told())[-TWO:], _TWO_YEARS.sub(" ", rest)
    if rest != text and len(years) == TWO:
        topic = " ".join(piece.strip(_EDGE) for piece in without_year(rest).split()).strip(_EDGE)
        names = tuple(f"{year}年" for year in years)
        return Comparison(
            names,
            tuple(f"{name}{topic}有哪些" for name in names),
            tuple(f"{name}{topic}多少" for name in names),
        )
    rest = _DIFFER.sub(" ", text)
    head, names, tail = find_pair(_COUNTED.sub("", _AND.sub("和", rest)))
    if rest == text or len(names) < TWO or years_in("".join(names)):
        return None
    names = tuple(name.strip(_EDGE) for name in names)
    tail = tail.strip(_EDGE) if content_runs(tail) else ""
    return Comparison(names, tuple(f"{head.strip(_EDGE)}{name}{tail}是怎样的" for name in names))
