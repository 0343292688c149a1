"""Put a new version on the Chroma server: what it lacks, the version's record, the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from itertools import islice

import numpy as np
from langchain_core.embeddings import Embeddings

from index.base import Base, open_to_read
from index.catalogue import Catalogue
from index.errors import StoreError
from index.files import FileTable
from index.generations import CATALOGUE
from index.records import raw_of
from index.remote.chroma import ChromaStore
from index.remote.collection import ChromaCollection
from index.remote.versions import (
    TEXTS,
    VERSIONS,
    Pointer,
    Version,
    move_pointer,
    pointer_of,
    put_texts,
    read_version,
    vectors_kind,
    whole_id,
    write_version,
)
from index.vectors import Matrix, Rows
from index.version import CUT, dimension_of, name_of

__all__ = ["Publication"]

LOOKED = 500  # rows or ids in one question to a catalogue


class Publication:
    """A version that follows `base` on a store; the pointer was at `expected` when it began.

    What is there is neither sent nor embedded again, so one that was killed is gone on with. With
    `anew`, it is not believed that the store holds what the base's version has.
    """

    def __init__(
        self,
        store: ChromaStore,
        embeddings: Embeddings,
        base: Base,
        expected: str,
        anew: bool = False,
    ) -> None:
        self.expected = expected
        self._store = store
        self._encoder = name_of(embeddings)
        self._dimension = dimension_of(embeddings)
        self._vectors = ChromaCollection(store, vectors_kind(self._dimension))
        self._base = base
        self._anew = anew

    def missing(self, catalogue: Catalogue) -> Rows:
        """Rows of passages whose vectors the store lacks, one for each vector, in order."""
        found: dict[bytes, int] = {}
        last = self._last_known("row", "passages")
        numbers = catalogue.connection.execute(
            "SELECT row, key FROM passages WHERE row > ? ORDER BY row", (last,)
        )
        while part := numbers.fetchmany(LOOKED):
            held = self._vectors.held([*dict.fromkeys(key.hex() for _, key in part)])
            for row, key in part:
                if key.hex() not in held:
                    found.setdefault(key, row)
        return np.array([*found.values()], np.int64)

    def put(self, keys: Mapping[int, bytes], matrix: Matrix) -> None:
        """Store the vectors of rows."""
        self._vectors.put([key.hex() for key in keys.values()], matrix)

    def publish(self, catalogue: Catalogue, automatic: bool, fill: Callable[[], object]) -> str:
        """Put what a catalogue holds into use, and the version's name; `fill` stores the vectors
        that are missing. Raises LockedIndexError where another machine was first.
        """
        connection = catalogue.connection
        files = FileTable(connection)
        documents = connection.execute("SELECT id, source FROM documents ORDER BY number")
        version = Version(
            self._encoder,
            CUT,
            self._dimension,
            tuple((id_, source) for id_, source in documents),
            tuple(file for root in files.roots() for file in files.below(root)),
            automatic,
            self.expected,
        )

        def send() -> None:
            fill()
            self._send_texts(catalogue)
            write_version(self._store, version)

        send()
        pointer = Pointer(version.name, self.expected)
        move_pointer(self._store, self.expected, pointer)
        send()  # again what another machine swept in the meantime, as it was of no version then
        with suppress(StoreError):  # the version is in use; the next one sweeps
            self._sweep(catalogue, pointer)
        return version.name

    def _last_known(self, number: str, table: str) -> int:
        """The last row of those which the store is known to hold."""
        base = self._base
        if self._anew or not (base.usable and base.folder and base.version == self.expected):
            return 0
        with closing(open_to_read(base.folder / CATALOGUE)) as connection:
            found = connection.execute(f"SELECT max({number}) FROM {table}").fetchone()
        return int(found[0] or 0)

    def _send_texts(self, catalogue: Catalogue) -> None:
        last = self._last_known("number", "documents")
        connection = catalogue.connection
        found = connection.execute("SELECT id FROM documents WHERE number > ?", (last,)).fetchall()
        ids = [id_ for (id_,) in found]
        held = ChromaCollection(self._store, TEXTS).held(ids)

        def lacking() -> Iterator[tuple[str, str, str]]:
            for id_ in ids:
                if id_ not in held:
                    source, text, raw = connection.execute(
                        "SELECT source, text, raw FROM documents WHERE id = ?", (id_,)
                    ).fetchone()
                    yield id_, source, raw_of(text, raw)

        put_texts(self._store, lacking())

    def _sweep(self, catalogue: Catalogue, pointer: Pointer) -> None:
        """Remove versions other than these two and what only they had, as long as no other
        machine puts a version into use: that one sweeps then.
        """
        kept = {*pointer}
        before = read_version(self._store, pointer.before) if pointer.before else None
        versions = ChromaCollection(self._store, VERSIONS)
        gone = [id_ for page in versions.pages() for id_ in page if whole_id(id_) not in kept]
        if not gone:
            return
        told = versions.texts([id_ for id_ in gone if id_ == whole_id(id_)])
        dimensions = {int(told_["dimension"]) for _, told_ in told.values()}
        for other in dimensions - {self._dimension, before.dimension if before else 0}:
            self._store.drop(vectors_kind(other))
        self._drop(versions, gone, pointer)
        documents = {id_ for id_, _ in before.documents} if before else set()
        texts = ChromaCollection(self._store, TEXTS)
        self._drop(
            texts,
            (
                id_
                for page in texts.pages()
                for id_ in page
                if whole_id(id_) not in documents and not _holds(catalogue, whole_id(id_))
            ),
            pointer,
        )
        self._sweep_vectors(catalogue, pointer)

    def _sweep_vectors(self, catalogue: Catalogue, pointer: Pointer) -> None:
        base = self._base
        catalogues = [catalogue]
        if pointer.before and not (base.folder and base.version == pointer.before):
            return  # its keys are not known here; the next version sweeps
        if pointer.before and base.folder:
            catalogues.append(Catalogue(base.folder / CATALOGUE))
        unused: list[str] = []
        for page in self._vectors.pages():
            for start in range(0, len(page), LOOKED):
                part = page[start : start + LOOKED]
                keys = [bytes.fromhex(id_) for id_ in part]
                used = {key.hex() for one in catalogues for key in one.rows_of_keys(keys)}
                unused += [id_ for id_ in part if id_ not in used]
        self._drop(self._vectors, unused, pointer)

    def _drop(self, collection: ChromaCollection, ids: Iterable[str], pointer: Pointer) -> None:
        left = iter([*ids])  # not while they are listed
        while part := [*islice(left, LOOKED)]:
            if pointer_of(self._store) != pointer:
                return
            collection.drop(part)


def _holds(catalogue: Catalogue, document_id: str) -> bool:
    query = "SELECT 1 FROM documents WHERE id = ?"
    return catalogue.connection.execute(query, (document_id,)).fetchone() is not None
