"""Cut a document into passages: whole sentences, items or rows, packed up to a reader's window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import Block, Document, Passage, Piece, Span
from corpus.language import sentence_spans
from corpus.rows import read_row

__all__ = ["SPLITTER", "sentence_spans", "split"]

PASSAGE_LENGTH = 160  # about 110 tokens: five passages are read in one batch of 5 x 128
SPLITTER = f"structure-{PASSAGE_LENGTH}-v9"  # recorded in an index; a change rebuilds it

HEADING_LENGTH = 14  # characters; a longer heading says something that may be asked for
_FIELD = re.compile("[^，。；：！？]{2,14}[：:](?=.)")
LEAD_LENGTH = 60  # characters of a lead-in that is read with items further down


def split(document: Document) -> tuple[Passage, ...]:
    """Passages of at most PASSAGE_LENGTH characters, or of one sentence if it is longer.

    A sentence of up to 1,000 characters is never cut, so a figure and what it counts stay
    together. Items stand with the words that lead them in and as many of their like as fit; rows
    of a table are read under its head, those of one year together. Short headings are context
    only; longer ones, the title and captions are passages of their own too.
    """
    passages: list[Passage] = []
    for kind, group in _groups(document):
        cut = _rows(document, group) if kind == "row" else _texts(document, group)
        for first, start, end, frame, pieces in cut:
            block = document.blocks[first]
            passages.append(
                Passage(
                    f"{document.id}:{len(passages)}",
                    document.id,
                    start,
                    end,
                    document.text[start:end],
                    block.section,
                    block.year,
                    block.kind,
                    frame,
                    pieces,
                )
            )
    return tuple(passages)


_Cut = tuple[int, int, int, tuple[Piece, ...], tuple[Piece, ...]]


def _groups(document: Document) -> Iterator[tuple[str, list[int]]]:
    """The places of blocks that are packed together: a lead-in with its items, rows, head lines."""
    group: list[int] = []
    kind = ""
    for place, block in enumerate(document.blocks):
        if block.kind == "heading" and block.end - block.start < HEADING_LENGTH:
            continue
        joins = bool(group) and _belongs(document, group, block, kind)
        if not joins:
            if group:
                yield kind, group
            group, kind = [], block.kind
        group.append(place)
    if group:
        yield kind, group


def _belongs(document: Document, group: list[int], block: Block, kind: str) -> bool:
    blocks = document.blocks
    before = blocks[group[-1]]
    if block.kind == "row" or kind == "row":
        same_table = block.heads in (before.heads, before.cells)
        return block.kind == kind == "row" and same_table
    if block.kind == "meta":
        return before.kind in ("meta", "title")
    if block.above != before.above or block.year != before.year:
        return False
    if block.kind == "paragraph":  # fields are read together: 补贴标准：…, 补贴期限：…
        fits = block.end - blocks[group[0]].start <= PASSAGE_LENGTH
        return fits and all(_FIELD.match(document.text, b.start, b.end) for b in (before, block))
    return block.kind == "item" and (before.kind == "item" or block.lead == group[-1])


def _texts(document: Document, group: list[int]) -> Iterator[_Cut]:
    spans: list[tuple[int, Span]] = []
    for place in group:
        block = document.blocks[place]
        if block.kind in ("item", "meta"):
            whole = block.end - block.start <= PASSAGE_LENGTH
            pieces = (
                [(block.start, block.end)]
                if whole
                else [*sentence_spans(document.text, block.start, block.end)]
            )
        else:
            pieces = [*sentence_spans(document.text, block.start, block.end)]
        spans += [(place, span) for span in pieces]
    labelled = [document.blocks[place] for place in group if document.blocks[place].label]
    for first, start, end in _pack(spans):
        pieces_ = _labelled(document.text, labelled, start, end)
        yield first, start, end, _frame(document, first, start), pieces_


def _labelled(text: str, labelled: list[Block], start: int, end: int) -> tuple[Piece, ...]:
    """Lines of a document's head and foot under what they are: 发文字号：国发〔2018〕41号."""
    blocks = [block for block in labelled if start <= block.start and block.end <= end]
    if not blocks:
        return ()
    pieces: list[Piece] = []
    at = start
    for block in blocks:
        if at < block.start:
            pieces.append(Piece(at, text[at : block.start]))
        pieces += [
            Piece(-1, f"{block.label}："),
            Piece(block.start, text[block.start : block.end]),
        ]
        at = block.end
    if at < end:
        pieces.append(Piece(at, text[at:end]))
    return tuple(pieces)


def _frame(document: Document, place: int, start: int) -> tuple[Piece, ...]:
    """The title, the headings and the lead-in above a block, but for what it holds itself."""
    blocks, text = document.blocks, document.text
    block = blocks[place]
    titles = [b for b in blocks[:20] if b.kind == "title"]
    above = [*titles, *(blocks[p] for p in block.above)]
    frame = [
        Piece(b.start, text[b.start : b.end]) for b in above if b.start < start and b is not block
    ]
    lead = blocks[block.lead] if block.lead is not None else None
    if lead and lead.end <= start:
        first = max(lead.start, lead.end - LEAD_LENGTH)
        frame.append(Piece(first, text[first : lead.end]))
    return tuple(frame)


def _pack(spans: list[tuple[int, Span]]) -> Iterator[tuple[int, int, int]]:
    pending: tuple[int, int, int] | None = None
    for place, (start, end) in spans:
        if pending and end - pending[1] <= PASSAGE_LENGTH:
            pending = (pending[0], pending[1], end)
            continue
        if pending:
            yield pending
        pending = (place, start, end)
    if pending:
        yield pending


def _rows(document: Document, group: list[int]) -> Iterator[_Cut]:
    """Rows under their table's head, as many as fit: 「水泥：2023年产量176.9万吨」."""
    text, blocks = document.text, document.blocks
    pending: list[tuple[int, tuple[Piece, ...]]] = []
    size = 0
    if len(group) > 1 and blocks[group[1]].heads == blocks[group[0]].cells:
        group = group[1:]  # the head is read with each row
    for place in group:
        block = blocks[place]
        pieces = read_row(text, block)
        length = sum(len(piece.text) for piece in pieces)
        other_year = bool(pending) and blocks[pending[-1][0]].year != block.year
        if pending and (other_year or size + length > PASSAGE_LENGTH):
            yield _row_passage(document, pending)
            pending, size = [], 0
        pending.append((place, pieces))
        size += length
    if pending:
        yield _row_passage(document, pending)


def _row_passage(document: Document, rows: list[tuple[int, tuple[Piece, ...]]]) -> _Cut:
    first, last = rows[0][0], rows[-1][0]
    start, end = document.blocks[first].start, document.blocks[last].end
    pieces = tuple(piece for _, row in rows for piece in row)
    return first, start, end, _frame(document, first, start), pieces
