"""Are the figures a question takes for granted the documents' own?"""

from __future__ import annotations

from collections.abc import Sequence

from corpus import Fact
from corpus.language import (
    Figure,
    admits,
    clause_end,
    clause_start,
    find_quantities,
    same_quantity,
    same_unit,
)
from qa.asking import content_pairs

__all__ = ["holds_premises"]

# Of a person who asks (62岁的老人), or of a day.
_OWN = ("年", "月", "日", "岁", "周岁")


def holds_premises(text: str, known: Sequence[Fact]) -> bool:
    """Whether all figures a question takes for granted are among the facts that are known."""
    figures = [f for f in find_quantities(text) if _is_premise(f, text)]
    return all(_is_borne_out(figure, text, known) for figure in figures)


def _is_borne_out(figure: Figure, text: str, known: Sequence[Fact]) -> bool:
    """Whether a figure is told, lies within a bound, or nothing told is a figure of the same thing.

    What a line or heading is named by (国庆节：…) has its own figures; else the words of the
    figure's clause in the question say what it counts.
    """
    alike = [fact for fact in known if same_unit(fact.figure.unit, figure.unit)]
    own = [fact for fact in alike if len(fact.subject) > 1 and fact.subject in text]
    if any(same_quantity(figure, f.figure) or admits(f.figure, figure) for f in own or known):
        return True
    before = text[clause_start(text, figure.start) : figure.start]
    clause = f"{before} {text[figure.end : clause_end(text, figure.end)]}"
    words = content_pairs(clause)
    return not any(any(w in f"{fact.subject}:{fact.indicator}" for w in words) for fact in alike)


def _is_premise(figure: Figure, text: str) -> bool:
    """Whether a figure in a question states something, and is not 前10名 or 哪两个."""
    digits = any(character.isdigit() for character in figure.text) and figure.unit not in _OWN
    before = text[figure.start - 1 : figure.start]
    return digits and not figure.qualifier and before not in tuple("前第每哪")
