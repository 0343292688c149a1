"""Other values of the same thing: of another year, or in conflict with the one found."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from corpus import Fact
from corpus.language import DATE, find_quantities, same_quantity, same_unit, simplify
from qa.asking import Query
from qa.checking.judged import Judged

__all__ = ["find_rivals"]

ALIKE = 0.75  # of two sentences without the values in them, from which they say the same thing
SAME_INDICATOR = 0.8  # of the words around two figures, likewise
SHORTEST = 4  # characters; of less nobody can say that it says the same
AS_SURE = 1.5  # log-odds; the model may be this much less sure of a value in another document


def find_rivals(query: Query, held: Sequence[Judged]) -> list[Judged]:
    """What gives another value than the first for the same thing, one a value.

    `held` passed every check, best first.
    """
    best, *others = held
    asked = query.pairs
    named = _named(best, asked)
    found: list[Judged] = []
    for one in others:
        whole = one.document.id != best.document.id
        if named - _named(one, asked, whole):  # what was asked for stands with the best only
            continue
        known = [best, *found]
        if all(_differ(other, one) for other in known) and _say_the_same(best, one):
            found.append(one)
    return found


def _named(one: Judged, asked: frozenset[str], whole: bool = False) -> set[str]:
    """What of the query stands beside evidence in its sentence, or in its whole passage, or above.

    9点开门 beside 8点半开门: what a value makes with the word after it is not asked for.
    """
    passage, evidence = one.evidence.passage, one.evidence
    frame = "".join(piece.text for piece in passage.frame)
    start, end = (passage.start, passage.end) if whole else evidence.sentence
    before, after = (start, evidence.start), (evidence.end, end)
    told = "\n".join(one.document.text[slice(*span)] for span in (before, after))
    text = simplify(f"{frame}\n{told}")
    return {pair for pair in asked if pair in text}


def _differ(one: Judged, other: Judged) -> bool:
    """Whether two of the same kind have different values."""
    texts = one.evidence.text, other.evidence.text
    left, right = (find_quantities(text) for text in texts)
    if left and right:
        comparable = same_unit(left[0].unit, right[0].unit)
        return comparable and not same_quantity(left[0], right[0])
    if left or right or bool(DATE.search(texts[0])) != bool(DATE.search(texts[1])):
        return False
    a, b = ("".join(filter(str.isalnum, simplify(text))) for text in texts)
    return a not in b and b not in a


def _say_the_same(one: Judged, other: Judged) -> bool:
    left, right = one.evidence, other.evidence
    if left.sentence == right.sentence and left.passage == right.passage:
        return False
    if _ratio(_around(one), _around(other)) >= ALIKE:
        return True
    elsewhere = one.document.id != other.document.id
    if elsewhere and right.signs.odds >= max(0.0, left.signs.odds - AS_SURE):
        return True
    claim, rival = _fact_of(one), _fact_of(other)
    return (
        claim is not None
        and rival is not None
        and _ratio(claim.indicator, rival.indicator) >= SAME_INDICATOR
    )


def _around(one: Judged) -> str:
    """The sentence of evidence without it."""
    first, last = one.evidence.sentence
    return (
        one.document.text[first : one.evidence.start] + one.document.text[one.evidence.end : last]
    )


def _ratio(one: str, other: str) -> float:
    if min(len(one), len(other)) < SHORTEST:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _fact_of(one: Judged) -> Fact | None:
    start, end = one.evidence.start, one.evidence.end
    return next(
        (f for f in one.document.facts if f.figure.start < end and start < f.figure.end), None
    )
