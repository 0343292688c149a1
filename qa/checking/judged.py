"""Evidence with what checking found of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus import Block, Document, FactStatus
from corpus.language import simplify
from qa.answer import Citation
from qa.reading import Evidence

__all__ = ["Judged", "Lack", "block_of", "simplified"]

Lack = Literal[
    "", "unlikely", "instruction", "other_cell", "other_year", "other_place", "other_subject",
    "other_status", "false_premise", "total", "level",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """Evidence with what checking found of it, against the document it stands in.

    `lack` is why it cannot answer, "" where it can; `years` are those it may speak of, likeliest
    first, none where nothing tells; `status` whether it is done or aimed at, "" likewise.
    """

    evidence: Evidence
    document: Document
    lack: Lack
    years: tuple[int, ...] = ()
    status: FactStatus = ""

    @property
    def year(self) -> int | None:
        """The year it speaks of, None where nothing tells."""
        return next(iter(self.years), None)

    @property
    def citation(self) -> Citation:
        """The sentence that the evidence stands in."""
        return Citation.of(self.document, self.evidence.passage, *self.evidence.sentence)


def block_of(one: Judged) -> Block:
    """The block that evidence stands in; every passage is cut from one."""
    return one.document.block_at(one.evidence.start)


@lru_cache(maxsize=64)
def simplified(document: Document) -> str:
    """A document's text in simplified characters."""
    return simplify(document.text)
