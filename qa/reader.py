"""Read passages for spans that answer a question.

The neural model says where an answer may stand and how sure it is that one does; rules know
figures, dates and lists by their form; the words of the question around a span vouch for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus import Passage, sentence_spans, simplify
from index import ScoredPassage
from qa.candidates import Candidate, typed_spans, whole_span
from qa.overlap import Overlap
from qa.question import Question
from qa.similarity import Similarity, clause_around
from qa.span_model import NO_SPAN, PassageReading, SpanModel

__all__ = ["WEIGHTS", "Reader", "Signs", "Span"]

Z_LIMIT = 4.0  # a fused retrieval score above this says no more
LEAST_ODDS = -8.0  # below this the model says no, however strongly
MODEL_SPANS = 6  # of the model's own spans, those looked at a passage
UNRELATED = 0.85  # the cosine of unrelated texts, with the bundled encoder
COMPARED = 12  # spans whose clauses are compared with the question; the rest are too far behind


class Signs(NamedTuple):
    """What speaks for a span; as weights, how much each adds to its score.

    `odds` are the model's log-odds that this and not nothing is the answer, `support` the
    share of the question's words that stand by it (0 to 1), `retrieval` the passage's fused
    score, `similarity` the cosine of question and clause above that of
    unrelated texts, `type_fit` how well its form is what was asked (-1 to 1).
    """

    odds: float
    support: float
    retrieval: float
    similarity: float
    type_fit: float

    def weigh(self, weights: Signs) -> float:
        """The sum of the signs, each times its weight."""
        return sum(sign * weight for sign, weight in zip(self, weights, strict=True))


# Chosen by benchmarks/calibrate.py on the development half of the test set.
WEIGHTS = Signs(odds=0.2, support=3.0, retrieval=0.6, similarity=10.0, type_fit=1.4)


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: `document.text[start:end] == text`, within the sentences `sentence`."""

    passage: Passage
    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    signs: Signs
    score: float


class Reader:
    """Proposes spans. `idf` gives the inverse document frequency of tokens in the corpus."""

    def __init__(
        self,
        model: SpanModel,
        similarity: Similarity,
        idf: Callable[[Sequence[str]], dict[str, float]],
        weights: Signs = WEIGHTS,
    ) -> None:
        self._model = model
        self._similarity = similarity
        self._idf = idf
        self._weights = weights

    def read(self, question: Question, found: Sequence[ScoredPassage]) -> list[Span]:
        """Candidate spans over the passages found, best first."""
        overlap = Overlap(question, self._idf)
        texts = [simplify(hit.passage.text) for hit in found]
        readings = self._model.read(question.standalone, texts)
        spans = [
            self._span(overlap, hit, text, candidate, odds)
            for hit, text, reading in zip(found, texts, readings, strict=True)
            for candidate, odds in _candidates(question, text, reading)
        ]
        return self._compare(question, sorted(spans, key=lambda span: -span.score)[:COMPARED])

    def _span(
        self, overlap: Overlap, hit: ScoredPassage, text: str, candidate: Candidate, odds: float
    ) -> Span:
        start, end, fit = candidate
        passage = hit.passage
        first, last = _sentence_around(text, start, end)
        signs = Signs(
            odds=max(odds, LEAST_ODDS),
            support=overlap.support(
                text[first:last], start - first, end - first, f"{passage.context} {text}"
            ),
            retrieval=max(-Z_LIMIT, min(hit.score, Z_LIMIT)),
            similarity=0.0,
            type_fit=fit,
        )
        base = passage.start
        return Span(
            passage,
            base + start,
            base + end,
            passage.text[start:end],
            (base + first, base + last),
            signs,
            signs.weigh(self._weights),
        )

    def _compare(self, question: Question, spans: Sequence[Span]) -> list[Span]:
        """The spans with the similarity of their clauses, ranked anew."""
        clauses = [
            clause_around(
                simplify(span.passage.text)[
                    span.sentence[0] - span.passage.start : span.sentence[1] - span.passage.start
                ],
                span.start - span.sentence[0],
                span.end - span.sentence[0],
            )
            for span in spans
        ]
        cosines = self._similarity.compare(question.standalone, clauses)
        compared: list[Span] = []
        for span, cosine in zip(spans, cosines, strict=True):
            signs = span.signs._replace(similarity=cosine - UNRELATED)
            compared.append(replace(span, signs=signs, score=signs.weigh(self._weights)))
        return sorted(compared, key=lambda span: -span.score)


def _candidates(
    question: Question, text: str, reading: PassageReading
) -> list[tuple[Candidate, float]]:
    found: dict[tuple[int, int], tuple[Candidate, float]] = {}
    for candidate in typed_spans(question, text):
        found[candidate[:2]] = candidate, reading.score(candidate[0], candidate[1])
    for start, end, odds in reading.best_spans()[:MODEL_SPANS]:
        whole = whole_span(question, text, start, end)
        if whole and odds > found.get(whole[:2], (whole, NO_SPAN))[1]:
            found[whole[:2]] = whole, odds
    return list(found.values())


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold a span, as one stretch."""
    spans = [(a, b) for a, b in sentence_spans(text) if a < end and start < b]
    return (spans[0][0], spans[-1][1]) if spans else (start, end)
