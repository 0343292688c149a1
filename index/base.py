"""The generation that a new one is built upon: as it is, or its texts read again."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from langchain_core.embeddings import Embeddings

from corpus import DEFAULT_CORPUS, document_id
from index.errors import DamagedIndexError
from index.files import FileTable, KnownFile
from index.generations import (
    CATALOGUE,
    Manifest,
    built_generations,
    check_generation,
    current_generation,
    generation_folder,
    older_generation,
    read_manifest,
)
from index.version import is_current

__all__ = [
    "Base",
    "documents_below",
    "find_base",
    "open_to_read",
    "settled",
    "stored_texts",
    "written_pointer",
]

SMALLEST = 64  # bytes that a document takes at least: its id alone is half of that

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Base:
    """What there is before a build: nothing, a generation that is `usable` as it is, or one of
    another version or encoder, of which the texts are; its vectors where they are `reusable`.
    `version` is that of the store which holds its vectors.
    """

    folder: Path | None = None
    name: str = ""
    usable: bool = False
    reusable: bool = True
    automatic: bool = False
    documents: int = 0
    passages: int = 0
    version: str = ""

    def files(self) -> list[KnownFile]:
        """The files it was made of, as far as it tells."""
        if self.folder is None:
            return []
        try:
            with closing(open_to_read(self.folder / CATALOGUE)) as connection:
                table = FileTable(connection)
                return [file for root in table.roots() for file in table.below(root)]
        except sqlite3.Error:  # an older version kept no such table
            return []

    def texts(self) -> Iterator[tuple[str, str]]:
        """Source and raw text of its documents."""
        return stored_texts(self.folder) if self.folder else iter(())

    def roots(self) -> list[Path | str]:
        """The files, folders and addresses it was made of; at first the default article."""
        if self.folder is None:
            return [DEFAULT_CORPUS]
        roots = dict.fromkeys(file.root for file in self.files())
        return [*roots] or [*_older_sources(self.folder)]

    def below(self, source: str) -> list[tuple[str, str]]:
        """Id and source of its documents of a name, or in a folder of that name."""
        if self.folder is None:
            return []
        with closing(open_to_read(self.folder / CATALOGUE)) as connection:
            return documents_below(connection, source)


def find_base(home: Path, embeddings: Embeddings, replaces: bool, stored: bool = False) -> Base:
    """What a build begins with; the default article gives way where a build `replaces` it.

    `stored` where the vectors are to be in a store, so that those of a base have to be there
    for it to be usable. Raises DamagedIndexError.
    """
    older = older_generation(home)
    if older:
        automatic = _older_sources(older) == [str(DEFAULT_CORPUS)]
        return Base() if automatic and replaces else Base(older, automatic=automatic)
    manifest = _read_manifest(home, replaces)
    if manifest is None or (manifest.automatic and replaces):
        return Base()
    name = current_generation(home)  # the lock is held, so it is the same
    folder = generation_folder(home, name)
    check_generation(folder, manifest)
    return Base(
        folder,
        name,
        is_current(manifest, embeddings) and bool(manifest.version) == stored,
        reusable=not manifest.version,
        automatic=manifest.automatic,
        documents=manifest.documents,
        passages=manifest.passages,
        version=manifest.version,
    )


def _read_manifest(home: Path, replaces: bool) -> Manifest | None:
    """The manifest in use, None also where a build replaces an index of which nothing is left."""
    try:
        return read_manifest(home)
    except DamagedIndexError:
        if replaces and not built_generations(home):
            return None
        raise


def documents_below(connection: sqlite3.Connection, source: str) -> list[tuple[str, str]]:
    """Id and source of the documents of a name, or in a folder of that name."""
    folder = f"{source.rstrip('/')}/"
    return connection.execute(
        "SELECT id, source FROM documents WHERE source = ? OR substr(source, 1, ?) = ?"
        " ORDER BY number",
        (source, len(folder), folder),
    ).fetchall()


def settled(home: Path, read: Callable[[], T]) -> T:
    """What `read` finds of the index in use; again where another was put in its place meanwhile,
    whose files are not those of the one before.
    """
    while True:
        before = written_pointer(home)
        try:
            return read()
        except (DamagedIndexError, OSError, sqlite3.Error):  # or it was swept after it was checked
            if written_pointer(home) == before:
                raise


def written_pointer(home: Path) -> bytes:
    """What the pointer holds, whatever it is."""
    try:
        return (home / "current").read_bytes()
    except OSError:
        return b""


def open_to_read(place: Path) -> sqlite3.Connection:
    """A connection to a catalogue of any version."""
    return sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def stored_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Source and raw text of the documents of a generation that any version wrote.

    What cannot be read of a damaged one is left out.
    """
    try:
        opened = open_to_read(folder / CATALOGUE)
    except sqlite3.Error:
        return
    with closing(opened) as connection:
        # One by one: what is damaged of a table hides only what is there.
        for number in _numbers(connection, folder / CATALOGUE):
            try:
                found = connection.execute(
                    "SELECT id, source, text, raw FROM documents WHERE rowid = ?", (number,)
                ).fetchone()
            except sqlite3.Error:
                continue
            if found:
                key, source, text, stored = found
                raw = _raw_of(text, stored)
                if document_id(raw, source) == key:
                    yield source, raw


def _numbers(connection: sqlite3.Connection, place: Path) -> Iterator[int]:
    """The numbers that documents may have.

    What is damaged may tell any last one: not more are tried than can be in a file of its size,
    and of higher ones, as where many came and went, those that the table itself tells.
    """
    most = place.stat().st_size // SMALLEST
    yield from range(1, min(_last_number(connection), most) + 1)
    with suppress(sqlite3.Error):
        told = "SELECT rowid FROM documents WHERE rowid > ? ORDER BY rowid LIMIT ?"
        for (number,) in connection.execute(told, (most, most)):
            yield number


def _last_number(connection: sqlite3.Connection) -> int:
    """The highest number of a document, as far as it can be told."""
    last = 0
    for query in (
        "SELECT max(rowid) FROM documents",
        "SELECT seq FROM sqlite_sequence WHERE name = 'documents'",
    ):
        with suppress(sqlite3.Error):
            found = connection.execute(query).fetchone()
            last = max(last, found[0] or 0 if found else 0)
    return last


def _raw_of(text: object, stored: object) -> str:
    if stored is None:
        return str(text)
    if not isinstance(stored, bytes):
        return ""
    with suppress(zlib.error):  # version 0.1 stored it as it was
        stored = zlib.decompress(stored)
    try:
        return stored.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return ""


def _older_sources(folder: Path) -> list[str]:
    try:
        return [str(s) for s in json.loads((folder / "manifest.json").read_bytes())["sources"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
