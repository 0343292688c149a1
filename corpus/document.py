"""Documents, their blocks, and the passages cut from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Block", "BlockKind", "Document", "Passage"]

BlockKind = Literal["title", "heading", "paragraph", "caption"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like piece of a document: `text[start:end]`, never across a line end.

    `section` is the path of headings above it, outermost first; `year` is the year that
    governs its figures (of the nearest heading that names one, else of the document).
    """

    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned text with its structure and a map back to the text as it came.

    `offsets[i]` is the place in `raw` of the character `text[i]`.
    """

    id: str
    title: str
    source: str
    text: str
    raw: str
    offsets: tuple[int, ...]
    blocks: tuple[Block, ...]
    year: int | None = None

    def __hash__(self) -> int:
        return hash(self.id)  # of all that text it would take milliseconds

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in `raw`; raises ValueError outside the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)} characters")
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one block: `document.text[start:end] == text`.

    `id` is unique within a corpus; `section` and `year` are those of its block.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    year: int | None
    kind: BlockKind

    @property
    def context(self) -> str:
        """The section path in one line, as it is indexed and shown beside the text."""
        return " / ".join(self.section)
