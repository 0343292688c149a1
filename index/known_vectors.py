"""Vectors that an earlier generation has, by the keys of its passages."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.base import Base
from index.catalogue import Catalogue
from index.generations import CATALOGUE, VECTORS
from index.vectors import Matrix, Rows, VectorFile

__all__ = ["KnownVectors", "known_vectors"]


def known_vectors(base: Base, dimension: int) -> KnownVectors | None:
    """The vectors of a base, None where an older version kept them in another way."""
    try:
        return KnownVectors(base.folder, dimension) if base.folder and base.reusable else None
    except (sqlite3.Error, OSError):
        return None


class KnownVectors:
    """The vectors of an earlier generation."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._catalogue = Catalogue(folder / CATALOGUE)
        self._catalogue.rows_of_keys([b""])
        self._file = VectorFile(folder / VECTORS, dimension)
        self._records = self._file.records()
        self._rows = np.array(self._records["row"])

    def copy_to(self, file: VectorFile, rows: Rows) -> None:
        """Write those of the rows that are still there."""
        self._file.copy_to(file, rows)

    def vectors(self, keys: Sequence[bytes]) -> dict[bytes, Matrix]:
        """The vectors that are there of these keys."""
        found = {key: rows[0] for key, rows in self._catalogue.rows_of_keys(keys).items()}
        rows = np.array([*found.values()], np.int64)
        places = np.searchsorted(self._rows, rows)
        there = places < len(self._rows)  # a store may have them, or a file was cut off
        there[there] = self._rows[places[there]] == rows[there]
        vectors = self._records["vector"]
        return {
            key: np.array(vectors[place])
            for key, place, here in zip(found, places.tolist(), there.tolist(), strict=True)
            if here
        }
