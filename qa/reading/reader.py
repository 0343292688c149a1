"""Read passages for spans that answer a question.

The neural model says where an answer may stand and how sure it is that one does; rules know
figures, dates and lists by their form; the retriever says how near the passage is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from corpus import Document, Passage
from corpus.language import (
    clause_end,
    clause_start,
    find_figures,
)
from corpus.numbering import read_numbering
from index import ScoredPassage, check_time
from qa.asking import Query
from qa.reading.candidates import Candidate, typed_spans, whole_span
from qa.reading.cells import asked_cell
from qa.reading.colophon import told_of_itself
from qa.reading.evidence import Evidence, Signs
from qa.reading.lists import whole_enumeration
from qa.reading.pairing import meant_by_change, meant_by_turn
from qa.reading.points import openness, read_points, takes_points
from qa.reading.putting import put_to, without_claims
from qa.reading.sentences import reply_label, sentence_around
from qa.reading.span_model import NO_SPAN, PassageReading, SpanModel
from qa.reading.tiers import meant_by_case
from qa.reading.view import View, view_of

__all__ = ["LEAST", "WEIGHTS", "Reader", "Reading"]

FARTHEST = -1.0  # z-scores behind the best beyond which it says no more: texts may be alike
LEAST_ODDS, LEAST_MARK = -8.0, -6.0  # below this the model says no, however strongly
BEHIND = 2.5  # z-scores; a passage further behind the best is not read: half the time, none lost
ANYWAY = 3  # passages read however far behind: among few texts a headline alone may lead
SURE = 2.0  # log-odds of what stands in a line of a head, or a cell, under the name asked for
IN_HEADINGS = ("entity", "keywords", "date")  # kinds that a heading may answer
MODEL_SPANS = 6  # of the model's own spans, those looked at a passage


# Fitted by benchmarks/calibrate.py on development halves of the test set and of real documents and
# on written questions over other articles, and rounded where these and tests/cases are as good;
# LEAST is the sum from which a span beats "no answer".
WEIGHTS = Signs(odds=0.5, mark=0.25, retrieval=2.0, type_fit=1.7)
LEAST = -0.8


class Reading(NamedTuple):
    """What reading finds: spans, best first; points by passage, best passage first.

    There are points only for a question that they may answer; `several` are the log-odds that it
    takes several clauses to answer.
    """

    spans: list[Evidence]
    points: list[Evidence]
    several: float


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
        question: Query,
        found: Sequence[ScoredPassage],
        documents: Mapping[str, Document],
    ) -> Reading:
        """What answers in the passages found; `found` is best first.

        `documents` are those of the passages, by id.
        """
        asked = {key: question.seen_from(document.present) for key, document in documents.items()}
        # Only how far one lies behind another counts: a z-score among two passages is no z-score.
        found = [replace(hit, score=hit.score - found[0].score) for hit in found]
        found = [hit for i, hit in enumerate(found) if i < ANYWAY or hit.score >= -BEHIND]
        views = [
            view_of(hit.passage, question, documents[hit.passage.document_id]) for hit in found
        ]
        questions = [asked[hit.passage.document_id] for hit in found]
        put = [
            put_to(one, hit.passage, view, documents[hit.passage.document_id].place)
            for one, hit, view in zip(questions, found, views, strict=True)
        ]
        texts = [view.text for view in views]
        readings = self._model.read(list(zip(put, texts, strict=True)))
        several = openness(readings)
        in_points = takes_points(question, several)
        read = list(zip(found, views, readings, strict=True)) if in_points else []
        points = list(read_points(question, documents, read))
        # The passage that speaks of the matter may give another year or bound than the one in
        # question: it is found without these, and judged with them.
        for wording in without_claims(questions, texts):
            pairs = [(asks, text) for asks, text in zip(wording, texts, strict=True) if asks]
            located = iter(self._model.read(pairs))
            readings = [
                _surer(next(located), reading) if asks else reading
                for asks, reading in zip(wording, readings, strict=True)
            ]
        spans = [
            span
            for hit, view, reading in zip(found, views, readings, strict=True)
            for span in self._spans(question, hit, view, reading, documents)
        ]
        return Reading(sorted(spans, key=lambda span: -span.score), points, several)

    def _spans(
        self,
        question: Query,
        hit: ScoredPassage,
        view: View,
        reading: PassageReading,
        documents: Mapping[str, Document],
    ) -> Iterator[Evidence]:
        """The candidates of one passage."""
        check_time()
        passage = hit.passage
        document = documents[passage.document_id]
        cell = asked_cell(question, document, passage)
        for (start, end, fit), odds in _candidates(question, view, reading, cell):
            place = view.span(start, end)
            if place is None or _runs_on(passage, place, end - start):
                continue
            label = _label_before(document, place[0])
            start, place = start + label, (place[0] + label, place[1])
            if place[0] >= place[1]:
                continue
            text = _as_written(document, view, start, end)
            sentence = sentence_around(document, passage, place, question)
            signs = Signs(
                max(odds, LEAST_ODDS),
                max(_mark(reading, view, start, end), LEAST_MARK),
                max(hit.score, FARTHEST),
                fit,
            )
            score = signs.weigh(self._weights) - self._least
            span = Evidence(passage, *place, text, sentence, signs, score, reading.verdict)
            yield whole_enumeration(span, document, question)


def _runs_on(passage: Passage, place: tuple[int, int], size: int) -> bool:
    """Whether a span of a table's row begins in a column's head and goes on into a cell."""
    in_head = bool(passage.pieces) and not passage.start <= place[0] < passage.end
    return in_head and place[1] - place[0] < size


def _surer(located: PassageReading, reading: PassageReading) -> PassageReading:
    """The reading that is surer of an answer, with the verdict of the second."""
    return replace(max(located, reading, key=_odds), verdict=reading.verdict)


def _odds(reading: PassageReading) -> float:
    """How sure the model is that a passage has an answer."""
    return max((odds for _, _, odds in reading.best_spans()), default=NO_SPAN)


def _label_before(document: Document, place: int) -> int:
    """How many characters of a place are a label, and no part of an answer: 四、, 第五条, 答：."""
    reply = reply_label(document.text, place)
    if reply:
        return reply
    block = document.block_at(place)
    if block.start != place or block.cells:
        return 0
    numbering = read_numbering(document.text[place : place + 12])
    return len(numbering.text) if numbering else 0


def _mark(reading: PassageReading, view: View, start: int, end: int) -> float:
    """How surely the clauses that hold a stretch of a view answer."""
    return reading.mark(clause_start(view.text, start), clause_end(view.text, end))


def _as_written(document: Document, view: View, start: int, end: int) -> str:
    """What a stretch of a view says, in the document's own characters."""
    return "".join(document.text[place] for place in view.places[start:end] if place >= 0)


