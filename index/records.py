"""Blocks, facts and pieces as the catalogue keeps them, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from corpus import Block, Fact, Piece
from corpus.language import Figure, plainest_form

__all__ = ["block_row", "dump_pieces", "fact_row", "load_pieces", "read_block", "read_fact"]


def block_row(block: Block) -> list[Any]:
    """A block as JSON keeps it."""
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


def read_block(row: list[Any]) -> Block:
    """The block that `block_row` made a row of."""
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


def fact_row(document_id: str, fact: Fact) -> tuple[Any, ...]:
    """A fact as a row of the table of facts, its document first, its plainest form last."""
    figure = fact.figure
    value, upper = (None if v is None else format(v, "f") for v in (figure.value, figure.upper))
    return (
        document_id,
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
        *plainest_form(figure),
    )


def read_fact(row: Sequence[Any]) -> Fact:
    """The fact of a row, its document left out."""
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


def dump_pieces(pieces: Sequence[Piece]) -> str:
    """Pieces as JSON keeps them."""
    return json.dumps([[piece.start, piece.text] for piece in pieces]) if pieces else ""


def load_pieces(stored: str) -> tuple[Piece, ...]:
    """The pieces that `dump_pieces` wrote."""
    return tuple(Piece(start, text) for start, text in json.loads(stored)) if stored else ()
