"""Is evidence of the place that is asked about."""

from __future__ import annotations

from functools import lru_cache

from corpus import Document
from corpus.language import LEVEL, count_as_place, places_asked, sentence_spans, within
from qa.asking import Query, content_pairs
from qa.checking.judged import Judged, Lack, block_of, simplified

__all__ = ["other_place"]

LEVELS = ("全国", "全省", "全市")  # asked of a district's document they are another place


def other_place(one: Judged, query: Query) -> Lack:
    """Another place is asked for than the one named beside it, or its document's own."""
    main = "" if query.labels else one.document.place  # of itself a document is asked by any name
    level = LEVEL.search(query.standalone)
    if level and not _speaks_for(one.document, level[1] or level[2]):
        return "other_place"
    asked = places_asked(query.standalone, simplified(one.document))
    asked += [word for word in LEVELS if word in query.standalone]
    if not main or not asked or any(_same_place(main, place) for place in asked):
        return ""
    text = one.evidence.passage.indexed
    beside = any(
        count_as_place(text, place)
        or (place in LEVELS and place in text)
        or _was_in(one, place, query)
        for place in asked
    )
    return "" if beside else "other_place"


def _was_in(one: Judged, place: str, query: Query) -> bool:
    """Whether a sentence before, in the paragraph, tells of what is asked about that it was there.

    深圳那场推介会 is asked about, and 推介会在深圳举行; not 深圳的人口.
    """
    text, block = one.document.text, block_of(one)
    before = (text[a:b] for a, b in sentence_spans(text, block.start, one.evidence.end))
    asked = {pair for pair in query.pairs if not set(pair) & set(place)}
    return any(f"在{place}" in said and asked & content_pairs(said) for said in before)


@lru_cache(maxsize=64)
def _speaks_for(document: Document, level: str) -> bool:
    """Whether a document is one of a district, a county: it calls it 全区, or has its name."""
    words = (f"全{level}", f"我{level}", f"本{level}", f"{level}委", f"{level}政府")
    return document.place.endswith(level) or any(word in document.text for word in words)


def _same_place(one: str, other: str) -> bool:
    return one in other or other in one or (within(one, other) and within(other, one))
