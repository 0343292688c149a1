"""What a sync looks at: files, folders, archives and addresses, and what is found there."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from xxhash import xxh3_128_hexdigest

from corpus import (
    DocumentError,
    SourceFile,
    fetch,
    find_files,
    is_readable,
)
from index.base import Base
from index.files import KnownFile
from index.version import CUT

__all__ = [
    "FoundFile",
    "Root",
    "digest_of_failed",
    "fail_again",
    "look_again",
    "look_at",
    "look_elsewhere",
    "tell_apart",
]

ADDRESSES = ("http://", "https://")
EXTRA = "pip install"  # in the reason of a file that needs an extra
PROGRAM = "dongxihu-qa"
NAMED = 3  # files that an error names
_UNCHANGED = "索引没有改动，请检查后再收录"


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A page of the web as it came."""

    source: str
    data: bytes

    def load(self) -> bytes:
        """Its content."""
        return self.data


FoundFile: TypeAlias = SourceFile | _Fetched


@dataclass(frozen=True, slots=True)
class Root:
    """A file, a folder or an address to make the index hold, and the files found there."""

    name: str
    files: tuple[FoundFile, ...]
    shared: frozenset[str] = frozenset()

    def told(self, source: str) -> str:
        """What people are told of a file of it: its name, with the root before it where the name
        is `shared` by files of other roots.
        """
        if source not in self.shared:
            return source
        return self.name if Path(self.name).name == source else f"{self.name}/{source}"

    def gone(self, known: Iterable[KnownFile], failed: Collection[str]) -> list[KnownFile]:
        """The files known of it that are there no more; not those in a folder or an archive that
        cannot be looked into, by what is told of those that `failed`.
        """
        names = {file.source for file in self.files}
        closed = tuple(f"{name}/" for name in names if self.told(name) in failed)
        return [one for one in known if one.path not in names and not one.path.startswith(closed)]

    def is_barren(self, failed: Collection[str]) -> bool:
        """Whether it has files, of which none could be read."""
        return bool(self.files) and all(self.told(file.source) in failed for file in self.files)


def tell_apart(roots: Iterable[Root]) -> list[Root]:
    """Roots, each once, that know which names of their files are also those of others."""
    found = {root.name: root for root in roots}.values()
    met = Counter(file.source for root in found for file in root.files)
    shared = frozenset(name for name, count in met.items() if count > 1)
    return [replace(root, shared=shared) for root in found]


def look_elsewhere(name: str) -> Root:
    """A root that nobody asked for, with what is there of it now; no page is fetched for it."""
    try:
        root = Root(name, ()) if name.startswith(ADDRESSES) else look_at(name)
    except DocumentError:
        return Root(name, ())
    return replace(root, shared=frozenset(file.source for file in root.files))


def look_at(given: Path | str) -> Root:
    """The files of a root; raises DocumentError where it is missing or holds none that are read:
    it may be a disk that is not there just now.
    """
    if str(given).startswith(ADDRESSES):
        return Root(str(given), (_Fetched(*fetch(str(given))),))
    path = Path(given)
    try:
        path.stat()
        if path.is_dir():
            next(path.iterdir(), None)  # one that cannot be listed says why
    except FileNotFoundError as error:
        raise DocumentError(f"{path}: 没有这个文件或文件夹，{_UNCHANGED}") from error
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），{_UNCHANGED}") from error
    files = tuple(_told_apart(find_files(path)))
    if not any(is_readable(file.source) for file in files):
        named = "、".join(file.source for file in files[:NAMED])
        found = f"只有其他格式的文件，如 {named}" if named else "是空的，可能没有挂载"
        raise DocumentError(f"{path}: 没有能读的文件（{found}），{_UNCHANGED}")
    return Root(os.path.realpath(path), files)


def look_again(base: Base, missing: dict[str, str]) -> list[Root]:
    """The roots of a base, and why one is `missing`, by name, of which nothing can be lost: no
    document is from there, or all texts that are stored are read again.

    Raises DocumentError for the others.
    """
    held = {file.root for file in base.files() if file.document}
    found: list[Root] = []
    for root in base.roots():
        if _is_deleted(root):
            found.append(Root(str(root), ()))
            continue
        needed = not (base.folder or base.version) or (base.usable and root in held)
        found += [look_at(root)] if needed else _look_or_tell(root, missing)
    return found


def _is_deleted(root: Path | str) -> bool:
    """Whether a file that was given itself is gone from a folder that is there, with others."""
    path = Path(root)
    named = bool(path.suffix) and not str(root).startswith(ADDRESSES)
    try:
        return named and not path.exists() and any(path.parent.iterdir())
    except OSError:
        return False


def _look_or_tell(root: Path | str, missing: dict[str, str]) -> list[Root]:
    try:
        return [look_at(root)]
    except DocumentError as error:
        missing[str(root)] = str(error)
        return []


def digest_of_failed(digest: str) -> str:
    """What is kept of the digest of a file that cannot be read: another version of this program
    may be able to read it.
    """
    return xxh3_128_hexdigest(f"{digest} {CUT} {version(PROGRAM)}".encode()) if digest else ""


def fail_again(before: KnownFile) -> None:
    """Raise the DocumentError of a file that could not be read as it is, but where what was
    missing to read it may be there now.
    """
    if EXTRA not in before.reason:
        raise DocumentError(before.reason)


def _told_apart(files: Iterable[SourceFile]) -> Iterator[SourceFile]:
    """Files with a number before those whose names read like one before."""
    met: Counter[str] = Counter()
    for file in files:
        met[file.source] += 1
        number = met[file.source]
        yield file if number == 1 else replace(file, source=f"{number}/{file.source}")
