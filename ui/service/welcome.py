"""What a reader sees first: what is indexed, how it is laid out, and what it can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from corpus import Document
from index import Index
from qa import Openers, openers

__all__ = ["Outlined", "Overview", "look_over"]

DOCUMENTS = 8  # shown of more
HEADINGS = 60  # of one document


class Heading(NamedTuple):
    """A heading, how deep it stands (0 at the top), and where."""

    text: str
    depth: int
    start: int


@dataclass(frozen=True, slots=True)
class Outlined:
    """A document by its headings."""

    id: str
    title: str
    source: str
    date: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """How many documents an index has, the newest of them, and questions they all answer."""

    total: int
    documents: tuple[Outlined, ...]
    openers: Openers


def look_over(index: Index) -> Overview:
    """What is seen of an index first."""
    keys = index.newest(DOCUMENTS)
    documents = tuple(_outline(index.document(key)) for key in keys)
    return Overview(index.catalogue.sizes()[0], documents, openers(index))


def _outline(document: Document) -> Outlined:
    headings = (
        Heading(document.text[block.start : block.end], len(block.section), block.start)
        for block in document.blocks
        if block.kind == "heading"
    )
    told = (one for one in headings if one.text != document.title and _is_told(one.text))
    found = tuple(islice(told, HEADINGS))
    top = min((heading.depth for heading in found), default=0)
    found = tuple(heading._replace(depth=heading.depth - top) for heading in found)
    return Outlined(document.id, document.title, document.source, document.date, found)


def _is_told(heading: str) -> bool:
    """Whether a heading says anything: a line of a page's marks, ------, may look like one."""
    return any(character.isalnum() for character in heading)
