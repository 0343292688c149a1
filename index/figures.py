"""The figures of all documents as a table that is searched, sorted and cut into pages by SQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

__all__ = ["FIGURES", "FIGURE_SORTS", "TABLED", "FigureTable"]

TABLED = "indicators-v2"  # how a fact is named in the table

FIGURES = """
CREATE TABLE facts (
    row INTEGER PRIMARY KEY, document INTEGER,
    start INTEGER, "end" INTEGER, text TEXT, value TEXT, upper TEXT, unit TEXT, qualifier TEXT,
    indicator TEXT, year INTEGER, status TEXT, place TEXT, subject TEXT,
    sentence_start INTEGER, sentence_end INTEGER, section TEXT, number TEXT, base_unit TEXT,
    amount REAL, sentence TEXT, name TEXT, state TEXT,
    written TEXT);
CREATE INDEX facts_by_document ON facts(document);
CREATE INDEX facts_by_year ON facts(year) WHERE name IS NOT NULL;
CREATE INDEX facts_by_state ON facts(state) WHERE name IS NOT NULL;
"""
FIGURE_SORTS = {"indicator": "f.name", "number": "amount", "unit": "base_unit", "year": "f.year",
                "status": "state", "section": "section"}  # fmt: skip
ROWS_AT_ONCE = 5000  # read before others may ask
ROWS_WITH_SECTIONS = 50_000  # of which headings are offered
_COUNTED = "f.name IS NOT NULL"  # the other facts are part of a name, a date or a rank
_SHOWN = (
    "f.name, f.text, f.number, base_unit, f.year, state, f.place, subject, sentence, section,"
    ' d.id, d.source, d.title, sentence_start, sentence_end, start, "end", f.written'
)
_TABLE = "facts f JOIN documents d ON d.number = f.document"


class FigureTable:
    """Figures as rows: indicator, figure as written, number and unit in the plainest of its kind,
    year, status, place, subject, sentence, section, document's id, source and title, offsets of
    the sentence and of the figure, and the figure with its unit as its table gives it.
    """

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock) -> None:
        self._connection = connection
        self._lock = lock

    def page(
        self,
        words: str = "",
        year: int | None = None,
        status: str | None = None,
        sort: str = "",
        descending: bool = False,
        limit: int = -1,
        offset: int = 0,
        section: str = "",
    ) -> tuple[int, list[tuple[Any, ...]]]:
        """How many figures hold all words, of a year, a status and what stands under a section,
        and some of their rows.

        `sort` is one of FIGURE_SORTS, "" the order of the documents; what is not known comes last.
        """
        tests = [_COUNTED]
        given: list[object] = []
        for word in words.lower().split():
            tests.append("instr(lower(f.name || ' ' || f.text || ' ' || sentence), ?) > 0")
            given.append(word)
        if section:
            tests.append("substr(section || ' / ', 1, ?) = ?")
            given += [len(section) + 3, f"{section} / "]
        for name, value in (("f.year", year), ("state", status)):
            if value is not None:
                tests.append(f"{name} = ?")
                given.append(value)
        held = " AND ".join(tests)
        column, way = FIGURE_SORTS.get(sort), "DESC" if descending else "ASC"
        order = (
            f"({column} IS NULL OR {column} = ''), {column} {way}, row" if column else f"row {way}"
        )
        with self._lock:
            (total,) = self._connection.execute(
                f"SELECT count(*) FROM facts f WHERE {held}", given
            ).fetchone()
            rows = self._connection.execute(
                f"SELECT {_SHOWN} FROM {_TABLE} WHERE f.row IN"
                f" (SELECT row FROM facts f WHERE {held} ORDER BY {order} LIMIT ? OFFSET ?)"
                f" ORDER BY {order}",
                [*given, limit, offset],
            ).fetchall()
        return total, rows

    def years(self) -> list[int]:
        """The years that there are figures of, in order."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT DISTINCT year FROM facts f WHERE {_COUNTED} AND year > 0 ORDER BY year"
            ).fetchall()
        return [year for (year,) in found]

    def sections(self) -> list[str]:
        """The sections that figures stand in, in order; of a large index those of its first."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT section FROM (SELECT row, section FROM facts f WHERE {_COUNTED}"
                " ORDER BY row LIMIT ?) WHERE section != '' GROUP BY section ORDER BY min(row)",
                (ROWS_WITH_SECTIONS,),
            ).fetchall()
        return [section for (section,) in found]

    def of_document(self, document_id: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one document, in order."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT {_SHOWN} FROM {_TABLE} WHERE d.id = ? AND {_COUNTED} ORDER BY f.row",
                (document_id,),
            ).fetchall()
        return iter(found)

    def of_years(self) -> Iterator[tuple[Any, ...]]:
        """The rows of figures whose year is known, in order."""
        return self._every(f"{_COUNTED} AND f.year IS NOT NULL")

    def of_all(self) -> Iterator[tuple[Any, ...]]:
        """All rows in order."""
        return self._every(_COUNTED)

    def _every(self, test: str) -> Iterator[tuple[Any, ...]]:
        last = 0
        while True:
            with self._lock:
                found = self._connection.execute(
                    f"SELECT f.row, {_SHOWN} FROM {_TABLE} WHERE f.row > ? AND {test}"
                    " ORDER BY f.row LIMIT ?",
                    (last, ROWS_AT_ONCE),
                ).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield from (row for _, *row in found)
