"""Sums, differences, ratios and comparisons of answers, each found and cited on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations, product

from corpus.language import Figure, find_quantities, same_unit
from qa.answer import Answer, Citation, Part
from qa.asking import Calculation, Multiple
from qa.saying.text import Told, answered

__all__ = ["calculate", "change", "multiply"]

_OPPOSITE = {
    "多": "少", "少": "多", "高": "低", "低": "高", "大": "小", "小": "大", "贵": "便宜",
}  # fmt: skip
_UPWARD = "多高大贵快"
_SCALES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("", Decimal(1)))


def calculate(asked: Calculation, answers: Sequence[Answer]) -> Answer | None:
    """The result with its operands, citing each, or None where they are not such figures."""
    figures = [figure for one in answers if (figure := _only_figure(one))]
    values = [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(answers) or (asked.operation == "ratio" and not values[1]):
        return None
    if any(_is_one_figure(values, answers, value) for value in set(values)):
        return None
    if not all(same_unit(figures[0].unit, figure.unit) for figure in figures):
        return None
    operands = [(f.text, _cited(one)[0]) for f, one in zip(figures, answers, strict=True)]
    if asked.operation == "difference" and values[0] < values[1]:
        operands.reverse()
    cited = [citation for one in answers for citation in _cited(one)]
    return answered([Told(_result(asked, figures, values), cited, operands=operands)])


def multiply(asked: Multiple, answer: Answer) -> Answer | None:
    """So many times a rate, with its own words; None where an answer is no rate of such a unit."""
    figure, part = _only_figure(answer), _only_part(answer)
    if not figure or not part or figure.value is None:
        return None
    cited = answer.citations[part.citations[0]]
    words = r"[^，。；\d一二两三四五六七八九十]{0,8}?"  # 每连续租满3年 is another rate
    each = rf"每{words}[1一]?个?{asked.unit}[^，。；]{{0,8}}?{re.escape(figure.text)}"
    rate = re.search(each, cited.quote)
    if not rate:
        return None
    told = f"{_written(figure.value * asked.times, figure.text)}{figure.unit}"
    return answered([Told(told, [cited], operands=[(rate[0], cited)])])


def change(one: Figure, other: Figure) -> str:
    """By how much a figure changed from one to the other, in their scale and unit; "" unknown."""
    if one.value is None or other.value is None:
        return ""
    about = "约" if one.qualifier or other.qualifier else ""
    return f"{about}{_written(abs(other.value - one.value), one.text + other.text)}{other.unit}"


def _result(asked: Calculation, figures: Sequence[Figure], values: Sequence[Decimal]) -> str:
    # 超10000个 less 6000个 is not 4000个
    about = "约" if any(figure.qualifier for figure in figures) else ""
    like, unit = "".join(figure.text for figure in figures), figures[0].unit
    if asked.operation == "sum":
        return f"{about}{_written(sum(values, Decimal(0)), like)}{unit}"
    if asked.operation == "choice":
        chosen = max(values) if asked.way in _UPWARD else min(values)
        named = [n for n, v in zip(asked.names, values, strict=True) if v == chosen]
        if len(named) == len(values):
            return "一样"
        return f"{'、'.join(named)}{'最' if len(values) > 2 else ''}{asked.way}"
    one, other = values
    if asked.operation == "ratio":
        return f"{about}{(one / other).quantize(Decimal('0.01')).normalize():f}倍"
    if asked.operation == "comparison":
        return "一样" if one == other else asked.way[0 if one > other else -1]
    fewer = (one < other) == (asked.way in _UPWARD)
    opposite = (
        _OPPOSITE.get(asked.way, "") if fewer and one != other else ""
    )  # asked 多多少: it is less
    return f"{opposite}{about}{_written(abs(one - other), like)}{unit}"


def _only_part(answer: Answer) -> Part | None:
    return answer.parts[0] if len(answer.parts) == 1 else None


def _only_figure(answer: Answer) -> Figure | None:
    part = _only_part(answer)
    figures = find_quantities(part.text) if part and not part.operands else []
    return figures[0] if len(figures) == 1 else None


def _cited(answer: Answer) -> list[Citation]:
    return [answer.citations[place] for part in answer.parts for place in part.citations]


def _is_one_figure(values: Sequence[Decimal], answers: Sequence[Answer], value: Decimal) -> bool:
    """Whether answers of one value stand in a sentence that tells it fewer times than they do."""
    cited = [one.citations for v, one in zip(values, answers, strict=True) if v == value]
    quotes = {
        citation.quote
        for ours, others in permutations(cited, 2)
        for citation, other in product(ours, others)
        if citation.document_id == other.document_id
        and citation.start < other.end
        and other.start < citation.end
    }
    told = sum(figure.value == value for quote in quotes for figure in find_quantities(quote))
    return bool(quotes) and told < len(cited)


def _written(value: Decimal, like: str) -> str:
    """A number in the largest scale that the operands are written in."""
    name, size = next((n, s) for n, s in _SCALES if n in like)
    return f"{(value / size).normalize():f}{name}"
