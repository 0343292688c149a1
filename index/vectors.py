"""Passage vectors behind langchain's VectorStore: Chroma on disk, or in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.documents import Document as LangchainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from corpus import Passage
from index.framed import FramedEmbeddings, framed_text

__all__ = ["ChromaVectors", "MemoryVectors", "Vectors"]

COLLECTION = "passages"  # Chroma takes no Chinese in a collection's name


class Vectors(Protocol):
    """What the retriever asks of a vector store."""

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""

    def search(self, question: str, limit: int, also: Sequence[str] = ()) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first, then of those of ids in `also`."""


class MemoryVectors:
    """Vectors kept for as long as the object lives."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = FramedEmbeddings(embeddings)
        self._store = InMemoryVectorStore(self._embeddings)

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""
        _add(self._store, passages)

    def search(self, question: str, limit: int, also: Sequence[str] = ()) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first, then of those of ids in `also`."""
        vector = self._embeddings.embed_query(question)
        nearest = self._store.similarity_search_with_score_by_vector(vector, limit)
        found = {str(document.id): score for document, score in nearest}
        stored = self._store.store
        rest = [key for key in also if key not in found and key in stored]
        return found | _cosines(vector, rest, [stored[key]["vector"] for key in rest])


class ChromaVectors:
    """Vectors in an embedded Chroma database; the only place chromadb is imported.

    One process may write a folder, and none after it is in use: build anew and swap.
    """

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        import chromadb  # heavy: 0.5 s
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        client = chromadb.PersistentClient(
            str(folder), Settings(anonymized_telemetry=False, is_persistent=True)
        )
        self._embeddings = FramedEmbeddings(embeddings)
        self._store = Chroma(
            COLLECTION,
            self._embeddings,
            client=client,
            collection_metadata={"hnsw:space": "cosine"},
        )

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""
        _add(self._store, passages)

    def search(self, question: str, limit: int, also: Sequence[str] = ()) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first, then of those of ids in `also`."""
        vector = self._embeddings.embed_query(question)
        nearest = self._store.similarity_search_by_vector_with_relevance_scores(vector, limit)
        # Chroma calls the cosine distance a relevance.
        found = {str(document.id): 1.0 - distance for document, distance in nearest}
        rest = [key for key in also if key not in found]
        if not rest:  # no ids would mean all
            return found
        stored = self._store.get(rest, include=["embeddings"])
        return found | _cosines(vector, stored["ids"], stored["embeddings"])


def _cosines(
    question: Sequence[float], ids: Sequence[str], vectors: Sequence[Sequence[float]]
) -> dict[str, float]:
    if not ids:
        return {}
    rows, one = np.asarray(vectors), np.asarray(question)
    cosines = rows @ one / (np.linalg.norm(rows, axis=1) * np.linalg.norm(one))
    return dict(zip(ids, cosines.tolist(), strict=True))


def _add(store: VectorStore, passages: Sequence[Passage]) -> None:
    if passages:
        store.add_documents(
            [
                LangchainDocument(
                    id=p.id,
                    page_content=framed_text(p),
                    metadata={"document_id": p.document_id},
                )
                for p in passages
            ],
            ids=[p.id for p in passages],
        )
