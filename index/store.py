"""Build, open and swap the index, and keep it where the files it was made of have gone."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import platformdirs
from filelock import FileLock
from langchain_core.embeddings import Embeddings
from tqdm import tqdm

from corpus import DEFAULT_CORPUS, SPLITTER, Document, DocumentError, make_document, split
from index.catalogue import Catalogue
from index.embedding import BUNDLED, load_embeddings
from index.errors import StaleIndexError
from index.framed import FRAMED
from index.generations import Manifest, current_folder, new_generation, read_manifest
from index.retriever import HybridRetriever, ScoredPassage
from index.sources import digest_of, read_sources
from index.vectors import ChromaVectors, MemoryVectors, Vectors

__all__ = [
    "Index",
    "build_index",
    "current_sources",
    "default_home",
    "empty_index",
    "index_texts",
    "open_index",
]

EMBEDDING_BATCH = 64  # passages between two steps of the progress bar
PROGRESS_DELAY = 0.5  # seconds; a shorter build needs no bar
CUT = f"{SPLITTER} {FRAMED}"
NAMED = 3  # files that an error names

_MEND = "请放回原处，或用 dongxihu index 重新收录"

Progress = Callable[[int, int], None]

_log = logging.getLogger(__name__)


class Index:
    """An open index: documents by id, and hybrid search over their passages.

    `skipped` says by file why it was passed over when the index was built.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        vectors: Vectors,
        generation: str = "",
        skipped: Mapping[str, str] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.generation = generation
        self.skipped = {Path(path): why for path, why in (skipped or {}).items()}
        self.retriever = HybridRetriever(catalogue=catalogue, vectors=vectors)
        self._vectors = vectors

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question, best first."""
        return self.retriever.search(question, limit)

    def document(self, document_id: str) -> Document:
        """A document by id; raises KeyError."""
        return self.catalogue.document(document_id)

    def documents(self) -> list[Document]:
        """All documents, in the order they were added."""
        return [self.document(one) for one in self.catalogue.document_ids()]

    def add(self, documents: Iterable[Document], progress: Progress | None = None) -> None:
        """Split, embed and store documents, with a progress bar if it takes a while.

        `progress(done, total)` is told the number of passages after each step.
        """
        cut = [(document, split(document)) for document in documents]
        total = sum(len(passages) for _, passages in cut)
        done = 0
        with tqdm(
            total=total, desc="建立索引", unit="段", delay=PROGRESS_DELAY, disable=None
        ) as bar:
            for document, passages in cut:
                self.catalogue.add(document, passages)
                for start in range(0, len(passages), EMBEDDING_BATCH):
                    part = passages[start : start + EMBEDDING_BATCH]
                    self._vectors.add(part)
                    bar.update(len(part))
                    done += len(part)
                    if progress:
                        progress(done, total)


def default_home() -> Path:
    """Where the index lives: $DONGXIHU_HOME, else the user's data folder."""
    named = os.environ.get("DONGXIHU_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("dongxihu-qa"))


def current_sources(home: Path) -> tuple[Path, ...]:
    """The files and folders the index in use was built of; at first the default article."""
    found = read_manifest(home)
    return tuple(Path(s) for s in found.sources) if found else (DEFAULT_CORPUS,)


def open_index(home: Path | None = None, encoder: str | None = None) -> Index:
    """The index in use, built on first use and rebuilt when encoder, splitter or corpus differ.

    The corpus is the one last built with `build_index`, at first the default article;
    `encoder` defaults to $DONGXIHU_ENCODER, else the bundled model. Where what was indexed
    cannot be read any more, the index is used on, since it holds the text. Raises
    IndexingError and DocumentError.
    """
    home = home or default_home()
    embeddings = load_embeddings(encoder or os.environ.get("DONGXIHU_ENCODER", BUNDLED))
    sources = current_sources(home)
    found = read_manifest(home)
    if found and found == _manifest(sources, embeddings):
        return _index_at(current_folder(home), embeddings, found)
    try:
        return build_index(sources, home, embeddings)
    except (DocumentError, StaleIndexError, OSError) as error:
        if found is None:
            raise
        _log.warning("%s；先用原来的索引", error)
    return _use_on(home, found, embeddings)


def build_index(
    sources: Sequence[Path] = (DEFAULT_CORPUS,),
    home: Path | None = None,
    embeddings: Embeddings | None = None,
    progress: Progress | None = None,
    forget: bool = False,
) -> Index:
    """Index files and folders and put the result into use.

    A file that cannot be read is passed over and named in the index's `skipped`; with
    `forget`, also one that was indexed before. Another process that builds the same at the
    same time is waited for, and its result taken. `progress(done, total)` is told the number
    of passages after each step. Raises IndexingError and DocumentError, the latter also where
    a source is missing or holds nothing to read; the index before stays in use then.
    """
    home = home or default_home()
    embeddings = embeddings or load_embeddings(os.environ.get("DONGXIHU_ENCODER", BUNDLED))
    with _locked(home):
        found = read_manifest(home)
        resolved = [_resolve(path, found) for path in sources]
        manifest = _manifest(resolved, embeddings)
        if found and found == manifest:
            return _index_at(current_folder(home), embeddings, found)
        documents, skipped = read_sources(resolved)
        made = replace(
            manifest,
            files=tuple(str(path) for path in documents),
            skipped={str(path): why for path, why in skipped.items()},
        )
        if found and not forget:
            _check_nothing_is_lost(found, made)
        return _write(home, made, documents.values(), embeddings, progress)


def _resolve(path: Path, found: Manifest | None) -> Path:
    # A source that became a link since must still be known for what it was.
    known = found is not None and str(path) in found.sources
    return path if known else Path(os.path.realpath(path))  # Path.resolve fails on circles


def _check_nothing_is_lost(found: Manifest, made: Manifest) -> None:
    # An older version's manifest tells no files: it took all or none.
    files = found.files or tuple(made.skipped)
    lost = [
        why
        for path, why in made.skipped.items()
        if any(file == path or file.startswith(f"{path}{os.sep}") for file in files)
    ]
    if lost:
        raise StaleIndexError(f"已收录的文件现在读不了（{'；'.join(lost[:NAMED])}），{_MEND}")


def _write(
    home: Path,
    manifest: Manifest,
    documents: Iterable[Document],
    embeddings: Embeddings,
    progress: Progress | None = None,
) -> Index:
    with new_generation(home, manifest) as folder:
        index = _index_at(folder, embeddings, manifest)
        index.add({document.id: document for document in documents}.values(), progress)
    return index


def _use_on(home: Path, found: Manifest, embeddings: Embeddings) -> Index:
    """The index in use without its files: as it is, or its texts for another encoder or cut."""
    made = replace(found, encoder=_name_of(embeddings), splitter=CUT)
    if found == made:
        return _index_at(current_folder(home), embeddings, found)
    with _locked(home):
        if read_manifest(home) == made:  # another process was sooner
            return _index_at(current_folder(home), embeddings, made)
        documents = _stored_documents(current_folder(home))
        if not documents:
            gone = "、".join(found.sources[:NAMED])
            raise StaleIndexError(f"索引是旧版本的，原文又读不了（{gone}），{_MEND}")
        return _write(home, made, documents, embeddings)


def _stored_documents(folder: Path) -> list[Document]:
    """The documents of a generation that any version wrote, read anew from their texts."""
    place = f"{(folder / 'catalogue.sqlite').absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            stored = connection.execute("SELECT raw, source FROM documents ORDER BY rowid")
            return [
                make_document(raw.decode("utf-8", "surrogatepass"), source)
                for raw, source in stored
            ]
    except sqlite3.Error:
        return []


def _locked(home: Path) -> FileLock:
    home.mkdir(parents=True, exist_ok=True)
    return FileLock(home / "lock")


def empty_index(embeddings: Embeddings) -> Index:
    """An index in memory that nothing has been added to."""
    return Index(Catalogue(), MemoryVectors(embeddings))


def index_texts(texts: Sequence[str], embeddings: Embeddings) -> Index:
    """An index in memory over texts; nothing is stored."""
    index = empty_index(embeddings)
    documents = [make_document(text, f"文档{number}") for number, text in enumerate(texts, 1)]
    index.add(document for document in documents if document.text)
    return index


def _index_at(folder: Path, embeddings: Embeddings, manifest: Manifest) -> Index:
    catalogue = Catalogue(folder / "catalogue.sqlite")
    vectors = ChromaVectors(folder / "chroma", embeddings)
    return Index(catalogue, vectors, folder.name, manifest.skipped)


def _manifest(sources: Sequence[Path], embeddings: Embeddings) -> Manifest:
    paths = tuple(str(path) for path in sources)
    return Manifest(_name_of(embeddings), CUT, digest_of(sources), paths)


def _name_of(embeddings: Embeddings) -> str:
    return getattr(embeddings, "name", "")
