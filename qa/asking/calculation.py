"""Questions for a sum, a difference, a ratio or a comparison of figures."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from corpus.language import DIGIT_YEAR, years_in
from corpus.language.numbers import AMOUNT, read_amount

__all__ = ["Calculation", "Multiple", "Operation", "read_calculation", "read_multiple"]

MOST_ADDED = 6  # things whose figures are added
MOST_TIMES, MOST_YEARS = 1000, 20  # 25年 and 2024年 are years
Operation = Literal["sum", "difference", "ratio", "comparison", "choice"]

_DIFFERENCE = re.compile(
    r"^(.+?)比(.+?)(?P<way>[多少高低大小贵])(?P<verb>[^，,多少几]{0,2}?)(?:了|出)?(?:多少|几)"
    r"(?P<tail>.{0,8}?)[?？]?$"
)
_APART = re.compile(
    r"^(.+?)(?:和|跟|与)(.+?)(?:之间|两者)?相?差(?:了|距)?(?:是|有)?(?:多少|几)(?P<tail>.{0,8}?)[?？]?$"
)
_COMPARISON = re.compile(r"^(.+?)比(.+?)是?(?P<way>多还是少|高还是低|大还是小)了?[?？]?$")
_TOGETHER = (
    r"(?:合起来|加起来|[加合]在?一[起块]|合计|总共|一共|相加|共计)+(?:是|有|大?约|大概)*"
    r"(?:多少|几)(?P<tail>.{0,4}?)[?？]?$"
)
_PLUS = re.compile(rf"^(.+?)[,，]?(?:再?加上|再加)(.+?)[,，]?{_TOGETHER}")
_SUM = re.compile(rf"^(.+)(?:和|与|、)(.+?)[,，]?{_TOGETHER}")
_OF_YEARS = re.compile(
    rf"^(?P<before>.*?)(?P<one>{DIGIT_YEAR})年?(?:和|与|、)(?P<two>{DIGIT_YEAR})年(?P<after>.*?)[,，]?{_TOGETHER}"
)
_CHANGE = re.compile(
    rf"^从?(?P<before>.*?)(?P<one>{DIGIT_YEAR})年?(?:到|至|[-—~]+)(?P<two>{DIGIT_YEAR})年(?P<after>.+?)"
    "(?:共|一共|总共)?(?:增加|增长|新增|增|涨|多|减少|下降|降|少|提高)了?(?:多少|几)(?P<tail>.{0,4}?)[?？]?$"
)
_RATIO = re.compile(r"^(.+?)是(.+?)的(?:几|多少)倍[?？]?$")
_CHOICE = re.compile(
    r"^(.+?)(?:和|与|跟|、|还是)(.+?)[,，]?(?:哪一?[个年边项种]|谁)(?P<tail>.{0,8}?)更?(?P<way>[多少大小高低])(?:一些|一点|些)?[?？]?$"
)
_IN_ALL = re.compile("一共|总共|合计|共计|总计|总的")
# Of each of which something is told: 租满三年, 招2个人.
_TIMES = re.compile(rf"(?<!第){AMOUNT}")
_OF_TIMES = re.compile("(?:个(?=[月人]))?((?<=个)月|[年天人户台部次辆套亩家])(?![级度初末底])")
_COUNTED = re.compile("这?[两二三四五六七八][者类个种项家]$")  # 甲、乙、丙三类
_OF_ITS_OWN = re.compile(
    rf"{DIGIT_YEAR}年?|[今去明前后]年|的?(?:计划|目标|预计|新增|完成)的?|的$|[,，]"
)


class Calculation(NamedTuple):
    """What to do with the answers of questions, each leaning on those before it.

    Two of them but for a sum or a choice; `names` are those of the things to choose from.
    """

    operation: Operation
    questions: tuple[str, ...]
    names: tuple[str, ...] = ()
    way: str = ""


class Multiple(NamedTuple):
    """How many times what is told of each is asked for: 3 and 年 of 租满三年一共."""

    times: Decimal
    unit: str


def read_multiple(text: str) -> Multiple | None:
    """The multiple of a rate that a question asks for, or None."""
    for found in _TIMES.finditer(text) if _IN_ALL.search(text) else ():
        counted = _OF_TIMES.match(text, found.end())
        count = read_amount(found[0])
        if counted and count is not None:
            most = MOST_YEARS if counted[1] == "年" else MOST_TIMES
            if 1 < count < most:
                return Multiple(count, counted[1])
    return None


def read_calculation(text: str) -> Calculation | None:
    """The calculation a question asks for, or None."""
    for operation, pattern, years in _OF_TWO_YEARS:
        found = pattern.match(text)
        if found:
            before, after, tail = found["before"], found["after"], found["tail"]
            dated = (f"{before}{found[year]}年{after}有多少{tail}" for year in years)
            return Calculation(operation, tuple(dated))
    for operation, pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        left, right, said = found[1], found[2], found.groupdict("")
        tail, way = said.get("tail", ""), said.get("way", "")
        if operation == "choice":
            right = right.removesuffix("相比").removesuffix("比")
            ends = f"{left}{tail}有多少", f"{right}{tail}有多少"
            return Calculation(operation, ends, (left, right), way)
        asked = f"{said.get('verb') or '有'}多少{tail}"
        several = left.split("、") if operation == "sum" else [left]
        right = _COUNTED.sub("", right) if len(several) > 1 else right
        if len(several) >= MOST_ADDED:
            return None
        first, *others = (_complete(thing, right) for thing in several)
        things = [first, *(_of_year(one, left) for one in others), _complete(right, left)]
        return Calculation(operation, tuple(f"{thing}{asked}" for thing in things), way=way)
    return None


def _complete(right: str, left: str) -> str:
    """One thing by its full name: 「2025年计划的」 beside 「2024年新增的停车位」."""
    if len(_OF_ITS_OWN.sub("", right)) > 1:
        return _of_year(right, left)
    return right + _OF_ITS_OWN.sub("", left)


def _of_year(name: str, other: str) -> str:
    """A name with the year that another one has and it has not."""
    years = () if years_in(name) else years_in(other)
    return "".join(f"{year}年" for year in years[:1]) + name


_OF_TWO_YEARS: tuple[tuple[Operation, re.Pattern[str], tuple[str, str]], ...] = (
    ("sum", _OF_YEARS, ("one", "two")),
    ("difference", _CHANGE, ("two", "one")),
)
_PATTERNS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("comparison", _COMPARISON),
    ("ratio", _RATIO),
    ("choice", _CHOICE),
    ("difference", _DIFFERENCE),
    ("difference", _APART),
    ("sum", _PLUS),
    ("sum", _SUM),
)
