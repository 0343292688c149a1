"""What can go wrong while building or searching an index.

IndexingError
├── EncoderError        the encoder's files or its extra are missing
├── StaleIndexError     the index was made by another version or for another encoder
├── DamagedIndexError   a file of the index is missing, cut off or overwritten
├── LockedIndexError    another program is writing the index
├── StoreError          the vector store cannot be reached, or lacks what it should hold
└── SelectionError      `where` names no source, date or section; also a ValueError
"""

from __future__ import annotations

__all__ = [
    "DamagedIndexError",
    "EncoderError",
    "IndexingError",
    "LockedIndexError",
    "SelectionError",
    "StaleIndexError",
    "StoreError",
]


class IndexingError(Exception):
    """Anything `index` raises on purpose; the message says what to do."""


class EncoderError(IndexingError):
    """An encoder cannot be loaded."""


class StaleIndexError(IndexingError):
    """An index has to be made anew before it is asked."""


class DamagedIndexError(IndexingError):
    """A file of an index is not as it was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"索引损坏：{what}；请运行 dongxihu index --repair 修复")


class LockedIndexError(IndexingError):
    """An index is being written by another program."""


class StoreError(IndexingError):
    """The server that keeps the vectors does not answer as it should."""


class SelectionError(IndexingError, ValueError):
    """What a question is to be limited to cannot be read."""
