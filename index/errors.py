"""What can go wrong while building or searching an index.

IndexingError
├── EncoderError        the encoder's files or its extra are missing
└── StaleIndexError     an index made by another encoder or splitter may not be opened
"""

__all__ = ["EncoderError", "IndexingError", "StaleIndexError"]


class IndexingError(Exception):
    """Anything `index` raises on purpose; the message says what to do."""


class EncoderError(IndexingError):
    """An encoder cannot be loaded."""


class StaleIndexError(IndexingError):
    """A stored index and the settings asked for do not belong together."""
