"""What we read: documents, repaired and cut into passages."""

from corpus.document import Block, Document, Passage
from corpus.errors import CorpusError, DocumentError
from corpus.folding import simplify
from corpus.outline import NOT_A_YEAR, dateline, years_in
from corpus.readers import (
    DEFAULT_CORPUS,
    FILE_LIMIT,
    document_paths,
    make_document,
    read,
    read_bytes,
)
from corpus.splitter import SPLITTER, sentence_spans, split

__all__ = [
    "DEFAULT_CORPUS",
    "FILE_LIMIT",
    "NOT_A_YEAR",
    "SPLITTER",
    "Block",
    "CorpusError",
    "Document",
    "DocumentError",
    "Passage",
    "dateline",
    "document_paths",
    "make_document",
    "read",
    "read_bytes",
    "sentence_spans",
    "simplify",
    "split",
    "years_in",
]
