"""Documents, passages and facts as the catalogue keeps them, and back."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from corpus import Block, Document, Fact, Indicator, Passage, Piece, find_indicators
from corpus.language import Figure, plainest_form, written_form

__all__ = [
    "DOCUMENT",
    "FACT",
    "FACT_STORED",
    "PASSAGE",
    "document_row",
    "fact_rows",
    "passage_row",
    "raw_of",
    "read_document",
    "read_fact",
    "read_passage",
]

DOCUMENT = "id, title, source, text, raw, offsets, blocks, year, present, place, date"
PASSAGE = (
    'p.id, d.id, p.start, p."end", substr(d.text, p.start + 1, p."end" - p.start),'
    " p.section, p.year, p.kind, p.frame, p.pieces"
)
FACT = (
    'start, "end", text, value, upper, unit, qualifier, indicator, year, status, place, subject, '
    "sentence_start, sentence_end, section"
)
FACT_STORED = f"document, {FACT}, number, base_unit, amount, sentence, name, state, written"


def document_row(document: Document) -> tuple[Any, ...]:
    """A document as a row of DOCUMENT, its facts left out; `raw` is NULL where it is the text."""
    raw = None if document.raw == document.text else document.raw
    return (
        document.id,
        document.title,
        document.source,
        document.text,
        # SQLite refuses lone surrogates, which only `raw` may still hold.
        None if raw is None else zlib.compress(raw.encode("utf-8", "surrogatepass"), 1),
        _dump_offsets(document.offsets),
        zlib.compress(json.dumps([_block_row(block) for block in document.blocks]).encode(), 1),
        document.year,
        document.present,
        document.place,
        document.date,
    )


def read_document(row: Sequence[Any], facts: Sequence[Sequence[Any]]) -> Document:
    """The document of a row of DOCUMENT and of rows of FACT."""
    key, title, source, text, raw, offsets, blocks, year, present, place, date = row
    return Document(
        key,
        title,
        source,
        text,
        raw_of(text, raw),
        _load_offsets(offsets),
        tuple(_read_block(block) for block in json.loads(zlib.decompress(blocks))),
        year,
        present,
        place,
        date,
        tuple(read_fact(fact) for fact in facts),
    )


def raw_of(text: str, raw: bytes | None) -> str:
    """The text as it came of the columns `text` and `raw`."""
    return text if raw is None else zlib.decompress(raw).decode("utf-8", "surrogatepass")


def _dump_offsets(offsets: Sequence[int]) -> bytes:
    """Offsets as runs that rise by one: place in the text and in the raw text of each."""
    runs: list[int] = []
    expected = -1
    for place, offset in enumerate(offsets):
        if offset != expected:
            runs += [place, offset]
        expected = offset + 1
    return zlib.compress(array("I", [*runs, len(offsets)]).tobytes(), 1)


def _load_offsets(stored: bytes) -> tuple[int, ...]:
    runs = array("I", zlib.decompress(stored))
    found: list[int] = []
    for i in range(0, len(runs) - 1, 2):
        found += range(runs[i + 1], runs[i + 1] + runs[i + 2] - runs[i])
    return tuple(found)


def passage_row(passage: Passage) -> tuple[Any, ...]:
    """A passage as it is stored, but for its document and the text that stands there."""
    return (
        passage.id,
        passage.start,
        passage.end,
        json.dumps(passage.section, ensure_ascii=False),
        passage.year,
        passage.kind,
        _dump_pieces(passage.frame),
        _dump_pieces(passage.pieces),
    )


def read_passage(row: Sequence[Any]) -> Passage:
    """The passage of a row of PASSAGE."""
    key, document_id, start, end, text, section, year, kind, frame, pieces = row
    return Passage(
        key,
        document_id,
        start,
        end,
        text,
        tuple(json.loads(section)),
        year,
        kind,
        _load_pieces(frame),
        _load_pieces(pieces),
    )


def _block_row(block: Block) -> list[Any]:
    return [
        block.kind,
        block.start,
        block.end,
        block.section,
        block.year,
        block.above,
        block.lead,
        block.level,
        block.cells,
        block.heads,
        block.label,
    ]


def _read_block(row: list[Any]) -> Block:
    kind, start, end, section, year, above, lead, level, cells, heads, label = row
    return Block(
        kind,
        start,
        end,
        tuple(section),
        year,
        tuple(above),
        lead,
        level,
        tuple((a, b) for a, b in cells),
        tuple((a, b) for a, b in heads),
        label,
    )


def fact_rows(number: int, document: Document) -> Iterator[tuple[Any, ...]]:
    """The facts of a document as rows of FACT_STORED: its number first, what a table calls them
    last.
    """
    for fact, indicator in zip(document.facts, find_indicators(document), strict=True):
        yield _fact_row(number, document.text, fact, indicator)


def _fact_row(document: int, text: str, fact: Fact, indicator: Indicator | None) -> tuple[Any, ...]:
    figure = fact.figure
    value, upper = (None if v is None else format(v, "f") for v in (figure.value, figure.upper))
    number, unit = plainest_form(figure)
    return (
        document,
        figure.start,
        figure.end,
        figure.text,
        value,
        upper,
        figure.unit,
        figure.qualifier,
        fact.indicator,
        fact.year,
        fact.status,
        fact.place,
        fact.subject,
        *fact.sentence,
        fact.section,
        number,
        unit,
        float(number) if number else None,
        text[slice(*fact.sentence)],
        indicator.name if indicator else None,
        indicator.status if indicator else None,
        written_form(figure),
    )


def read_fact(row: Sequence[Any]) -> Fact:
    """The fact of a row of FACT."""
    start, end, text, value, upper, unit, qualifier, indicator, year, status = row[:10]
    place, subject, first, last, section = row[10:]
    figure = Figure(
        start,
        end,
        text,
        None if value is None else Decimal(value),
        unit,
        None if upper is None else Decimal(upper),
        qualifier,
    )
    return Fact(figure, indicator, year, status, place, subject, (first, last), section)


def _dump_pieces(pieces: Sequence[Piece]) -> str:
    if not pieces:
        return ""
    return json.dumps([[piece.start, piece.text] for piece in pieces], ensure_ascii=False)


def _load_pieces(stored: str) -> tuple[Piece, ...]:
    return tuple(Piece(start, text) for start, text in json.loads(stored)) if stored else ()
