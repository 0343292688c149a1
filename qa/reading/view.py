"""A passage as the reader sees it, each character leading back to the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus import Document, Passage, Piece
from corpus.language import sentence_spans, simplify, years_in
from qa.asking import Query

__all__ = ["View", "view_of"]

NEAREST, CUT = 2, 40  # headings read above every passage, and the characters of each
SHORT_HEADING = 20  # characters; of a longer one it takes more to be read whole
OPENING = 60  # characters read of a sentence before
SEVERAL = 2  # pairs of characters
SHARED = 2  # characters in a row that a heading and a question share, to be read whole
BETWEEN = "："  # what parts a heading from what stands below it


@dataclass(frozen=True, slots=True)
class View:
    """What is read of a passage, simplified; `places[i]` is where `text[i]` stands in the document.

    Words of ours stand nowhere: -1. From `body` on it is the passage itself, before that come the
    nearest headings above it and others that the question speaks of.
    """

    text: str
    places: tuple[int, ...]
    body: int

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `text[start:end]` stands in the document: its first unbroken stretch, or None.

        None too for what goes over words of ours: it is of several cells or lines, and says nothing
        that stands anywhere.
        """
        places = self.places[start:end]
        if not places or min(places) < 0:
            return None
        last = 0
        while last + 1 < len(places) and places[last + 1] == places[last] + 1:
            last += 1
        return places[0], places[last] + 1

    def holds(self, start: int, end: int) -> bool:
        """Whether a stretch is words of the document only."""
        return all(place >= 0 for place in self.places[start:end])


def view_of(passage: Passage, question: Query, document: Document) -> View:
    """A passage under its nearest headings and what else above or before it is asked about."""
    body = "".join(piece.text for piece in passage.body)
    asked = {pair for run in (*question.content, *question.earlier) for pair in _pairs(run)}
    lacking = asked - _pairs(simplify(body).lower())
    frame: list[Piece] = []
    for piece in passage.frame:
        named = lacking & _pairs(simplify(piece.text).lower())
        dated = question.unit == "年" and years_in(piece.text)  # it may tell the year
        whole = dated or (named and (len(named) >= SEVERAL or len(piece.text) <= SHORT_HEADING))
        if whole or piece in passage.frame[-NEAREST:]:
            read = piece if whole else Piece(piece.start, piece.text[:CUT])
            frame += [read, Piece(-1, "" if read.text.endswith(("：", ":")) else BETWEEN)]
    framed = _pairs(simplify("".join(piece.text for piece in frame)).lower())
    frame += _opening(passage, document, lacking - framed)
    characters: list[str] = []
    places: list[int] = []
    _read(frame, characters, places)
    start = len(characters)
    _read(passage.body, characters, places)
    return View(simplify("".join(characters)), tuple(places), start)


def _opening(passage: Passage, document: Document, lacking: set[str]) -> list[Piece]:
    """The sentence before a passage in its paragraph that names most of what it lacks."""
    text, block = document.text, document.block_at(passage.start)
    if not lacking or passage.pieces or passage.start <= block.start:
        return []
    before = [
        (len(lacking & _pairs(simplify(text[start : start + OPENING]).lower())), start, end)
        for start, end in sentence_spans(text, block.start, passage.start)
    ]
    named, start, end = max(before, key=lambda found: found[0], default=(0, 0, 0))
    if named < SEVERAL:
        return []
    cut = "" if end - start <= OPENING else "…"
    return [Piece(start, text[start : min(end, start + OPENING)]), Piece(-1, cut)]


def _read(pieces: Iterable[Piece], characters: list[str], places: list[int]) -> None:
    for piece in pieces:
        characters += piece.text
        size = len(piece.text)
        places += range(piece.start, piece.end) if piece.start >= 0 else [-1] * size


def _pairs(text: str) -> set[str]:
    """Two characters side by side, as words are compared here."""
    return {
        text[i : i + SHARED]
        for i in range(len(text) - SHARED + 1)
        if text[i : i + SHARED].isalnum()
    }
