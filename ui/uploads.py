"""A visitor's document, read in a process of its own: cancelled when it takes too long."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from corpus import Document, DocumentError, Passage, read_bytes, split
from index import ChildProcess, Matrix, embed_in_child, framed_text

__all__ = ["ReadUpload", "Upload"]

PARAGRAPHS = 5000
BATCH = 64  # passages between two steps of the progress


class ReadUpload(NamedTuple):
    """A document with its passages and their vectors, one a passage."""

    document: Document
    passages: tuple[Passage, ...]
    matrix: Matrix


class Upload:
    """A file that a visitor brings along."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._cancelled = False

    def read(self, longest: int, progress: Callable[[int, int], None]) -> ReadUpload:
        """Read it, of at most as many characters; `progress(done, total)` counts passages.

        Raises DocumentError, and ProcessEndedError where it is cancelled meanwhile.
        """
        with ChildProcess() as child:
            with self._lock:
                self._child = child
                if self._cancelled:
                    child.kill()
            try:
                document, passages = child.run(read_within_limits, self._data, self._name, longest)
                texts = [framed_text(passage) for passage in passages]
                parts: list[Matrix] = []
                for start in range(0, len(texts), BATCH):
                    batch = texts[start : start + BATCH]
                    # One thread: the others are for those who ask.
                    parts.append(child.run(embed_in_child, batch, os.cpu_count() or 1))
                    progress(min(start + BATCH, len(texts)), len(texts))
                return ReadUpload(document, passages, np.vstack(parts))
            finally:
                with self._lock:
                    self._child = None

    def cancel(self) -> None:
        """Stop reading."""
        with self._lock:
            self._cancelled = True
            if self._child:
                self._child.kill()


def read_within_limits(
    data: bytes, name: str, longest: int
) -> tuple[Document, tuple[Passage, ...]]:
    """A document and its passages; raises DocumentError where it is too long for a visit."""
    document = read_bytes(data, name)
    if len(document.text) > longest:
        raise DocumentError(f"{name}: 超过 {longest} 个字符，请先拆分")
    if len(document.blocks) > PARAGRAPHS:
        raise DocumentError(f"{name}: 超过 {PARAGRAPHS} 段，请先拆分")
    return document, split(document)
