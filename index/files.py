"""Which file each document came from, and what came of the files that gave none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from xxhash import xxh3_128_hexdigest

from index.version import CUT

__all__ = [
    "FILES",
    "FileTable",
    "KnownFile",
    "bare_reason",
    "digest_of_failed",
    "told_below",
]

PROGRAM = "dongxihu-qa"


FILES = """
CREATE TABLE files (
    root TEXT, path TEXT, digest TEXT, document TEXT, reason TEXT, twin TEXT,
    PRIMARY KEY (root, path)) WITHOUT ROWID;
CREATE INDEX files_by_document ON files(document);
"""


class KnownFile(NamedTuple):
    """A file as it was last read.

    `root` is the folder it was found below, `path` where in it; `document` is the id of its
    document, "" where it gave none for a `reason`; `twin` that of one that says the same.
    """

    root: str
    path: str
    digest: str
    document: str = ""
    reason: str = ""
    twin: str = ""


def bare_reason(reason: str, *names: str) -> str:
    """Why a file was not read, without the name before it: whoever tells it names the file, and
    always in the same way. `names` are those it may go by.
    """
    for name in (*names, *(PurePosixPath(name).name for name in names)):
        _, mark, rest = reason.partition(f"{name}: ")
        if mark:
            return rest
    return reason


def told_below(root: str, source: str) -> str:
    """The name of a file with its root before it."""
    return root if Path(root).name == source else f"{root}/{source}"


def digest_of_failed(digest: str) -> str:
    """What is kept of the digest of a file that cannot be read: another version of this program
    may be able to read it.
    """
    return xxh3_128_hexdigest(f"{digest} {CUT} {version(PROGRAM)}".encode()) if digest else ""


class FileTable:
    """The files of a catalogue; not locked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, root: str, path: str) -> KnownFile | None:
        """What is known of a file."""
        return next(self._select("root = ? AND path = ?", _stored(root), path), None)

    def below(self, root: str) -> Iterator[KnownFile]:
        """The files of a root, in order."""
        return self._select("root = ? ORDER BY path", _stored(root))

    def of_document(self, document_id: str) -> Iterator[KnownFile]:
        """The files whose document is this one."""
        return self._select("document = ?", document_id)

    def twins_of(self, document_id: str) -> Iterator[KnownFile]:
        """The files that gave no document since this one says the same."""
        return self._select("twin = ?", document_id)

    def renamed(self, gone: KnownFile, there: Collection[str]) -> KnownFile | None:
        """Which of the files that are there in its root has the content of one that is gone, and
        gave no document since that one had.
        """
        wanted = gone.root, gone.digest
        twins = self.twins_of(gone.document) if gone.document else ()
        return next((t for t in twins if (t.root, t.digest) == wanted and t.path in there), None)

    def unread(self) -> Iterator[KnownFile]:
        """The files that gave no document."""
        return self._select("document = '' ORDER BY root, path")

    def _select(self, where: str, *given: str | bytes) -> Iterator[KnownFile]:
        found = self._connection.execute(
            f"SELECT root, path, digest, document, reason, twin FROM files WHERE {where}", given
        )
        return iter([KnownFile(os.fsdecode(root), *rest) for root, *rest in found])

    def roots(self) -> list[str]:
        """The folders that files were found below, in order."""
        found = self._connection.execute("SELECT DISTINCT root FROM files ORDER BY root")
        return [os.fsdecode(root) for (root,) in found]

    def put(self, file: KnownFile) -> None:
        """Remember a file, in the place of what was known of it."""
        root, *rest = file
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (_stored(root), *rest)
        )

    def left_over(self, root: str, path: str) -> KnownFile | None:
        """What an older version read of a file without noting which it was, known by its name."""
        for name in dict.fromkeys((path, PurePosixPath(path).name)):
            found = self._connection.execute(
                "SELECT id FROM documents WHERE source = ? AND NOT EXISTS"
                " (SELECT 1 FROM files WHERE document = documents.id) ORDER BY number",
                (name,),
            ).fetchone()
            if found:
                return KnownFile(root, path, "", found[0])
        return None

    def name_for(self, root: str, source: str) -> str:
        """What a file is called: where it stands below its root, and as far below what is above
        that as it takes to tell it from others.
        """
        place = Path(root)
        above = (place.parent if place.name == source else place).parts
        for start in range(len(above), -1, -1):
            named = "/".join([*above[start:], source])
            name = os.fsencode(named).decode("utf-8", "replace")
            holders = self._select("document IN (SELECT id FROM documents WHERE source = ?)", name)
            if all((known.root, known.path) == (root, source) for known in holders):
                break
        return name

    def forget(self, file: KnownFile) -> None:
        """Forget a file."""
        self._connection.execute(
            "DELETE FROM files WHERE root = ? AND path = ?", (_stored(file.root), file.path)
        )


def _stored(root: str) -> str | bytes:
    """A root as it is stored: in bytes where its name is no Unicode."""
    try:
        root.encode()
    except UnicodeEncodeError:
        return os.fsencode(root)
    return root
