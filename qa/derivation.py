"""Sums, differences and comparisons of two figures, each found and cited on its own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from qa.answer import Answer
from qa.figures import Figure, find_figures, same_unit

__all__ = ["Calculation", "calculate", "read_calculation"]

Operation = Literal["sum", "difference", "comparison"]

_DIFFERENCE = re.compile(r"^(.+?)比(.+?)(?:多|少|高|低|大|小)(?:了|出)?(?:多少|几)(.{0,4}?)[?？]?$")
_COMPARISON = re.compile(r"^(.+?)比(.+?)(?:是?多还是少|是?高还是低|是?大还是小)(?:了)?[?？]?$")
_SUM = re.compile(
    r"^(.+?)(?:和|与|加上?|、)(.+?)(?:合起来|加起来|合计|总共|一共|相加|共计)+(?:是|有)?(?:多少|几)(.{0,4}?)[?？]?$"
)
_ONLY_WHEN = re.compile(r"(?:19|20)\d{2}年?|[今去明前后]年|计划|目标|预计|新增|完成|的")
_OF_ITS_OWN = re.compile(
    r"(?:19|20)\d{2}年?|[今去明前后]年|的?(?:计划|目标|预计|新增|完成)的?|[,，]"
)
_SCALES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("", Decimal(1)))


class Calculation(NamedTuple):
    """What to do with the answers of two questions, the second leaning on the first."""

    operation: Operation
    first: str
    second: str


def read_calculation(text: str) -> Calculation | None:
    """The calculation a question asks for, or None."""
    for operation, pattern in _PATTERNS:
        found = pattern.match(text)
        if found:
            left, right, *unit = found.groups()
            asked = f"有多少{unit[0] if unit else ''}"
            return Calculation(operation, f"{left}{asked}", f"{_complete(right, left)}{asked}")
    return None


def _complete(right: str, left: str) -> str:
    """The second thing by its full name: 「2025年计划的」 beside 「2024年新增的停车位」."""
    if len(_ONLY_WHEN.sub("", right)) > 1:
        return right
    return right + _OF_ITS_OWN.sub("", left)


_PATTERNS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("comparison", _COMPARISON),
    ("difference", _DIFFERENCE),
    ("sum", _SUM),
)


def calculate(operation: Operation, left: Answer, right: Answer) -> Answer | None:
    """The result with its operands, citing both, or None where they are not two such figures."""
    a, b = _only_figure(left), _only_figure(right)
    if a is None or b is None or a.value is None or b.value is None or a.value == b.value:
        return None
    if not same_unit(a.unit, b.unit):
        return None
    citations = tuple(dict.fromkeys((*left.citations, *right.citations)))
    if operation == "comparison":
        word = "多" if a.value > b.value else "少"
        return Answer(f"{word}（{a.text}比{b.text}）", "answered", citations)
    value = a.value + b.value if operation == "sum" else abs(a.value - b.value)
    sign = "+" if operation == "sum" else "-"
    first, second = (a, b) if operation == "sum" or a.value > b.value else (b, a)
    result = f"{_written(value, a.text + b.text)}{a.unit}"
    return Answer(f"{result}（计算所得：{first.text}{sign}{second.text}）", "answered", citations)


def _only_figure(answer: Answer) -> Figure | None:
    figures = [figure for figure in find_figures(answer.text) if figure.unit]
    return figures[0] if answer.status == "answered" and len(figures) == 1 else None


def _written(value: Decimal, like: str) -> str:
    """A number in the largest scale that the operands are written in."""
    name, size = next((n, s) for n, s in _SCALES if n in like)
    return f"{(value / size).normalize():f}{name}"
