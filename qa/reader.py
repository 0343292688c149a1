"""Read passages for spans that answer a question.

The neural model says where an answer may stand and how sure it is that one does; rules know
figures, dates and lists by their form; the retriever says how near the passage is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus import Document, Passage, sentence_spans, simplify, years_in
from index import ScoredPassage
from qa.candidates import Candidate, typed_spans, whole_span
from qa.pairing import pair
from qa.places import count_as_place, own_names
from qa.question import RELATIVE_YEARS, Question
from qa.span_model import NO_SPAN, PassageReading, SpanModel

__all__ = ["LEAST", "WEIGHTS", "Reader", "Signs", "Span"]

FARTHEST = -1.0  # z-scores behind the best beyond which it says no more: texts may be alike
LEAST_ODDS = -8.0  # below this the model says no, however strongly
BEHIND = 2.5  # z-scores; a passage further behind the best is not read: half the time, none lost
ANYWAY = 3  # passages read however far behind: among few texts a headline alone may lead
MODEL_SPANS = 6  # of the model's own spans, those looked at a passage


class Signs(NamedTuple):
    """What speaks for a span; as weights, how much each adds to its score.

    `odds` are the model's log-odds that this and not nothing is the answer, `retrieval` the
    passage's fused score less that of the best one, `type_fit` how well its form is what was
    asked (-1 to 1).
    """

    odds: float
    retrieval: float
    type_fit: float

    def weigh(self, weights: Signs) -> float:
        """The sum of the signs, each times its weight."""
        return sum(sign * weight for sign, weight in zip(self, weights, strict=True))


# Fitted by benchmarks/calibrate.py on the development half of the test set and on written
# questions over other articles; LEAST is the sum from which a span beats "no answer".
WEIGHTS = Signs(odds=0.55, retrieval=1.75, type_fit=1.6)
LEAST = -0.6


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

    def words(self, text: str) -> list[tuple[int, int]]:
        """Where the words of a text start and end."""
        return self._model.words(text)

    def read(
        self,
        question: Question,
        found: Sequence[ScoredPassage],
        documents: Mapping[str, Document],
    ) -> list[Span]:
        """Candidate spans over the passages found, best first; `found` is in that order too.

        `documents` are those of the passages, by id.
        """
        if question.kind != "yesno":
            found = [hit for hit in found if _may_tell(question, hit.passage)] or found
        # Only how far one lies behind another counts: a z-score among two passages is no z-score.
        found = [replace(hit, score=hit.score - found[0].score) for hit in found]
        found = [hit for i, hit in enumerate(found) if i < ANYWAY or hit.score >= -BEHIND]
        texts = [simplify(hit.passage.text) for hit in found]
        asked = [_ask_of(question, hit.passage, documents) for hit in found]
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
            signs = Signs(max(odds, LEAST_ODDS), max(hit.score, FARTHEST), fit)
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


def _may_tell(question: Question, passage: Passage) -> bool:
    """Whether a passage may speak of a year asked for."""
    if not question.years or passage.year in (None, *question.years):
        return True
    words = [*map(str, question.years), *RELATIVE_YEARS]
    return any(word in passage.text for word in words)


def _ask_of(question: Question, passage: Passage, documents: Mapping[str, Document]) -> str:
    """The question as it is put to one passage: without the year and the place known already.

    The model sees no headings and no title, and would miss what they say.
    """
    named = {*years_in(passage.text)}
    given = passage.year in question.years and (passage.year not in named or len(named) == 1)
    told = bool(question.relative) and question.relative in passage.text
    asked = question.undated if given or told else question.standalone
    names = own_names(documents[passage.document_id])
    for name in names:
        if name not in passage.text:
            asked = re.sub(rf"{re.escape(name)}[省市区县]?(?:的|全[省市区县])?", "", asked) or asked
    own = next((name for name in names if count_as_place(passage.text, name)), "")
    if own and not any(name in asked for name in names) and question.kind != "yesno":
        asked = own + asked
    return asked


def _candidates(
    question: Question, text: str, reading: PassageReading
) -> list[tuple[Candidate, float]]:
    found: dict[tuple[int, int], tuple[Candidate, float]] = {}
    for candidate in typed_spans(question, text):
        found[candidate[:2]] = candidate, reading.score(candidate[0], candidate[1])
    _settle(found, pair(question, text))
    for start, end, odds in reading.best_spans()[:MODEL_SPANS]:
        whole = whole_span(question, text, start, end)
        if whole and odds > found.get(whole[:2], (whole, NO_SPAN))[1]:
            found[whole[:2]] = whole, odds
    return list(found.values())


def _settle(found: dict[tuple[int, int], tuple[Candidate, float]], meant: dict[int, int]) -> None:
    """Of values told one by one keep the one that is meant, as sure as the model is of any."""
    for key in [key for key in found if meant.get(key[0], key[0]) != key[0]]:
        _, odds = found.pop(key)
        for other in [other for other in found if other[0] == meant[key[0]]]:
            candidate, least = found[other]
            found[other] = candidate, max(odds, least)


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold a span, as one stretch."""
    spans = [(a, b) for a, b in sentence_spans(text) if a < end and start < b]
    return (spans[0][0], spans[-1][1]) if spans else (start, end)
