"""What the page, the REST API, the OpenAI protocol and MCP all ask, behind one queue."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from corpus import Document
from index import DocumentHead, Index, IndexingError, ProcessEndedError, ScoredPassage, Selection
from qa import (
    Answer,
    Chart,
    FigureRow,
    Series,
    answer,
    answer_over,
    current,
    default_index,
    figure_rows,
    find_charts,
    find_series,
    record,
    suggest,
)
from ui.failures import ClosingError, NotFoundError, ServiceError
from ui.service.given import GivenAnswers
from ui.service.places import Places
from ui.service.uploads import Upload
from ui.service.visits import Visits
from ui.service.welcome import Overview, look_over
from ui.service.workers import Workers
from ui.settings import Settings
from ui.telemetry.log import LOGGER
from ui.telemetry.metrics import Metrics

__all__ = ["History", "Service"]

SUGGESTED = 3  # questions under an answer
LOOK_SECONDS = 0.5  # between two looks for a new generation of the index

History = Sequence[str | tuple[str, str]]
T = TypeVar("T")

_log = logging.getLogger(f"{LOGGER}.questions")


class Service:
    """Answers, passages, documents and figures of the corpus in use, or of a visit's documents.

    Every method raises BusyError, TimeUpError and ClosingError beside its own errors.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.visits = Visits()
        self.given = GivenAnswers()
        self.workers = Workers(settings.workers, settings.queue, settings.timeout)
        # What has to be indexed first takes long, and leaves the others to those who ask.
        self.indexers = Workers(1, settings.queue, settings.timeout)
        self.readers = Workers(1, settings.queue, None)
        self.receiving = Places(settings.queue + 1)  # as many as the reader takes
        self.metrics.watch_queue(lambda: self.workers.taken)
        self._uploads: set[Upload] = set()
        self._ended = threading.Event()
        self._warm = False

    @property
    def warmed(self) -> bool:
        """Whether index and models are loaded."""
        return self._warm

    @property
    def ready(self) -> bool:
        """Whether index and models are loaded and new work is taken."""
        return self._warm and not self.workers.closing

    async def close(self) -> None:
        """Refuse new work and finish what was begun; a document half read is let go."""
        self._ended.set()
        for upload in [*self._uploads]:
            upload.cancel()
        await asyncio.gather(*(one.close() for one in (self.workers, self.indexers, self.readers)))

    def warm(self) -> None:
        """Load index and models by asking; raises IndexingError, CorpusError and QaError."""
        for question in ("有多少个小区？", "How many homes?"):  # the second loads the dictionary
            answer_over(default_index(), question)
        self._warm = True
        threading.Thread(
            target=current.watch, args=(self._ended, LOOK_SECONDS), daemon=True
        ).start()

    async def answer(
        self,
        question: str,
        history: History = (),
        visit: str = "",
        where: Mapping[str, object] | None = None,
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question; raises ValueError for one that is empty or too long.

        `where` limits what is looked at, and `documents` are looked at instead, as in `qa.answer`;
        then it raises DocumentError for too much text as well.
        """
        began = time.perf_counter()
        outcome = "error"
        try:
            workers = self.workers if documents is None else self.indexers
            found = await workers.run(self._answer, question, history, visit, where, documents)
            outcome = found.status
            return found
        except (ValueError, ServiceError) as error:
            outcome = type(error).__name__
            raise
        finally:
            told = {"outcome": outcome, "ms": round(1000 * (time.perf_counter() - began), 1)}
            words = {"text": question} if self.settings.log_questions else {}
            _log.info("question", extra={**told, **words})

    def has_several(self, visit: str = "") -> bool:
        """Whether more than one document is asked; not where a visit has been forgotten, or where
        nothing can be asked: what was answered before is shown all the same.
        """
        try:
            return self._index(visit).catalogue.sizes()[0] > 1
        except (NotFoundError, IndexingError):
            return False

    async def search(self, text: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question, best first."""
        return await self.workers.run(lambda: default_index().search(text, limit))

    async def document(self, document_id: str, visit: str = "") -> Document:
        """A document by id; raises NotFoundError."""
        return await self.workers.run(self._document, document_id, visit)

    async def documents(self, limit: int, offset: int) -> tuple[int, list[DocumentHead]]:
        """How many documents there are, and some of them in the order they were added."""
        return await self.workers.run(self._documents, limit, offset)

    async def figures(
        self,
        words: str = "",
        year: int | None = None,
        status: str | None = None,
        sort: str = "",
        descending: bool = False,
        limit: int = -1,
        offset: int = 0,
        section: str = "",
        visit: str = "",
    ) -> tuple[int, list[FigureRow], list[int]]:
        """How many figures there are as `qa.figure_rows` picks them, some, and the years of all."""
        return await self.workers.run(
            self._figures, visit, words, year, status, sort, descending, limit, offset, section
        )

    async def figure_sections(self, visit: str = "") -> tuple[list[str], int]:
        """The sections that figures stand in, in order, and how many documents there are."""
        return await self.workers.run(lambda: _once(_sections, self._index(visit)))

    async def charts(self, visit: str = "") -> tuple[Chart, ...]:
        """What figures of one thing say of several years, places or groups."""
        return await self.workers.run(lambda: _once(find_charts, self._index(visit)))

    async def series(self) -> tuple[Series, ...]:
        """The figures given for at least two years."""
        return await self.workers.run(lambda: _once(find_series, default_index()))

    async def overview(self, visit: str = "") -> Overview:
        """What is seen first of the documents in use, or of a visit's."""
        return await self.workers.run(lambda: _once(look_over, self._index(visit)))

    async def suggest(
        self, document_id: str, at: int, asked: Collection[str], visit: str = ""
    ) -> tuple[str, ...]:
        """Questions about what stands near a place; none while many are waiting."""
        if not self.workers.calm:
            return ()
        return await self.workers.run(self._suggest, document_id, at, asked, visit)

    async def bring(
        self, data: bytes, name: str, visit: str, progress: Callable[[int, int], None]
    ) -> str:
        """Read a document into a visit, a new one where `visit` is "", and the visit's key.

        `progress(done, total)` counts passages. Where it is cancelled, so is the reading, and
        nothing is kept. Raises DocumentError.
        """
        upload = Upload(data, name)
        self._uploads.add(upload)
        try:
            return await self.readers.run(self.visits.add, upload, visit, progress)
        except ProcessEndedError:
            if self.readers.closing:
                raise ClosingError from None
            raise
        finally:  # also of one that takes too long, or that nobody waits for any more
            upload.cancel()
            self._uploads.discard(upload)

    def _answer(
        self,
        question: str,
        history: History,
        visit: str,
        where: Mapping[str, object] | None,
        documents: Sequence[str] | None,
    ) -> Answer:
        selection = Selection.read(where)
        with self.metrics.question() as told, record() as seconds:
            if documents is None:
                found = answer_over(self._index(visit), question, history, selection=selection)
            else:
                found = answer(question, history, documents, where)
            told(found.status, seconds)
        return found

    def _document(self, document_id: str, visit: str) -> Document:
        try:
            return self._index(visit).document(document_id)
        except KeyError as error:
            raise NotFoundError("没有这份文档，它可能已被替换，请刷新页面") from error

    def _documents(self, limit: int, offset: int) -> tuple[int, list[DocumentHead]]:
        catalogue = default_index().catalogue
        return catalogue.sizes()[0], catalogue.heads(limit, offset)

    def _figures(self, visit: str, *picked: Any) -> tuple[int, list[FigureRow], list[int]]:
        index = self._index(visit)
        total, rows = figure_rows(index, *picked)
        return total, rows, index.catalogue.figures.years()

    def _suggest(
        self, document_id: str, at: int, asked: Collection[str], visit: str
    ) -> tuple[str, ...]:
        index = self._index(visit)
        try:
            return suggest(index, document_id, at, SUGGESTED, asked)
        except KeyError:  # the index has been replaced since, or nothing was cited
            first = _once(look_over, index).openers
            return tuple(q for q in (*first.lookups, *first.open) if q not in asked)[:SUGGESTED]

    def _index(self, visit: str) -> Index:
        return self.visits.index(visit) if visit else default_index()


def _sections(index: Index) -> tuple[list[str], int]:
    return index.catalogue.figures.sections(), index.catalogue.sizes()[0]


class _Kept(NamedTuple):
    """What has been made of an index, by what made it; one at a time makes it."""

    lock: threading.Lock
    made: dict[object, Any]


_kept: WeakKeyDictionary[Index, _Kept] = WeakKeyDictionary()
_keeping = threading.Lock()


def _once(make: Callable[[Index], T], index: Index) -> T:
    """What is made of an index, made once and kept no longer than it is in use."""
    with _keeping:
        kept = _kept.setdefault(index, _Kept(threading.Lock(), {}))
    with kept.lock:
        if make not in kept.made:
            kept.made[make] = make(index)
        found: T = kept.made[make]
    return found
