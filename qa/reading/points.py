"""The points of a passage: its stretches of clauses that answer, for what takes several to tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus import Document, Passage
from corpus.language import clause_spans
from index import ScoredPassage
from qa.asking import Query
from qa.reading.evidence import Evidence, Signs
from qa.reading.sentences import sentence_around
from qa.reading.span_model import PassageReading
from qa.reading.view import View

__all__ = ["EDGE", "FULLY", "openness", "read_points", "takes_points"]

SEVERAL = -2.0  # mean log-odds of several clauses from which they may answer
NOT_OPEN = -9.0  # of no passage at all
LOOKED_AT = 3  # passages, the best ones, whose readings tell what form the answer has
RETRIEVAL = 1.0  # how much a passage's fused score adds to a mark
LEAST_POINT = -2.0  # the sum from which a clause is told
FULLY = 1.2  # how much less is enough where all is asked for
ENDS_POINT = tuple("。！？!?；;\n")  # a point is at most a sentence
ENDS_ROW = "。"  # as words of ours
_CLOSING = "”’」』）)"
EDGE = " \n，,；;。、：:"


def openness(readings: Sequence[PassageReading]) -> float:
    """The mean log-odds that it takes several clauses to answer; `readings` best passage first."""
    looked_at = [one.several for one in readings[:LOOKED_AT]]
    return sum(looked_at) / len(looked_at) if looked_at else NOT_OPEN


def takes_points(question: Query, several: float) -> bool:
    """Whether several clauses may answer, by the words of a question and its openness."""
    if question.fully:
        return True
    if question.kind == "yesno" or (question.labels and question.kind in ("entity", "date")):
        return False
    return several > SEVERAL


def read_points(
    question: Query, document: Document, hit: ScoredPassage, view: View, reading: PassageReading
) -> Iterator[Evidence]:
    """The points of one passage, in its order: runs of clauses within a sentence; rows whole.

    The score of one is that of its best clause; `hit.score` is less that of the best passage.
    """
    passage = hit.passage
    if passage.kind in ("title", "heading"):
        return
    least = LEAST_POINT - FULLY * question.fully
    for start, end, score in _runs(hit, view, reading, least):
        if passage.pieces:
            at, text = _line(passage, view, start)
            place = document.block_at(at).start, document.block_at(at).end
        else:
            place = _trimmed(document.text, passage.start + start, passage.start + end)
            text = document.text[slice(*place)]
        if text:
            sentence = sentence_around(document, passage, place, question)
            signs = Signs(0.0, score, hit.score, 0.0)
            yield Evidence(passage, *place, text, sentence, signs, score)


def _line(passage: Passage, view: View, place: int) -> tuple[int, str]:
    """Where in its document the row, or the line of a head, stands that holds a place of a view.

    And how it is read.
    """
    read, start = "", 0
    for piece in passage.pieces:
        read += piece.text
        ends = piece.text.endswith("\n") or (piece.start < 0 and piece.text == ENDS_ROW)
        if ends and len(read) > place:
            break
        start = len(read) if ends else start
    own = (at for at in view.places[view.body + start :] if passage.start <= at < passage.end)
    return next(own, passage.start), read[start:].strip(EDGE)


def _runs(
    hit: ScoredPassage, view: View, reading: PassageReading, least: float
) -> Iterator[tuple[int, int, float]]:
    """Runs of clauses that answer, as offsets into the passage, each with its best score.

    `least` is the sum from which a clause does.
    """
    body = view.text[view.body :]
    run: tuple[int, int, float] | None = None
    for start, end in clause_spans(body):
        mark = reading.mark(view.body + start, view.body + end)
        score = mark + RETRIEVAL * hit.score - least
        ends = body[:start].rstrip(_CLOSING)[-1:] in ENDS_POINT
        if run and (score <= 0 or ends):
            yield run
            run = None
        if score > 0:
            run = (run[0], end, max(run[2], score)) if run else (start, end, score)
    if run:
        yield run


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a text without white space and marks at its edges."""
    words = text[start:end]
    start += len(words) - len(words.lstrip(EDGE))
    return start, max(start, end - len(words) + len(words.rstrip(EDGE)))
