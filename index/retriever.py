"""Hybrid search: dense vectors and BM25, fused by z-scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus import Passage
from index.catalogue import Catalogue
from index.cores import map_on_cores
from index.framed import embed_question
from index.selection import Selection
from index.vectors import Vectors

__all__ = ["CANDIDATES", "LEXICAL_WEIGHT", "HybridSearch", "ScoredPassage", "fuse"]

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
YEAR_WEIGHT = 0.5  # z-scores for a passage of a year that is asked for
CANDIDATES = 50  # taken from each part before they are fused


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage found and its fused score (a z-score; larger is better)."""

    passage: Passage
    score: float


class HybridSearch:
    """Search over the passages of a catalogue and their vectors."""

    def __init__(self, catalogue: Catalogue, vectors: Vectors, embeddings: Embeddings) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._embeddings = embeddings

    def search(
        self,
        question: str,
        limit: int,
        selection: Selection | None = None,
        years: Sequence[int] = (),
    ) -> list[ScoredPassage]:
        """The best passages for a question among those selected, best first; those that `years`
        govern before their likes.
        """
        within = None if selection is None else self._catalogue.rows(selection)
        if within == []:
            return []
        steps: list[Callable[[], Any]] = [
            lambda: dict(self._catalogue.search(question, CANDIDATES, selection)),
            lambda: embed_question(self._embeddings, question),
        ]
        lexical, vector = map_on_cores(lambda step: step(), steps)
        # What words find has its cosine too, even where its meaning is not among the nearest.
        dense = self._vectors.search(vector, CANDIDATES, [*lexical], within)
        fused = fuse(dense, lexical)
        if years:
            for row in self._catalogue.rows_of_years([*fused], years):
                fused[row] += YEAR_WEIGHT
        best = sorted(fused.items(), key=lambda pair: -pair[1])[:limit]
        passages = self._catalogue.passages([row for row, _ in best])
        return [
            ScoredPassage(passage, score)
            for passage, (_, score) in zip(passages, best, strict=True)
        ]


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], words: float = LEXICAL_WEIGHT
) -> dict[int, float]:
    """Weighted z-scores over all that either found, best first; `words` is the weight of words."""
    rows = list(dict.fromkeys([*dense, *lexical]))
    if not rows:
        return {}
    floor = min(dense.values(), default=0.0)
    meaning = _z_scores([dense.get(row, floor) for row in rows])
    worded = _z_scores([lexical.get(row, 0.0) for row in rows])
    fused = [(1 - words) * a + words * b for a, b in zip(meaning, worded, strict=True)]
    return dict(sorted(zip(rows, fused, strict=True), key=lambda pair: -pair[1]))


def _z_scores(values: list[float]) -> list[float]:
    array = np.asarray(values)
    spread = float(array.std())
    scores: list[float] = ((array - array.mean()) / (spread or 1.0)).tolist()
    return scores
