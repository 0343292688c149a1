"""Adding files to what is indexed, for an operator who has only a browser."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from corpus import DEFAULT_CORPUS, DocumentError, read
from index import Progress, Summary, describe_index, load_chosen_embeddings, sync_index
from qa import current

__all__ = ["add_documents"]

BEFORE, NEW = ".before", ".new"  # ends of the names of files that are being replaced
FOLDER = "documents"  # of the data folder: indexed as a whole


def add_documents(files: Sequence[Path], home: Path, progress: Progress) -> Summary:
    """Copy files into the data folder and index them beside what is indexed already.

    A file of a name that is there takes its place. `progress` is that of `sync_index`. Raises
    DocumentError and IndexingError; then everything is as it was.
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


def _add(files: Sequence[Path], folder: Path, home: Path, progress: Progress) -> Summary:
    for before in folder.glob(f".*{BEFORE}"):  # of an upload that was killed
        before.replace(folder / before.name[1 : -len(BEFORE)])
    kept: list[tuple[Path, Path]] = []
    # The article that is there at first stays, as the page has shown it.
    first = [] if describe_index(home) else [DEFAULT_CORPUS]
    try:
        for file in files:
            place, before = folder / file.name, folder / f".{file.name}{BEFORE}"
            if place.exists():
                place.replace(before)
            kept.append((place, before))
            copy = folder / f".{file.name}{NEW}"
            shutil.copyfile(file, copy)
            copy.replace(place)  # half a copy is never indexed
        summary = sync_index(
            [*first, folder], home, load_chosen_embeddings(), keep=True, progress=progress
        )
    except BaseException:
        for place, before in kept:
            place.unlink(missing_ok=True)
            if before.exists():
                before.replace(place)
        raise
    for _, before in kept:
        before.unlink(missing_ok=True)
    current.renew()  # who added a document sees it at once
    return summary
