"""What a sync has to do, and what it or a removal did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xxhash import xxh3_128_hexdigest

from corpus import DocumentError, SourceFile, read_as
from index.base import Base
from index.files import KnownFile, bare_reason, digest_of_failed
from index.roots import FoundFile, Root

__all__ = ["Summary", "plan"]


@dataclass(slots=True)
class Summary:
    """What a sync did, by the names of the files: `failed` and `duplicates` say why or of what,
    with the root where another one has a file of that name, and `barren` are the roots of which
    no file could be read.

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

    def fail(self, root: Root, file: FoundFile, error: DocumentError) -> str:
        """Tell why a file cannot be read, under the name that it has in all that is told; the
        reason alone.
        """
        on_disk = (file.path.name,) if isinstance(file, SourceFile) else ()
        reason = bare_reason(str(error), file.source, *on_disk)
        told = root.told(file.source)
        self.failed[told] = f"{told}: {reason}"
        return reason

    def conclude(self, roots: Sequence[Root], missing: Mapping[str, str]) -> None:
        """Add what is told when all files were looked at: why roots are `missing`, which are
        barren.
        """
        self.failed |= missing
        self.barren = [root.given for root in roots if root.is_barren(self.failed)]

    def as_before(self, base: Base) -> Summary:
        """The summary of what left an index as it was."""
        self.documents, self.passages = base.documents, base.passages
        self.generation = base.name
        return self


def plan(
    roots: Sequence[Root],
    known: Sequence[KnownFile],
    moves: Sequence[tuple[KnownFile, KnownFile]],
    prune: bool,
    force: bool,
) -> Summary:
    """What there is to do, by the content of the files, some of which move to another root.

    None is read: whether a new one can be, and is no copy, is told when it is done.
    """
    summary = Summary()
    by_place = _placed(known, moves)
    copies: set[tuple[str, str, str]] = set()  # that are there as they were
    for root in roots:
        for found in root.files:
            before = by_place.pop((root.name, found.source), None)
            try:
                data = found.load()
                digest = xxh3_128_hexdigest(data)
                if before and not force and before.digest == digest_of_failed(digest):
                    raise DocumentError(before.reason)  # it is as it was
                    read_as(data, found.source, found.source)
            except DocumentError as error:
                summary.fail(root, found, error)
                continue
            if before is None:
                summary.added.append(found.source)
            elif force or before.digest != digest:
                summary.changed.append(found.source)
            else:
                summary.unchanged += 1
                copies.add((root.name, before.twin, digest))
    for root in roots:
        left = [file for (name, _), file in by_place.items() if name == root.name]
        for one in root.gone(left, summary.failed):
            renamed = one.document and (root.name, one.document, one.digest) in copies
            lost = summary.removed if prune else summary.gone
            (summary.changed if renamed else lost).append(one.path)
    return summary


def _placed(
    known: Sequence[KnownFile], moves: Sequence[tuple[KnownFile, KnownFile]]
) -> dict[tuple[str, str], KnownFile]:
    """Files by their place when they have moved; one that has a document there already stays."""
    by_place = {(file.root, file.path): file for file in known}
    for file, after in moves:
        by_place.pop((file.root, file.path), None)
        if not (there := by_place.get((after.root, after.path))) or not there.document:
            by_place[after.root, after.path] = after
    return by_place
