"""Candidate answers in a passage: typed spans, and the model's own made whole."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.language import (
    CLAUSE_MARKS,
    DATE,
    DURATIONS,
    Figure,
    clause_end,
    clause_start,
    find_dates,
    find_figures,
    same_unit,
    sentence_spans,
)
from qa.asking import Query, asks_how

__all__ = ["Candidate", "trim", "typed_spans", "whole_span"]

Candidate = tuple[int, int, float]  # start, end, how well its type fits: -1 to 1

UNTYPED = -0.8  # fit of a span that has not the form of what is asked for
SCRAP = 6  # characters; who asks how or why is not told by less
STORY = 12  # characters; more around a date tells what happened on it
NEWS = 3  # characters that the query does not hold; a clause with fewer says nothing yet

_EDGES = "，、；：。！？,;:!? \n的了"
_PAIRS = ("“”", "‘’", "《》", "（）", "()", "「」")


def typed_spans(query: Query, text: str) -> Iterator[Candidate]:
    """The figures of a text for one that may ask for a figure, its dates for one that asks when."""
    if query.kind == "date":
        for date in find_dates(text):
            told = {"年": date.year, "日": date.day}.get(query.unit, True)
            yield date.start, date.end, 1.0 if told else -0.5
    elif query.kind in ("figure", "keywords"):
        for figure in find_figures(text):
            yield figure.start, figure.end, _fit_of_figure(query, figure)


def _fit_of_figure(query: Query, figure: Figure) -> float:
    """How well a figure's unit is what is asked for."""
    lasts = figure.unit in DURATIONS
    if not figure.unit or (figure.text.startswith("第") and not query.unit):
        return -0.5
    if not query.unit:
        return (1.0 if lasts else -0.5) if query.how_long else (-1.0 if lasts else 0.5)
    if query.unit == figure.unit:
        return 1.0
    if {query.unit, figure.unit} == {"%", "个百分点"}:
        return 0.7 if query.unit == "%" else 0.0
    return 0.8 if same_unit(query.unit, figure.unit) else -1.0


def whole_span(query: Query, text: str, start: int, end: int) -> Candidate | None:
    """The span a reader means by `text[start:end]`, or None where its type cannot be right.

    Loose punctuation goes; an open quotation is closed.
    """
    kind = query.kind
    if kind == "descriptive" and end - start <= SCRAP and asks_how(query.text):
        start, end = _whole_clauses(query, text, start, end)
    if kind not in ("list", "descriptive"):
        start, end = _one_sentence(text, start, end)
    start, end = trim(text, start, end)
    if start >= end:
        return None
    found = text[start:end]
    if kind == "keywords" and any(f.start <= start and end <= f.end for f in find_figures(text)):
        return None  # the typed span stands for it
    if kind == "figure":
        return _figure_meant(query, text, start, end)
    if kind == "date":
        return _date_meant(text, start, end)
    if kind == "entity":
        return (
            start,
            end,
            -1.0
            if _counts_first(found)
            else -0.5
            if any(m in found for m in CLAUSE_MARKS)
            else 0.0,
        )
    return start, end, 0.0


def _counts_first(found: str) -> bool:
    """Whether a span begins with a count of things rather than naming one."""
    first = next(find_figures(found), None)
    return first is not None and first.start == 0 and bool(first.unit)


def _figure_meant(query: Query, text: str, start: int, end: int) -> Candidate | None:
    """A model's span for a figure: with the form of the figure it holds, were it little longer."""
    held = [f for f in find_figures(text) if f.unit and f.start < end and start < f.end]
    if not held:
        return start, end, UNTYPED
    longer = held[0].start - start + end - held[-1].end
    return (
        (start, end, _fit_of_figure(query, held[0]))
        if len(held) == 1 and 0 < longer <= NEWS
        else None
    )


def _date_meant(text: str, start: int, end: int) -> Candidate | None:
    """A model's span for a date: the one it holds, as sure as the model is of the whole."""
    held = [m.span() for m in DATE.finditer(text) if start <= m.start() and m.end() <= end]
    if len(held) == 1 and end - start - len(text[slice(*held[0])]) > STORY:
        return *held[0], 1.0
    if held:
        return start, end, 1.0
    if any(m.start() < end and start < m.end() for m in DATE.finditer(text)):
        return None  # a part of one
    return start, end, UNTYPED


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the edges inward over loose marks, and outward over the partner of a bracket."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    for pair in _PAIRS:
        left, right = pair[0], pair[1]
        inside = text[start:end]
        if inside.count(left) > inside.count(right):
            if inside.startswith(left):
                start += 1
            elif text[end : end + 1] == right:
                end += 1
        elif inside.count(right) > inside.count(left):
            if inside.endswith(right):
                end -= 1
            elif text[start - 1 : start] == left:
                start -= 1
    return start, end


def _one_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a span to the sentence in which most of it lies."""
    overlaps = [
        (min(end, last) - max(start, first), max(start, first), min(end, last))
        for first, last in sentence_spans(text)
        if first < end and start < last
    ]
    return max(overlaps)[1:] if overlaps else (start, end)


def _whole_clauses(query: Query, text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole clauses, and over the next one where it only repeats the query."""
    asked = set("".join(query.content))
    start = clause_start(text, start)
    end = clause_end(text, end)
    words = [c for c in text[start:end] if c.isalnum()]
    repeated = sum(c not in asked for c in words) < NEWS
    if repeated and text[end : end + 1] in ("，", "；"):
        end = clause_end(text, end + 1)
    return start, end
