"""Sums, differences, ratios and comparisons of two answers, each found and cited on its own."""

from __future__ import annotations

from decimal import Decimal

from corpus.language import Figure, find_quantities, same_unit
from qa.answer import Answer, Citation, Part
from qa.asking import Calculation
from qa.saying.text import Told, answered

__all__ = ["calculate", "change"]

_OPPOSITE = {
    "多": "少", "少": "多", "高": "低", "低": "高", "大": "小", "小": "大", "贵": "便宜",
}  # fmt: skip
_UPWARD = "多高大贵"
_SCALES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("", Decimal(1)))


def calculate(asked: Calculation, left: Answer, right: Answer) -> Answer | None:
    """The result with its operands, citing both, or None where they are not two such figures."""
    a, b = _only_figure(left), _only_figure(right)
    if a is None or b is None or a.value is None or b.value is None:
        return None
    if a.value == b.value and left.citations == right.citations:
        return None  # one figure found twice
    if not same_unit(a.unit, b.unit) or not b.value:
        return None
    operands = [(a.text, _cited(left)[0]), (b.text, _cited(right)[0])]
    if asked.operation == "difference" and a.value < b.value:
        operands.reverse()
    text = _result(asked, a, b, a.value, b.value)
    return answered([Told(text, [*_cited(left), *_cited(right)], operands=operands)])


def change(one: Figure, other: Figure) -> str:
    """By how much a figure changed from one to the other, in their scale and unit; "" unknown."""
    if one.value is None or other.value is None:
        return ""
    about = "约" if one.qualifier or other.qualifier else ""
    return f"{about}{_written(abs(other.value - one.value), one.text + other.text)}{other.unit}"


def _result(asked: Calculation, a: Figure, b: Figure, one: Decimal, other: Decimal) -> str:
    about = "约" if a.qualifier or b.qualifier else ""  # 超10000个 less 6000个 is not 4000个
    if asked.operation == "choice":
        first = (one > other) == (asked.way in _UPWARD)
        return f"{asked.one if first else asked.other}{asked.way}"
    if asked.operation == "ratio":
        return f"{about}{(one / other).quantize(Decimal('0.01')).normalize():f}倍"
    if asked.operation == "comparison":
        return "一样" if one == other else asked.way[0 if one > other else -1]
    value = one + other if asked.operation == "sum" else abs(one - other)
    fewer = asked.operation == "difference" and (one < other) == (asked.way in _UPWARD)
    opposite = _OPPOSITE[asked.way] if fewer and value else ""  # asked 多多少, and it is less
    return f"{opposite}{about}{_written(value, a.text + b.text)}{a.unit}"


def _only_part(answer: Answer) -> Part | None:
    return answer.parts[0] if len(answer.parts) == 1 else None


def _only_figure(answer: Answer) -> Figure | None:
    part = _only_part(answer)
    figures = find_quantities(part.text) if part and not part.operands else []
    return figures[0] if len(figures) == 1 else None


def _cited(answer: Answer) -> list[Citation]:
    return [answer.citations[place] for part in answer.parts for place in part.citations]


def _written(value: Decimal, like: str) -> str:
    """A number in the largest scale that the operands are written in."""
    name, size = next((n, s) for n, s in _SCALES if n in like)
    return f"{(value / size).normalize():f}{name}"
