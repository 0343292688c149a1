"""What can go wrong while reading documents.

CorpusError
└── DocumentError   a file that cannot be read as a document
"""

__all__ = ["CorpusError", "DocumentError"]


class CorpusError(Exception):
    """Anything `corpus` raises on purpose; the message says what to do."""


class DocumentError(CorpusError):
    """A file is missing, empty, too large, or of a format that is not read."""
