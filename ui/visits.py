"""Documents that visitors brought along: in memory, each visit behind a key nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from cachetools import TTLCache

from corpus import DocumentError, read_bytes
from index import Index, empty_index, load_embeddings
from ui.failures import NotFoundError

__all__ = ["Visits"]

CHARACTERS = 4_000_000  # of all visits: with their vectors about 500 MB
SECONDS = 2 * 3600  # without a question, after which a visit is forgotten
PARAGRAPHS = 5000  # of one document
DOCUMENTS = 5  # of one visit


class Visits:
    """An index a visit; when they grow too large the one unused for longest goes."""

    def __init__(self) -> None:
        self._indexes: TTLCache[str, Index] = TTLCache(CHARACTERS, SECONDS, getsizeof=_size)
        self._lock = threading.Lock()

    def add(self, data: bytes, name: str, key: str, progress: Callable[[int, int], None]) -> str:
        """Read a document into a visit, a new one where the key is "" or forgotten, and its key.

        Questions are answered from what was there before until all of it has been read.
        `progress(done, total)` counts passages. Raises DocumentError.
        """
        document = read_bytes(data, name)
        if len(document.text) > CHARACTERS // DOCUMENTS:
            raise DocumentError(f"{name}: 超过 {CHARACTERS // DOCUMENTS} 个字符，请先拆分")
        if len(document.blocks) > PARAGRAPHS:
            raise DocumentError(f"{name}: 超过 {PARAGRAPHS} 段，请先拆分")
        with self._lock:
            before = self._indexes.get(key)
        known = before.documents() if before else []
        if document in known:
            return key
        if len(known) >= DOCUMENTS:
            raise DocumentError(f"一次最多带 {DOCUMENTS} 份文档，请先移除再上传")
        index = empty_index(load_embeddings())
        index.add([*known, document], progress)
        key = key if before else secrets.token_urlsafe(24)
        with self._lock:
            self._indexes[key] = index
        return key

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
        return [document.source for document in self.index(key).documents()]

    def forget(self, key: str) -> None:
        """Drop a visit and its documents; an unknown one is ignored."""
        with self._lock:
            self._indexes.pop(key, None)


def _size(index: Index) -> int:
    return sum(len(document.text) for document in index.documents())
