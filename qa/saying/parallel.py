"""Names that a sentence tells the same of: 甲公司获支柱赛道一等奖，乙公司获未来赛道一等奖."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.asking import Query
from qa.checking import Judged

__all__ = ["told_alike"]

ENDING = 2  # characters that names of one kind end with


def told_alike(query: Query, held: Sequence[Judged]) -> list[Judged]:
    """The best name and others in its sentence of which all that is asked is told too, in order.

    Who wins the first prize is told of both of two winners; of one alone where the question has a
    word that is told of it alone.
    """
    best = held[0]
    if query.kind != "entity":
        return [best]
    names = [best]
    for one in held[1:]:
        same = one.document is best.document and one.evidence.sentence == best.evidence.sentence
        alike = one.evidence.text[-ENDING:] == best.evidence.text[-ENDING:]
        if same and alike and not any(_overlap(one, other) for other in names):
            names.append(one)
    names.sort(key=lambda one: one.evidence.start)
    ends = [*(one.evidence.start for one in names[1:]), best.evidence.sentence[1]]
    told = [_asked_in(query, one, end) for one, end in zip(names, ends, strict=True)]
    same = bool(told[0]) and all(one == other for one, other in pairwise(told))
    return names if same else [best]


def _asked_in(query: Query, one: Judged, end: int) -> frozenset[str]:
    """What of a question is told between a name and a place of its document."""
    after = one.document.text[one.evidence.end : end]
    return frozenset(pair for pair in query.pairs if pair in after)


def _overlap(one: Judged, other: Judged) -> bool:
    left, right = one.evidence, other.evidence
    return left.start < right.end and right.start < left.end
