"""Build, open and swap the index: one folder a generation, and a pointer to the one in use.

    home/current                  the name of the generation in use
    home/generations/NAME/        manifest.json, catalogue.sqlite, chroma/

A generation is written under a new name and the pointer is moved last, in one step, so a
build killed at any moment leaves the index before it working.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock
from langchain_core.embeddings import Embeddings
from tqdm import tqdm

from corpus import DEFAULT_CORPUS, SPLITTER, Document, document_paths, make_document, read, split
from index.catalogue import Catalogue
from index.embedding import BUNDLED, load_embeddings
from index.errors import StaleIndexError
from index.retriever import HybridRetriever, ScoredPassage
from index.vectors import ChromaVectors, MemoryVectors, Vectors

__all__ = [
    "Index",
    "Manifest",
    "build_index",
    "current_generation",
    "current_sources",
    "default_home",
    "empty_index",
    "index_texts",
    "open_index",
]

EMBEDDING_BATCH = 64  # passages between two steps of the progress bar
PROGRESS_DELAY = 0.5  # seconds; a shorter build needs no bar

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an index: it is rebuilt when any of this differs."""

    encoder: str
    splitter: str
    corpus: str
    sources: tuple[str, ...]


class Index:
    """An open index: documents by id, and hybrid search over their passages."""

    def __init__(self, catalogue: Catalogue, vectors: Vectors, generation: str = "") -> None:
        self.catalogue = catalogue
        self.generation = generation
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


def current_generation(home: Path) -> str:
    """The name the pointer holds, or "" where nothing has been built."""
    try:
        return (home / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def current_sources(home: Path) -> tuple[Path, ...]:
    """The files and folders the index in use was built of; at first the default article."""
    found = _read_manifest(home)
    return tuple(Path(s) for s in found.sources) if found else (DEFAULT_CORPUS,)


def open_index(home: Path | None = None, encoder: str | None = None) -> Index:
    """The index in use, built on first use and rebuilt when encoder, splitter or corpus differ.

    The corpus is the one last built with `build_index`, at first the default article;
    `encoder` defaults to $DONGXIHU_ENCODER, else the bundled model. Raises IndexingError
    and DocumentError.
    """
    home = home or default_home()
    embeddings = load_embeddings(encoder or os.environ.get("DONGXIHU_ENCODER", BUNDLED))
    found = _read_manifest(home)
    sources = current_sources(home)
    if found is None or found != _manifest(sources, embeddings.name):
        return build_index(sources, home, embeddings)
    return _open_generation(home, embeddings)


def build_index(
    sources: Sequence[Path] = (DEFAULT_CORPUS,),
    home: Path | None = None,
    embeddings: Embeddings | None = None,
    progress: Progress | None = None,
) -> Index:
    """Index files and folders and put the result into use.

    Another process that builds the same at the same time is waited for, and its result
    taken. `progress(done, total)` is told the number of passages after each step. Raises
    IndexingError and DocumentError; the index before stays in use then.
    """
    home = home or default_home()
    embeddings = embeddings or load_embeddings(os.environ.get("DONGXIHU_ENCODER", BUNDLED))
    resolved = tuple(path.resolve() for path in sources)
    generations = home / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "lock"):
        manifest = _manifest(resolved, getattr(embeddings, "name", ""))
        if _read_manifest(home) == manifest:
            return _open_generation(home, embeddings)
        before = current_generation(home)
        folder = generations / uuid.uuid4().hex[:12]
        folder.mkdir()
        try:
            documents = [read(path) for path in document_paths(resolved)]
            index = _index_at(folder, embeddings)
            index.add({document.id: document for document in documents}.values(), progress)
            (folder / "manifest.json").write_text(
                json.dumps(asdict(manifest), ensure_ascii=False), "utf-8"
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        pointer = home / "current.new"
        pointer.write_text(folder.name, "utf-8")
        pointer.replace(home / "current")
        for old in generations.iterdir():
            if old.name not in (before, folder.name):  # other processes may still read `before`
                shutil.rmtree(old, ignore_errors=True)
    return index


def empty_index(embeddings: Embeddings) -> Index:
    """An index in memory that nothing has been added to."""
    return Index(Catalogue(), MemoryVectors(embeddings))


def index_texts(texts: Sequence[str], embeddings: Embeddings) -> Index:
    """An index in memory over texts; nothing is stored."""
    index = empty_index(embeddings)
    documents = [make_document(text, f"文档{number}") for number, text in enumerate(texts, 1)]
    index.add(document for document in documents if document.text)
    return index


def _open_generation(home: Path, embeddings: Embeddings) -> Index:
    return _index_at(home / "generations" / current_generation(home), embeddings)


def _index_at(folder: Path, embeddings: Embeddings) -> Index:
    catalogue = Catalogue(folder / "catalogue.sqlite")
    return Index(catalogue, ChromaVectors(folder / "chroma", embeddings), folder.name)


def _read_manifest(home: Path) -> Manifest | None:
    """The manifest of the generation in use, or None where it cannot be used as it is."""
    generation = current_generation(home)
    try:
        stored = json.loads(
            (home / "generations" / generation / "manifest.json").read_text("utf-8")
        )
        return Manifest(**{**stored, "sources": tuple(stored["sources"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _manifest(sources: Sequence[Path], encoder: str) -> Manifest:
    digest = hashlib.sha256()
    for path in document_paths(sources):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StaleIndexError(
                f"{path} 已收录，但现在读不了（{error.strerror}），请放回原处，"
                "或用 dongxihu index 重新收录"
            ) from error
        digest.update(f"{path.name}\0{len(data)}\0".encode())
        digest.update(data)
    return Manifest(encoder, SPLITTER, digest.hexdigest(), tuple(str(path) for path in sources))
