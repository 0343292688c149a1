"""Several clauses as an answer in points, in the order of their sources, under labels."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Answer, Citation
from qa.asking import Query
from qa.checking import Judged
from qa.saying.text import Told, answered

__all__ = ["tell_points"]

ALONE = 1.9  # from which points are told though no span may be an answer
SURE = 3.0  # from which a list told in one clause is
BEHIND = 2.5  # log-odds behind the best point from which one is not told


def tell_points(query: Query, found: Sequence[Judged], spans: Sequence[Judged]) -> Answer | None:
    """The points that passed their checks, those of the best document first; None without any.

    `spans` are what passed of what answers by itself, best first. Where there is none, points
    must be the surer; where it is a list told in one clause, it is the answer.
    """
    best = max((one.evidence.score for one in found), default=0.0)
    if query.dangling or best <= (0.0 if spans else ALONE):
        return None
    if spans and query.kind == "list":
        span = spans[0].evidence
        if span.score >= SURE and (span.items or "、" in span.text):
            return None
    chosen = [one for one in found if one.evidence.score >= best - BEHIND]
    documents = list(dict.fromkeys(one.document.id for one in chosen))
    chosen.sort(key=lambda one: (documents.index(one.document.id), one.evidence.start))
    labels = _labels(query, chosen)
    return answered(
        [_told(one, label) for one, label in zip(chosen, labels, strict=True)], lines=True
    )


def _told(one: Judged, label: str) -> Told:
    cited = Citation.of(one.document, one.evidence.passage, *one.evidence.sentence)
    return Told(one.evidence.text, (cited,), label)


def _labels(query: Query, chosen: Sequence[Judged]) -> list[str]:
    """What tells the points apart: their documents, or the years asked for."""
    if len({one.document.id for one in chosen}) > 1:
        return [one.document.title for one in chosen]
    if len(query.years) > 1:
        return [f"{one.year}年" if one.year else "" for one in chosen]
    return ["" for _ in chosen]
