"""Files that make room for others, or are removed, until there is an index without them.

    home/documents           the files that were added here
    home/replaced            those put aside
    home/replaced.since      the generation of the index that still knows them

Whoever is killed meanwhile leaves them there: the next change brings them back, or forgets them
where the index has changed since.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index import describe_generations

__all__ = ["aside", "documents_folder", "instead", "move", "remove_empty", "settle"]

FOLDER, REPLACED, SINCE = "documents", "replaced", "replaced.since"


def documents_folder(home: Path) -> Path:
    """Where the files are that were added here, as the index names it."""
    return Path(os.path.realpath(home / FOLDER))


def aside(home: Path) -> Path:
    """Where files are put aside."""
    return home / REPLACED


def move(place: Path, to: Path) -> None:
    """Move a file, into folders that are made for it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    place.replace(to)


@contextmanager
def instead(home: Path, placed: Sequence[str] = ()) -> Iterator[None]:
    """Put files aside until there is an index without them; where there is none they come back,
    and what was `placed` meanwhile goes.
    """
    (home / SINCE).write_text(_generation(home), "utf-8")
    try:
        yield
    except BaseException:
        if not _is_later(home):
            folder = documents_folder(home)
            for source in placed:
                (folder / source).unlink(missing_ok=True)
                remove_empty((folder / source).parent, folder)
        settle(home)
        raise
    _forget(home)


def settle(home: Path) -> None:
    """Bring files back that were put aside, or forget them where the index is without them."""
    kept, folder = aside(home), documents_folder(home)
    if not _is_later(home):
        for place in [*kept.rglob("*")]:
            if place.is_file():
                move(place, folder / place.relative_to(kept))
    _forget(home)


def _forget(home: Path) -> None:
    kept = aside(home)
    shutil.rmtree(kept, ignore_errors=True)
    if not kept.exists():
        (home / SINCE).unlink(missing_ok=True)


def _is_later(home: Path) -> bool:
    """Whether the index has changed since files were put aside."""
    since = home / SINCE
    return since.exists() and since.read_text("utf-8") != _generation(home)


def _generation(home: Path) -> str:
    """The name of the generation in use, "" where there is none."""
    found = describe_generations(home)
    return found[0].name if found else ""


def remove_empty(place: Path, folder: Path) -> None:
    """Remove a folder and those above it that hold nothing any more."""
    while place != folder and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent
