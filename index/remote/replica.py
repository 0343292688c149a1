"""A machine's copy of the index that a Chroma server keeps: all of it but the vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from corpus import make_document
from index.base import Base, find_base
from index.catalogue import Catalogue
from index.errors import DamagedIndexError, IndexingError, StaleIndexError, StoreError
from index.files import KnownFile
from index.generations import (
    CATALOGUE,
    Manifest,
    built_generations,
    check_generation,
    generation_folder,
    manifest_of,
    only_writer,
    read_manifest,
    use_generation,
)
from index.generations import roll_back as roll_back_here
from index.remote.chroma import ChromaStore, chosen_store
from index.remote.publication import Publication
from index.remote.versions import (
    Pointer,
    Version,
    move_pointer,
    pointer_of,
    read_texts,
    read_version,
)
from index.version import CUT, is_current, name_of
from index.writing import new_generation

__all__ = ["base_and_target", "renew_replica", "roll_back"]


@dataclass(frozen=True, slots=True)
class _StoredBase(Base):
    """A version that another encoder or another version of this program made, on a store."""

    store: ChromaStore | None = None
    stored: Version | None = None

    def files(self) -> list[KnownFile]:
        """The files it was made of."""
        return [*self.stored.files] if self.stored else []

    def roots(self) -> list[Path | str]:
        """The files, folders and addresses it was made of."""
        return [*dict.fromkeys(file.root for file in self.files())]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Source and raw text of its documents."""
        if self.store and self.stored:
            ids = [id_ for id_, _ in self.stored.documents]
            for _, source, raw in read_texts(self.store, ids):
                yield source, raw


def base_and_target(
    home: Path, embeddings: Embeddings, replaces: bool = False
) -> tuple[Base, Publication | None]:
    """What a build begins with, and where it is to be published if a store is chosen.

    To be called with the lock held. Raises IndexingError.
    """
    store = chosen_store()
    if store is None:
        return find_base(home, embeddings, replaces), None
    current = pointer_of(store).current
    base = _published(home, embeddings, replaces, store, current)
    return base, Publication(store, embeddings, base, current)


def _published(
    home: Path, embeddings: Embeddings, replaces: bool, store: ChromaStore, current: str
) -> Base:
    if current and _replicated(home) != current:
        version = read_version(store, current)
        if not _is_ours(version, embeddings):
            if version.automatic and replaces:
                return Base()
            return _StoredBase(
                automatic=version.automatic,
                documents=len(version.documents),
                version=current,
                store=store,
                stored=version,
            )
        _renew(home, embeddings, store, current)
    return find_base(home, embeddings, replaces, stored=True)


def renew_replica(home: Path, embeddings: Callable[[], Embeddings], wait: float) -> bool:
    """Bring this machine's copy to the version in use; whether there is one on a chosen store.

    The encoder is only asked for where there is something to do. Raises StaleIndexError where
    another encoder made it, StoreError, and IndexingError.
    """
    store = chosen_store()
    if store is None:
        return True
    current = pointer_of(store).current
    if current and _replicated(home) != current:
        with only_writer(home, wait):
            if _replicated(home) != current:  # else another process has brought it meanwhile
                _renew(home, embeddings(), store, current)
    return bool(current)


def roll_back(home: Path) -> str:
    """Put the version before the one in use back into use, and its name.

    Raises IndexingError where there is none.
    """
    store = chosen_store()
    if store is None:
        return roll_back_here(home)
    with only_writer(home):
        pointer = pointer_of(store)
        if not pointer.before:
            raise IndexingError("没有更早的索引可以恢复，请用 dongxihu index 重新收录")
        read_version(store, pointer.before)
        move_pointer(store, pointer.current, Pointer(pointer.before))
        return pointer.before


def _replicated(home: Path) -> str:
    """The version that this machine has, "" where it has none."""
    manifest = _manifest(home)
    return manifest.version if manifest else ""


def _manifest(home: Path) -> Manifest | None:
    try:
        return read_manifest(home)
    except IndexingError:
        return None


def _is_ours(version: Version, embeddings: Embeddings) -> bool:
    return (version.encoder, version.cut) == (name_of(embeddings), CUT)


def _renew(home: Path, embeddings: Embeddings, store: ChromaStore, name: str) -> None:
    """Build the generation of a version, or go back to the one there is; the lock is held."""
    own = read_manifest(home)
    if own and not (own.version or own.automatic):
        raise StoreError(
            f"{home} 里是本机的索引，不会用向量服务里的替换它，请用 DONGXIHU_HOME 另指一个空文件夹"
        )
    kept = dict(_copies(home, embeddings))
    for one, manifest in kept.items():
        if manifest.version == name:
            use_generation(home, one)
            return
    version = read_version(store, name)
    if not _is_ours(version, embeddings):
        raise StaleIndexError(
            f"向量服务里的索引是用 {version.encoder} 和 {version.cut} 做的，与这台机器的版本或模型"
            "不同，请把各台机器换成同一版本，再运行 dongxihu index 更新"
        )
    wanted = [id_ for id_, _ in version.documents]
    base = _nearest(home, kept, wanted)
    with new_generation(home, embeddings, base, {"version": name}) as writer:
        catalogue = writer.catalogue
        for id_ in {*catalogue.document_ids()} - {*wanted}:
            writer.remove(id_)
        held = {*catalogue.document_ids()}
        for id_, source, raw in read_texts(store, [one for one in wanted if one not in held]):
            document = make_document(raw, source)
            if document.id == id_:
                writer.add(document)
                writer.save()
        catalogue.connection.execute("DELETE FROM files")
        for file in version.files:
            writer.files.put(file)
        writer.finish(lambda *_: None, version.automatic, version=name)


def _copies(home: Path, embeddings: Embeddings) -> Iterator[tuple[str, Manifest]]:
    """The whole generations of this encoder and this version of the program."""
    for name in built_generations(home):
        with suppress(DamagedIndexError):
            manifest = manifest_of(home, name)
            check_generation(generation_folder(home, name), manifest)
            if is_current(manifest, embeddings):
                yield name, manifest


def _nearest(home: Path, kept: dict[str, Manifest], wanted: list[str]) -> Base:
    """The generation that keeps most of the documents, which stand in it in the same order."""
    best = Base()
    for name in kept:
        folder = generation_folder(home, name)
        held = {*wanted} & {*(ids := Catalogue(folder / CATALOGUE).document_ids())}
        common = [one for one in ids if one in held]
        if len(common) > best.documents and common == wanted[: len(common)]:
            best = Base(
                folder,
                name,
                usable=True,
                reusable=False,
                documents=len(common),
                passages=kept[name].passages,
            )
    return best
