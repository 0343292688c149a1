"""Hybrid search: dense vectors and BM25, fused by z-scores."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever

from corpus import Passage
from index.catalogue import Catalogue

__all__ = ["CANDIDATES", "LEXICAL_WEIGHT", "HybridRetriever", "ScoredPassage", "fuse"]

# `python -m benchmarks.retrieval`, the first found / evidence among the first eight; .3 to .5
# are alike but for the reports, whose provinces words tell, and the district's questions among
# 9,171 news that name no subject, which meaning finds.
#
#   words                          0          .3          .4          .5           1   ranks, .5
#   district, alone          .872 .978   .932 .992   .929 .995   .923 .995   .899 .981   .888 .995
#   among 1,000 news         .836 .970   .893 .992   .888 .992   .877 .984   .803 .940   .855 .981
#   among 9,171 news         .730 .945   .822 .956   .814 .945   .803 .932   .694 .858   .806 .948
#   of these, subject named  .759 .961   .865 .977   .862 .974   .852 .974   .768 .932   .859 .971
#   written, 9,171 news      .518 .806   .614 .884   .612 .886   .610 .888   .532 .826   .592 .882
#   CMRC 2018 dev            .942 .989   .988 .999   .991 .999   .990 .999   .974 .997   .965 .999
#   RGB zh refine            .720 .993   .747 1.00   .753 1.00   .733 .993   .553 .980   .740 .993
#   ChronoQA                 .913 .980   .941 .996   .938 .998   .937 .997   .901 .983   .929 .995
#   30 provinces' reports    .605 .902   .792 .975   .828 .978   .853 .983   .833 .973   .793 .975
LEXICAL_WEIGHT = 0.4  # of words; the rest is of meaning
CANDIDATES = 50  # taken from each part before they are fused


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage found and its fused score (a z-score; larger is better)."""

    passage: Passage
    score: float


class HybridRetriever(BaseRetriever):
    """A langchain retriever over a vector store and a catalogue; `search` gives the scores."""

    catalogue: Any
    vectors: Any
    limit: int = 5

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for a question, best first; none from an empty index."""
        catalogue: Catalogue = self.catalogue
        lexical = dict(catalogue.search(question, CANDIDATES))
        # Chroma's graph misses neighbours in a large store; what words find has its cosine too.
        dense: dict[str, float] = self.vectors.search(question, CANDIDATES, [*lexical])
        best = list(fuse(dense, lexical).items())[:limit]
        passages = catalogue.passages([passage_id for passage_id, _ in best])
        return [
            ScoredPassage(passage, score)
            for passage, (_, score) in zip(passages, best, strict=True)
        ]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangchainDocument]:
        return [
            LangchainDocument(
                id=found.passage.id,
                page_content=found.passage.text,
                metadata={
                    "document_id": found.passage.document_id,
                    "start": found.passage.start,
                    "end": found.passage.end,
                    "section": found.passage.context,
                    "year": found.passage.year,
                    "score": found.score,
                },
            )
            for found in self.search(query, self.limit)
        ]


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], words: float = LEXICAL_WEIGHT
) -> dict[str, float]:
    """Weighted z-scores over all that either found, best first; `words` is the weight of words."""
    ids = list(dict.fromkeys([*dense, *lexical]))
    if not ids:
        return {}
    floor = min(dense.values(), default=0.0)
    meaning = _z_scores([dense.get(passage_id, floor) for passage_id in ids])
    worded = _z_scores([lexical.get(passage_id, 0.0) for passage_id in ids])
    fused = [(1 - words) * a + words * b for a, b in zip(meaning, worded, strict=True)]
    return dict(sorted(zip(ids, fused, strict=True), key=lambda pair: -pair[1]))


def _z_scores(values: list[float]) -> list[float]:
    spread = statistics.pstdev(values)
    mean = statistics.fmean(values)
    return [(value - mean) / spread if spread else 0.0 for value in values]
