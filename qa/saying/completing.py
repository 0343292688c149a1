"""What belongs to points that are told: the items missing of a list, what stands under a theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import enumerations_of
from corpus.numbering import read_numbering
from qa.asking import Query
from qa.checking import Judged, check
from qa.reading import EDGE, Evidence, is_of_years, told_under

__all__ = ["with_lists", "with_themes"]

LEAST_ITEMS, MOST = 2, 0.5  # items of a list, and share of them, with which all are told


def with_lists(query: Query, chosen: Sequence[Judged]) -> list[Judged]:
    """Points with the items that are missing of their lists, where checks let them be told.

    A list is told whole where most of its items are, or what leads it in, which is not told then.
    """
    found = list(chosen)
    for document in dict.fromkeys(one.document for one in chosen):
        of_it = [one for one in chosen if one.document is document]
        for listed in enumerations_of(document):
            if listed.lead is None and any("\n" in document.text[a:b] for a, b in listed.items):
                continue  # may be sections
            lead = [one for one in of_it if listed.lead and _is_within(one, *listed.lead)]
            told = [_telling(of_it, start, end) for start, end in listed.items]
            beside = [one for one in told if one]
            if not lead and len(beside) < max(LEAST_ITEMS, MOST * len(told)):
                continue
            left = [span for span, one in zip(listed.items, told, strict=True) if one is None]
            like = (beside or lead)[0] if left else None
            held = _held(query, like, left) if like else []
            found += held
            if held or beside:
                found = [one for one in found if one not in lead]
    return found


def with_themes(query: Query, chosen: Sequence[Judged]) -> list[Judged]:
    """Points with what is told under one that only names a theme, where none of that is told."""
    found = list(chosen)
    for one in chosen:
        under = told_under(one.document, one.evidence.start)
        of_it = [other for other in chosen if other.document is one.document]
        if under and not any(_telling(of_it, start, end) for start, end in under):
            found += _held(query, one, under)
    return found


def _held(query: Query, beside: Judged, spans: Sequence[tuple[int, int]]) -> list[Judged]:
    """The stretches beside a point that are of the years asked for and pass their checks."""
    items = [_item(beside, start, end) for start, end in spans if start < end]
    items = [item for item in items if is_of_years(item.text, query)]
    judged = check(query, items, {beside.document.id: beside.document})
    return [one for one in judged if not one.lack]


def _is_within(one: Judged, start: int, end: int) -> bool:
    """Whether a point stands within a stretch of its document."""
    return start <= one.evidence.start and one.evidence.end <= end


def _telling(found: Sequence[Judged], start: int, end: int) -> Judged | None:
    """What tells some of a stretch of a document."""
    return next((o for o in found if o.evidence.start < end and start < o.evidence.end), None)


def _item(beside: Judged, start: int, end: int) -> Evidence:
    """The first line of an item, with its number, as sure as one beside it in its list."""
    document, block = beside.document, beside.document.block_at(start)
    numbering = read_numbering(document.text[block.start : start])
    if numbering and not document.text[block.start + len(numbering.text) : start].strip(EDGE):
        start = block.start
    text = document.text[start:end].split("\n", 1)[0].rstrip(EDGE)
    end = start + len(text)
    passage = replace(beside.evidence.passage, start=start, end=end, text=text)
    return replace(
        beside.evidence, passage=passage, start=start, end=end, text=text, sentence=(start, end)
    )
