"""Changing what is indexed, for an operator who has only a browser."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from corpus import DEFAULT_CORPUS, DocumentError, SourceFile, find_files, read_as
from index import (
    Catalogue,
    ListedDocument,
    Progress,
    Summary,
    describe_generations,
    describe_index,
    find_documents,
    load_chosen_embeddings,
    remove_documents,
    roll_back,
    sync_index,
)
from index.files import FileTable, KnownFile, bare_reason
from qa import current, default_index
from ui.failures import BusyError, NotFoundError
from ui.service.aside import aside, documents_folder, instead, move, remove_empty, settle

__all__ = [
    "Addition",
    "Removal",
    "Return",
    "add_documents",
    "delete_documents",
    "go_back",
    "is_own",
]

CHECKING = "检查文件"
_CLASH = "与另一个文件或文件夹同名，请改名后再收录"
_NAMES = {  # what is wrong with the name of one file; the others go on
    errno.EEXIST: _CLASH,
    errno.EISDIR: _CLASH,
    errno.ENOTDIR: _CLASH,
    errno.ENAMETOOLONG: "名字太长，请改短后再收录",
}


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of files that were to be added, by name: `failed` says why not, `duplicates` of
    what; `also` are others of the folder, which were not indexed or not any more. `documents` is
    how many there are now.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Removal:
    """Which documents went, which of those have a file that is still there, and which copies of
    them are documents now.
    """

    removed: tuple[str, ...]
    left: tuple[str, ...]
    instead: tuple[str, ...]
    documents: int


@dataclass(frozen=True, slots=True)
class Return:
    """The index before is in use again."""

    documents: int
    passages: int


def is_own(document: ListedDocument, home: Path) -> bool:
    """Whether all files of a document are such as were added here, so that they go with it."""
    folder = documents_folder(home)
    return bool(document.files) and all(_place(file, folder) for file in document.files)


def add_documents(arrived: Path, home: Path, progress: Progress) -> Addition:
    """Take the files of a folder, also out of archives, into the data folder, and index them
    beside what is indexed already.

    A file of a name that is there takes its place; one that cannot be read changes nothing, and
    the others go on. `progress` is that of `sync_index`. Raises BusyError and IndexingError;
    then everything is as it was.
    """
    folder = documents_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(home), TemporaryDirectory(dir=arrived.parent) as name:
        settle(home)  # what one that was killed has left
        ready = Path(name)
        sources, failed = _check(find_files(arrived), ready, folder, progress)
        if not sources:
            total, _ = find_documents(default_index().catalogue, limit=0)
            return Addition(failed=failed, documents=total)
        summary = _take(sources, ready, home, progress)
        current.renew()  # who added a document sees it at once
    return _tell(sources, summary, failed)


def delete_documents(ids: Sequence[str], home: Path) -> Removal:
    """Remove documents from the index, and their files where these were added here.

    A file elsewhere stays, and is indexed again by the next run over its folder. Raises
    NotFoundError where none is there any more, BusyError and IndexingError.
    """
    with _only_one(home):
        settle(home)
        catalogue = default_index().catalogue
        folder = documents_folder(home)
        files = _files_of(ids, catalogue)
        if not files:
            raise NotFoundError("这些文章已经不在索引里了，请刷新页面")
        places = {source: [_place(file, folder) for file in of] for source, of in files.items()}
        with instead(home):
            for place in filter(None, [place for found in places.values() for place in found]):
                move(place, aside(home) / place.relative_to(folder))
                remove_empty(place.parent, folder)
            summary = remove_documents([*files], home, load_chosen_embeddings())
        current.renew()
    left = tuple(source for source, found in places.items() if not (found and all(found)))
    return Removal(tuple(summary.removed), left, tuple(summary.added), summary.documents)


def go_back(home: Path) -> Return:
    """Put the generation before the one in use back into use; raises BusyError, IndexingError."""
    with _only_one(home):
        roll_back(home)
        current.renew()
    told = describe_generations(home)[0]
    return Return(told.documents, told.passages)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Keep others from the files; two at a time would undo each other's."""
    try:
        with FileLock(home / "documents.lock").acquire(timeout=0):
            yield
    except Timeout:
        raise BusyError("另一处正在改动收录的文章，请等它结束再试") from None


