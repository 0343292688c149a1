"""Write a new generation upon the one in use: its catalogue, its vectors, and put it into use."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus import Document, split
from index.base import Base, documents_below
from index.catalogue import Catalogue
from index.duplicates import Twins
from index.files import FileTable
from index.framed import embed_framed, framed_text, vector_key
from index.generations import (
    CATALOGUE,
    UNFINISHED,
    VECTORS,
    Manifest,
    finish_generation,
    generation_to_build,
)
from index.known_vectors import KnownVectors, known_vectors
from index.vectors import Matrix, Rows, VectorFile
from index.version import CUT, dimension_of, name_of

__all__ = ["Progress", "Target", "Writer", "new_generation"]

COMMIT = 32  # documents between two commits; of a killed build only the last ones are read anew
BATCH = 512  # passages between two steps; their frames are embedded once
MERGED = 0.1  # share of passages that are new, from which the BM25 table is merged into one

EMBEDDING = "计算向量"

Progress: TypeAlias = Callable[[str, int, int], None]  # what is done, how far, of how many
Put: TypeAlias = Callable[[Mapping[int, bytes], Matrix], None]  # rows with their keys, and vectors


class Target(Protocol):
    """A store that is to hold the vectors in the place of a file."""

    def missing(self, catalogue: Catalogue) -> Rows:
        """Rows of passages whose vectors it lacks, one for each vector, in order."""

    def put(self, keys: Mapping[int, bytes], matrix: Matrix) -> None:
        """Store the vectors of rows."""

    def publish(self, catalogue: Catalogue, automatic: bool, fill: Callable[[], object]) -> str:
        """Put what a catalogue holds into use, and what it is called there; `fill` has the
        vectors put that are missing.
        """


class Writer:
    """What a generation is made of while it is written.

    `freed` are the files whose twins were removed from it: what they say is in no document now.
    """

    def __init__(
        self,
        home: Path,
        folder: Path,
        base: Base,
        embeddings: Embeddings,
        target: Target | None = None,
    ) -> None:
        self.catalogue = Catalogue(folder / CATALOGUE, writable=True)
        self.files = FileTable(self.catalogue.connection)
        self.twins = Twins(self.catalogue.connection)
        self.embeddings = embeddings
        self.documents = self.passages = 0
        self.freed: set[tuple[str, str]] = set()
        self._home = home
        self._folder = folder
        self._base = base
        self._target = target
        self._pending = 0

    def holds(self, document_id: str) -> bool:
        """Whether a document is in the catalogue."""
        found = self.catalogue.connection.execute(
            "SELECT 1 FROM documents WHERE id = ?", (document_id,)
        )
        return found.fetchone() is not None

    def add(self, document: Document) -> None:
        """Store a document; its vectors are made when all are there."""
        passages = split(document)
        encoder = name_of(self.embeddings)
        keys = [vector_key(encoder, framed_text(passage)) for passage in passages]
        self.catalogue.add(document, passages, keys)
        self.twins.add(document)

    def remove(self, document_id: str) -> None:
        """Forget a document; files that said the same are read again when they are next met."""
        for twin in self.files.twins_of(document_id):
            self.files.put(twin._replace(digest="", twin=""))
            self.freed.add((twin.root, twin.path))
        self.twins.remove(document_id)
        self.catalogue.remove(document_id)

    def below(self, source: str) -> list[tuple[str, str]]:
        """Id and source of the documents of a name, or in a folder of that name."""
        return documents_below(self.catalogue.connection, source)

    def sources(self) -> set[str]:
        """The names of the documents."""
        found = self.catalogue.connection.execute("SELECT source FROM documents")
        return {source for (source,) in found}

    def named(self, source: str) -> list[str]:
        """The ids of the documents of a name."""
        found = self.catalogue.connection.execute(
            "SELECT id FROM documents WHERE source = ?", (source,)
        )
        return [document_id for (document_id,) in found]

    def close(self) -> None:
        """Let go of the files."""
        self.catalogue.close()

    def save(self) -> None:
        """Put what was done on disk, now and then; when all is done of a file, not in between."""
        self._pending += 1
        if self._pending % COMMIT == 0:
            self.catalogue.connection.commit()

    def finish(
        self,
        progress: Progress,
        automatic: bool = False,
        before: str | None = None,
        version: str = "",
    ) -> tuple[str, int]:
        """Make the vectors and put all into use: the generation, and how many were embedded.

        `before` is the generation to go back to, where that is not the one in use; `version`
        that of the store, where it has the vectors already.
        """
        dimension = dimension_of(self.embeddings)
        embedded = 0
        if version:
            self._leave_vectors_out()
        elif self._target is None:
            embedded = self._write_vectors(dimension, progress)
        else:
            version, embedded = self._publish(self._target, dimension, automatic, progress)
        self.documents, self.passages = self.catalogue.sizes()
        self.close()
        _drop_journal(self._folder / CATALOGUE)
        manifest = Manifest(
            name_of(self.embeddings),
            CUT,
            dimension,
            self.documents,
            self.passages,
            automatic=automatic,
            version=version,
        )
        finish_generation(self._home, self._folder, manifest, before)
        return self._folder.name, embedded

    def _publish(
        self, target: Target, dimension: int, automatic: bool, progress: Progress
    ) -> tuple[str, int]:
        """Have a store hold it all: the version it is there, and how many were embedded."""
        self._leave_vectors_out()
        known = known_vectors(self._base, dimension)
        embedded = 0

        def fill() -> None:
            nonlocal embedded
            missing = target.missing(self.catalogue)
            embedded += self._embed(target.put, missing, known, progress)

        return target.publish(self.catalogue, automatic, fill), embedded

    def _leave_vectors_out(self) -> None:
        """Finish what stands beside vectors that are elsewhere: their file stays empty."""
        self._merge(self.catalogue.sizes()[1] - self._base.passages)
        (self._folder / VECTORS).touch()

    def _merge(self, new: int) -> None:
        """Keep what was written, and merge the BM25 table where many of its passages are new."""
        connection = self.catalogue.connection
        connection.commit()
        if new > MERGED * self.catalogue.sizes()[1]:
            connection.execute("INSERT INTO lexical(lexical) VALUES ('optimize')")
            connection.commit()

    def _write_vectors(self, dimension: int, progress: Progress) -> int:
        connection, place = self.catalogue.connection, self._folder / VECTORS
        connection.commit()
        found = connection.execute("SELECT row FROM passages ORDER BY row").fetchall()
        rows = np.array(found, np.int64).reshape(-1)
        file = VectorFile(place, dimension)
        known = known_vectors(self._base, dimension)
        if known and self._base.usable and not place.exists():
            known.copy_to(file, rows)
        missing = rows[~np.isin(rows, file.records()["row"], assume_unique=True)]
        embedded = self._embed(
            lambda keys, matrix: file.append([*keys], matrix), missing, known, progress
        )
        if not np.array_equal(file.records()["row"], rows):  # some are gone since a killed build
            whole = place.with_suffix(".whole")
            whole.unlink(missing_ok=True)  # a killed build may have left a part of it
            file.copy_to(VectorFile(whole, dimension), rows)
            whole.replace(place)
        place.touch()
        self._merge(len(missing))
        return embedded

    def _embed(
        self, put: Put, missing: Rows, known: KnownVectors | None, progress: Progress
    ) -> int:
        """Store the vectors of rows that have none, in their order; how many were not known."""
        done = embedded = 0
        for start in range(0, len(missing), BATCH):
            rows = missing[start : start + BATCH].tolist()
            keys = self.catalogue.keys_of_rows(rows)
            found = known.vectors([*keys.values()]) if known else {}
            unknown = [row for row in rows if keys[row] not in found]
            texts = {
                keys[row]: framed_text(passage)
                for row, passage in zip(unknown, self.catalogue.passages(unknown), strict=True)
            }
            matrix = embed_framed(self.embeddings, [*texts.values()])
            found |= zip(texts, matrix, strict=True)
            put({row: keys[row] for row in rows}, np.stack([found[keys[row]] for row in rows]))
            done, embedded = done + len(rows), embedded + len(texts)
            progress(EMBEDDING, done, len(missing))
        return embedded


@contextmanager
def new_generation(
    home: Path,
    embeddings: Embeddings,
    base: Base,
    made_of: dict[str, Any],
    target: Target | None = None,
) -> Iterator[Writer]:
    """A writer of the generation that follows `base`; `finish` puts it into use, and first on
    the `target` where there is one.

    What a build that is killed or fails has written stays, and the next one that is `made_of`
    the same goes on with it.
    """
    told = {**made_of, "base": base.name, "encoder": name_of(embeddings), "cut": CUT}
    with generation_to_build(home, told) as folder:
        place = folder / CATALOGUE
        if place.exists() and not _is_sound(place):  # as after a power loss: it starts anew
            for path in [*folder.iterdir()]:
                if path.name != UNFINISHED:
                    path.unlink()
        if base.folder and base.usable and not place.exists():
            copy = place.with_suffix(".copy")
            shutil.copyfile(base.folder / CATALOGUE, copy)
            copy.replace(place)  # a copy cut short by a kill is no catalogue
        with closing(Writer(home, folder, base, embeddings, target)) as writer:
            yield writer


def _drop_journal(place: Path) -> None:
    """Remove the journal of a catalogue, which a killed build may leave where nothing is written
    after it, once all in it has been played back.
    """
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # plays it back
        connection.execute("ROLLBACK")
    place.with_name(f"{place.name}-journal").unlink(missing_ok=True)


def _is_sound(place: Path) -> bool:
    """Whether a catalogue that was cut short can be gone on with; its journal is played back."""
    try:
        with closing(sqlite3.connect(place)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
            # SQLite itself looks into no table of words before version 3.44.
            connection.execute("INSERT INTO lexical(lexical) VALUES ('integrity-check')")
        return bool(found == ("ok",))
    except sqlite3.DatabaseError:
        return False
