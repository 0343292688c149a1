"""Questions that the documents answer: to begin with, and to go on from a place of one."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from typing import NamedTuple

from corpus import Document
from index import Index, OutOfTimeError, limited
from qa.browsing.candidates import Candidate, in_turn, verified
from qa.browsing.comparison_questions import ask_comparisons
from qa.browsing.event_questions import ask_events
from qa.browsing.figure_questions import ask_figures
from qa.browsing.figure_table import FigureRow, document_rows
from qa.browsing.open_questions import ask_as_asked, ask_openly

__all__ = ["Openers", "openers", "suggest"]

MOST_TRIED = 12  # questions asked before giving up on more; one takes some 40 ms
MOST_OPEN_TRIED = 2  # one takes three times as long
MOST_OPENED, MOST_CHARACTERS = 120, 300_000  # documents looked at for openers, and of them
LOOKUPS, OPEN, COMPARISONS = 4, 3, 2  # offered of each kind
TRIES = 3  # questions asked for one that is offered
# Of work: a wide table takes longer than a reader waits, and keeps others from their answers.
OPENING_SECONDS, SUGGESTING_SECONDS = 4.0, 2.0


def suggest(
    index: Index, document_id: str, at: int, limit: int = 3, exclude: Collection[str] = ()
) -> tuple[str, ...]:
    """Questions about what stands near a place of a document, each of which has its answer.

    Those for figures of the same section come first, nearest first, then of the rest of the
    document; what stands in the sentence at that place comes last, but for one question about
    the section as a whole. None is in `exclude`. Raises KeyError for an unknown document.
    """
    document = index.document(document_id)
    several = index.catalogue.sizes()[0] > 1
    around = [one for one in ask_openly(document, several) if one.start <= at < one.end]
    around.sort(key=lambda one: one.end - one.start)
    rows = list(document_rows(index, document_id))
    section = min(rows, key=lambda row: _distance(row, at)).section if rows else ""
    rows.sort(
        key=lambda row: (row.start <= at < row.end, row.section != section, _distance(row, at))
    )
    figures = ask_figures(index, rows, several)
    with limited(SUGGESTING_SECONDS, time.thread_time):
        whole = _found(index, around, int(limit > 1), MOST_OPEN_TRIED, exclude)
        return (*_found(index, figures, limit - len(whole), MOST_TRIED, exclude), *whole)


class Openers(NamedTuple):
    """Questions to begin with, each answered: for one thing, for points, for a comparison."""

    lookups: tuple[str, ...]
    open: tuple[str, ...]
    comparisons: tuple[str, ...]


def openers(index: Index) -> Openers:
    """Questions to begin with, spread over the documents and their sections."""
    count, _ = index.catalogue.sizes()
    documents = _spread(index, count)
    several = count > 1
    lookups = _lookups(index, documents, several)
    opened = in_turn([ask_openly(document, several) for document in documents])
    compared = ask_comparisons(index, documents, several)
    with limited(OPENING_SECONDS, time.thread_time):
        return Openers(
            _found(index, lookups, LOOKUPS, LOOKUPS * TRIES),
            _found(index, opened, OPEN, OPEN * TRIES),
            _found(index, compared, COMPARISONS, COMPARISONS * TRIES),
        )


def _found(
    index: Index,
    candidates: Iterable[Candidate],
    most: int,
    tried: int,
    exclude: Collection[str] = (),
) -> tuple[str, ...]:
    """Some of the questions that are answered as they should be, as far as there is time."""
    found: list[str] = []
    with suppress(OutOfTimeError):
        found.extend(islice(verified(index, candidates, tried, exclude), most))
    return tuple(found)


def _spread(index: Index, count: int) -> list[Document]:
    """Documents from all over an index, no more than are read in a moment."""
    documents: list[Document] = []
    characters = 0
    for offset in range(0, count, max(-(-count // MOST_OPENED), 1)):
        if characters > MOST_CHARACTERS:
            break
        documents += map(index.document, index.catalogue.document_ids(1, offset))
        characters += len(documents[-1].text)
    return documents


def _lookups(index: Index, documents: Sequence[Document], several: bool) -> Iterator[Candidate]:
    """Questions that headings ask, for figures, and for dates, names and places, all in turn."""
    rows = [
        in_turn([list(found) for _, found in groupby(rows, key=lambda row: row.section)])
        for rows in (document_rows(index, document.id) for document in documents)
    ]
    figures = in_turn([[*ask_figures(index, of_one, several)] for of_one in rows])
    events = in_turn([[*ask_events(document, several)] for document in documents])
    asked = in_turn([ask_as_asked(document, several) for document in documents])
    return in_turn([[*asked], [*figures], [*events]])


def _distance(row: FigureRow, at: int) -> int:
    return max(row.start - at, at - row.end + 1, 0)