def _check(
    files: Sequence[SourceFile], ready: Path, folder: Path, progress: Progress
) -> tuple[list[str], dict[str, str]]:
    """Put a copy of each file that can be read into a folder: their names, and why not others."""
    sources: list[str] = []
    failed: dict[str, str] = {}
    for done, file in enumerate(files, 1):
        try:
            data = file.load()
            read_as(data, file.source, file.source)
            if file.source in sources or _clashes(file.source, folder):
                raise FileExistsError(errno.EEXIST, file.source)
            _write(data, ready / file.source)
            sources.append(file.source)
        except DocumentError as error:
            failed[file.source] = bare_reason(str(error), file.source, file.path.name)
        except OSError as error:
            if error.errno not in _NAMES:
                raise
            failed[file.source] = _NAMES[error.errno]
        progress(CHECKING, done, len(files))
    return sources, failed


def _clashes(source: str, folder: Path) -> bool:
    """Whether there is a folder of that name, or a file where it needs a folder."""
    above = PurePosixPath(source).parents
    return (folder / source).is_dir() or any((folder / one).is_file() for one in above)


def _write(data: bytes, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _take(sources: Sequence[str], ready: Path, home: Path, progress: Progress) -> Summary:
    """Put files that can be read where they stay, and index them."""
    folder = documents_folder(home)
    # The article that is there at first stays, as the page has shown it.
    first = [] if describe_index(home) else [DEFAULT_CORPUS]
    placed: list[str] = []
    with instead(home, placed):
        for source in sources:
            if (folder / source).exists():
                move(folder / source, aside(home) / source)
            placed.append(source)
            move(ready / source, folder / source)  # half a copy is never indexed
        summary = sync_index(
            [*first, folder], home, load_chosen_embeddings(), keep=True, progress=progress
        )
    if first and DEFAULT_CORPUS.name in summary.added:
        summary.added.remove(DEFAULT_CORPUS.name)  # nobody added it
    return summary


def _tell(sources: Sequence[str], summary: Summary, failed: Mapping[str, str]) -> Addition:
    """What became of files; the index may have taken in others of the folder as well."""
    ours = {*sources}

    def named(told: Iterable[str]) -> dict[str, str]:
        return {one: source for one in told if (source := _ending(one, ours))}

    added, changed = named(summary.added), named(summary.changed)
    twins, unread = named(summary.duplicates), named(summary.failed)
    met = {source for found in (added, changed, twins, unread) for source in found.values()}
    return Addition(
        added=tuple(added.values()),
        changed=tuple(changed.values()),
        unchanged=tuple(source for source in sources if source not in met),
        duplicates={source: summary.duplicates[one] for one, source in twins.items()},
        failed={
            **failed,
            **{s: summary.failed[one].removeprefix(f"{one}: ") for one, s in unread.items()},
        },
        also=tuple(one for one in (*summary.added, *summary.changed) if not _ending(one, ours)),
        documents=summary.documents,
    )


def _ending(told: str, sources: Collection[str]) -> str:
    """Which of the names a name ends with, "" for none: the folder may be told before it."""
    parts = told.split("/")
    endings = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((one for one in endings if one in sources), "")


def _files_of(ids: Sequence[str], catalogue: Catalogue) -> dict[str, list[KnownFile]]:
    """The files of documents by the documents' names; of those that are there."""
    found: dict[str, list[KnownFile]] = {}
    with catalogue.lock:
        files = FileTable(catalogue.connection)
        for id_ in ids:
            row = catalogue.connection.execute(
                "SELECT source FROM documents WHERE id = ?", (id_,)
            ).fetchone()
            if row:
                found.setdefault(row[0], []).extend(files.of_document(id_))
    return found


def _place(file: KnownFile, folder: Path) -> Path | None:
    """Where a file is that was added here, None for any other."""
    place = folder / file.path
    return place if Path(file.root) == folder and place.is_file() else None