def _candidates(
    question: Query, view: View, reading: PassageReading, cell: tuple[int, int] | None
) -> list[tuple[Candidate, float]]:
    text = view.text
    found: dict[tuple[int, int], tuple[Candidate, float]] = {}
    for candidate in typed_spans(question, text):
        in_body = candidate[0] >= view.body or question.kind == "date"
        if not in_body or not view.holds(*candidate[:2]):
            continue
        found[candidate[:2]] = candidate, reading.score(candidate[0], candidate[1])
    for rule in (meant_by_change, meant_by_turn, meant_by_case):
        _settle(found, rule(question, text))
    for start, end in told_of_itself(question, text):
        if view.holds(start, end):
            odds = max(reading.score(start, end), SURE)
            found[start, end] = (start, end, 1.0), odds
    start, end = _stretch(view, cell) if cell else (0, 0)
    if start < end:
        found[start, end] = (start, end, 1.0), max(reading.score(start, end), SURE)
    for start, end, odds in reading.best_spans()[:MODEL_SPANS]:
        whole = whole_span(question, text, start, end)
        if whole and not _may_answer(question, view, whole):
            continue
        if whole and odds > found.get(whole[:2], (whole, NO_SPAN))[1]:
            found[whole[:2]] = whole, odds
    return list(found.values())


def _stretch(view: View, cell: tuple[int, int]) -> tuple[int, int]:
    """Where in a view a cell stands, with the unit its table gives for it; (0, 0) if nowhere."""
    inside = [i for i, place in enumerate(view.places) if cell[0] <= place < cell[1]]
    if not inside:  # a cell of the column of units is told with the figure beside it
        return 0, 0
    start, end = inside[0], inside[-1] + 1
    figure = next((f for f in find_figures(view.text) if f.start <= start and end <= f.end), None)
    return (start, figure.end) if figure else (start, end)


def _settle(found: dict[tuple[int, int], tuple[Candidate, float]], meant: dict[int, int]) -> None:
    """Of values told one by one keep the one that is meant, as sure as the model is of any."""
    for key in [key for key in found if meant.get(key[0], key[0]) != key[0]]:
        _, odds = found.pop(key)
        for other in [other for other in found if other[0] == meant[key[0]]]:
            (start, end, _), least = found[other]
            found[other] = (start, end, 1.0), max(odds, least)


def _may_answer(question: Query, view: View, candidate: Candidate) -> bool:
    """Whether a stretch may be an answer: of the passage, or a name of a heading above it."""
    start, end, _ = candidate
    return start >= view.body or (question.kind in IN_HEADINGS and end <= view.body)
