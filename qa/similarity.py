"""How near in meaning a question is to clauses of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

__all__ = ["Similarity", "clause_around"]

CLAUSE_LENGTH = 10  # characters; a shorter clause is compared with the one before it
VECTORS_KEPT = 20_000  # 30 MB; the clauses of about 500 pages

_CLAUSE = re.compile(r"[^，；：。！？,;]+")


class Similarity:
    """Cosines of a question and clauses; the clauses' vectors are kept for the next question.

    Each clause is encoded alone: in a batch its vector would depend on its neighbours, and
    an answer on the questions before it. May be shared between threads.
    """

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}

    def compare(self, question: str, clauses: Sequence[str]) -> list[float]:
        """The cosine of the question with each clause."""
        asked = np.asarray(self._embeddings.embed_query(question), dtype=np.float32)
        return [float(asked @ self._vector(clause)) for clause in clauses]

    def _vector(self, clause: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        known = self._vectors.get(clause)
        if known is None:
            if len(self._vectors) >= VECTORS_KEPT:
                self._vectors.clear()
            encoded = self._embeddings.embed_documents([clause])[0]
            known = self._vectors[clause] = np.asarray(encoded, dtype=np.float32)
        return known


def clause_around(sentence: str, start: int, end: int) -> str:
    """The clauses that hold `sentence[start:end]`, with the one before a short one."""
    spans = [match.span() for match in _CLAUSE.finditer(sentence)]
    held = [i for i, (first, last) in enumerate(spans) if first < end and start < last]
    if not held:
        return sentence
    first, last = held[0], held[-1]
    while first > 0 and spans[last][1] - spans[first][0] < CLAUSE_LENGTH:
        first -= 1
    return sentence[spans[first][0] : spans[last][1]]
