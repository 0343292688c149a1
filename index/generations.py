"""The folders an index lives in: one a generation, and a pointer to the one in use.

    home/current                  the name of the generation in use
    home/generations/NAME/        manifest.json, catalogue.sqlite, chroma/

A generation is written under a new name and the pointer is moved last, in one step, so a
build killed at any moment leaves the index before it working.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

__all__ = ["Manifest", "current_folder", "current_generation", "new_generation", "read_manifest"]

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an index: it is rebuilt when any of this differs, but for what came of it.

    `files` are those that were read, `skipped` says by path why the others were not.
    """

    encoder: str
    splitter: str
    corpus: str
    sources: tuple[str, ...]
    files: tuple[str, ...] = field(default=(), compare=False)
    skipped: Mapping[str, str] = field(default_factory=dict, compare=False)


def current_generation(home: Path) -> str:
    """The name the pointer holds, or "" where nothing has been built."""
    try:
        return (home / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def current_folder(home: Path) -> Path:
    """The folder of the generation in use."""
    return home / "generations" / current_generation(home)


def read_manifest(home: Path) -> Manifest | None:
    """The manifest of the generation in use, or None where it cannot be used as it is."""
    try:
        stored: dict[str, Any] = json.loads((current_folder(home) / FILE).read_text("utf-8"))
        for name in ("sources", "files"):
            stored[name] = tuple(stored.get(name, ()))
        known = {field.name for field in fields(Manifest)}  # another version's may tell more
        return Manifest(**{name: value for name, value in stored.items() if name in known})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


@contextmanager
def new_generation(home: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder to build in, which is put into use at the end, or removed where that fails."""
    before = current_generation(home)
    generations = home / "generations"
    folder = generations / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True)
    try:
        yield folder
        stored = json.dumps(asdict(manifest))  # in ASCII: a name may be no Unicode
        (folder / FILE).write_text(stored, "utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    pointer = home / "current.new"
    pointer.write_text(folder.name, "utf-8")
    pointer.replace(home / "current")
    for old in generations.iterdir():
        if old.name not in (before, folder.name):  # other processes may still read `before`
            shutil.rmtree(old, ignore_errors=True)
