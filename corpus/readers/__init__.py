"""Files of many formats and pages of the web, read into documents."""

from corpus.readers.delimited import read_given
from corpus.readers.fetching import fetch
from corpus.readers.files import (
    DEFAULT_CORPUS,
    SourceFile,
    document_paths,
    find_files,
    load,
    read,
    read_as,
    read_bytes,
    read_file,
)
from corpus.readers.formats import FILE_LIMIT, SUFFIXES, is_readable

__all__ = [
    "DEFAULT_CORPUS",
    "FILE_LIMIT",
    "SUFFIXES",
    "SourceFile",
    "document_paths",
    "fetch",
    "find_files",
    "is_readable",
    "load",
    "read",
    "read_as",
    "read_bytes",
    "read_file",
    "read_given",
]
