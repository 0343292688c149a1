"""Other values of the same thing: of another year, or in conflict with the one found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from corpus import Document, Fact
from corpus.language import DATE, find_quantities, same_quantity, same_unit, simplify
from qa.question import Question
from qa.reader import Span

__all__ = ["find_rivals"]

ALIKE = 0.75  # of two sentences without the values in them, from which they say the same thing
SAME_INDICATOR = 0.8  # of the words around two figures, likewise
SHORTEST = 4  # characters; of less nobody can say that it says the same
AS_SURE = 1.5  # log-odds; the model may be this much less sure of a value in another document

_MARKS = re.compile(r"[\W_]")


def find_rivals(
    question: Question, spans: Sequence[Span], documents: Mapping[str, Document]
) -> list[Span]:
    """Spans that give another value than the first of them for the same thing, one a value.

    `spans` are answers, best first; `documents` those they stand in, by id.
    """
    best, *others = spans
    asked = {run[i : i + 2] for run in question.content for i in range(len(run) - 1)}
    named = _named(best, asked, documents)
    found: list[Span] = []
    for span in others:
        if named - _named(span, asked, documents):  # what was asked for stands with the best only
            continue
        known = [best, *found]
        if all(_differ(one, span) for one in known) and _say_the_same(best, span, documents):
            found.append(span)
    return found


def _named(span: Span, asked: set[str], documents: Mapping[str, Document]) -> set[str]:
    """What of the question stands in the sentence of a span or above its passage."""
    document = documents[span.passage.document_id]
    frame = "".join(piece.text for piece in span.passage.frame)
    text = simplify(frame + document.text[slice(*span.sentence)])
    return {pair for pair in asked if pair in text}


def _differ(one: Span, other: Span) -> bool:
    """Whether two spans of the same kind have different values."""
    left, right = find_quantities(one.text), find_quantities(other.text)
    if left and right:
        comparable = same_unit(left[0].unit, right[0].unit)
        return comparable and not same_quantity(left[0], right[0])
    if left or right or bool(DATE.search(one.text)) != bool(DATE.search(other.text)):
        return False
    a, b = (_MARKS.sub("", simplify(span.text)) for span in (one, other))
    return a not in b and b not in a


def _say_the_same(one: Span, other: Span, documents: Mapping[str, Document]) -> bool:
    if one.sentence == other.sentence and one.passage == other.passage:
        return False
    left, right = (documents[span.passage.document_id] for span in (one, other))
    if _ratio(_around(one, left), _around(other, right)) >= ALIKE:
        return True
    if left.id != right.id and other.signs.odds >= max(0.0, one.signs.odds - AS_SURE):
        return True
    claim, rival = _claim_of(one, left), _claim_of(other, right)
    return (
        claim is not None
        and rival is not None
        and _ratio(claim.indicator, rival.indicator) >= SAME_INDICATOR
    )


def _around(span: Span, document: Document) -> str:
    """The sentence of a span without it."""
    first, last = span.sentence
    return document.text[first : span.start] + document.text[span.end : last]


def _ratio(one: str, other: str) -> float:
    if min(len(one), len(other)) < SHORTEST:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _claim_of(span: Span, document: Document) -> Fact | None:
    return next(
        (c for c in document.facts if c.figure.start < span.end and span.start < c.figure.end),
        None,
    )
