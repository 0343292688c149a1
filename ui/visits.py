"""Documents that visitors brought along: in memory, each visit behind a key nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from cachetools import TTLCache

from corpus import DocumentError
from index import Index, MemoryIndex, load_embeddings
from ui.failures import NotFoundError
from ui.uploads import Upload

__all__ = ["Visits"]

CHARACTERS = 4_000_000  # of all visits: with their vectors about 500 MB
SECONDS = 2 * 3600  # without a question, after which a visit is forgotten
DOCUMENTS = 5  # of one visit


class Visits:
    """An index a visit; when they grow too large the one unused for longest goes."""

    def __init__(self) -> None:
        self._indexes: TTLCache[str, MemoryIndex] = TTLCache(CHARACTERS, SECONDS, getsizeof=_size)
        self._lock = threading.Lock()

    def add(self, upload: Upload, key: str, progress: Callable[[int, int], None]) -> str:
        """Read a document into a visit, a new one where the key is "" or forgotten, and its key.

        Questions are answered from what was there before until all of it has been read.
        `progress(done, total)` counts passages. Raises DocumentError and ProcessEndedError.
        """
        self._check_room(key)
        read = upload.read(CHARACTERS // DOCUMENTS, progress)
        with self._lock:
            index = self._indexes.pop(key, None)
            if index is None:
                index, key = MemoryIndex(load_embeddings()), secrets.token_urlsafe(24)
            if read.document.id not in index.document_ids():
                index.add_read(read.document, read.passages, read.matrix)
            self._indexes[key] = index  # weighed anew
        return key

    def _check_room(self, key: str) -> None:
        with self._lock:
            index = self._indexes.get(key)
        if index and len(index.document_ids()) >= DOCUMENTS:
            raise DocumentError(f"一次最多带 {DOCUMENTS} 份文档，请先移除再上传")

    def index(self, key: str) -> Index:
        """The index of a visit; raises NotFoundError where it has been forgotten."""
        with self._lock:
            index = self._indexes.get(key)
            if index is None:
                raise NotFoundError("上传的文档已过期，请移除后重新上传")
            self._indexes[key] = index  # its time begins anew
            return index

    def titles(self, key: str) -> list[str]:
        """The names of a visit's documents; raises NotFoundError as `index` does."""
        return [head.source for head in self.index(key).catalogue.heads()]

    def forget(self, key: str) -> None:
        """Drop a visit and its documents; an unknown one is ignored."""
        with self._lock:
            self._indexes.pop(key, None)


def _size(index: Index) -> int:
    return sum(head.characters for head in index.catalogue.heads())
