"""What we read: documents with their structure and facts, cut into passages."""

from corpus.document import Block, Document, Fact, FactStatus, Passage, Piece, Span
from corpus.enumerations import Enumeration, enumerations_of
from corpus.errors import CorpusError, DocumentError
from corpus.facts import status_of, years_of
from corpus.numbering import without_number
from corpus.readers import (
    DEFAULT_CORPUS,
    FILE_LIMIT,
    document_paths,
    load,
    make_document,
    read,
    read_bytes,
)
from corpus.splitter import SPLITTER, split

__all__ = [
    "DEFAULT_CORPUS",
    "FILE_LIMIT",
    "SPLITTER",
    "Block",
    "CorpusError",
    "Document",
    "DocumentError",
    "Enumeration",
    "Fact",
    "FactStatus",
    "Passage",
    "Piece",
    "Span",
    "document_paths",
    "enumerations_of",
    "load",
    "make_document",
    "read",
    "read_bytes",
    "split",
    "status_of",
    "without_number",
    "years_of",
]
