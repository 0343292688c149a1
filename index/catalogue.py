"""Documents, their passages and figures and the BM25 table, in one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from corpus import Document, Passage
from index.duplicates import SKETCHES
from index.errors import DamagedIndexError
from index.figures import FIGURES, FigureTable
from index.files import FILES
from index.lexical import LexicalIndex
from index.pairs import Pairs
from index.records import (
    DOCUMENT,
    FACT,
    FACT_STORED,
    PASSAGE,
    document_row,
    fact_rows,
    passage_row,
    read_document,
    read_passage,
)
from index.selection import Selection

__all__ = ["Catalogue", "DocumentHead", "marks"]

_SCHEMA = f"""
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, title TEXT, source TEXT, text TEXT,
    raw BLOB, offsets BLOB, blocks BLOB, year INTEGER, present INTEGER, place TEXT, date TEXT);
CREATE INDEX documents_by_source ON documents(source);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER, id TEXT, start INTEGER,
    "end" INTEGER, section TEXT, year INTEGER, kind TEXT, frame TEXT, pieces TEXT, key BLOB);
CREATE INDEX passages_by_document ON passages(document);
CREATE INDEX passages_by_key ON passages(key);
{FIGURES}{FILES}{SKETCHES}
"""
_PASSAGES = f"SELECT p.row, {PASSAGE} FROM passages p JOIN documents d ON d.number = p.document"


class DocumentHead(NamedTuple):
    """A document without its text: `characters` is how long that is."""

    id: str
    title: str
    source: str
    year: int | None
    date: str
    characters: int


class Catalogue:
    """What has been indexed; in memory when no path is given, else a file that is only read
    unless `writable`.

    One connection behind a lock, so threads may share a catalogue; it is closed with the last
    reference to it. Raises DamagedIndexError where the file cannot be opened, and
    sqlite3.DatabaseError where it is broken further on.
    """

    def __init__(self, path: Path | None = None, writable: bool = False) -> None:
        self._connection = _connect(path, writable)
        self.lock = threading.Lock()
        self._lexical = LexicalIndex(self._connection)
        self.figures = FigureTable(self._connection, self.lock)
        if path is None or (writable and not self._has_tables()):
            # All tables or none, should it be killed meanwhile.
            self._connection.executescript(f"BEGIN;{_SCHEMA}")
            self._lexical.create()
            self._connection.commit()
        weakref.finalize(self, self._connection.close)
        self._forget()

    def _has_tables(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lexical'")
        return found.fetchone() is not None

    def _forget(self) -> None:
        """Drop what was read of documents that have changed."""
        # Not of methods bound to self: a circle would keep the file open for some time.
        connection, lock, lexical = self._connection, self.lock, self._lexical
        self._documents = lru_cache(maxsize=64)(lambda key: _read_document(connection, lock, key))
        self.pairs = Pairs(lexical, lock)
        self._count: tuple[int, int] | None = None
        self._years: tuple[int, ...] | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for who writes the index; to be used under `lock`."""
        return self._connection

    def add(
        self, document: Document, passages: Sequence[Passage], keys: Sequence[bytes] = ()
    ) -> list[int]:
        """Store a document with its passages and index them, and their rows; `keys` name their
        vectors.
        """
        connection = self._connection
        with self.lock:
            number = connection.execute(
                f"INSERT INTO documents({DOCUMENT}) VALUES ({marks(11)})", document_row(document)
            ).lastrowid
            rows: list[tuple[int, str]] = []
            for passage, key in zip_longest(passages, keys):
                row = connection.execute(
                    'INSERT INTO passages(document, id, start, "end", section, year, kind, frame,'
                    f" pieces, key) VALUES ({marks(10)})",
                    (number, *passage_row(passage), key),
                ).lastrowid
                rows.append((row or 0, passage.indexed))
            self._lexical.add(rows)
            connection.executemany(
                f"INSERT INTO facts({FACT_STORED}) VALUES ({marks(23)})",
                fact_rows(number or 0, document),
            )
            self._forget()
        return [row for row, _ in rows]

    def remove(self, document_id: str) -> None:
        """Forget a document and its passages; an unknown id is ignored."""
        connection = self._connection
        with self.lock:
            found = connection.execute(
                f"{_PASSAGES} WHERE d.id = ?",
                (document_id,),
            ).fetchall()
            self._lexical.remove((row, read_passage(rest).indexed) for row, *rest in found)
            number = "SELECT number FROM documents WHERE id = ?"
            for table in ("passages", "facts"):
                connection.execute(
                    f"DELETE FROM {table} WHERE document = ({number})", (document_id,)
                )
            connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
            self._forget()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def search(
        self, text: str, limit: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """The best (passage's row, BM25 score) pairs, best first, among those selected."""
        within, given = selection.rows_query() if selection else ("", ())
        with self.lock:
            return self._lexical.search(text, limit, within, given)

    def rows(self, selection: Selection) -> list[int]:
        """The rows of the passages selected, in order."""
        query, given = selection.rows_query()
        with self.lock:
            found = self._connection.execute(f"{query} ORDER BY row", given).fetchall()
        return [row for (row,) in found]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of these rows, in their order; raises KeyError for an unknown one."""
        with self.lock:
            found = self._connection.execute(
                f"{_PASSAGES} WHERE p.row IN ({marks(len(rows))})",
                [*rows],
            ).fetchall()
        by_row = {row: rest for row, *rest in found}
        return [read_passage(by_row[row]) for row in rows]

    def rows_of_years(self, rows: Sequence[int], years: Sequence[int]) -> list[int]:
        """Those of the rows whose passages one of the years governs."""
        with self.lock:
            found = self._connection.execute(
                f"SELECT row FROM passages WHERE row IN ({marks(len(rows))})"
                f" AND year IN ({marks(len(years))})",
                [*rows, *years],
            ).fetchall()
        return [row for (row,) in found]

    def rows_of_keys(self, keys: Sequence[bytes]) -> dict[bytes, list[int]]:
        """The rows of the passages that have these keys."""
        found: dict[bytes, list[int]] = {}
        with self.lock:
            rows = self._connection.execute(
                f"SELECT key, row FROM passages WHERE key IN ({marks(len(keys))})", [*keys]
            ).fetchall()
        for key, row in rows:
            found.setdefault(key, []).append(row)
        return found

    def keys_of_rows(self, rows: Sequence[int]) -> dict[int, bytes]:
        """The keys of the passages of these rows."""
        with self.lock:
            return dict(
                self._connection.execute(
                    f"SELECT row, key FROM passages WHERE row IN ({marks(len(rows))})", [*rows]
                ).fetchall()
            )

    def document(self, document_id: str) -> Document:
        """The document of an id; raises KeyError for an unknown one."""
        return self._documents(document_id)

    def document_ids(
        self, limit: int = -1, offset: int = 0, selection: Selection | None = None
    ) -> list[str]:
        """The ids of documents in which something is selected, in the order they were added."""
        query, given = selection.rows_query() if selection else ("", [])
        held = f"WHERE number IN (SELECT document FROM passages WHERE row IN ({query}))"
        with self.lock:
            found = self._connection.execute(
                f"SELECT id FROM documents {held if query else ''}"
                " ORDER BY number LIMIT ? OFFSET ?",
                (*given, limit, offset),
            ).fetchall()
        return [document_id for (document_id,) in found]

    def heads(self, limit: int = -1, offset: int = 0) -> list[DocumentHead]:
        """Documents without their texts, in the order they were added."""
        with self.lock:
            found = self._connection.execute(
                "SELECT id, title, source, year, date, length(text) FROM documents"
                " ORDER BY number LIMIT ? OFFSET ?",
                (limit, offset),
            ).fetchall()
        return [DocumentHead(*row) for row in found]

    def count(self, phrase: str) -> int:
        """How many passages hold a phrase, their headings included."""
        with self.lock:
            return self._lexical.count(phrase)

    def holds(self, phrase: str) -> bool:
        """Whether a passage or a heading above one holds a phrase."""
        with self.lock:
            return self._lexical.holds(phrase)

    def sizes(self) -> tuple[int, int]:
        """How many documents and how many passages there are."""
        if self._count is None:
            with self.lock:
                self._count = self._connection.execute(
                    "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
                ).fetchone()
        return self._count

    def years(self) -> tuple[int, ...]:
        """The years that govern passages, in order."""
        if self._years is None:
            with self.lock:
                found = self._connection.execute(
                    "SELECT DISTINCT year FROM passages WHERE year IS NOT NULL ORDER BY year"
                ).fetchall()
                self._years = tuple(year for (year,) in found)
        return self._years


def marks(count: int) -> str:
    """Question marks for as many values."""
    return ",".join("?" * count)


def _connect(path: Path | None, writable: bool) -> sqlite3.Connection:
    """A connection that any thread may use; a file that is only read may be on any medium."""
    if path is None:
        return sqlite3.connect(":memory:", check_same_thread=False)
    if writable:
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA synchronous = OFF")  # written to disk when it is finished
        return connection
    place = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        return sqlite3.connect(place, uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise DamagedIndexError(f"{path} 打不开（{error}）") from error


def _read_document(
    connection: sqlite3.Connection, lock: threading.Lock, document_id: str
) -> Document:
    with lock:
        found = connection.execute(
            f"SELECT {DOCUMENT}, number FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if found is None:
            raise KeyError(document_id)
        *row, number = found
        facts = connection.execute(
            f"SELECT {FACT} FROM facts WHERE document = ? ORDER BY row", (number,)
        ).fetchall()
    return read_document(row, facts)
