"""What is indexed, told without an encoder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from index.base import settled
from index.catalogue import Catalogue, DocumentHead
from index.files import FileTable, KnownFile, bare_reason, told_below
from index.generations import (
    CATALOGUE,
    MANIFEST,
    Manifest,
    check_generation,
    generation_folder,
    in_use,
    manifest_of,
)
from index.remote.chroma import chosen_store
from index.store import renew_index

__all__ = [
    "GenerationInfo",
    "IndexInfo",
    "ListedDocument",
    "describe_generations",
    "describe_index",
    "find_documents",
    "list_documents",
    "unread_files",
]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The index in use: its folder, what made it, its sizes (bytes on disk of its files), the
    files and folders it was made of, and the files that gave no document, with the root in their
    path where another one has the same; `made` is when it was finished, `store` the address of
    the server that keeps the vectors, "" where none is chosen.
    """

    folder: Path
    encoder: str
    documents: int
    passages: int
    size: int
    roots: tuple[str, ...]
    unread: tuple[KnownFile, ...]
    made: datetime
    store: str = ""


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """A generation of the index: when it was finished, and its sizes (bytes of its files)."""

    name: str
    made: datetime
    documents: int
    passages: int
    size: int


class ListedDocument(NamedTuple):
    """A document as a list shows it, with the sizes of its text and the files that gave it."""

    id: str
    title: str
    source: str
    date: str
    characters: int
    passages: int
    files: tuple[KnownFile, ...]


def find_documents(
    catalogue: Catalogue, words: str = "", limit: int = -1, offset: int = 0
) -> tuple[int, list[ListedDocument]]:
    """How many documents have all words in title or name, and some of them, the latest first."""
    held = " AND ".join(
        "(title LIKE ? ESCAPE '!' OR source LIKE ? ESCAPE '!')" for _ in words.split()
    )
    given = [f"%{_literal(word)}%" for word in words.split() for _ in range(2)]
    where = f"WHERE {held}" if held else ""
    with catalogue.lock:
        ask = catalogue.connection.execute
        (total,) = ask(f"SELECT count(*) FROM documents {where}", given).fetchone()
        found = ask(
            "SELECT id, title, source, date, length(text),"
            f" (SELECT count(*) FROM passages WHERE document = number) FROM documents {where}"
            " ORDER BY number DESC LIMIT ? OFFSET ?",
            (*given, limit, offset),
        ).fetchall()
        files = FileTable(catalogue.connection)
        listed = [ListedDocument(*(*row, tuple(files.of_document(row[0])))) for row in found]
    return total, listed


def unread_files(catalogue: Catalogue, limit: int) -> tuple[int, list[KnownFile]]:
    """How many files gave no document, and some of them, with the reason as people are told."""
    with catalogue.lock:
        found = [*FileTable(catalogue.connection).unread()]
    return len(found), [*islice(_told(found), limit)]


def describe_generations(home: Path) -> list[GenerationInfo]:
    """The generation in use, and the one that `roll_back` puts back as far as it is here.

    None where nothing has been indexed; their files are not checked. Raises IndexingError.
    """
    return settled(home, lambda: _generations(home))


def _generations(home: Path) -> list[GenerationInfo]:
    found = in_use(home)
    if found is None:
        return []
    name, manifest = found
    told = [_generation(home, name, manifest)]
    if manifest.before and generation_folder(home, manifest.before).is_dir():
        told.append(_generation(home, manifest.before, manifest_of(home, manifest.before)))
    return told


def _generation(home: Path, name: str, manifest: Manifest) -> GenerationInfo:
    made = (generation_folder(home, name) / MANIFEST).stat().st_mtime
    return GenerationInfo(
        name,
        datetime.fromtimestamp(made).astimezone(),
        manifest.documents,
        manifest.passages,
        sum(size for _, size, _ in manifest.files),
    )


def _literal(word: str) -> str:
    """A word as LIKE takes it, with nothing in it that stands for something else."""
    return "".join(f"!{c}" if c in "!%_" else c for c in word)


def list_documents(home: Path) -> list[DocumentHead]:
    """The documents of the index in use, in the order they were added; raises IndexingError."""
    renew_index(home)
    return settled(home, lambda: _heads(home))


def _heads(home: Path) -> list[DocumentHead]:
    found = _checked(home)
    return Catalogue(found[0] / CATALOGUE).heads() if found else []


def describe_index(home: Path) -> IndexInfo | None:
    """The index in use, None where nothing has been indexed; raises IndexingError."""
    renew_index(home)
    return settled(home, lambda: _describe(home))


def _describe(home: Path) -> IndexInfo | None:
    found = _checked(home)
    if found is None:
        return None
    folder, manifest = found
    catalogue = Catalogue(folder / CATALOGUE)
    files = FileTable(catalogue.connection)
    return IndexInfo(
        folder,
        manifest.encoder,
        manifest.documents,
        manifest.passages,
        sum(size for _, size, _ in manifest.files),
        tuple(files.roots()),
        tuple(_told(files.unread())),
        datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime).astimezone(),
        store.url if (store := chosen_store()) else "",
    )


def _told(unread: Iterable[KnownFile]) -> list[KnownFile]:
    """Files as people are told of them: each name once, none for two."""
    files = [*unread]
    met = Counter(file.path for file in files)
    return [
        file._replace(
            path=file.path if met[file.path] == 1 else told_below(file.root, file.path),
            reason=bare_reason(file.reason, file.path),
        )
        for file in files
    ]


def _checked(home: Path) -> tuple[Path, Manifest] | None:
    """The folder of the generation in use, whole, and its manifest."""
    found = in_use(home)
    if found is None:
        return None
    name, manifest = found
    folder = generation_folder(home, name)
    check_generation(folder, manifest)
    return folder, manifest
