"""The folders an index lives in: one a generation, and a pointer to the one in use.

    home/current                  the name of the generation in use and its manifest's checksum
    home/generations/NAME/        manifest.json, catalogue.sqlite, vectors.bin
    home/generations/NAME/unfinished   while it is being built, and what it is built upon

A generation is written under a new name, its files are checksummed into its manifest, and the
pointer is moved last, in one step: a build killed at any moment leaves the index before it in
use, and every file in use can be told from one that was changed since.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from xxhash import xxh3_128

from index.errors import DamagedIndexError, IndexingError, LockedIndexError, StaleIndexError

__all__ = [
    "CATALOGUE",
    "MANIFEST",
    "UNFINISHED",
    "VECTORS",
    "Manifest",
    "built_generations",
    "check_file",
    "check_generation",
    "current_generation",
    "finish_generation",
    "generation_folder",
    "generation_to_build",
    "in_use",
    "manifest_of",
    "older_generation",
    "only_writer",
    "read_manifest",
    "roll_back",
    "use_generation",
]

CATALOGUE, VECTORS = "catalogue.sqlite", "vectors.bin"
MANIFEST, UNFINISHED = "manifest.json", "unfinished"
OLDER_VECTORS = "chroma"  # the folder in which version 0.1 kept its vectors
CHUNK = 2**20  # bytes read at a time

_POINTER = re.compile(r"(\w{12}) (\w{32})\n?", re.ASCII)


@contextmanager
def only_writer(home: Path, wait: float = 0) -> Iterator[None]:
    """Hold the lock of a data folder; raises LockedIndexError where it is held for longer."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / "lock").acquire(timeout=wait):
            yield
    except Timeout:
        raise LockedIndexError(f"另一个程序正在写索引（{home}），请等它结束再试") from None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a generation, and what its files are: name, size in bytes and checksum of each.

    `before` is the generation that was in use until then; `automatic` where nobody asked for
    it: the default article, indexed when nothing else was. `version` is that of the store which
    holds the vectors, "" where they are in the generation itself.
    """

    encoder: str
    splitter: str
    dimension: int
    documents: int
    passages: int
    before: str = ""
    automatic: bool = False
    version: str = ""
    files: tuple[tuple[str, int, str], ...] = ()


def current_generation(home: Path) -> str:
    """The name the pointer holds, or "" where nothing has been built; raises DamagedIndexError
    where it holds none, or is gone though there is an index.
    """
    return _read_pointer(home)[0]


def _read_pointer(home: Path) -> tuple[str, str]:
    try:
        written = (home / "current").read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        if built_generations(home):
            raise DamagedIndexError(f"{home / 'current'} 不见了") from None
        return "", ""
    if older_generation(home):
        raise StaleIndexError("索引是旧版本做的，请运行 dongxihu index 更新")
    told = _POINTER.fullmatch(written)
    if not told:
        raise DamagedIndexError(f"{home / 'current'} 的内容不对")
    return told[1], told[2]


def older_generation(home: Path) -> Path | None:
    """The folder of the generation in use, where a version before checksums wrote it."""
    try:
        name = (home / "current").read_text("ascii", "replace").strip()
    except OSError:
        return None
    folder = generation_folder(home, name)
    return folder if name.isalnum() and (folder / OLDER_VECTORS).is_dir() else None


def generation_folder(home: Path, name: str) -> Path:
    """The folder of a generation."""
    return home / "generations" / name


def built_generations(home: Path) -> list[str]:
    """The names of the generations that were finished, whatever is left of them."""
    return [
        path.name
        for path in (home / "generations").glob("*")
        if path.is_dir() and any(path.iterdir()) and not (path / UNFINISHED).exists()
    ]


def in_use(home: Path) -> tuple[str, Manifest] | None:
    """The generation in use and its manifest by one look at the pointer, which may move between
    two; None where nothing has been built. Raises DamagedIndexError and StaleIndexError.
    """
    name, digest = _read_pointer(home)
    return (name, manifest_of(home, name, digest)) if name else None


def read_manifest(home: Path) -> Manifest | None:
    """The manifest of the generation in use, as `in_use` finds it."""
    return found[1] if (found := in_use(home)) else None


def manifest_of(home: Path, name: str, digest: str = "") -> Manifest:
    """The manifest of a generation, of a checksum where it is known; raises DamagedIndexError."""
    place = generation_folder(home, name) / MANIFEST
    try:
        written = place.read_bytes()
        told: dict[str, Any] = json.loads(written)
        files = tuple((str(n), int(size), str(sum_)) for n, size, sum_ in told.pop("files"))
        manifest = Manifest(**told, files=files)
    except FileNotFoundError:
        raise DamagedIndexError(f"{place} 不见了") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DamagedIndexError(f"{place} 的内容不对") from None
    if digest and xxh3_128(written).hexdigest() != digest:
        raise DamagedIndexError(f"{place} 被改动过")
    return manifest


def check_generation(folder: Path, manifest: Manifest, checked: tuple[str, ...] = ()) -> None:
    """Raise DamagedIndexError where a file of a generation is not as it was written, but for the
    files `checked`: whoever reads them checks them.
    """
    for name, size, digest in manifest.files:
        if name not in checked:
            check_file(folder / name, size, digest)


def check_file(place: Path, size: int, digest: str) -> None:
    """Raise DamagedIndexError where a file is not of a size and a checksum."""
    try:
        found = place.stat().st_size
        if found != size:
            raise DamagedIndexError(f"{place} 应有 {size} 字节，现有 {found} 字节")
        if _digest(place) != digest:
            raise DamagedIndexError(f"{place} 被改动过")
    except FileNotFoundError:
        raise DamagedIndexError(f"{place} 不见了") from None


def _digest(place: Path) -> str:
    found = xxh3_128()
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


@contextmanager
def generation_to_build(home: Path, made_of: dict[str, Any]) -> Iterator[Path]:
    """A folder to build a generation in; what a build that is killed or fails has written there
    stays for the next one.

    `made_of` tells what a build must have in common with another to go on with it. The folder
    is removed where the build ends without putting it into use.
    """
    generations = home / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps(made_of, sort_keys=True)
    current = _current_or_none(home)
    (generation_folder(home, current or UNFINISHED) / UNFINISHED).unlink(missing_ok=True)
    left = [path.parent for path in generations.glob(f"*/{UNFINISHED}")]
    resumed = next((folder for folder in left if _reads(folder / UNFINISHED) == wanted), None)
    for folder in left:
        if folder != resumed:
            _remove_unfinished(folder)
    folder = resumed or generations / uuid.uuid4().hex[:12]
    if not resumed:
        folder.mkdir()
        (folder / UNFINISHED).write_text(wanted, "utf-8")
    yield folder
    if (folder / UNFINISHED).exists():  # nothing was changed
        _remove_unfinished(folder)


def _remove_unfinished(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != UNFINISHED:  # last, so that what a kill leaves is never taken for whole
            with suppress(OSError):
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _current_or_none(home: Path) -> str:
    """The generation in use, "" where that cannot be told: it is being repaired or updated."""
    try:
        return current_generation(home)
    except IndexingError:
        return ""


def _reads(place: Path) -> str:
    with suppress(OSError, ValueError):
        return place.read_text("utf-8")
    return ""


def finish_generation(
    home: Path, folder: Path, manifest: Manifest, before: str | None = None
) -> None:
    """Checksum a generation's files, put it into use, and drop all but the one before it, which
    is the one that was in use where no other is named.
    """
    before = _current_or_none(home) if before is None else before
    files = []
    for name in (CATALOGUE, VECTORS):
        place = folder / name
        _sync_to_disk(place)
        files.append((name, place.stat().st_size, _digest(place)))
    told = json.dumps({**asdict(manifest), "before": before, "files": files}).encode()
    (folder / MANIFEST).write_bytes(told)
    _sync_to_disk(folder / MANIFEST)
    _move_pointer(home, folder.name, told)
    (folder / UNFINISHED).unlink()
    for old in (home / "generations").iterdir():
        if old.name not in (before, folder.name):  # a server may still read `before`
            shutil.rmtree(old, ignore_errors=True)


def roll_back(home: Path) -> str:
    """Put the generation before the one in use back into use, and its name; raises IndexingError
    where there is none that can be used without a store, or it is damaged.
    """
    with only_writer(home):
        manifest = read_manifest(home)
        before = manifest.before if manifest else ""
        folder = generation_folder(home, before)
        if not before or not folder.is_dir():
            raise IndexingError("没有更早的索引可以恢复，请用 dongxihu index 重新收录")
        earlier = manifest_of(home, before)
        if earlier.version:
            raise IndexingError("上一版索引的向量在向量服务里，请设 DONGXIHU_CHROMA_URL 再恢复")
        check_generation(folder, earlier)
        use_generation(home, before)
        return before


def use_generation(home: Path, name: str) -> None:
    """Point to a generation that is there and whole."""
    _move_pointer(home, name, (generation_folder(home, name) / MANIFEST).read_bytes())


def _move_pointer(home: Path, name: str, manifest: bytes) -> None:
    pointer = home / "current.new"
    pointer.write_text(f"{name} {xxh3_128(manifest).hexdigest()}\n", "ascii")
    _sync_to_disk(pointer)
    pointer.replace(home / "current")


def _sync_to_disk(place: Path) -> None:
    with place.open("r+b") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())
