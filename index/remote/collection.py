"""A collection on the Chroma server, as the rest of the package speaks to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from index.remote.chroma import ChromaStore
from index.vectors import Matrix

__all__ = ["ChromaCollection"]

BATCH = 500  # records in one request: 1 MB of vectors
PAGE = 5000  # ids in one answer


class ChromaCollection:
    """Records of one kind: an id, a vector, a text, and what else is told of it."""

    def __init__(self, store: ChromaStore, kind: str) -> None:
        self._store = store
        self._kind = kind

    def tell(self, metadata: Mapping[str, str]) -> None:
        """Put the collection's metadata in the place of those it has."""
        self._ask("modify", metadata={**metadata})

    def put(
        self,
        ids: Sequence[str],
        vectors: Matrix,
        texts: Sequence[str] | None = None,
        metadata: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Write records, in the place of those that have the same ids."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            record: dict[str, Any] = {"ids": [*ids[part]], "embeddings": vectors[part]}
            if texts is not None and metadata is not None:
                record |= {"documents": [*texts[part]], "metadatas": [*metadata[part]]}
            self._ask("upsert", **record)

    def held(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that there are records of."""
        return {record for got in self._get(ids, []) for record in got["ids"]}

    def vectors(self, ids: Sequence[str]) -> dict[str, Matrix]:
        """The vectors of those ids that there are records of."""
        found: dict[str, Matrix] = {}
        for got in self._get(ids, ["embeddings"]):
            vectors = np.asarray(got["embeddings"], np.float32)
            found |= dict(zip(got["ids"], vectors, strict=True))
        return found

    def texts(self, ids: Sequence[str]) -> dict[str, tuple[str, dict[str, Any]]]:
        """Texts and metadata of those ids that there are records of."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for got in self._get(ids, ["documents", "metadatas"]):
            told = zip(got["ids"], got["documents"], got["metadatas"], strict=True)
            found |= {record: (text, metadata or {}) for record, text, metadata in told}
        return found

    def nearest(self, question: Matrix, limit: int) -> dict[str, float]:
        """Ids of the nearest vectors with their cosines, best first."""
        got = self._ask(
            "query", query_embeddings=[question], n_results=limit, include=["distances"]
        )
        distances = (got["distances"] or [[]])[0]
        return {id_: 1 - told for id_, told in zip(got["ids"][0], distances, strict=True)}

    def pages(self) -> Iterator[list[str]]:
        """All ids, some thousands at a time."""
        start = 0
        while ids := self._ask("get", limit=PAGE, offset=start, include=[])["ids"]:
            yield ids
            start += len(ids)

    def drop(self, ids: Sequence[str]) -> None:
        """Remove records."""
        for start in range(0, len(ids), BATCH):
            self._ask("delete", ids=[*ids[start : start + BATCH]])

    def _get(self, ids: Sequence[str], include: list[Any]) -> Iterator[Any]:
        left = iter(ids)
        while part := [*islice(left, BATCH)]:
            yield self._ask("get", ids=part, include=include)

    def _ask(self, what: str, **told: Any) -> Any:
        return self._store.use(self._kind, lambda collection: getattr(collection, what)(**told))
