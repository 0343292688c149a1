"""What we read: documents with their structure and facts, cut into passages."""

from corpus.assembly import document_id, make_document
from corpus.document import Block, Document, Fact, FactStatus, Passage, Piece, Span
from corpus.enumerations import Enumeration, enumerations_of
from corpus.errors import CorpusError, DocumentError
from corpus.facts import status_of, years_of
from corpus.indicators import Indicator, find_indicators
from corpus.numbering import without_number
from corpus.readers import (
    DEFAULT_CORPUS,
    FILE_LIMIT,
    SUFFIXES,
    SourceFile,
    document_paths,
    fetch,
    find_files,
    is_readable,
    load,
    read,
    read_as,
    read_bytes,
    read_file,
    read_given,
)
from corpus.splitter import SPLITTER, split

__all__ = [
    "DEFAULT_CORPUS",
    "FILE_LIMIT",
    "SPLITTER",
    "SUFFIXES",
    "Block",
    "CorpusError",
    "Document",
    "DocumentError",
    "Enumeration",
    "Fact",
    "FactStatus",
    "Indicator",
    "Passage",
    "Piece",
    "SourceFile",
    "Span",
    "document_id",
    "document_paths",
    "enumerations_of",
    "fetch",
    "find_files",
    "find_indicators",
    "is_readable",
    "load",
    "make_document",
    "read",
    "read_as",
    "read_bytes",
    "read_file",
    "read_given",
    "split",
    "status_of",
    "without_number",
    "years_of",
]
