"""Read passages for spans that answer a question.

The neural model says where an answer may stand and how sure it is that one does; rules know
figures, dates and lists by their form; the retriever says how near the passage is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus import Passage, sentence_spans, simplify
from index import ScoredPassage
from qa.candidates import Candidate, typed_spans, whole_span
from qa.question import Question
from qa.span_model import NO_SPAN, PassageReading, SpanModel

__all__ = ["LEAST", "WEIGHTS", "Reader", "Signs", "Span"]

Z_LIMIT = 4.0  # a fused retrieval score above this says no more
LEAST_ODDS = -8.0  # below this the model says no, however strongly
BEHIND = 2.5  # z-scores; a passage further behind the best is not read: half the time, none lost
MODEL_SPANS = 6  # of the model's own spans, those looked at a passage


class Signs(NamedTuple):
    """What speaks for a span; as weights, how much each adds to its score.

    `odds` are the model's log-odds that this and not nothing is the answer, `retrieval` the
    passage's fused score, `type_fit` how well its form is what was asked (-1 to 1).
    """

    odds: float
    retrieval: float
    type_fit: float

    def weigh(self, weights: Signs) -> float:
        """The sum of the signs, each times its weight."""
        return sum(sign * weight for sign, weight in zip(self, weights, strict=True))


# Fitted by benchmarks/calibrate.py on the development half of the test set and on written
# questions over other articles; LEAST is the sum from which a span beats "no answer".
WEIGHTS = Signs(odds=0.45, retrieval=1.0, type_fit=1.4)
LEAST = 2.4


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: `document.text[start:end] == text`, within the sentences `sentence`.

    `score` is above 0 where it is likelier the answer than that there is none;
    `verdict` are the model's log-odds that its passage says 是 to a yes/no question.
    """

    passage: Passage
    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    signs: Signs
    score: float
    verdict: float = 0.0


class Reader:
    """Proposes spans, and how likely each is."""

    def __init__(self, model: SpanModel, weights: Signs = WEIGHTS, least: float = LEAST) -> None:
        self._model = model
        self._weights = weights
        self._least = least

    def read(self, question: Question, found: Sequence[ScoredPassage]) -> list[Span]:
        """Candidate spans over the passages found, best first; `found` is in that order too."""
        found = [hit for hit in found if hit.score >= found[0].score - BEHIND]
        texts = [simplify(hit.passage.text) for hit in found]
        asked = [_ask_of(question, hit.passage) for hit in found]
        readings = self._model.read(list(zip(asked, texts, strict=True)))
        if question.kind == "yesno" and question.years:
            # The passage that speaks of the matter may give another year than the one claimed:
            # it is found without the year, and judged with it.
            located = self._model.read([(question.undated, text) for text in texts])
            readings = [
                replace(reading, verdict=judged.verdict)
                for reading, judged in zip(located, readings, strict=True)
            ]
        spans = [
            span
            for hit, text, reading in zip(found, texts, readings, strict=True)
            for span in self._spans(question, hit, text, reading)
        ]
        return sorted(spans, key=lambda span: -span.score)

    def _spans(
        self, question: Question, hit: ScoredPassage, text: str, reading: PassageReading
    ) -> Iterator[Span]:
        """The candidates of one passage; `text` is its text simplified."""
        passage, base = hit.passage, hit.passage.start
        for (start, end, fit), odds in _candidates(question, text, reading):
            first, last = _sentence_around(text, start, end)
            signs = Signs(max(odds, LEAST_ODDS), max(-Z_LIMIT, min(hit.score, Z_LIMIT)), fit)
            yield Span(
                passage,
                base + start,
                base + end,
                passage.text[start:end],
                (base + first, base + last),
                signs,
                signs.weigh(self._weights) - self._least,
                reading.verdict,
            )


def _ask_of(question: Question, passage: Passage) -> str:
    """The question as it is put to one passage: without the year that a heading gives already.

    The model sees no headings, and would miss the year.
    """
    given = passage.year in question.years and str(passage.year) not in passage.text
    return question.undated if given else question.standalone


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
