"""Find what is damaged of an index, and make it whole again from the texts it holds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from corpus import make_document
from index.base import Base, open_to_read, stored_texts, written_pointer
from index.errors import IndexingError, StaleIndexError
from index.generations import (
    CATALOGUE,
    built_generations,
    check_generation,
    current_generation,
    generation_folder,
    manifest_of,
    older_generation,
    only_writer,
    read_manifest,
    use_generation,
)
from index.remote.chroma import chosen_store
from index.remote.repair import lost_on_store, publish_again
from index.writing import Progress, Writer, new_generation

__all__ = ["Repair", "check_index", "repair_index"]

RESTORING = "重建索引"
ASIDE = "damaged"
_AGAIN = "请运行 dongxihu index 文件或文件夹 重新收录"


@dataclass(frozen=True, slots=True)
class Repair:
    """What came of a repair: the generation in use, whether it was made anew, how many documents
    it holds, and how many the damaged one held, where that can be told.
    """

    generation: str
    rebuilt: bool
    documents: int
    expected: int | None = None


def check_index(home: Path) -> list[str]:
    """What is damaged of the index in use and of the one before it, and what a chosen store has
    lost of it, in words for people.
    """
    before = written_pointer(home)
    problems = [] if older_generation(home) else _find_problems(home)
    if problems and written_pointer(home) != before:  # another was put into use meanwhile
        return check_index(home)
    return problems


def _find_problems(home: Path) -> list[str]:
    problems: list[str] = []
    try:
        manifest = read_manifest(home)
        names = [current_generation(home), manifest.before if manifest else ""]
    except IndexingError as error:
        return [str(error)]
    for name in filter(None, names):
        folder = generation_folder(home, name)
        if folder.is_dir():
            problems += _problems(home, name)
    return problems or lost_on_store(home)


def _problems(home: Path, name: str) -> Iterator[str]:
    try:
        check_generation(generation_folder(home, name), manifest_of(home, name))
    except IndexingError as error:
        yield str(error)


def repair_index(
    home: Path, embeddings: Embeddings, progress: Progress = lambda *_: None
) -> Repair:
    """Make the index whole again: the generation in use from its own texts, and where these are
    lost, from those of the one before. Where a store is chosen, it and the copy from one another.

    Raises StaleIndexError where no text is left to make it of; what is left is put aside then.
    """
    if chosen_store():
        damaged = any(any(_problems(home, name)) for name in _generations(home)[:1])
        return Repair(*publish_again(home, embeddings, damaged, progress))
    with only_writer(home):
        names = _generations(home)
        if not names:  # an earlier repair put aside what was left, which is to stay there
            raise StaleIndexError(f"索引里已没有能读的文字{_left_aside(home)}，{_AGAIN}")
        sound = [name for name in names if not any(_problems(home, name))]
        if names[:1] == sound[:1]:
            for name in {*names} - {*sound}:  # nobody asks it, and none may go back to it
                shutil.rmtree(generation_folder(home, name), ignore_errors=True)
            use_generation(home, names[0])  # the pointer may be what was damaged
            return Repair(names[0], False, manifest_of(home, names[0]).documents)
        expected = _expected(home, names[0])
        base = _vectors_of(home, sound[0]) if sound else Base()
        with new_generation(home, embeddings, base, {"repair": names}) as writer:
            for name in names:
                folder = generation_folder(home, name)
                _restore(folder, writer, progress)
                if _is_whole(folder / CATALOGUE):
                    break
            if writer.catalogue.sizes()[0]:
                # The damaged one is of no use to go back to.
                generation, _ = writer.finish(progress, before=next(iter(sound), ""))
                return Repair(generation, True, writer.documents, expected)
        _set_aside(home)
        raise StaleIndexError(f"索引里已没有能读的文字{_left_aside(home)}，{_AGAIN}")


def _generations(home: Path) -> list[str]:
    """The generations there are, that in use first where it can be told, then the newest."""
    names = built_generations(home)
    try:
        current = current_generation(home)
    except IndexingError:
        current = ""
    if current and current not in names and generation_folder(home, current).is_dir():
        names.append(current)  # a kill left it marked as unfinished
    followed = {_before(home, name) for name in names}  # a clock may have been set back
    return sorted(names, key=lambda name: (name != current, name in followed, name))


def _before(home: Path, name: str) -> str:
    try:
        return manifest_of(home, name).before
    except IndexingError:
        return ""


def _restore(folder: Path, writer: Writer, progress: Progress) -> None:
    """Add the documents of a generation of whose source there is none yet."""
    base = Base(folder)
    known = writer.sources()
    for done, (source, raw) in enumerate(stored_texts(folder), 1):
        document = make_document(raw, source)
        if document.text and source not in known and not writer.holds(document.id):
            writer.add(document)
            writer.save()
        progress(RESTORING, done, done)
    for file in base.files():
        if not writer.files.find(file.root, file.path):
            writer.files.put(file if writer.holds(file.document) else file._replace(digest=""))


def _vectors_of(home: Path, name: str) -> Base:
    """A base of which only the vectors are taken, where they are not on a store."""
    manifest = manifest_of(home, name)
    return Base(generation_folder(home, name), reusable=not manifest.version)


def _set_aside(home: Path) -> None:
    """Move away all generations, of which nothing can be read; the pointer tells that there was
    an index, which nothing but a build that somebody asks for replaces.
    """
    left = home / ASIDE
    shutil.rmtree(left, ignore_errors=True)
    (home / "generations").mkdir(exist_ok=True)
    (home / "generations").replace(left)
    (home / "current").touch()


def _left_aside(home: Path) -> str:
    left = home / ASIDE
    return f"（移到了 {left}）" if left.is_dir() else ""


def _is_whole(catalogue: Path) -> bool:
    """Whether every page of a catalogue can be read, so that none of its texts is lost."""
    try:
        with closing(open_to_read(catalogue)) as connection:
            connection.execute("SELECT 1 FROM documents")  # an empty file is a sound database
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        return bool(found == ("ok",))
    except sqlite3.Error:
        return False


def _expected(home: Path, name: str) -> int | None:
    try:
        return manifest_of(home, name).documents
    except IndexingError:
        return None
