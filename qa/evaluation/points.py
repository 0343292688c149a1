"""The points of an answer of several clauses: which are told, and what is beside the point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.answer import Answer
from qa.evaluation.cases import Point, fold

__all__ = ["measure_precision", "measure_recall"]

NEAR = 30  # characters from a point within which a clause is still to the point
_BETWEEN_CLAUSES = re.compile("[，,；;。！!？?\n]")


def measure_recall(points: Sequence[Point], text: str) -> float:
    """The share of the points that must be told that a text tells; 1 where none must."""
    folded = fold(text)
    told = [any(fold(a) in folded for a in point.any) for point in points if point.must]
    return sum(told) / len(told) if told else 1.0


def measure_precision(points: Sequence[Point], answer: Answer) -> float:
    """The share of an answer's clauses that hold a point or stand near one in the source.

    Near is within NEAR characters in one passage, which is under one heading. Labels are no
    clauses.
    """
    wordings = [fold(wording) for point in points for wording in point.any]
    passages = {fold(citation.passage) for citation in answer.citations}
    labels = {f"{part.label}：" for part in answer.parts}
    lines = [line for line in answer.text.split("\n") if line not in labels]
    clauses = [fold(c) for line in lines for c in _BETWEEN_CLAUSES.split(line)]
    clauses = [clause for clause in clauses if clause]
    near = [
        any(w in clause or clause in w for w in wordings)
        or any(_near(clause, wordings, passage) for passage in passages)
        for clause in clauses
    ]
    return sum(near) / len(near) if near else 0.0


def _near(clause: str, wordings: Iterable[str], passage: str) -> bool:
    """Whether a clause stands within NEAR characters of any of the wordings in a passage."""
    places = list(_places(clause, passage))
    return any(
        start - NEAR <= at + len(wording) and at <= end + NEAR
        for start, end in places
        for wording in wordings
        for at, _ in _places(wording, passage)
    )


def _places(words: str, passage: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a passage."""
    at = passage.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = passage.find(words, at + 1)
