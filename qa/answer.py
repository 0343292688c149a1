"""The only types that leave `qa`: an answer, its parts and its citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from corpus import Document, Passage

__all__ = [
    "DIFFERENT", "VERDICTS", "Answer", "Citation", "Part", "Reason", "Status", "with_grounds",
]  # fmt: skip

Status = Literal["answered", "refused"]
Reason = Literal[
    "", "not_told", "other_year", "other_place", "other_subject", "false_premise", "incomplete",
    "conversation",
]  # fmt: skip

VERDICTS = ("是", "否")
DIFFERENT = "说法不一"  # the label of values of one source that contradict each other


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a source, verbatim: `document.text[start:end] == quote`.

    `passage` is the text it stands in, `section` the path of headings above it, and
    `start`, `end` are offsets into the cleaned document, whose id is `document_id`; `year` is
    the one that governs the passage, `page` the number of that it begins on, None where the
    document has none, and `date` when the document was released, "" where nothing tells.
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
    page: int | None = None
    date: str = ""

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
            document.block_at(start).year,
            document.page_at(start),
            document.date,
        )

    @classmethod
    def of_block(cls, document: Document, start: int, end: int) -> Citation:
        """Cite `document.text[start:end]` within the block it begins in."""
        block = document.block_at(start)
        return cls(
            document.text[start:end],
            document.text[block.start : block.end],
            document.source,
            document.title,
            " / ".join(block.section),
            start,
            end,
            document.id,
            block.year,
            document.page_at(start),
            document.date,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One thing an answer tells: words of a source, 是 or 否, or a value computed from others.

    `label` tells it from the other parts (a year, 计划, a source), "" where nothing needs
    telling; `citations` are places in `Answer.citations`, never none; `operands` are the texts a
    computed value was computed from, each with the place of its citation.
    """

    text: str
    citations: tuple[int, ...]
    label: str = ""
    operands: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a part without a citation")


@dataclass(frozen=True, slots=True)
class Answer:
    """A short direct answer in Chinese, or a refusal that names what the documents lack.

    An answered one has parts and citations; `text` is made of them by `qa.saying`, with what the
    documents do not tell of the question at its end, which is `untold`; `listed` where the parts
    stand one a line. A refusal has a `reason` and may cite the nearest thing said.
    """

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    parts: tuple[Part, ...] = ()
    reason: Reason = ""
    untold: str = ""
    listed: bool = False

    def __post_init__(self) -> None:
        if self.status == "answered" and not (self.citations and self.parts):
            raise ValueError("an answer without a citation")
        if (self.status == "refused") != bool(self.reason):
            raise ValueError("a refusal has a reason, an answer none")
        places = {i for part in self.parts for i in part.citations}
        places |= {i for part in self.parts for _, i in part.operands}
        if not places <= {*range(len(self.citations))}:
            raise ValueError("a part cites what is not there")

    def to_dict(self) -> dict[str, Any]:
        """Plain data of the same fields, ready for JSON."""
        return asdict(self)


def with_grounds(parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """Each part, 是 and 否 with the words that decide it, which are the part after it."""
    left = iter(parts)
    for part in left:
        grounds = next(left, None) if part.text in VERDICTS else None
        yield part, grounds.text if grounds else ""
