"""Documents that visitors brought along: in memory, each visit behind a key nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from cachetools import TTLCache

from corpus import DocumentError, split
from index import Catalogue, Index, Matrix, ProcessEndedError, load_embeddings
from index.vectors import MatrixVectors
from ui.failures import NotFoundError
from ui.service.uploads import ReadUpload, Upload

__all__ = ["DOCUMENTS", "SECONDS", "Visits"]

CHARACTERS = 4_000_000  # of all visits: with their vectors about 500 MB
RAW = 2  # times as much with what the texts were read from, which is kept beside them
SECONDS = 2 * 3600  # without a question, after which a visit is forgotten
DOCUMENTS = 5  # of one visit


class _Part(NamedTuple):
    """A document of a visit: its id, its file by content, and how many passages it has."""

    document_id: str
    file: str
    passages: int
    weight: int


@dataclass(frozen=True, slots=True)
class _Visit:
    """An index that does not change: with one document more or less it is another one.

    So whoever asks meanwhile has the whole of the one before, and what was made of it is not
    taken for what the new one says. `rows` and `matrix` are those of the `parts`, in order.
    """

    index: Index
    rows: tuple[int, ...]
    matrix: Matrix
    parts: tuple[_Part, ...]

    @property
    def weight(self) -> int:
        """Characters of all documents."""
        return sum(part.weight for part in self.parts)

    def holds(self, file: str) -> bool:
        """Whether a file is one of its documents."""
        return any(part.file == file for part in self.parts)


class Visits:
    """An index a visit; when they grow too large the one unused for longest goes."""

    def __init__(self) -> None:
        self._most = RAW * CHARACTERS
        self._visits: TTLCache[str, _Visit] = TTLCache(
            self._most, SECONDS, getsizeof=lambda visit: visit.weight
        )
        # Held only to fetch and to put back: the event loop and every question wait for it.
        self._lock = threading.Lock()

    def add(self, upload: Upload, key: str, progress: Callable[[int, int], None]) -> str:
        """Read a document into a visit, a new one where the key is "" or forgotten, and its key.

        Questions are answered from what was there before until all of it is stored; where that
        fails, that stays. `progress(done, total)` counts passages. Raises DocumentError,
        TimeUpError and ProcessEndedError.
        """
        before = self._get(key)
        file = upload.digest()
        if before and before.holds(file):
            return key
        if before and len(before.parts) >= DOCUMENTS:
            raise DocumentError(f"一次最多带 {DOCUMENTS} 份文档，请先移除再上传")
        read = upload.read(CHARACTERS // DOCUMENTS, progress)
        while True:
            before = self._get(key)
            grown = _with(before, read, file)
            if grown.weight > self._most:
                raise DocumentError("这几份文档加起来太大，请先移除再上传")
            if upload.cancelled:  # nobody would learn the key
                raise ProcessEndedError("上传已取消")
            with self._lock:
                if self._visits.get(key) is before:  # else it grew or was forgotten meanwhile
                    key = key if before else secrets.token_urlsafe(24)
                    self._visits.pop(key, None)  # its old weight would push out others
                    self._visits[key] = grown
                    return key

    def index(self, key: str) -> Index:
        """The index of a visit; raises NotFoundError where it has been forgotten."""
        with self._lock:
            visit = self._visits.get(key)
            if visit is None:
                raise NotFoundError("上传的文档已过期，请移除后重新上传")
            self._visits[key] = visit  # its time begins anew
            return visit.index

    def titles(self, key: str) -> list[str]:
        """The names of a visit's documents; raises NotFoundError as `index` does."""
        return [head.source for head in self.index(key).catalogue.heads()]

    def forget(self, key: str, name: str = "") -> None:
        """Drop the documents of a visit, or those of a name; what is unknown is ignored."""
        while True:
            before = self._get(key)
            left = _without(before, name) if before and name else None
            with self._lock:
                if self._visits.get(key) is before:  # else it changed meanwhile
                    self._visits.pop(key, None)
                    if left:
                        self._visits[key] = left
                    return

    def _get(self, key: str) -> _Visit | None:
        with self._lock:
            return self._visits.get(key)


def _with(before: _Visit | None, read: ReadUpload, file: str) -> _Visit:
    """A visit with one more document, beside the one before, which stays as it is."""
    document = read.document
    weight = len(document.text) + len(document.raw)
    part = _Part(document.id, file, len(read.passages), weight)
    if before is None:
        catalogue, matrix = Catalogue(), read.matrix
        rows = tuple(catalogue.add(document, read.passages))
        parts: tuple[_Part, ...] = (part,)
    elif document.id in before.index.document_ids():  # the same text in another file
        return before
    else:
        catalogue = _copy(before.index.catalogue)
        rows = (*before.rows, *catalogue.add(document, read.passages))
        matrix, parts = np.vstack([before.matrix, read.matrix]), (*before.parts, part)
    return _visit(catalogue, rows, matrix, parts)


def _without(before: _Visit, name: str) -> _Visit | None:
    """A visit without the documents of a name, None where none is left."""
    catalogue = Catalogue()
    rows: list[int] = []
    kept: list[Matrix] = []
    parts: list[_Part] = []
    first = 0
    for part in before.parts:
        document = before.index.document(part.document_id)
        if document.source != name:
            rows += catalogue.add(document, split(document))
            kept.append(before.matrix[first : first + part.passages])
            parts.append(part)
        first += part.passages
    if not parts:
        return None
    return _visit(catalogue, tuple(rows), np.vstack(kept), tuple(parts))


def _visit(
    catalogue: Catalogue, rows: tuple[int, ...], matrix: Matrix, parts: tuple[_Part, ...]
) -> _Visit:
    vectors = MatrixVectors(np.asarray(rows, np.int64), matrix)
    return _Visit(Index(catalogue, vectors, load_embeddings()), rows, matrix, parts)


def _copy(catalogue: Catalogue) -> Catalogue:
    """A copy of a catalogue in memory: a fraction of the time that storing it anew takes."""
    copy = Catalogue()
    with catalogue.lock:
        catalogue.connection.commit()  # what is not committed cannot be copied
        catalogue.connection.backup(copy.connection)
    return copy
