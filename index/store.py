"""Open the index in use, and indexes in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import platformdirs
from langchain_core.embeddings import Embeddings

from corpus import Document, make_document, read_given, split
from index.base import find_base, settled
from index.catalogue import Catalogue
from index.embedding import BUNDLED, load_embeddings
from index.errors import DamagedIndexError, LockedIndexError, StaleIndexError, StoreError
from index.framed import embed_framed, framed_text
from index.generations import (
    CATALOGUE,
    VECTORS,
    Manifest,
    check_generation,
    generation_folder,
    in_use,
    read_manifest,
)
from index.remote.chroma import ChromaStore, chosen_store
from index.remote.collection import ChromaCollection
from index.remote.replica import renew_replica
from index.remote.vectors import ChromaVectors
from index.remote.versions import vectors_kind
from index.retriever import HybridSearch, ScoredPassage
from index.selection import Selection
from index.sync import sync_index
from index.vectors import MatrixVectors, Vectors, read_matrix
from index.version import is_current

__all__ = [
    "Index",
    "MemoryIndex",
    "build_index",
    "default_home",
    "index_texts",
    "load_chosen_embeddings",
    "open_index",
    "renew_index",
]

WAIT = 600  # seconds for another process that makes the first index


class Index:
    """An open index: documents by id, and hybrid search over their passages.

    Its files are let go of with the last reference to it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        vectors: Vectors,
        embeddings: Embeddings,
        generation: str = "",
        selection: Selection | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.generation = generation
        self._vectors = vectors
        self._embeddings = embeddings
        self._selection = selection
        self._search = HybridSearch(catalogue, vectors, embeddings)

    def within(self, selection: Selection) -> Index:
        """The same index, of which only what is selected is searched."""
        return Index(self.catalogue, self._vectors, self._embeddings, self.generation, selection)

    @property
    def section(self) -> str:
        """What the headings say whose sections alone are searched, "" for all."""
        return self._selection.section if self._selection else ""

    @property
    def selected_nothing(self) -> Selection | None:
        """The selection that no passage is of, None where some are or all are searched."""
        return None if self.document_ids(limit=1) else self._selection

    def search(self, question: str, limit: int, years: Sequence[int] = ()) -> list[ScoredPassage]:
        """The best passages for a question, best first; those of `years` before their likes."""
        return self._search.search(question, limit, self._selection, years)

    def document_ids(self, limit: int = -1) -> list[str]:
        """The ids of the documents that are searched, in the order they were added."""
        return self.catalogue.document_ids(limit, selection=self._selection)

    def newest(self, limit: int) -> list[str]:
        """The ids of the documents released last, then of those of which nothing tells when."""
        with self.catalogue.lock:
            found = self.catalogue.connection.execute(
                "SELECT id FROM documents ORDER BY date DESC, number LIMIT ?", (limit,)
            ).fetchall()
        return [document_id for (document_id,) in found]

    def document(self, document_id: str) -> Document:
        """A document by id; raises KeyError."""
        return self.catalogue.document(document_id)

    def documents(self) -> list[Document]:
        """All documents, in the order they were added."""
        return [self.document(one) for one in self.catalogue.document_ids()]


