"""Documents, their passages and the BM25 table, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus import Document, Passage
from index.lexical import LexicalIndex
from index.records import (
    block_row,
    dump_pieces,
    fact_row,
    load_pieces,
    read_block,
    read_fact,
)

__all__ = ["Catalogue"]

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, title TEXT, source TEXT, text TEXT, raw TEXT,
    offsets BLOB, blocks TEXT, year INTEGER, present INTEGER, place TEXT);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT UNIQUE, document_id TEXT REFERENCES documents(id),
    start INTEGER, "end" INTEGER, text TEXT, section TEXT, year INTEGER, kind TEXT,
    frame TEXT, pieces TEXT);
CREATE INDEX passages_by_document ON passages(document_id);
CREATE TABLE facts (
    row INTEGER PRIMARY KEY, document_id TEXT REFERENCES documents(id),
    start INTEGER, "end" INTEGER, text TEXT, value TEXT, upper TEXT, unit TEXT, qualifier TEXT,
    indicator TEXT, year INTEGER, status TEXT, place TEXT, subject TEXT,
    sentence_start INTEGER, sentence_end INTEGER, section TEXT, number TEXT, base_unit TEXT);
CREATE INDEX facts_by_document ON facts(document_id);
"""
_PASSAGE = 'id, document_id, start, "end", text, section, year, kind, frame, pieces'
_FACT = (
    'start, "end", text, value, upper, unit, qualifier, indicator, year, status, place, subject, '
    "sentence_start, sentence_end, section"
)


