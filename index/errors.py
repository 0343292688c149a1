"""What can go wrong while building or searching an index.

IndexingError
├── EncoderError        the encoder's files or its extra are missing
└── StaleIndexError     a file that was indexed cannot be read any more
"""

__all__ = ["EncoderError", "IndexingError", "StaleIndexError"]


class IndexingError(Exception):
    """Anything `index` raises on purpose; the message says what to do."""


class EncoderError(IndexingError):
    """An encoder cannot be loaded."""


class StaleIndexError(IndexingError):
    """A file that was indexed would be lost by indexing anew."""
