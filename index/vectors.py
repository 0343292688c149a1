"""Passage vectors behind langchain's VectorStore: Chroma on disk, or in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from langchain_core.documents import Document as LangchainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from corpus import Passage

__all__ = ["ChromaVectors", "MemoryVectors", "Vectors"]

COLLECTION = "passages"  # Chroma takes no Chinese in a collection's name


class Vectors(Protocol):
    """What the retriever asks of a vector store."""

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""

    def search(self, question: str, limit: int) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first; none from an empty store."""


class MemoryVectors:
    """Vectors kept for as long as the object lives."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._store = InMemoryVectorStore(embeddings)

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""
        _add(self._store, passages)

    def search(self, question: str, limit: int) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first."""
        return {
            str(found.id): score
            for found, score in self._store.similarity_search_with_score(question, limit)
        }


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
        self._store = Chroma(
            COLLECTION, embeddings, client=client, collection_metadata={"hnsw:space": "cosine"}
        )

    def add(self, passages: Sequence[Passage]) -> None:
        """Embed and store passages with what they are read under."""
        _add(self._store, passages)

    def search(self, question: str, limit: int) -> dict[str, float]:
        """Cosines of the nearest passages by id, best first."""
        return {
            str(found.id): 1.0 - distance  # Chroma's cosine distance
            for found, distance in self._store.similarity_search_with_score(question, limit)
        }


def _add(store: VectorStore, passages: Sequence[Passage]) -> None:
    if passages:
        store.add_documents(
            [
                LangchainDocument(
                    id=p.id,
                    page_content=p.indexed,
                    metadata={"document_id": p.document_id},
                )
                for p in passages
            ],
            ids=[p.id for p in passages],
        )
