"""Sums, differences, ratios and comparisons of two figures, each found and cited on its own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from corpus.language import DIGIT_YEAR, Figure, find_quantities, same_unit
from qa.answer import Answer

__all__ = ["Calculation", "calculate", "read_calculation"]

Operation = Literal["sum", "difference", "ratio", "comparison", "choice"]

_DIFFERENCE = re.compile(
    r"^(.+?)比(.+?)(?P<way>[多少高低大小])[^，,多少几]{0,2}?(?:了|出)?(?:多少|几)"
    r"(?P<tail>.{0,8}?)[?？]?$"
)
_COMPARISON = re.compile(r"^(.+?)比(.+?)是?(?P<way>多还是少|高还是低|大还是小)了?[?？]?$")
_TOGETHER = (
    r"(?:合起来|加起来|合计|总共|一共|相加|共计)+(?:是|有|大?约|大概)*"
    r"(?:多少|几)(?P<tail>.{0,4}?)[?？]?$"
)
_PLUS = re.compile(rf"^(.+?)[,，]?(?:再?加上?)(.+?)[,，]?{_TOGETHER}")
_SUM = re.compile(rf"^(.+?)(?:和|与|、)(.+?)[,，]?{_TOGETHER}")
_RATIO = re.compile(r"^(.+?)是(.+?)的(?:几|多少)倍[?？]?$")
_CHOICE = re.compile(
    r"^(.+?)(?:和|与|跟|、|还是)(.+?)[,，]?(?:哪一?[个年边项种]|谁)(?P<tail>.{0,8}?)更?(?P<way>[多少大小高低])(?:一些|一点|些)?[?？]?$"
)
_ONLY_WHEN = re.compile(rf"{DIGIT_YEAR}年?|[今去明前后]年|计划|目标|预计|新增|完成|的")
_OF_ITS_OWN = re.compile(
    rf"{DIGIT_YEAR}年?|[今去明前后]年|的?(?:计划|目标|预计|新增|完成)的?|[,，]"
)
_OPPOSITE = dict(zip("多少高低大小", "少多低高小大", strict=True))
_SCALES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("", Decimal(1)))


class Calculation(NamedTuple):
    """What to do with the answers of two questions, the second leaning on the first."""

    operation: Operation
    first: str
    second: str
    one: str = ""  # the things compared, by name, of a choice
    other: str = ""
    way: str = ""


def read_calculation(text: str) -> Calculation | None:
    """The calculation a question asks for, or None."""
    for operation, pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        left, right, said = found[1], found[2], found.groupdict("")
        tail, way = said.get("tail", ""), said.get("way", "")
        if operation == "choice":
            ends = f"{left}{tail}有多少", f"{right}{tail}有多少"
            return Calculation(operation, *ends, left, right, way)
        asked = f"有多少{tail}"
        second = f"{_complete(right, left)}{asked}"
        return Calculation(operation, f"{left}{asked}", second, way=way)
    return None


def _complete(right: str, left: str) -> str:
    """The second thing by its full name: 「2025年计划的」 beside 「2024年新增的停车位」."""
    if len(_ONLY_WHEN.sub("", right)) > 1:
        return right
    return right + _OF_ITS_OWN.sub("", left)


_PATTERNS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("comparison", _COMPARISON),
    ("ratio", _RATIO),
    ("choice", _CHOICE),
    ("difference", _DIFFERENCE),
    ("sum", _PLUS),
    ("sum", _SUM),
)


def calculate(asked: Calculation, left: Answer, right: Answer) -> Answer | None:
    """The result with its operands, citing both, or None where they are not two such figures."""
    a, b = _only_figure(left), _only_figure(right)
    if a is None or b is None or a.value is None or b.value is None:
        return None
    if a.value == b.value and left.citations == right.citations:
        return None  # one figure found twice
    if not same_unit(a.unit, b.unit) or not b.value:
        return None
    citations = tuple(dict.fromkeys((*left.citations, *right.citations)))
    operation = asked.operation
    about = "约" if a.qualifier or b.qualifier else ""  # 超10000个 less 6000个 is not 4000个
    if operation == "choice":
        name = asked.one if (a.value > b.value) == (asked.way in "多大高") else asked.other
        return Answer(f"{name}{asked.way}（{a.text}比{b.text}）", "answered", citations)
    if operation == "ratio":
        times = (a.value / b.value).quantize(Decimal("0.01")).normalize()
        return Answer(f"{about}{times:f}倍（计算所得：{a.text}÷{b.text}）", "answered", citations)
    if operation == "comparison":
        word = "一样" if a.value == b.value else asked.way[0 if a.value > b.value else -1]
        return Answer(f"{word}（{a.text}比{b.text}）", "answered", citations)
    value = a.value + b.value if operation == "sum" else abs(a.value - b.value)
    sign = "+" if operation == "sum" else "-"
    first, second = (a, b) if operation == "sum" or a.value > b.value else (b, a)
    fewer = operation == "difference" and (a.value < b.value) == (asked.way in "多高大")
    opposite = _OPPOSITE[asked.way] if fewer and value else ""  # asked 多多少, and it is less
    result = f"{opposite}{about}{_written(value, a.text + b.text)}{a.unit}"
    return Answer(f"{result}（计算所得：{first.text}{sign}{second.text}）", "answered", citations)


def _only_figure(answer: Answer) -> Figure | None:
    figures = find_quantities(answer.text)
    return figures[0] if answer.status == "answered" and len(figures) == 1 else None


def _written(value: Decimal, like: str) -> str:
    """A number in the largest scale that the operands are written in."""
    name, size = next((n, s) for n, s in _SCALES if n in like)
    return f"{(value / size).normalize():f}{name}"
