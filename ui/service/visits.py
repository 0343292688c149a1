"""Documents that visitors brought along: in memory, each visit behind a key nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from cachetools import TTLCache

from corpus import DocumentError
from index import Catalogue, Index, Matrix, ProcessEndedError, load_embeddings
from index.vectors import MatrixVectors
from ui.failures import NotFoundError
from ui.service.uploads import ReadUpload, Upload

__all__ = ["Visits"]

CHARACTERS = 4_000_000  # of all visits: with their vectors about 500 MB
RAW = 2  # times as much with what the texts were read from, which is kept beside them
SECONDS = 2 * 3600  # without a question, after which a visit is forgotten
DOCUMENTS = 5  # of one visit


@dataclass(frozen=True, slots=True)
class _Visit:
    """An index that does not change: with one more document it is another one.

    So whoever asks meanwhile has the whole of the one before, and what was made of it is not
    taken for what the new one says. `files` tells its documents' files by their content.
    """

    index: Index
    rows: tuple[int, ...]
    matrix: Matrix
    files: frozenset[str]
    weight: int


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
        if before and file in before.files:
            return key
        if before and len(before.files) >= DOCUMENTS:
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

    def forget(self, key: str) -> None:
        """Drop a visit and its documents; an unknown one is ignored."""
        with self._lock:
            self._visits.pop(key, None)

    def _get(self, key: str) -> _Visit | None:
        with self._lock:
            return self._visits.get(key)


def _with(before: _Visit | None, read: ReadUpload, file: str) -> _Visit:
    """A visit with one more document, beside the one before, which stays as it is."""
    document = read.document
    weight = len(document.text) + len(document.raw)
    if before is None:
        catalogue, matrix = Catalogue(), read.matrix
        rows = tuple(catalogue.add(document, read.passages))
        files = frozenset([file])
    elif document.id in before.index.document_ids():  # the same text in another file
        return before
    else:
        catalogue = _copy(before.index.catalogue)
        rows = (*before.rows, *catalogue.add(document, read.passages))
        matrix = np.vstack([before.matrix, read.matrix])
        files, weight = before.files | {file}, before.weight + weight
    vectors = MatrixVectors(np.asarray(rows, np.int64), matrix)
    return _Visit(Index(catalogue, vectors, load_embeddings()), rows, matrix, files, weight)


def _copy(catalogue: Catalogue) -> Catalogue:
    """A copy of a catalogue in memory: a fraction of the time that storing it anew takes."""
    copy = Catalogue()
    with catalogue.lock:
        catalogue.connection.commit()  # what is not committed cannot be copied
        catalogue.connection.backup(copy.connection)
    return copy
