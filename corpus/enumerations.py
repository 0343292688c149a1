"""Lists told item by item: over lines, or within one after numbers, 一是 or semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Block, Document, Span
from corpus.numbering import INLINE_MARKS, read_numbering

__all__ = ["Enumeration", "enumerations_of"]

_EDGE = "，、；：。,;:. \n"
_SEMICOLONS = re.compile(r"[：:]([^：:。！？]{2,400}?；[^：:。！？]{2,600})(?:[。！？]|$)")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list told item by item: spans of its items, and of the words that lead it in."""

    lead: Span | None
    items: tuple[Span, ...]


@lru_cache(maxsize=64)  # documents that were asked lately
def enumerations_of(document: Document) -> tuple[Enumeration, ...]:
    """The lists of a document, in order; one within an item comes after the list of the item."""
    return tuple(_enumerations(document.text, document.blocks))


def _enumerations(text: str, blocks: Sequence[Block]) -> Iterator[Enumeration]:
    for start, end in _runs(blocks):
        yield from _over_lines(text, blocks, start, end)
    for block in blocks:
        if block.kind in ("paragraph", "item", "caption"):
            yield from _within(text, block)


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """The stretches of items under one heading."""
    start = 0
    while start < len(blocks):
        end = start
        while (
            end < len(blocks)
            and blocks[end].kind == "item"
            and (blocks[end].above == blocks[start].above)
        ):
            end += 1
        if end - start > 1:
            yield start, end
        start = max(end, start + 1)


def _over_lines(text: str, blocks: Sequence[Block], start: int, end: int) -> Iterator[Enumeration]:
    """The list whose items begin like the first of a stretch, then those within its items."""
    shape = _shape(text, blocks[start])
    places = [place for place in range(start, end) if _shape(text, blocks[place]) == shape]
    ends = [*places[1:], end]
    if len(places) > 1:
        lead = blocks[start].lead
        yield Enumeration(
            (blocks[lead].start, blocks[lead].end) if lead is not None else None,
            tuple(
                _body(text, blocks[first].start, blocks[last - 1].end)
                for first, last in zip(places, ends, strict=True)
            ),
        )
    for first, last in zip(places, ends, strict=True):
        if last - first > 2:
            yield from _over_lines(text, blocks, first + 1, last)


def _shape(text: str, block: Block) -> str:
    numbering = read_numbering(text[block.start : block.start + 12])
    return numbering.shape if numbering else "bullet"


def _body(text: str, start: int, end: int) -> Span:
    """An item without its number and the mark after it."""
    numbering = read_numbering(text[start : start + 12])
    start += len(numbering.text) if numbering else 0
    return _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _within(text: str, block: Block) -> Iterator[Enumeration]:
    """The list that a line tells within itself."""
    line = text[block.start : block.end]
    for _, pattern in INLINE_MARKS:
        marks = list(pattern.finditer(line))
        if len(marks) < 2 or not _in_turn([m.group() for m in marks]):
            continue
        ends = [*(m.start() for m in marks[1:]), _end_of(line, marks[-1].end())]
        items = tuple(
            _trim(text, block.start + m.end(), block.start + end)
            for m, end in zip(marks, ends, strict=True)
        )
        lead = _lead_of(text, block.start, block.start + marks[0].start())
        yield Enumeration(lead, items)
        return
    for found in _SEMICOLONS.finditer(line):
        items_ = []
        at = block.start + found.start(1)
        for piece in found[1].split("；"):
            items_.append(_trim(text, at, at + len(piece)))
            at += len(piece) + 1
        items_ = [span for span in items_ if span[0] < span[1]]
        if len(items_) > 1:
            yield Enumeration(
                _lead_of(text, block.start, block.start + found.start()), tuple(items_)
            )


def _in_turn(marks: Sequence[str]) -> bool:
    """Whether numbers follow one another from the first on."""
    if marks[0].startswith(("其次", "再次", "然后", "最后")):
        return False
    values = [numbering.value for m in marks if (numbering := read_numbering(f"{m.strip()} x"))]
    return not values or values == list(range(values[0], values[0] + len(values)))


def _end_of(line: str, place: int) -> int:
    """Where the last item ends: with its sentence."""
    found = re.search("[。！？]", line[place:])
    return place + found.end() if found else len(line)


def _lead_of(text: str, start: int, end: int) -> Span | None:
    """The words that lead a list in: back to the sentence's beginning."""
    first = max(text.rfind(mark, start, end) for mark in "。！？") + 1
    span = _trim(text, max(first, start), end)
    return span if span[0] < span[1] else None
