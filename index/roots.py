"""What a sync looks at: files, folders, archives and addresses, and what is found there."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from corpus import (
    DocumentError,
    SourceFile,
    fetch,
    find_files,
    is_readable,
)
from index.base import Base
from index.files import KnownFile, told_below

__all__ = [
    "FoundFile",
    "Root",
    "look_again",
    "look_at",
    "look_elsewhere",
    "settle",
]

ADDRESSES = ("http://", "https://")
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
    """A file, a folder or an address to make the index hold, and the files found there: all, or
    those of a folder, an archive or a file `within`, which was given though the root was known.
    """

    name: str
    files: tuple[FoundFile, ...]
    shared: frozenset[str] = frozenset()
    within: str = ""

    @property
    def given(self) -> str:
        """What was given of it."""
        return f"{self.name}/{self.within}" if self.within else self.name

    def told(self, source: str) -> str:
        """What people are told of a file of it: its name, with the root before it where the name
        is `shared` by files of other roots.
        """
        return told_below(self.name, source) if source in self.shared else source

    def gone(self, known: Iterable[KnownFile], failed: Collection[str]) -> list[KnownFile]:
        """The files known of it that are there no more; not those in a folder or an archive that
        cannot be looked into, by what is told of those that `failed`.
        """
        names = {file.source for file in self.files}
        closed = tuple(f"{name}/" for name in names if self.told(name) in failed)
        return [
            one
            for one in known
            if one.path not in names
            and not one.path.startswith(closed)
            and (not self.within or f"{one.path}/".startswith(f"{self.within}/"))
        ]

    def is_barren(self, failed: Collection[str]) -> bool:
        """Whether it has files, of which none could be read."""
        return bool(self.files) and all(self.told(file.source) in failed for file in self.files)


_Place: TypeAlias = tuple[str, str]  # where a file is on disk, and which member of an archive


class _Walks:
    """What is found in roots, by where it is on disk; each is looked through once."""

    def __init__(self, looked: Iterable[Root]) -> None:
        self._roots = {root.name: root for root in looked}
        self._found: dict[str, dict[_Place, FoundFile]] = {}

    def of(self, name: str) -> dict[_Place, FoundFile]:
        """The files of a root."""
        if name not in self._found:
            root = self._roots.get(name) or look_elsewhere(name)
            self._found[name] = {place: file for file in root.files if (place := _place(file))}
        return self._found[name]


def _place(file: FoundFile) -> _Place | None:
    """Where a file is; a link is a file of its own, but the folders above it are as they are."""
    if isinstance(file, _Fetched):
        return None
    return os.path.join(_real(str(file.path.parent)), file.path.name), file.member  # noqa: PTH118


def settle(
    looked: Sequence[Root], known: Sequence[KnownFile]
) -> tuple[list[Root], list[tuple[KnownFile, KnownFile]]]:
    """Roots of which none is within another, and the files known that have another place for it.

    A file has one place, whichever way it was given: in the outermost root that finds it. So what
    is given below a root that is known is looked at as a part of that, and a root that was known
    before one above it was given goes into that, with its files as they were `known` and are now.
    """
    _real.cache_clear()
    walks = _Walks(looked)
    names = {root.name for root in looked} | {file.root for file in known}
    roots = _told_roots([_as_part(root, names, walks) for root in looked])
    tops = {root.name for root in roots}
    moves: list[tuple[KnownFile, KnownFile]] = []
    by_root: defaultdict[str, list[KnownFile]] = defaultdict(list)
    for one in known:
        by_root[one.root].append(one)
    for name, files in by_root.items():
        for top in [top for top in _above(name) if top in tops][:1]:
            inner, outer = walks.of(name), walks.of(top)
            if not inner or inner.keys() - outer.keys():
                continue  # a disk that is not there now, or what only this one looks into
            folder = Path(name) if Path(name).is_dir() else Path(name).parent
            sources = {file.source: outer[place].source for place, file in inner.items()}
            if len(files) == len(inner) == 1:  # it may go by the name of a link
                sources = {files[0].path: outer[next(iter(inner))].source}
            for one in files:
                lost = (folder.relative_to(top) / one.path).as_posix()
                path = sources.get(one.path, lost)
                moves.append((one, one._replace(root=top, path=path)))
    return roots, moves


def _above(name: str) -> list[str]:
    """The folders above a root, the outermost first; none above an address."""
    return [] if name.startswith(ADDRESSES) else [*map(str, reversed(Path(name).parents))]


def _as_part(root: Root, names: Collection[str], walks: _Walks) -> Root:
    """A root as the part of the outermost one of these names that finds all its files."""
    places = walks.of(root.name)
    is_folder = Path(root.name).is_dir()
    wanted = [[*places]]
    if not is_folder:  # a link stands for its file first
        wanted.insert(0, [(root.name, member) for _, member in places])
    for these in filter(None, wanted):
        spot = root.name if is_folder else these[0][0]
        for top in _above(spot):
            if top not in names or not all(place in walks.of(top) for place in these):
                continue
            files = tuple(walks.of(top)[place] for place in these)
            beyond = root.files[0].source if is_folder else these[0][1]
            within = files[0].source.removesuffix(beyond).rstrip("/")
            return Root(top, files, within=within)
    return root


def _told_roots(roots: Iterable[Root]) -> list[Root]:
    """Roots, each once and none a part of another, that know which names of their files are also
    those of others.
    """
    every = {(root.name, root.within): root for root in roots}
    found = [
        root
        for (name, within), root in every.items()
        if not (within and (name, "") in every)
        and not any((name, str(above)) in every for above in PurePosixPath(within).parents)
    ]
    met = Counter(file.source for root in found for file in root.files)
    shared = frozenset(name for name, count in met.items() if count > 1)
    return [replace(root, shared=shared) for root in found]


@cache
def _real(folder: str) -> str:
    return os.path.realpath(folder)


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
        raise DocumentError(f"{path}: 没有这个文件或文件夹，{_remedy(path)}") from error
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），{_UNCHANGED}") from error
    files = tuple(_told_apart(find_files(path)))
    if len(files) == 1 and files[0].path == path and path.is_file():
        if not is_readable(path.name):
            try:
                files[0].load()  # what it holds may be read, whatever it is called
            except DocumentError as error:  # what it is, and what to do about it
                raise DocumentError(f"{error}；{_UNCHANGED}") from error
    elif not any(is_readable(file.source) for file in files):
        named = "、".join(file.source for file in files[:NAMED])
        found = f"只有其他格式的文件，如 {named}" if named else "是空的，可能没有挂载"
        raise DocumentError(f"{path}: 没有能读的文件（{found}），{_UNCHANGED}")
    return Root(os.path.realpath(path), files)


def _remedy(path: Path) -> str:
    """What to do where there is no such path: a shell cuts one at its spaces."""
    try:
        longer = sorted(one for one in os.listdir(path.parent) if one.startswith(f"{path.name} "))  # noqa: PTH208
    except OSError:
        longer = []
    if not longer:
        return _UNCHANGED
    return f'{_UNCHANGED}；名字里有空格的要加引号，如 "{path.parent / longer[0]}"'


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


def _told_apart(files: Iterable[SourceFile]) -> Iterator[SourceFile]:
    """Files with a number before those whose names read like one before."""
    met: Counter[str] = Counter()
    for file in files:
        met[file.source] += 1
        number = met[file.source]
        yield file if number == 1 else replace(file, source=f"{number}/{file.source}")
