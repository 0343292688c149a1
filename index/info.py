"""What is indexed, told without an encoder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
)
from index.remote.chroma import chosen_store
from index.store import renew_index

__all__ = ["IndexInfo", "describe_index", "list_documents"]


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
