"""The figures of all documents as a table that is searched, sorted and cut into pages by SQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

__all__ = ["FIGURES", "FIGURE_SORTS", "FigureTable"]

FIGURES = """
CREATE TABLE facts (
    row INTEGER PRIMARY KEY, document INTEGER,
    start INTEGER, "end" INTEGER, text TEXT, value TEXT, upper TEXT, unit TEXT, qualifier TEXT,
    indicator TEXT, year INTEGER, status TEXT, place TEXT, subject TEXT,
    sentence_start INTEGER, sentence_end INTEGER, section TEXT, number TEXT, base_unit TEXT,
    amount REAL, sentence TEXT);
CREATE INDEX facts_by_document ON facts(document);
CREATE INDEX facts_by_year ON facts(year);
"""
FIGURE_SORTS = {"indicator": "indicator", "number": "amount", "unit": "base_unit", "year": "f.year",
                "status": "status"}  # fmt: skip
ROWS_AT_ONCE = 5000  # read before others may ask
_SHOWN = (
    "indicator, f.text, f.number, base_unit, f.year, status, f.place, sentence, section,"
    ' d.id, d.source, d.title, sentence_start, sentence_end, start, "end"'
)
_TABLE = "facts f JOIN documents d ON d.number = f.document"


class FigureTable:
    """Figures as rows: indicator, figure as written, number and unit in the plainest of its kind,
    year, status, place, sentence, section, document's id, source and title, offsets of the
    sentence and of the figure.
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
    ) -> tuple[int, list[tuple[Any, ...]]]:
        """How many figures hold all words, of a year and a status, and some of their rows.

        `sort` is one of FIGURE_SORTS, "" the order of the documents; what is not known comes last.
        """
        tests: list[str] = ["1"]
        given: list[object] = []
        for word in words.split():
            tests.append("instr(indicator || ' ' || f.text || ' ' || sentence, ?) > 0")
            given.append(word)
        for name, value in (("f.year", year), ("status", status)):
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
                "SELECT DISTINCT year FROM facts WHERE year IS NOT NULL ORDER BY year"
            ).fetchall()
        return [year for (year,) in found]

    def of_document(self, document_id: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one document, in order."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT {_SHOWN} FROM {_TABLE} WHERE d.id = ? ORDER BY f.row", (document_id,)
            ).fetchall()
        return iter(found)

    def of_years(self) -> Iterator[tuple[Any, ...]]:
        """The rows of figures whose year is known, in order."""
        last = 0
        while True:
            with self._lock:
                found = self._connection.execute(
                    f"SELECT f.row, {_SHOWN} FROM {_TABLE} WHERE f.row > ? AND f.year IS NOT NULL"
                    " ORDER BY f.row LIMIT ?",
                    (last, ROWS_AT_ONCE),
                ).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield from (row for _, *row in found)
