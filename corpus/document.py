"""Documents, their blocks, the figures read from them, and the passages cut from them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from corpus.language import Figure

__all__ = [
    "Block",
    "BlockKind",
    "Document",
    "Fact",
    "FactStatus",
    "Passage",
    "Piece",
    "Span",
]

BlockKind = Literal["title", "heading", "paragraph", "item", "row", "caption", "meta"]
FactStatus = Literal["done", "target", ""]
Span = tuple[int, int]

_ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,31};?")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like piece of a document: `text[start:end]`, never across a line end.

    `above` are the places in `Document.blocks` of the headings above it, outermost first, and
    `section` their texts; `lead` is that of the line which leads in its list, or None. `year`
    governs its figures (of the nearest heading that names one, else of the document). `level`
    is a heading's, 1 the highest. A row of a table has `cells`, and `heads`, the cells of the
    table's first row that stand above them; `label` says what a line of a document's head or
    foot is (文号, 发布日期), in our words.
    """

    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...] = ()
    year: int | None = None
    above: tuple[int, ...] = ()
    lead: int | None = None
    level: int = 0
    cells: tuple[Span, ...] = ()
    heads: tuple[Span, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what it counts: `document.text[figure.start:figure.end] == figure.text`.

    `indicator` holds the words of its clause that tell what is counted, `subject` whose figure
    it is where a heading or the first cell of a row says so; `year` is None and `status` and
    `place` are "" where nothing tells; `sentence` are offsets into the document.
    """

    figure: Figure
    indicator: str
    year: int | None
    status: FactStatus
    place: str
    subject: str
    sentence: Span
    section: str = ""


@dataclass(frozen=True)
class Document:
    """A cleaned text with its structure, its facts and a map back to the text as it came.

    `offsets[i]` is the place in `raw` of the character `text[i]`. `year` is the one it is
    about, `present` the one it was written in, `place` the one it speaks of, and `date` when it
    was released, as far as it is told (2024-03-05, 2024-03, 2024), "" where nothing tells.
    """

    id: str
    title: str
    source: str
    text: str
    raw: str
    offsets: tuple[int, ...]
    blocks: tuple[Block, ...]
    year: int | None = None
    present: int | None = None
    place: str = ""
    date: str = ""
    facts: tuple[Fact, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        return hash(self.id)  # of all that text it would take milliseconds

    def raw_span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in `raw`; raises ValueError outside the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)} characters")
        places = self.offsets[start:end]
        last = max(places)  # a cell over two rows is read again from above
        entity = _ENTITY.match(self.raw, last) if self.text[end - 1] != "&" else None
        return min(places), entity.end() if entity else last + 1

    def page_at(self, place: int) -> int | None:
        """The number of the page that holds a place of the text, None where there are no pages.

        In the raw text a form feed stands before each page.
        """
        if "\f" not in self.raw:
            return None
        return self.raw.count("\f", 0, self.offsets[place] + 1)

    def block_at(self, place: int) -> Block:
        """The block that holds a place of the text, or the one before it."""
        low, high = 0, len(self.blocks)
        while low < high:
            middle = (low + high) // 2
            if self.blocks[middle].start <= place:
                low = middle + 1
            else:
                high = middle
        return self.blocks[max(low - 1, 0)]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a document as they are read: `document.text[start:end]`, or words of ours.

    Words of ours have a `start` of -1; no answer is taken from them.
    """

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where the piece ends in the document."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences, items or rows: `document.text[start:end] == text`.

    `id` is unique within a corpus; `section` and `year` are those of its first block. `frame`
    holds the title, the headings and the words that lead it in, as pieces, outermost first:
    what it is read under. `pieces` is what is read where that is not the text itself, as of a
    table's row: 「水泥：产量176.9万吨」 for 「| 水泥 | 万吨 | 176.9 |」.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    year: int | None
    kind: BlockKind
    frame: tuple[Piece, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @property
    def context(self) -> str:
        """The section path in one line, as it is shown beside the text."""
        return " / ".join(self.section)

    @property
    def body(self) -> tuple[Piece, ...]:
        """What is read of the passage itself."""
        return self.pieces or (Piece(self.start, self.text),)

    @property
    def indexed(self) -> str:
        """What is searched: the frame and the passage as it is read."""
        return " ".join([*(p.text for p in self.frame), "".join(p.text for p in self.body)])
