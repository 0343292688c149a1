"""Read passages for spans that answer a question.

The neural model says where an answer may stand and how sure it is that one does; rules know
figures, dates and lists by their form; the words of the question around a span vouch for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus import Passage, sentence_spans, simplify
from index import ScoredPassage
from qa.candidates import Candidate, typed_spans, whole_span
from qa.overlap import Overlap
from qa.question import Question
from qa.span_model import NO_SPAN, PassageReading, SpanModel

__all__ = ["Reader", "Span", "Weights"]

Z_LIMIT = 4.0  # a fused retrieval score above this says no more
MODEL_SPANS = 6  # of the model's own spans, those looked at a passage


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign adds to a span's score, in log-odds; fitted on the development half.

    Without a model (`model` 0) spans are ranked by the rules alone.
    """

    model: float = 1.0
    support: float = 6.0
    retrieval: float = 1.0
    type_fit: float = 3.0


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: `document.text[start:end] == text`, within the sentences `sentence`.

    `support` is the share of the question's words that stand by it, 0 to 1; `odds` the
    model's log-odds that this and not nothing is the answer; `score` ranks.
    """

    passage: Passage
    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    support: float
    odds: float
    score: float


class Reader:
    """Proposes spans. `idf` gives the inverse document frequency of tokens in the corpus."""

    def __init__(
        self,
        model: SpanModel | None,
        idf: Callable[[Sequence[str]], dict[str, float]],
        weights: Weights | None = None,
    ) -> None:
        self._model = model
        self._idf = idf
        self._weights = weights or Weights()

    def read(self, question: Question, found: Sequence[ScoredPassage]) -> list[Span]:
        """Candidate spans over the passages found, best first."""
        overlap = Overlap(question, self._idf)
        texts = [simplify(hit.passage.text) for hit in found]
        readings: Sequence[PassageReading | None]
        if self._model is None:
            readings = [None] * len(texts)
        else:
            readings = self._model.read(question.standalone, texts)
        spans = [
            self._span(overlap, hit, text, candidate, odds)
            for hit, text, reading in zip(found, texts, readings, strict=True)
            for candidate, odds in _candidates(question, text, reading)
        ]
        return sorted(spans, key=lambda span: -span.score)

    def _span(
        self, overlap: Overlap, hit: ScoredPassage, text: str, candidate: Candidate, odds: float
    ) -> Span:
        start, end, fit = candidate
        passage = hit.passage
        first, last = _sentence_around(text, start, end)
        support = overlap.support(
            text[first:last], start - first, end - first, f"{passage.context} {text}"
        )
        weights = self._weights
        score = (
            weights.model * odds
            + weights.support * support
            + weights.retrieval * max(-Z_LIMIT, min(hit.score, Z_LIMIT))
            + weights.type_fit * fit
        )
        base = passage.start
        return Span(
            passage,
            base + start,
            base + end,
            passage.text[start:end],
            (base + first, base + last),
            support,
            odds,
            score,
        )


def _candidates(
    question: Question, text: str, reading: PassageReading | None
) -> list[tuple[Candidate, float]]:
    found: dict[tuple[int, int], tuple[Candidate, float]] = {}
    for candidate in typed_spans(question, text):
        odds = reading.score(candidate[0], candidate[1]) if reading else 0.0
        found[candidate[:2]] = candidate, odds
    if reading is None:
        if question.kind not in ("figure", "date"):
            for first, last in sentence_spans(text):
                found[first, last] = (first, last, 0.0), 0.0
        return list(found.values())
    for start, end, odds in reading.best_spans()[:MODEL_SPANS]:
        whole = whole_span(question, text, start, end)
        if whole and odds > found.get(whole[:2], (whole, NO_SPAN))[1]:
            found[whole[:2]] = whole, odds
    return list(found.values())


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold a span, as one stretch."""
    spans = [(a, b) for a, b in sentence_spans(text) if a < end and start < b]
    return (spans[0][0], spans[-1][1]) if spans else (start, end)