class Catalogue:
    """What has been indexed, by id; in memory when no path is given.

    One connection behind a lock, so threads may share a catalogue.
    """

    def __init__(self, path: Path | None = None) -> None:
        new = path is None or not path.exists()
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
        self._lock = threading.Lock()
        self._lexical = LexicalIndex(self._connection)
        self.document = lru_cache(maxsize=64)(self._read_document)
        self.bigrams = lru_cache(maxsize=1)(self._read_bigrams)
        self.years = lru_cache(maxsize=1)(self._read_years)
        if new:
            self._connection.executescript(_SCHEMA)
            self._lexical.create()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document with its passages and index their text and section."""
        self._forget()
        with self._lock, self._connection:
            # json and SQLite refuse lone surrogates, which only `raw` may still hold.
            raw = document.raw.encode("utf-8", "surrogatepass")
            self._connection.execute(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    document.id,
                    document.title,
                    document.source,
                    document.text,
                    raw,
                    array("I", document.offsets).tobytes(),
                    json.dumps([block_row(block) for block in document.blocks]),
                    document.year,
                    document.present,
                    document.place,
                ),
            )
            self._connection.executemany(
                f"INSERT INTO facts(document_id, {_FACT}, number, base_unit)"
                f" VALUES ({','.join('?' * 18)})",
                (fact_row(document.id, fact) for fact in document.facts),
            )
            rows: list[tuple[int, str]] = []
            for p in passages:
                cursor = self._connection.execute(
                    f"INSERT INTO passages({_PASSAGE}) VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (
                        p.id,
                        p.document_id,
                        p.start,
                        p.end,
                        p.text,
                        json.dumps(p.section),
                        p.year,
                        p.kind,
                        dump_pieces(p.frame),
                        dump_pieces(p.pieces),
                    ),
                )
                rows.append((cursor.lastrowid or 0, p.indexed))
            self._lexical.add(rows)

    def remove(self, document_id: str) -> None:
        """Forget a document and its passages; an unknown id is ignored."""
        with self._lock, self._connection:
            found = self._connection.execute(
                "SELECT row FROM passages WHERE document_id = ?", (document_id,)
            ).fetchall()
            self._lexical.remove(row for (row,) in found)
            self._connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
            self._connection.execute("DELETE FROM facts WHERE document_id = ?", (document_id,))
            self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        self._forget()

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The best (passage id, BM25 score) pairs, best first."""
        with self._lock:
            rows = self._lexical.search(text, limit)
            return [(self._passage_id(row), score) for row, score in rows]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in their order; raises KeyError for an unknown id."""
        with self._lock:
            return [self._read_passage(passage_id) for passage_id in ids]

    def document_ids(self) -> list[str]:
        """The ids of all documents, in the order they were added."""
        with self._lock:
            found = self._connection.execute("SELECT id FROM documents ORDER BY rowid")
            return [document_id for (document_id,) in found]

    def _read_years(self) -> tuple[int, ...]:
        """The years that govern passages, in order."""
        with self._lock:
            found = self._connection.execute(
                "SELECT DISTINCT year FROM passages WHERE year IS NOT NULL ORDER BY year"
            )
            return tuple(year for (year,) in found)

    def figures(self) -> Iterator[tuple[Any, ...]]:
        """Every figure of every document, in order, as a row.

        Indicator, figure as written, number and unit in the plainest of its kind, year, status,
        place, sentence, section, document id, source, title, offsets of sentence and of figure.
        """
        with self._lock:  # a document's text is read once: it may hold hundreds of figures
            documents = {
                key: (text, source, title)
                for key, text, source, title in self._connection.execute(
                    "SELECT id, text, source, title FROM documents"
                )
            }
            found = self._connection.execute(
                "SELECT indicator, text, number, base_unit, year, status, place, section,"
                ' document_id, sentence_start, sentence_end, start, "end" FROM facts ORDER BY row'
            ).fetchall()
        for *told, section, document_id, first, last, start, end in found:
            text, source, title = documents[document_id]
            at = (first, last, start, end)
            yield (*told, text[first:last], section, document_id, source, title, *at)

    def holds(self, phrase: str) -> bool:
        """Whether a passage or a heading above one holds a phrase."""
        with self._lock:
            return self._lexical.holds(phrase)

    def count(self, phrase: str) -> int:
        """How many passages hold a phrase, their headings included."""
        with self._lock:
            return self._lexical.count(phrase)

    def _read_bigrams(self) -> frozenset[str]:
        """All pairs of Chinese characters that stand side by side in a passage."""
        with self._lock:
            return self._lexical.bigrams()

    def _forget(self) -> None:
        """Drop what was read of documents before they change."""
        for read in (self.document, self.bigrams, self.years):
            read.cache_clear()

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _passage_id(self, row: int) -> str:
        found = self._connection.execute("SELECT id FROM passages WHERE row = ?", (row,)).fetchone()
        return str(found[0])

    def _read_passage(self, passage_id: str) -> Passage:
        found = self._connection.execute(
            f"SELECT {_PASSAGE} FROM passages WHERE id = ?", (passage_id,)
        ).fetchone()
        if found is None:
            raise KeyError(passage_id)
        key, document_id, start, end, text, section, year, kind, frame, pieces = found
        return Passage(
            key,
            document_id,
            start,
            end,
            text,
            tuple(json.loads(section)),
            year,
            kind,
            load_pieces(frame),
            load_pieces(pieces),
        )

    def _read_document(self, document_id: str) -> Document:
        """The document of an id; raises KeyError for an unknown one."""
        with self._lock:
            found = self._connection.execute(
                "SELECT id, title, source, text, raw, offsets, blocks, year, present, place"
                " FROM documents WHERE id = ?",
                (document_id,),
            ).fetchone()
            facts = self._connection.execute(
                f"SELECT {_FACT} FROM facts WHERE document_id = ? ORDER BY row", (document_id,)
            ).fetchall()
        if found is None:
            raise KeyError(document_id)
        key, title, source, text, raw, offsets, blocks, year, present, place = found
        return Document(
            key,
            title,
            source,
            text,
            raw.decode("utf-8", "surrogatepass"),
            tuple(array("I", offsets)),
            tuple(read_block(block) for block in json.loads(blocks)),
            year,
            present,
            place,
            tuple(read_fact(row) for row in facts),
        )
