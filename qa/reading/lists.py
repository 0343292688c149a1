"""A list told item by item, whole."""

from __future__ import annotations

from dataclasses import replace

from corpus import Document, enumerations_of
from corpus.language import years_in
from qa.asking import Query
from qa.reading.evidence import Evidence

__all__ = ["is_of_years", "whole_enumeration"]


def whole_enumeration(span: Evidence, document: Document, query: Query) -> Evidence:
    """A span with all items of the list it stands in or that it leads in, where one is asked for.

    What leads a list in tells nothing by itself, whoever asks how.
    """
    if query.kind not in ("list", "descriptive"):
        return span
    for one in reversed(enumerations_of(document)):
        stretches = list(one.items) if query.kind == "list" else []
        if one.lead is not None:
            stretches.append(one.lead)
        elif "\n" in document.text[one.items[0][0] : one.items[-1][0]]:  # may be sections
            continue
        if not any(a <= span.start < b for a, b in stretches):
            continue
        if span.start < one.items[0][0] and "、" in span.text:  # 分为甲、乙、丙三类：甲类…
            return span
        items = tuple(item for item in one.items if is_of_years(document.text[slice(*item)], query))
        if not items:
            return span
        text = "；".join(document.text[a:b] for a, b in items)
        return replace(span, start=items[0][0], end=items[-1][1], text=text, items=items)
    return span


def is_of_years(said: str, query: Query) -> bool:
    """Whether words name no other year than those asked for."""
    named = years_in(said)
    return not named or not query.years or any(year in query.years for year in named)