class MemoryIndex(Index):
    """An index that is kept as long as the object lives, and grows."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._matrix = MatrixVectors()
        super().__init__(Catalogue(), self._matrix, embeddings)

    def add(self, documents: Iterable[Document]) -> None:
        """Add documents."""
        for document in documents:
            passages = split(document)
            texts = [framed_text(passage) for passage in passages]
            matrix = embed_framed(self._embeddings, texts)
            self._matrix.add(self.catalogue.add(document, passages), matrix)


def default_home() -> Path:
    """Where the index lives: $DONGXIHU_HOME, else the user's data folder."""
    named = os.environ.get("DONGXIHU_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("dongxihu-qa"))


def build_index(
    paths: Sequence[Path | str] = (), home: Path | None = None, embeddings: Embeddings | None = None
) -> Index:
    """Make the index hold files and folders, as `sync_index` does, and open it."""
    home = home or default_home()
    embeddings = embeddings or load_chosen_embeddings()
    sync_index(paths, home, embeddings)
    return open_index(home, embeddings)


def open_index(home: Path | None = None, embeddings: Embeddings | None = None) -> Index:
    """The index in use; where nothing has been indexed, the default article is.

    Nothing is read but the index's own folder, nothing is written there, unless a store is
    chosen, of which the folder holds a copy. Raises StaleIndexError where another version or
    encoder made it, DamagedIndexError where a file of it is not as it was written, StoreError,
    and IndexingError.
    """
    home = home or default_home()
    embeddings = embeddings or load_chosen_embeddings()
    store = chosen_store()
    if store and not renew_index(home, embeddings):
        _publish_first(home, embeddings)
    elif not store and _is_unmade(home, embeddings):
        sync_index((), home, embeddings, automatic=True, wait=WAIT)
    return settled(home, lambda: _open_in_use(home, embeddings, store))


def _open_in_use(home: Path, embeddings: Embeddings, store: ChromaStore | None) -> Index:
    found = in_use(home)
    if found is None:
        raise DamagedIndexError(f"{home} 里没有索引")
    name, manifest = found
    if not is_current(manifest, embeddings):
        raise StaleIndexError(
            f"索引是用 {manifest.encoder} 和 {manifest.splitter} 做的，与现在的版本或模型不同，"
            "请运行 dongxihu index 更新"
        )
    if manifest.version and store is None:
        raise StaleIndexError(
            "这个索引的向量在向量服务里，请设 DONGXIHU_CHROMA_URL，或运行 dongxihu index 改放在本机"
        )
    return _index_at(home, name, manifest, embeddings, store)


def renew_index(home: Path, embeddings: Embeddings | None = None) -> bool:
    """Bring the copy of what a chosen store holds to its version in use; whether it has one.

    Raises IndexingError.
    """
    return renew_replica(home, lambda: embeddings or load_chosen_embeddings(), WAIT)


def _publish_first(home: Path, embeddings: Embeddings) -> None:
    """Publish the default article on a store that holds nothing; another machine may be first."""
    manifest = read_manifest(home)
    if manifest and not manifest.automatic:
        raise StoreError("向量服务里还没有索引，请运行 dongxihu index 把这台机器的索引发布上去")
    try:
        sync_index((), home, embeddings, automatic=True, wait=WAIT)
    except LockedIndexError:
        if not renew_index(home, embeddings):
            raise


def _is_unmade(home: Path, embeddings: Embeddings) -> bool:
    """Whether there is no index, or only one of the default article by another version."""
    try:
        manifest = read_manifest(home)
    except StaleIndexError:
        return find_base(home, embeddings, False).automatic
    current = manifest and not manifest.version and is_current(manifest, embeddings)
    return manifest is None or (manifest.automatic and not current)


def _index_at(
    home: Path,
    name: str,
    manifest: Manifest,
    embeddings: Embeddings,
    store: ChromaStore | None,
) -> Index:
    folder = generation_folder(home, name)
    if store:
        check_generation(folder, manifest)
        catalogue = Catalogue(folder / CATALOGUE)
        collection = ChromaCollection(store, vectors_kind(manifest.dimension))
        return Index(catalogue, ChromaVectors(catalogue, collection), embeddings, name)
    check_generation(folder, manifest, checked=(VECTORS,))
    size, digest = next(((s, d) for n, s, d in manifest.files if n == VECTORS), (0, ""))
    vectors = read_matrix(folder / VECTORS, manifest.dimension, size, digest)
    return Index(Catalogue(folder / CATALOGUE), vectors, embeddings, name)


def load_chosen_embeddings() -> Embeddings:
    """The encoder that $DONGXIHU_ENCODER names, else the bundled one; raises EncoderError."""
    return load_embeddings(os.environ.get("DONGXIHU_ENCODER", BUNDLED))


def index_texts(texts: Sequence[str], embeddings: Embeddings) -> MemoryIndex:
    """An index in memory over texts, also such as are tables of CSV; nothing is stored."""
    index = MemoryIndex(embeddings)
    documents = [_document(text, f"文档{number}") for number, text in enumerate(texts, 1)]
    index.add(document for document in documents if document.text)
    return index


def _document(text: str, name: str) -> Document:
    plain = text.replace("\f", "\n")  # it would begin a page
    return make_document(read_given(plain, name) or plain, name)
