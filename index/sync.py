"""Make the index hold what files hold: add, change and remove by content, and nothing twice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from langchain_core.embeddings import Embeddings
from xxhash import xxh3_128_hexdigest

from corpus import DocumentError, make_document
from index.base import Base
from index.errors import StaleIndexError
from index.files import KnownFile
from index.generations import only_writer
from index.remote.replica import base_and_target
from index.roots import FoundFile, Root, look_again, look_at, read_as
from index.writing import Progress, Writer, new_generation

__all__ = ["Summary", "remove_documents", "sync_index"]

READING = "读取文件"
NAMED = 3  # files that an error names
STORING = "更新旧索引"


@dataclass(slots=True)
class Summary:
    """What a sync did, by the names of the files: `failed` and `duplicates` say why or of what,
    and `barren` are the roots of which no file could be read.

    `documents` and `passages` are how many there are now, `embedded` how many passages were
    read by the encoder; `generation` is the one in use.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    duplicates: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    barren: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    generation: str = ""


def sync_index(
    paths: Sequence[Path | str],
    home: Path,
    embeddings: Embeddings,
    *,
    prune: bool = False,
    force: bool = False,
    dry_run: bool = False,
    automatic: bool = False,
    keep: bool = False,
    wait: float = 0,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Make the index hold what is in files, folders and web pages beside what it holds already.

    Without paths, in those it was made of. A file that cannot be read is named in the summary,
    and what was read of it before stays. With `prune`, documents whose files are gone from the
    folders are removed; with `force`, unchanged files are read again; `dry_run` only says what
    there is to do. The default article, indexed when nothing else was, gives way unless it is to
    be kept (`keep`). Raises DocumentError where a path is missing or holds nothing to read,
    LockedIndexError after `wait` seconds, and IndexingError.
    """
    with only_writer(home, wait):
        base, target = base_and_target(home, embeddings, bool(paths) and not keep)
        missing: dict[str, str] = {}
        roots = [*map(look_at, paths)] if paths else look_again(base, missing)
        roots = [*{root.name: root for root in roots}.values()]
        known = base.files()
        summary = _plan(roots, known, prune, force)
        summary.failed |= missing
        if paths and base.folder is None and not summary.added:
            raise DocumentError("；".join([*summary.failed.values()][:NAMED]))
        same = not (summary.added or summary.changed or summary.removed)
        if target and base.version != target.expected:
            same = False  # what is here has to be published
        summary.barren = _barren(roots, summary)
        if dry_run or (base.usable and same):
            summary.documents, summary.passages = base.documents, base.passages
            summary.generation = base.name
            return summary
        # Not of what another build read that was cut short, as where the folder was a wrong one.
        made_of = {"prune": prune, "force": force, "roots": sorted(root.name for root in roots)}
        with new_generation(home, embeddings, base, made_of, target) as writer:
            if not base.usable:
                _store_again(base, known, writer, progress)
            summary = _sync(writer, roots, prune, force, progress)
            summary.failed |= missing
            summary.barren = _barren(roots, summary)
            if base.folder is None and not writer.catalogue.sizes()[0]:
                raise DocumentError("；".join([*summary.failed.values()][:NAMED]))
            _finish(writer, summary, progress, automatic)
        return summary


def remove_documents(sources: Sequence[str], home: Path, embeddings: Embeddings) -> Summary:
    """Remove the documents of these names, and those in folders of these names.

    Raises DocumentError where there is none of a name; then nothing is removed.
    """
    with only_writer(home):
        base, target = base_and_target(home, embeddings)
        if not base.usable:
            raise StaleIndexError("索引是旧版本或另一个模型做的，请先运行 dongxihu index 更新")
        found: dict[str, str] = {}
        for source in sources:
            below = base.below(source)
            if not below:
                raise DocumentError(f"{source}: 没有收录过，用 dongxihu corpus list 查看")
            found.update(below)
        summary = Summary(removed=[*found.values()])
        made_of = {"remove": sorted(sources)}
        with new_generation(home, embeddings, base, made_of, target) as writer:
            for document_id in found:
                for file in writer.files.of_document(document_id):
                    writer.files.forget(file)
                writer.remove(document_id)
            _finish(writer, summary, lambda *_: None, False)
        return summary


def _finish(writer: Writer, summary: Summary, progress: Progress, automatic: bool) -> None:
    summary.generation, summary.embedded = writer.finish(progress, automatic)
    summary.documents, summary.passages = writer.documents, writer.passages


def _plan(roots: Sequence[Root], known: Sequence[KnownFile], prune: bool, force: bool) -> Summary:
    """What there is to do, by the content of the files."""
    summary = Summary()
    by_place = {(file.root, file.path): file for file in known}
    for root in roots:
        for file in root.files:
            before = by_place.pop((root.name, file.source), None)
            try:
                digest = xxh3_128_hexdigest(file.load())
            except DocumentError as error:
                summary.failed[file.source] = str(error)
                continue
            if before is None:
                summary.added.append(file.source)
            elif force or before.digest != digest:
                summary.changed.append(file.source)
            else:
                summary.unchanged += 1
    for root in roots:
        left = [file for (name, _), file in by_place.items() if name == root.name]
        gone = [file.path for file in _gone(root, left, summary)]
        (summary.removed if prune else summary.gone).extend(gone)
    return summary


def _barren(roots: Sequence[Root], summary: Summary) -> list[str]:
    """The roots with files of which none could be read."""
    return [
        root.name
        for root in roots
        if root.files and all(file.source in summary.failed for file in root.files)
    ]


def _gone(root: Root, known: Iterable[KnownFile], summary: Summary) -> list[KnownFile]:
    """The files known of a root that are there no more; not those in a folder or an archive that
    cannot be looked into.
    """
    names = {file.source for file in root.files}
    closed = tuple(f"{name}/" for name in names & summary.failed.keys())
    return [file for file in known if file.path not in names and not file.path.startswith(closed)]


def _sync(
    writer: Writer, roots: Sequence[Root], prune: bool, force: bool, progress: Progress
) -> Summary:
    summary = Summary()
    total = sum(len(root.files) for root in roots)
    done = 0
    for root in roots:
        for file in root.files:
            _sync_file(writer, root.name, file, force, summary)
            writer.save()
            done += 1
            progress(READING, done, total)
        for known in _gone(root, writer.files.below(root.name), summary):
            if prune:
                _drop(writer, known)
            (summary.removed if prune else summary.gone).append(known.path)
    for root in roots:
        for file in root.files:
            if (root.name, file.source) in writer.freed:
                _sync_freed(writer, root.name, file, summary)
    return summary


def _sync_freed(writer: Writer, root: str, file: FoundFile, summary: Summary) -> None:
    """Read a file again that was passed over for another, which is gone since."""
    known = writer.files.find(root, file.source)
    if known and not (known.digest or known.reason):
        if not summary.duplicates.pop(file.source, None):
            summary.unchanged -= 1
        _sync_file(writer, root, file, False, summary)


def _sync_file(writer: Writer, root: str, file: FoundFile, force: bool, summary: Summary) -> None:
    before = writer.files.find(root, file.source) or _left_over(writer, root, file)
    try:
        data = file.load()
        digest = xxh3_128_hexdigest(data)
        if before and before.digest == digest and not (force and before.digest):
            summary.unchanged += 1
            return
        document = read_as(data, _name_for(writer, root, file))
    except DocumentError as error:
        summary.failed[file.source] = str(error)
        kept = before.document if before else ""
        writer.files.put(KnownFile(root, file.source, "", kept, str(error)))
        return
    twin = None if writer.holds(document.id) else writer.twins.find(document)
    if twin and (before is None or twin[0] != before.document):
        summary.duplicates[file.source] = twin[1]
        after = KnownFile(root, file.source, digest, "", "", twin[0])
    else:
        after = KnownFile(root, file.source, digest, document.id)
        if not writer.holds(document.id):
            writer.add(document)
        (summary.changed if before and before.document else summary.added).append(file.source)
    writer.files.put(after)
    if before and before.document not in ("", after.document):
        _drop_document(writer, before.document)


def _drop(writer: Writer, file: KnownFile) -> None:
    writer.files.forget(file)
    if file.document:
        _drop_document(writer, file.document)


def _drop_document(writer: Writer, document_id: str) -> None:
    """Remove a document that no file holds any more."""
    if not any(writer.files.of_document(document_id)):
        writer.remove(document_id)


def _left_over(writer: Writer, root: str, file: FoundFile) -> KnownFile | None:
    """What an older version read of a file without noting which it was, known by its name."""
    for name in dict.fromkeys((file.source, PurePosixPath(file.source).name)):
        for document_id in writer.named(name):
            if not any(writer.files.of_document(document_id)):
                return KnownFile(root, file.source, "", document_id)
    return None


def _name_for(writer: Writer, root: str, file: FoundFile) -> str:
    """What a file is called: where it stands below its root, and as far below what is above that
    as it takes to tell it from others.
    """
    place = Path(root)
    above = (place.parent if place.name == file.source else place).parts
    for start in range(len(above), -1, -1):
        named = "/".join([*above[start:], file.source])
        name = os.fsencode(named).decode("utf-8", "replace")
        holders = {
            (known.root, known.path)
            for document_id in writer.named(name)
            for known in writer.files.of_document(document_id)
        }
        if holders <= {(root, file.source)}:
            break
    return name


def _store_again(
    base: Base, known: Sequence[KnownFile], writer: Writer, progress: Progress
) -> None:
    """Read the texts of a base that another version stored, or that another encoder read."""
    for done, (source, raw) in enumerate(base.texts(), 1):
        try:
            document = make_document(raw, source)
        except DocumentError:  # too long for this version
            continue
        if document.text and not writer.holds(document.id):
            writer.add(document)
            writer.save()
        progress(STORING, done, base.documents)
    for file in known:
        writer.files.put(file)
