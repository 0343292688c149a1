"""Find what a Chroma server has lost of the index, and put it there again from this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from langchain_core.embeddings import Embeddings

from index.catalogue import Catalogue
from index.errors import IndexingError, StaleIndexError, StoreError
from index.generations import (
    CATALOGUE,
    Manifest,
    built_generations,
    current_generation,
    generation_folder,
    manifest_of,
    only_writer,
    read_manifest,
)
from index.remote.chroma import ChromaStore, chosen_store
from index.remote.collection import ChromaCollection
from index.remote.publication import Publication
from index.remote.replica import base_and_target
from index.remote.versions import TEXTS, pointer_of, vectors_kind
from index.writing import Progress, new_generation

__all__ = ["lost_on_store", "publish_again"]


def lost_on_store(home: Path) -> list[str]:
    """What the chosen store lacks of what this machine has a copy of, in words for people."""
    store, manifest = chosen_store(), read_manifest(home)
    if store is None or manifest is None or not manifest.version:
        return []
    problems: list[str] = []
    if not pointer_of(store).current:
        problems.append(f"向量服务 {store.url} 里没有索引")
    vectors, texts = _lost(store, home, manifest)
    if vectors or texts:
        problems.append(f"向量服务 {store.url} 里缺 {vectors} 段的向量、{texts} 篇的文字")
    return [f"{problem}，请运行 dongxihu index --repair 修复" for problem in problems]


def _lost(store: ChromaStore, home: Path, manifest: Manifest) -> tuple[int, int]:
    folder = generation_folder(home, current_generation(home))
    catalogue = Catalogue(folder / CATALOGUE)
    kind = vectors_kind(manifest.dimension)
    keys = catalogue.connection.execute("SELECT DISTINCT lower(hex(key)) FROM passages")
    ids = catalogue.connection.execute("SELECT id FROM documents")
    return _count_lost(ChromaCollection(store, kind), keys), _count_lost(
        ChromaCollection(store, TEXTS), ids
    )


def _count_lost(collection: ChromaCollection, found: Iterator[tuple[str]]) -> int:
    ids = [id_ for (id_,) in found]
    return len(ids) - len(collection.held(ids))


def publish_again(
    home: Path, embeddings: Embeddings, damaged: bool, progress: Progress
) -> tuple[str, bool, int]:
    """Make this machine's copy and the store whole: the generation in use, whether anything was
    made anew, and how many documents it holds.

    A copy that is `damaged` is fetched again. Raises StaleIndexError where another version or
    encoder made it, and IndexingError.
    """
    with only_writer(home):
        if damaged:
            _discard(home)
        base, target = base_and_target(home, embeddings)
        manifest, store = read_manifest(home), chosen_store()
        if not base.usable or manifest is None or target is None or store is None:
            raise StaleIndexError("没有能修复的索引，请运行 dongxihu index 重新发布")
        if base.version == target.expected and not any(_lost(store, home, manifest)):
            return base.name, damaged, base.documents
        target = Publication(store, embeddings, base, target.expected, anew=True)
        with new_generation(home, embeddings, base, {"repair": base.version}, target) as writer:
            name, _ = writer.finish(progress, base.automatic)
        return name, True, writer.documents


def _discard(home: Path) -> None:
    """Remove a damaged copy; raises StoreError where it may be no copy."""
    if not any(_is_copy(home, name) for name in built_generations(home)):
        raise StoreError(f"{home} 里不是向量服务的副本，请先去掉 DONGXIHU_CHROMA_URL 再修复")
    shutil.rmtree(home / "generations")
    (home / "current").unlink(missing_ok=True)


def _is_copy(home: Path, name: str) -> bool:
    try:
        return bool(manifest_of(home, name).version)
    except IndexingError:
        return False
