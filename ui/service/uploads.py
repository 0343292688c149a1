"""A visitor's document, read in a process of its own: cancelled when it takes too long."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from corpus import Document, DocumentError, Passage, read_bytes, split
from index import (
    ChildProcess,
    Matrix,
    ProcessEndedError,
    embed_framed,
    framed_text,
    load_embeddings,
    share_cores,
)
from ui.failures import TimeUpError

__all__ = ["ReadUpload", "Upload"]

SECONDS = 300  # for the reading of one file
PARAGRAPHS = 5000
RAW = 4  # times the longest text is the longest that a text may be read from: markup, mostly
RAW_ALWAYS = 2_000_000  # characters that it may have in any case
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
        self._late = False
        self.cancelled = False

    def read(self, longest: int, progress: Callable[[int, int], None]) -> ReadUpload:
        """Read it, of at most as many characters; `progress(done, total)` counts passages.

        Raises DocumentError, TimeUpError after `SECONDS`, and ProcessEndedError where it is
        cancelled meanwhile.
        """
        alarm = threading.Timer(SECONDS, self._end_late)  # not of what it waited for its turn
        alarm.daemon = True
        alarm.start()
        try:
            with ChildProcess() as child:
                return self._read(child, longest, progress)
        except ProcessEndedError:
            if self._late:
                raise TimeUpError(
                    f"读这份文档超过 {SECONDS:g} 秒，已放弃，请拆成小一些的再试"
                ) from None
            raise
        finally:
            alarm.cancel()

    def digest(self) -> str:
        """What tells it from a file of another name or content."""
        name = self._name.encode("utf-8", "surrogatepass")
        return hashlib.sha256(name + b"\0" + self._data).hexdigest()

    def cancel(self) -> None:
        """Stop reading."""
        with self._lock:
            self.cancelled = True
            if self._child:
                self._child.kill()

    def _end_late(self) -> None:
        self._late = True
        self.cancel()

    def _read(
        self, child: ChildProcess, longest: int, progress: Callable[[int, int], None]
    ) -> ReadUpload:
        with self._lock:
            self._child = child
            if self.cancelled:
                child.kill()
        try:
            document, passages = child.run(read_within_limits, self._data, self._name, longest)
            texts = [framed_text(passage) for passage in passages]
            parts: list[Matrix] = []
            for start in range(0, len(texts), BATCH):
                batch = texts[start : start + BATCH]
                parts.append(child.run(embed_on_one_core, batch))
                progress(min(start + BATCH, len(texts)), len(texts))
            return ReadUpload(document, passages, np.vstack(parts))
        finally:
            with self._lock:
                self._child = None


def read_within_limits(
    data: bytes, name: str, longest: int
) -> tuple[Document, tuple[Passage, ...]]:
    """A document and its passages; raises DocumentError where it is too long for a visit."""
    document = read_bytes(data, name)
    if len(document.text) > longest:
        raise DocumentError(f"{name}: 超过 {longest} 个字符，请先拆分")
    if len(document.raw) > max(RAW * longest, RAW_ALWAYS):  # it is kept, too
        raise DocumentError(f"{name}: 正文以外的内容（标记、注释等）太多，请另存为纯文本再试")
    if len(document.blocks) > PARAGRAPHS:
        raise DocumentError(f"{name}: 超过 {PARAGRAPHS} 段，请先拆分")
    return document, split(document)


def embed_on_one_core(texts: Sequence[str]) -> Matrix:
    """Vectors of framed texts by the bundled encoder; the other cores are for those who ask."""
    share_cores(os.cpu_count() or 1)
    return embed_framed(load_embeddings(), texts)
