"""Adding files to what is indexed, for an operator who has only a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from corpus import DocumentError, read
from index import Index, build_index, current_sources

__all__ = ["add_documents"]

FOLDER = "documents"  # of the data folder: indexed as a whole, so a file taken out is forgotten


def add_documents(files: Sequence[Path], home: Path, progress: Callable[[int, int], None]) -> Index:
    """Copy files into the data folder and index them beside what is indexed already.

    A file of a name that is there takes its place. `progress(done, total)` counts passages.
    Raises DocumentError and IndexingError; then everything is as it was.
    """
    names = [file.name for file in files]
    if len({*names}) < len(names):
        raise DocumentError("有两个文件同名，请改名后再收录")
    for file in files:
        read(file)  # a file that cannot be read is refused before anything is touched
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "documents.lock"):  # two at a time would undo each other's files
        return _add(files, folder, home, progress)


def _add(
    files: Sequence[Path], folder: Path, home: Path, progress: Callable[[int, int], None]
) -> Index:
    sources = current_sources(home)
    kept: list[tuple[Path, Path]] = []
    try:
        for file in files:
            place, before = folder / file.name, folder / f".{file.name}.before"
            if place.exists():
                place.replace(before)
            kept.append((place, before))
            shutil.copyfile(file, place)
        added = () if folder.resolve() in sources else (folder,)
        index = build_index([*sources, *added], home, progress=progress)
    except BaseException:
        for place, before in kept:
            place.unlink(missing_ok=True)
            if before.exists():
                before.replace(place)
        raise
    for _, before in kept:
        before.unlink(missing_ok=True)
    return index
