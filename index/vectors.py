"""Passage vectors in memory and in a file, searched exactly.

A question is compared with every vector: 6 ms for 100,000 passages on two cores, where a graph
takes 4 but misses neighbours, 0.5 s to open, half a second of each change, and a folder that it
may write to. Beyond some millions of passages, or for several machines: `index.remote.vectors`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from xxhash import xxh3_128

from index.cores import core_share, map_on_cores
from index.errors import DamagedIndexError

__all__ = [
    "Matrix",
    "MatrixVectors",
    "Rows",
    "VectorFile",
    "Vectors",
    "cosines_of",
    "read_matrix",
]

Matrix: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"
Rows: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
CHUNK = 4096  # records read at a time
ALONE = 1_000_000  # numbers, for fewer of which a thread is not worth its start


class Vectors(Protocol):
    """What the retriever asks of a vector store."""

    def search(
        self,
        question: Matrix,
        limit: int,
        also: Sequence[int] = (),
        within: Sequence[int] | None = None,
    ) -> dict[int, float]:
        """Cosines of the nearest passages by row, best first, then of those of rows in `also`.

        `question` is a vector of length 1. Only rows in `within`, which is in order, are looked
        at where it is given.
        """


class MatrixVectors:
    """Vectors of length 1 in memory, in the order of their rows, which only grow."""

    def __init__(self, rows: Rows | None = None, matrix: Matrix | None = None) -> None:
        self._held = (
            np.empty(0, np.int64) if rows is None else rows,
            np.empty((0, 0), np.float32) if matrix is None else matrix,
        )
        self._lock = threading.Lock()

    def add(self, rows: Sequence[int], matrix: Matrix) -> None:
        """Add vectors, one a row."""
        if not len(rows):
            return
        with self._lock:
            known, before = self._held
            matrix = np.vstack([before, matrix]) if len(known) else matrix
            self._held = np.concatenate([known, np.asarray(rows, np.int64)]), matrix

    def search(
        self,
        question: Matrix,
        limit: int,
        also: Sequence[int] = (),
        within: Sequence[int] | None = None,
    ) -> dict[int, float]:
        """Cosines of the nearest passages by row, best first, then of those of rows in `also`."""
        rows, matrix = self._held  # both of one moment
        if within is not None:
            places = _places(rows, within)
            rows, matrix = rows[places], matrix[places]
        if not len(rows):
            return {}
        cosines = cosines_of(matrix, question)
        nearest = np.argpartition(-cosines, limit)[:limit] if limit < len(rows) else slice(None)
        best = np.arange(len(rows))[nearest]
        best = best[np.argsort(-cosines[best], kind="stable")]
        found = dict(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))
        rest = _places(rows, [row for row in also if row not in found])
        return found | dict(zip(rows[rest].tolist(), cosines[rest].tolist(), strict=True))


def cosines_of(matrix: Matrix, question: Matrix) -> Matrix:
    """The products of rows with a vector, all of length 1.

    Not by `@`: BLAS lets its threads spin for a while after each product, on cores that the
    reader needs next; an answer among 50,000 passages took a quarter longer.
    """
    parts = np.array_split(matrix, core_share()) if matrix.size > ALONE else [matrix]
    return np.concatenate(map_on_cores(lambda part: np.vecdot(part, question), parts))


def _places(rows: Rows, wanted: Sequence[int]) -> Rows:
    """Where rows stand among those in order; the ones that are not there are left out."""
    asked = np.asarray(wanted, np.int64)
    places = np.searchsorted(rows, asked)
    there = places < len(rows)
    there[there] = rows[places[there]] == asked[there]
    found: Rows = places[there]
    return found


class VectorFile:
    """Records of a row's number and its vector, one after the other; it grows at its end.

    Whatever is cut off behind the last whole record, as by a kill, is no part of it.
    """

    def __init__(self, place: Path, dimension: int) -> None:
        self._place = place
        self._type = np.dtype([("row", "<i8"), ("vector", "<f4", (dimension,))])

    def append(self, rows: Sequence[int] | Rows, matrix: Matrix) -> None:
        """Write vectors, one a row, behind those that are there."""
        records = np.empty(len(rows), self._type)
        records["row"], records["vector"] = rows, matrix
        with self._place.open("ab") as file:
            whole = file.tell() // self._type.itemsize * self._type.itemsize
            file.truncate(whole)
            file.write(records.tobytes())

    def records(self) -> np.ndarray[Any, Any]:
        """All records, read from the file where they are looked at."""
        size = self._place.stat().st_size // self._type.itemsize if self._place.exists() else 0
        if not size:
            return np.empty(0, self._type)
        return np.memmap(self._place, self._type, "r", shape=(size,))

    def chunks(self) -> Iterator[np.ndarray[Any, Any]]:
        """All records, some thousands at a time."""
        with self._place.open("rb") as file:
            while len(records := np.fromfile(file, self._type, CHUNK)):
                yield records

    def copy_to(self, other: VectorFile, kept: Rows) -> None:
        """Write the records of the rows `kept`, which are in order, to another file."""
        for records in self.chunks():
            rows = records["row"]
            here = records[np.isin(rows, kept, assume_unique=True)]
            other.append(here["row"], here["vector"])


def read_matrix(place: Path, dimension: int, size: int, digest: str) -> MatrixVectors:
    """The vectors of a file, into memory: a file that is cut off while it is mapped would kill
    the process. Raises DamagedIndexError where it is not of a size and a checksum.
    """
    record = np.dtype([("row", "<i8"), ("vector", "<f4", (dimension,))])
    count = size // record.itemsize
    rows, matrix = np.empty(count, np.int64), np.empty((count, dimension), np.float32)
    found = xxh3_128()
    try:
        with place.open("rb") as file:
            if os.fstat(file.fileno()).st_size != size or size % record.itemsize:
                raise DamagedIndexError(f"{place} 应有 {size} 字节")
            for start in range(0, count, CHUNK):
                data = file.read(min(CHUNK, count - start) * record.itemsize)
                found.update(data)
                records = np.frombuffer(data, record)
                rows[start : start + len(records)] = records["row"]
                matrix[start : start + len(records)] = records["vector"]
    except FileNotFoundError:
        raise DamagedIndexError(f"{place} 不见了") from None
    except ValueError as error:  # it became shorter meanwhile
        raise DamagedIndexError(f"{place} 被改动过") from error
    if found.hexdigest() != digest:
        raise DamagedIndexError(f"{place} 被改动过")
    return MatrixVectors(rows, matrix)
