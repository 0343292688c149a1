"""The only types that leave `qa`: an answer and its citations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from corpus import Document, Passage

__all__ = ["Answer", "Citation", "Status"]

Status = Literal["answered", "refused"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a source, verbatim: `document.text[start:end] == quote`.

    `passage` is the text it stands in, `section` the path of headings above it, and
    `start`, `end` are offsets into the cleaned document, whose id is `document_id`; `year` is
    the one that governs the passage.
    """

    quote: str
    passage: str
    source: str
    title: str
    section: str
    start: int
    end: int
    document_id: str
    year: int | None = None

    @classmethod
    def of(cls, document: Document, passage: Passage, start: int, end: int) -> Citation:
        """Cite `document.text[start:end]`; raises ValueError where the passage does not hold it."""
        if not passage.start <= start < end <= passage.end:
            raise ValueError(f"{start}:{end} is not within passage {passage.start}:{passage.end}")
        return cls(
            document.text[start:end],
            passage.text,
            document.source,
            document.title,
            passage.context,
            start,
            end,
            document.id,
            passage.year,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A short direct answer in Chinese, or a refusal that names what the documents lack.

    An answered one always has citations; a refusal may cite the nearest thing said.
    """

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if self.status == "answered" and not self.citations:
            raise ValueError("an answer without a citation")

    def to_dict(self) -> dict[str, Any]:
        """Plain data of the same fields, ready for JSON."""
        return {**asdict(self), "citations": [asdict(citation) for citation in self.citations]}
