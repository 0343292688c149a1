"""Figures as a reader takes them in: with the unit that their table tells elsewhere."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.language.figures import Figure
from corpus.language.numbers import POWER_OF

__all__ = ["written_form"]

_BARE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALES = {
    size * more: f"{scale}{name}"
    for name, size in {"": 1, **POWER_OF}.items()
    for scale, more in {"": 1, **POWER_OF}.items()
    if size >= more
}


def written_form(figure: Figure) -> str:
    """A figure with its unit as its table tells it: 320万元, where 320 is 3,200,000元."""
    number = _BARE.fullmatch(figure.text)
    if not number or not figure.unit:
        return figure.text
    told = Decimal(number[0].replace(",", ""))
    times = figure.value / told if figure.value and told else Decimal(1)
    return f"{figure.text}{_SCALES.get(int(times), '')}{figure.unit}"
