"""Make the index hold what files hold: add, change and remove by content, and nothing twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.embeddings import Embeddings
from xxhash import xxh3_128_hexdigest

from corpus import DocumentError, make_document, read_as
from index.base import Base
from index.errors import StaleIndexError
from index.files import KnownFile, digest_of_failed
from index.generations import CATALOGUE, only_writer
from index.remote.replica import base_and_target
from index.roots import (
    FoundFile,
    Root,
    look_again,
    look_at,
    look_elsewhere,
    settle,
)
from index.summary import Summary, plan
from index.writing import Progress, Writer, new_generation

__all__ = ["remove_documents", "sync_index"]

READING = "读取文件"
NAMED = 3  # files that an error names
STORING = "更新旧索引"
RENAMED = "renamed"  # in the place of a digest: to be read under its new name
ROUNDS = 3  # over files that are read again


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
        known = base.files()
        looked = [*map(look_at, paths)] if paths else look_again(base, missing)
        roots, moves = settle(looked, known)
        summary = plan(roots, known, moves, prune, force)
        summary.conclude(roots, missing)
        if paths and not (base.folder or base.version or summary.added):
            raise DocumentError("；".join([*summary.failed.values()][:NAMED]))
        same = not (summary.added or summary.changed or summary.removed or moves)
        if target and base.version != target.expected:
            same = False  # what is here has to be published
        if base.usable and same:
            return summary.as_before(base)
        # Not of what another build read that was cut short, as where the folder was a wrong one.
        made_of = {"prune": prune, "force": force, "roots": sorted(root.given for root in roots)}
        built = new_generation(home, embeddings, base, made_of, target)
        with _trial(home, embeddings, base) if dry_run else built as writer:
            if not base.usable:
                _store_again(base, known, writer, progress)
            for file, after in moves:
                _move(writer, file, after)
            summary = _sync(writer, roots, prune, force, progress)
            summary.conclude(roots, missing)
            if not (base.folder or base.version or writer.catalogue.sizes()[0]):
                raise DocumentError("；".join([*summary.failed.values()][:NAMED]))
            if dry_run:
                return summary.as_before(base)
            _finish(writer, summary, progress, automatic)
        return summary


def remove_documents(sources: Sequence[str], home: Path, embeddings: Embeddings) -> Summary:
    """Remove the documents of these names, and those in folders of these names.

    A file of another name that was passed over as a copy of one is read in its place, if it can
    be; the summary says what came of it.
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
            for root, path in writer.freed:  # copies: those of other names are read in its place
                copy = writer.files.find(root, path)
                if copy and any(f"{path}/".startswith(f"{name.rstrip('/')}/") for name in sources):
                    writer.files.forget(copy)
            _sync_freed(writer, (), summary)
            _finish(writer, summary, lambda *_: None, False)
        return summary


@contextmanager
def _trial(home: Path, embeddings: Embeddings, base: Base) -> Iterator[Writer]:
    """A writer whose catalogue is thrown away: what a run would do is told by doing it, but for
    the vectors, and what a killed build left in the data folder stays for the next run.
    """
    with TemporaryDirectory(prefix="dongxihu-") as name:
        if base.folder and base.usable:
            shutil.copyfile(base.folder / CATALOGUE, Path(name, CATALOGUE))
        with closing(Writer(home, Path(name), base, embeddings)) as writer:
            yield writer


def _finish(writer: Writer, summary: Summary, progress: Progress, automatic: bool) -> None:
    summary.generation, summary.embedded = writer.finish(progress, automatic)
    summary.documents, summary.passages = writer.documents, writer.passages


def _sync(
    writer: Writer, roots: Sequence[Root], prune: bool, force: bool, progress: Progress
) -> Summary:
    summary = Summary()
    total = sum(len(root.files) for root in roots)
    done = 0
    for root in roots:
        for file in root.files:
            _sync_file(writer, root, file, force, summary)
            writer.save()
            done += 1
            progress(READING, done, total)
        there = {file.source: file for file in root.files}
        for known in root.gone(writer.files.below(root.name), summary.failed):
            if _rename(writer, root, there, known, summary):
                continue
            if prune:
                _drop(writer, known)
            (summary.removed if prune else summary.gone).append(known.path)
    _sync_freed(writer, roots, summary)
    return summary


