"""Files of a folder or an archive, found, loaded within limits and read into documents."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.assembly import make_document
from corpus.document import Document
from corpus.errors import DocumentError
from corpus.readers.archive import is_archive, load_member, member_names
from corpus.readers.formats import HEAD, check_format, is_readable, limit_of, read_raw

__all__ = [
    "DEFAULT_CORPUS",
    "SourceFile",
    "document_paths",
    "find_files",
    "load",
    "read",
    "read_as",
    "read_bytes",
    "read_file",
]

DEFAULT_CORPUS = Path(__file__).parent.parent / "dongxihu" / "article.txt"
_SYSTEM = frozenset(("thumbs.db", "desktop.ini", "__macosx"))  # left by Windows and macOS


@dataclass(frozen=True)
class SourceFile:
    """A file to be read: `source` is its path below the folder given, with / between its parts.

    `path` is where it is on disk, or the archive it is in is, and `member` its name in there.
    """

    source: str
    path: Path
    member: str = ""

    def load(self) -> bytes:
        """What the file holds, as it is; raises DocumentError."""
        return load_member(self.path, self.member) if self.member else load(self.path)


def find_files(given: Path) -> list[SourceFile]:
    """Every file below a folder, in an archive, or the file given itself, sorted by source.

    Those of formats that are not read are among them: `load` says why. Only what systems and
    programs leave behind is passed over. A folder that cannot be listed stands for itself.
    """
    if not os.path.isdir(given):  # noqa: PTH112 - Path's raises where nothing may be seen
        found = [*_files_of(given, _readable_name(given.name))]
    else:
        found = []
        for path in _walk(given):
            below = path.relative_to(given).as_posix() if path != given else given.name
            found += _files_of(path, _readable_name(below))
    return sorted(found, key=lambda file: (file.source, file.path))


def read_file(file: SourceFile) -> Document:
    """Read a file that was found, under its source; raises DocumentError."""
    name = f"{file.path}/{file.member}" if file.member else str(file.path)
    return read_as(file.load(), name, file.source)


def read(path: Path) -> Document:
    """Read a file of any format that is read, as its first bytes tell; raises DocumentError."""
    return read_as(load(path), str(path), _readable_name(path.name))


def read_bytes(data: bytes, name: str) -> Document:
    """Read what a file of a name holds, as `read` does; raises DocumentError."""
    check_format(data[:HEAD], name)
    if len(data) > limit_of(name):
        raise DocumentError(f"{name}: 超过 {limit_of(name) // 2**20} MB，请先拆分")
    return read_as(data, name, _readable_name(Path(name).name))


def load(path: Path) -> bytes:
    """What a file of a format that is read holds, as it is; raises DocumentError."""
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            next(path.iterdir(), None)  # one that cannot be listed says why
            raise DocumentError(f"{path}: 是文件夹，不是文件")
        if not stat.S_ISREG(state.st_mode):  # a pipe would be waited for without end
            raise DocumentError(f"{path}: 不是普通文件，请换成文本文件")
        if is_archive(path):
            member_names(path)  # a broken one says why
        with path.open("rb") as stream:
            check_format(stream.read(HEAD), str(path))
            limit = limit_of(path.name)
            if state.st_size > limit:
                raise DocumentError(f"{path}: 超过 {limit // 2**20} MB，请先拆分")
            stream.seek(0)
            return stream.read(limit)
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），请检查路径") from error


def document_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named, and those of readable formats in the folders named, sorted.

    A folder that cannot be listed stands for itself: `load` says why.
    """
    found: set[Path] = set()
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - as above
            found.add(path)
            continue
        found.update(p for p in _walk(path) if is_readable(p.name) or os.path.isdir(p))  # noqa: PTH112
    return tuple(sorted(found))


def read_as(data: bytes, name: str, source: str) -> Document:
    """Read what a file of a name holds, under a source; raises DocumentError."""
    document = make_document(read_raw(data, name), source) if data else None
    if document is None or not document.text:
        raise DocumentError(f"{name}: 没有文字")
    return document


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, and the folders there that cannot be listed."""
    closed: list[Path] = []
    for top, folders, names in os.walk(folder, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = [name for name in folders if not _passed_over(name)]
        yield from (Path(top, name) for name in names if not _passed_over(name))
    yield from closed


def _passed_over(name: str) -> bool:
    """Whether a file or folder is hidden, a lock of Office, or a system's own."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def _files_of(path: Path, source: str) -> Iterator[SourceFile]:
    """The file itself, or what is in it where it is an archive that can be looked into."""
    members: list[str] = []
    if is_archive(path):
        try:
            members = [m for m in member_names(path) if not any(map(_passed_over, m.split("/")))]
        except DocumentError:
            members = []
    if not members:
        yield SourceFile(source, path)
    for member in members:
        yield SourceFile(f"{source}/{member}", path, member)


def _readable_name(name: str) -> str:
    """A name as it should read, with whatever is not UTF-8 taken for GB18030, as of Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name
