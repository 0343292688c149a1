"""Does the evidence hold what was asked, and only that?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus import Document, simplify, years_in
from qa.question import Question
from qa.reader import Span

__all__ = ["Grounding", "unknown_places"]

_RELATIVE = {"去年": -1, "上年": -1, "前年": -2, "明年": 1}
_OPENING_YEAR = re.compile(
    r"(?:^|[，。；：、！？\s“])(?:到|至|截至|在|预计|力争|计划)?((?:19|20)\d{2})年(?![以之]来)",
    re.MULTILINE,
)
PLACES = Path(__file__).with_name("places.txt")


@dataclass(frozen=True, slots=True)
class Grounding:
    """The checks an answer must pass against one document."""

    question: Question
    document: Document

    def holds(self, span: Span) -> bool:
        """Whether a span is likelier an answer than none is, and of a year asked for."""
        return span.score >= 0 and self.year_fits(span)

    def year_fits(self, span: Span) -> bool:
        """Whether a span may be of a year asked for; any may where none was.

        A yes/no question may name a wrong year: its verdict tells.
        """
        return self.question.kind == "yesno" or self.is_of_year(span)

    def is_of_year(self, span: Span) -> bool:
        """Whether a span is of a year asked for, if any was, or of none that is known."""
        asked, years = self.question.years, self.years_of(span)
        return not asked or not years or any(year in asked for year in years)

    def years_of(self, span: Span) -> tuple[int, ...]:
        """The years a span may speak of: those its sentence names and the one that governs it.

        One that opens a clause before the span (「2022年，计划…」) rules the others out.
        去年 and 明年 are counted from the governing year; empty where nothing tells.
        """
        sentence = self.document.text[slice(*span.sentence)]
        opening = _OPENING_YEAR.findall(sentence[: span.start - span.sentence[0]])
        if opening:
            return (int(opening[-1]),)
        governing = span.passage.year
        if governing is None:
            return years_in(sentence)
        relative = [governing + shift for word, shift in _RELATIVE.items() if word in sentence]
        return (*years_in(sentence), governing, *relative)


def unknown_places(question: Question, texts: Sequence[str]) -> list[str]:
    """Places the question names and no document does: none can answer for them.

    A yes/no question may name a wrong place: its verdict tells.
    """
    if question.kind == "yesno":
        return []
    known = simplify("\n".join(texts))
    return [place for place in _places() if place in question.standalone and place not in known]


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    lines = PLACES.read_text("utf-8").splitlines()
    return tuple(name for line in lines if not line.startswith("#") for name in line.split())
