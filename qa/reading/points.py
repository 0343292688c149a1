"""The points of a passage: its stretches of clauses that answer, for what takes several to tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from corpus import Document, Passage
from corpus.language import clause_spans
from index import ScoredPassage
from qa.asking import Query
from qa.reading.evidence import Evidence, Signs
from qa.reading.sentences import reply_label, sentence_around
from qa.reading.span_model import NO_SPAN, PassageReading
from qa.reading.themes import Theme, themes_of
from qa.reading.view import View

__all__ = ["EDGE", "openness", "read_points", "takes_points"]

SEVERAL = -2.0  # mean log-odds of several clauses from which they may answer
NOT_OPEN = -9.0  # of no passage at all
LOOKED_AT = 3  # passages, the best ones, whose readings tell what form the answer has
LEAST_MARK = -2.0  # the sum of a mark and its passage's fused score from which a clause answers
# What the best mark of its theme, a figure and its length, up to LONG characters, add to that.
OF_THEME, OF_FIGURE, OF_LENGTH, LONG = 0.7, 1.0, 1.0, 40
OF_SCENE = -3.0  # what sets the scene adds
FULLY = 1.2  # how much less is enough where all is asked for
ENDS_POINT = tuple("。！？!?；;\n")  # a point is at most a sentence
_SCENE = re.compile(
    r"据[悉了介报]|这意味着|与此同时|[今近]年以?来|一直以来|新的?一年|站在新|\d{4}年是|是“?[一二三四五十]+五”?"
)
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
    question: Query,
    documents: Mapping[str, Document],
    found: Sequence[tuple[ScoredPassage, View, PassageReading]],
) -> Iterator[Evidence]:
    """The points of passages, in their order: runs of clauses within a sentence; rows whole.

    The mark and the score of one are those of its best clause; `hit.score` is less that of the
    best passage.
    """
    found = [one for one in found if one[0].passage.kind not in ("title", "heading")]
    clauses = [_clauses(*one) for one in found]
    themes = [
        themes_of(hit.passage, documents[hit.passage.document_id], [end for _, end, _ in marked])
        for (hit, _, _), marked in zip(found, clauses, strict=True)
    ]
    best: dict[Theme, float] = {}
    for of_it, marked in zip(themes, clauses, strict=True):
        for theme, (_, _, mark) in zip(of_it, marked, strict=True):
            best[theme] = max(mark, best.get(theme, NO_SPAN))
    for (hit, view, _), of_it, marked in zip(found, themes, clauses, strict=True):
        passage, document = hit.passage, documents[hit.passage.document_id]
        body = view.text[view.body :]
        bests = [best[theme] for theme in of_it]
        for start, end, mark, score in _runs(body, marked, bests, question.fully):
            if passage.pieces:
                at, text = _line(passage, view, start)
                place = document.block_at(at).start, document.block_at(at).end
            else:
                place = _trimmed(document.text, passage.start + start, passage.start + end)
                text = document.text[slice(*place)]
            if text:
                sentence = sentence_around(document, passage, place, question)
                signs = Signs(0.0, mark, hit.score, 0.0)
                yield Evidence(passage, *place, text, sentence, signs, score, whole=True)


def _clauses(
    hit: ScoredPassage, view: View, reading: PassageReading
) -> list[tuple[int, int, float]]:
    """The clauses of a passage, as offsets into it, each with how surely it answers."""
    return [
        (start, end, reading.mark(view.body + start, view.body + end) + hit.score - LEAST_MARK)
        for start, end in clause_spans(view.text[view.body :])
    ]


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
    body: str, clauses: Sequence[tuple[int, int, float]], bests: Sequence[float], fully: bool
) -> Iterator[tuple[int, int, float, float]]:
    """Runs of clauses that are told, with a sum above 0, each with its best mark and best sum.

    `bests` are the best marks of the clauses' themes.
    """
    run: tuple[int, int, float, float] | None = None
    for (start, end, mark), best in zip(clauses, bests, strict=True):
        text = body[start:end]
        score = mark + FULLY * fully + OF_THEME * best
        score += OF_FIGURE * any(c.isdigit() for c in text) + OF_LENGTH * min(len(text) / LONG, 1)
        score += OF_SCENE * bool(_SCENE.match(text))
        ends = body[:start].rstrip(_CLOSING)[-1:] in ENDS_POINT
        if run and (score <= 0 or ends):
            yield run
            run = None
        if score > 0 and run:
            run = run[0], end, max(run[2], mark), max(run[3], score)
        elif score > 0:
            run = start, end, mark, score
    if run:
        yield run


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a text without white space and marks at its edges, and without 答：."""
    words = text[start:end]
    start += len(words) - len(words.lstrip(EDGE))
    start += reply_label(text, start)
    return start, max(start, end - len(words) + len(words.rstrip(EDGE)))