def _sync_freed(writer: Writer, roots: Sequence[Root], summary: Summary) -> None:
    """Read files again that were passed over for others, which are gone since; also in roots
    that were not given, since what they say was nowhere else.
    """
    given = {(root.name, file.source): root for root in roots for file in root.files}
    looked = {root.name: root for root in roots if not root.within}
    for _ in range(ROUNDS):  # what is read again may take the place of what others were copies of
        places = sorted(writer.freed)
        writer.freed.clear()
        for name, path in places:
            known = writer.files.find(name, path)
            if known is None or known.digest or known.reason:
                continue  # read since, or gone
            root = given.get((name, path)) or looked.get(name) or look_elsewhere(name)
            looked.setdefault(name, root)
            file = next((one for one in root.files if one.source == path), None)
            if file is None:
                continue  # its file is out of reach
            if not summary.duplicates.pop(root.told(path), None) and (name, path) in given:
                summary.unchanged -= 1
            _sync_file(writer, root, file, False, summary)


def _sync_file(writer: Writer, root: Root, file: FoundFile, force: bool, summary: Summary) -> None:
    place = root.name, file.source
    known = writer.files.find(*place)
    before = known or writer.files.left_over(*place)
    kept = before.document if before else ""
    digest = ""
    try:
        data = file.load()
        digest = xxh3_128_hexdigest(data)
        if before and not force and before.digest == digest:
            summary.unchanged += 1
            return
        if before and not force and before.digest == digest_of_failed(digest):
            raise DocumentError(before.reason)  # it is as it was
        name = writer.files.name_for(*place)
        document = read_as(data, name, name)
    except DocumentError as error:
        reason = summary.fail(root, file, error)
        twin = before.twin if before else ""
        failed = digest_of_failed(digest)
        writer.files.put(KnownFile(*place, failed, kept, reason, twin))
        return
    found = None if writer.holds(document.id) else writer.twins.find(document, kept)
    if found:
        summary.duplicates[root.told(file.source)] = found[1]
        after = KnownFile(*place, digest, "", "", found[0])
    else:
        after = KnownFile(*place, digest, document.id)
        if not writer.holds(document.id):
            writer.add(document)
        handed = known and not (known.digest or known.reason)  # no text that was read of it
        (summary.changed if kept and not handed else summary.added).append(file.source)
    writer.files.put(after)
    if kept not in ("", after.document):
        _drop_document(writer, kept)


def _move(writer: Writer, file: KnownFile, after: KnownFile) -> None:
    """Have a file stand in another root, where it may stand already with a document of its own."""
    there = writer.files.find(after.root, after.path)
    if there and there.document:
        _drop(writer, file)
    elif writer.files.find(file.root, file.path):  # else done before a build was cut short
        writer.files.forget(file)
        writer.files.put(after)


def _rename(
    writer: Writer, root: Root, there: Mapping[str, FoundFile], gone: KnownFile, summary: Summary
) -> bool:
    """Hand the document of a file that is gone to one of the same content, where one is there."""
    heir = writer.files.renamed(gone, there)
    if heir is None:
        return False
    writer.files.forget(gone)
    writer.files.put(heir._replace(digest=RENAMED, document=gone.document, twin=""))
    if not summary.duplicates.pop(root.told(heir.path), None):
        summary.unchanged -= 1
    _sync_file(writer, root, there[heir.path], False, summary)
    return True


def _drop(writer: Writer, file: KnownFile) -> None:
    file = writer.files.find(file.root, file.path) or file  # a text may be its own since
    writer.files.forget(file)
    if file.document:
        _drop_document(writer, file.document)


def _drop_document(writer: Writer, document_id: str) -> None:
    """Remove a document that no file holds any more; where others were passed over as copies of
    it, what it says stays, as that of the first of them, until that one is read.
    """
    if any(writer.files.of_document(document_id)):
        return
    twins = [*writer.files.twins_of(document_id)]
    text = writer.catalogue.document(document_id) if twins else None
    writer.remove(document_id)
    if text is None:
        return
    if found := writer.twins.find(text):
        heir = found[0]
    else:
        first = twins.pop(0)
        document = make_document(text.raw, writer.files.name_for(first.root, first.path))
        heir = document.id
        if not writer.holds(heir):
            writer.add(document)
        writer.files.put(first._replace(digest="", document=heir, twin=""))
    for twin in twins:
        writer.files.put(twin._replace(digest="", twin=heir))


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
