"""Small real stand-ins whose behaviour a reader can predict."""

from __future__ import annotations

import math
import zlib

from langchain_core.embeddings import Embeddings

from index.lexical import tokenize
from qa import Citation

__all__ = ["BigramEmbeddings", "cite"]

DIMENSION = 256


class BigramEmbeddings(Embeddings):
    """An encoder that counts character bigrams: the more two texts share, the nearer."""

    def __init__(self, name: str = "bigrams") -> None:
        self.name = name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [1e-3] * DIMENSION
        for token in tokenize(text):
            vector[zlib.crc32(token.encode()) % DIMENSION] += 1.0
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector]


def cite(quote: str, before: str = "", after: str = "", section: str = "民生 / 住房") -> Citation:
    """A citation of `quote` where it stands between two pieces of its passage."""
    start = len(before)
    return Citation(
        quote=quote,
        passage=f"{before}{quote}{after}",
        source="page.txt",
        title="一年报告",
        section=section,
        start=start,
        end=start + len(quote),
        document_id="0123456789abcdef",
        year=2024,
    )
