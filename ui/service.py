"""What the page, the REST API, the OpenAI protocol and MCP all ask, behind one queue."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from corpus import DEFAULT_CORPUS, Document
from index import Index, ScoredPassage
from qa import (
    Answer,
    FigureRow,
    Series,
    answer_over,
    default_index,
    figure_rows,
    find_series,
    openers,
    record,
    select_rows,
    suggest,
)
from ui.failures import ClosingError, NotFoundError, ServiceError
from ui.log import LOGGER
from ui.metrics import Metrics
from ui.settings import Settings
from ui.visits import Visits
from ui.workers import Workers

__all__ = ["EXAMPLES", "History", "Service"]

EXAMPLES = DEFAULT_CORPUS.with_name("examples.txt")
SUGGESTED = 3  # questions under an answer
READING_SECONDS = 300  # for a document that a visitor brings along

History = Sequence[str | tuple[str, str]]

_log = logging.getLogger(f"{LOGGER}.questions")


class Service:
    """Answers, passages, documents and figures of the corpus in use, or of a visit's documents.

    Every method raises BusyError, TimeUpError and ClosingError beside its own errors.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.visits = Visits()
        self.workers = Workers(settings.workers, settings.queue, settings.timeout)
        self.readers = Workers(1, settings.queue, READING_SECONDS)
        self.metrics.watch_queue(lambda: self.workers.taken)
        self._warm = False

    @property
    def ready(self) -> bool:
        """Whether index and models are loaded and new work is taken."""
        return self._warm and not self.workers.closing

    async def close(self) -> None:
        """Refuse new work and finish what was begun; a document half read is let go."""
        await asyncio.gather(self.workers.close(), self.readers.close())

    def warm(self) -> None:
        """Load index and models by asking; raises IndexingError, CorpusError and QaError."""
        for question in ("有多少个小区？", "How many homes?"):  # the second loads the dictionary
            answer_over(default_index(), question)
        self._warm = True

    async def answer(self, question: str, history: History = (), visit: str = "") -> Answer:
        """Answer a question; raises ValueError for one that is empty or too long."""
        began = time.perf_counter()
        outcome = "error"
        try:
            found = await self.workers.run(self._answer, question, history, visit)
            outcome = found.status
            return found
        except (ValueError, ServiceError) as error:
            outcome = type(error).__name__
            raise
        finally:
            told = {"outcome": outcome, "ms": round(1000 * (time.perf_counter() - began), 1)}
            words = {"text": question} if self.settings.log_questions else {}
            _log.info("question", extra={**told, **words})

    async def search(self, text: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question, best first."""
        return await self.workers.run(lambda: default_index().search(text, limit))

    async def document(self, document_id: str, visit: str = "") -> Document:
        """A document by id; raises NotFoundError."""
        return await self.workers.run(self._document, document_id, visit)

    async def documents(self, limit: int, offset: int) -> tuple[int, list[Document]]:
        """How many documents there are, and some of them in the order they were added."""
        return await self.workers.run(self._documents, limit, offset)

    async def figures(
        self,
        words: str = "",
        year: int | None = None,
        status: str | None = None,
        sort: str = "",
        descending: bool = False,
    ) -> tuple[list[FigureRow], list[int]]:
        """The figures of the corpus as `qa.select_rows` picks them, and the years of all."""
        return await self.workers.run(self._figures, words, year, status, sort, descending)

    async def series(self) -> tuple[Series, ...]:
        """The figures given for at least two years."""
        return await self.workers.run(lambda: _series_of(default_index()))

    async def examples(self) -> tuple[str, ...]:
        """Questions to begin with: the written ones that are answered, else some of figures."""
        return await self.workers.run(lambda: _examples_of(default_index()))

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

        `progress(done, total)` counts passages. Raises DocumentError.
        """

        def progress_unless_closing(done: int, total: int) -> None:
            if self.readers.closing:  # it may take minutes, and nobody will be there to ask
                raise ClosingError
            progress(done, total)

        return await self.readers.run(self.visits.add, data, name, visit, progress_unless_closing)

    def _answer(self, question: str, history: History, visit: str) -> Answer:
        with self.metrics.question() as told, record() as seconds:
            found = answer_over(self._index(visit), question, history)
            told(found.status, seconds)
        return found

    def _document(self, document_id: str, visit: str) -> Document:
        try:
            return self._index(visit).document(document_id)
        except KeyError as error:
            raise NotFoundError("没有这份文档，它可能已被替换，请刷新页面") from error

    def _documents(self, limit: int, offset: int) -> tuple[int, list[Document]]:
        catalogue = default_index().catalogue
        ids = catalogue.document_ids()
        return len(ids), [catalogue.document(one) for one in ids[offset : offset + limit]]

    def _figures(
        self, words: str, year: int | None, status: str | None, sort: str, descending: bool
    ) -> tuple[list[FigureRow], list[int]]:
        rows = figure_rows(default_index())
        years = sorted({row.year for row in rows if row.year is not None})
        return select_rows(rows, words, year, status, sort, descending), years

    def _suggest(
        self, document_id: str, at: int, asked: Collection[str], visit: str
    ) -> tuple[str, ...]:
        index = self._index(visit)
        try:
            return suggest(index, document_id, at, SUGGESTED, asked)
        except KeyError:  # the index has been replaced since, or nothing was cited
            return tuple(q for q in _openers_of(index) if q not in asked)[:SUGGESTED]

    def _index(self, visit: str) -> Index:
        return self.visits.index(visit) if visit else default_index()


# Each for the index last asked; another one takes its place.
@lru_cache(maxsize=1)
def _series_of(index: Index) -> tuple[Series, ...]:
    return find_series(figure_rows(index))


@lru_cache(maxsize=1)
def _openers_of(index: Index) -> tuple[str, ...]:
    return openers(index)


@lru_cache(maxsize=1)
def _examples_of(index: Index) -> tuple[str, ...]:
    written = EXAMPLES.read_text("utf-8").splitlines()
    answered = [q for q in written if answer_over(index, q).status == "answered"]
    return tuple(answered) or _openers_of(index)
