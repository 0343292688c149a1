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

# `python -m benchmarks.retrieval`, the first found / evidence among the first eight; .4 and .5
# differ by a question or two in every set.
#
#   words                          0          .3          .4          .5           1   ranks, .5
#   district, alone          .751 .978   .921 .995   .923 .995   .923 .995   .899 .981   .850 .992
#   among 1,000 news         .691 .951   .869 .989   .863 .989   .863 .986   .803 .940   .814 .975
#   among 9,171 news         .527 .877   .719 .929   .735 .921   .743 .921   .694 .858   .708 .921
#   CMRC 2018 dev            .935 .986   .986 .996   .988 .998   .989 .999   .974 .997   .960 .996
#   RGB zh refine            .713 .993   .773 .993   .747 .993   .713 .987   .553 .980   .753 .993
#   ChronoQA                 .896 .984   .929 .996   .932 .996   .930 .997   .901 .983   .918 .996
#   30 provinces' reports    .467 .802   .760 .960   .798 .973   .825 .978   .830 .973   .715 .947
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
