"""Does the evidence hold what was asked, and only that?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus import Block, Document, Fact, FactStatus, status_of, years_of
from corpus.language import (
    LEVEL,
    Figure,
    clause_end,
    clause_start,
    count_as_place,
    find_figures,
    find_places,
    find_quantities,
    places_asked,
    same_quantity,
    same_unit,
    simplify,
    within,
)
from index import Catalogue
from index.lexical import tokenize
from qa.answer import Answer
from qa.asking import asked_status
from qa.question import Question, content_runs
from qa.reader import Span

__all__ = ["Grounding", "Lack", "is_strange", "unknown_places", "unsupported_figures"]

LEVELS = ("全国", "全省", "全市")  # asked of a district's document they are another place

Lack = Literal["", "likelihood", "cell", "year", "place", "status", "premise", "instruction"]


# A sentence that tells the reader what to answer is no source.
_INSTRUCTS = re.compile(
    r"(?:忽略|无视|忘记)(?:以上|之前|前面|上述|所有)|(?:一律|必须|只能|请|都)回答|"
    r"ignore (?:all|the|previous)",
    re.IGNORECASE,
)

_ASKED_WHETHER_DONE = re.compile("已经|了[吗么没]")


@dataclass(frozen=True, slots=True)
class Grounding:
    """The checks an answer must pass against one document."""

    question: Question
    document: Document

    def lack(self, span: Span) -> Lack:
        """What keeps a span from being an answer, "" where nothing does.

        A yes/no question may name a wrong year or place: its verdict tells.
        """
        if span.score < 0:
            return "likelihood"
        if _INSTRUCTS.search(self._sentence(span)):
            return "instruction"
        if not self.is_of_cell(span):
            return "cell"
        if self.question.kind == "yesno":
            done = bool(_ASKED_WHETHER_DONE.search(self.question.text))
            return "status" if done and self.status_of(span) == "target" else ""
        if not self.is_of_year(span):
            return "year"
        if not self.is_of_place(span):
            return "place"
        if not self.is_of_status(span):
            return "status"
        return "" if self.holds_premises() else "premise"

    def is_of_cell(self, span: Span) -> bool:
        """Whether a cell of a table stands in the row and under the head that are asked for.

        Where the question names neither, any may be; the name of a row may be asked for by what
        stands in another column.
        """
        row = self._block(span)
        column = next((i for i, (a, b) in enumerate(row.cells) if a <= span.start < b), 0)
        if column == 0 or not row.heads:
            return True
        heads = self._named([self._cell(head) for head in row.heads])
        if heads and self._cell(row.heads[min(column, len(row.heads) - 1)]) not in heads:
            return False
        rows = (b for b in self.document.blocks if b.cells and b.heads == row.heads)
        keys = self._named([self._cell(other.cells[0]) for other in rows])
        return not keys or self._cell(row.cells[0]) in keys

    def _cell(self, span: tuple[int, int]) -> str:
        """What a cell says, without its unit and as it may stand in a question."""
        text = re.sub(r"[（(].*?[)）]|\s", "", self.document.text[slice(*span)])
        return simplify(text).lower()

    def _named(self, names: Sequence[str]) -> set[str]:
        """Those of several names that the question has, but for those within others of them."""
        asked = self.question.text.replace(" ", "").lower()
        held = {name for name in names if len(name) > 1 and name in asked}
        return {name for name in held if not any(name != o and name in o for o in held)}

    def is_of_year(self, span: Span) -> bool:
        """Whether a span is of a year asked for, if any was, or of none that is known."""
        asked, years = self.question.years, self.years_of(span)
        if not asked or not years or any(year in asked for year in years):
            return True
        return bool(self.question.relative) and self.question.relative in span.passage.text

    def is_of_status(self, span: Span) -> bool:
        """Whether a figure asked for as planned or as done is not known to be the other."""
        asked = asked_status(self.question.text) if self.question.kind == "figure" else ""
        return not asked or self.status_of(span) in ("", asked)

    def is_of_place(self, span: Span) -> bool:
        """Whether a span may be of the place asked for: named beside it, or the document's own."""
        main = self.document.place
        level = LEVEL.search(self.question.standalone)
        if level and not _speaks_for(self.document, level[1] or level[2]):
            return False
        asked = places_asked(self.question.standalone, _simplified(self.document))
        asked += [word for word in LEVELS if word in self.question.standalone]
        if not main or not asked or any(_same_place(main, place) for place in asked):
            return True
        text = span.passage.indexed
        return any(
            count_as_place(text, place) or (place in LEVELS and place in text) for place in asked
        )

    def holds_premises(self) -> bool:
        """Whether the figures a question takes for granted are the document's, for its year."""
        text = self.question.standalone
        figures = [f for f in find_quantities(text) if _is_premise(f, text)]
        if not figures:
            return True
        years = self.question.years
        known = [c for c in self.document.facts if not years or c.year in (None, *years)]
        return all(_is_borne_out(figure, text, known) for figure in figures)

    def years_of(self, span: Span) -> tuple[int, ...]:
        """The years a span may speak of, likeliest first; empty where nothing tells."""
        fact = self._fact_of_row(span)
        if fact:
            return (fact.year,) if fact.year else ()
        start, block = span.sentence[0], self._block(span)
        before = self.document.text[block.start : start]
        return years_of(self._sentence(span), span.start - start, block.year, before)

    def status_of(self, span: Span) -> FactStatus:
        """Whether what a span says is done or aimed at, "" where nothing tells."""
        at = span.start - span.sentence[0]
        return status_of(self._sentence(span), at, self._block(span), self.document)

    def _fact_of_row(self, span: Span) -> Fact | None:
        """What a table says of the figure in a span: its column's head may give another year."""
        if not self._block(span).cells:
            return None
        return next((f for f in self.document.facts if f.figure.start == span.start), None)

    def _block(self, span: Span) -> Block:
        """The block a span stands in; every passage is cut from one."""
        return self.document.block_at(span.start)

    def _sentence(self, span: Span) -> str:
        return self.document.text[slice(*span.sentence)]


@lru_cache(maxsize=64)
def _speaks_for(document: Document, level: str) -> bool:
    """Whether a document is one of a district, a county: it calls it 全区, or has its name."""
    words = (f"全{level}", f"我{level}", f"本{level}", f"{level}委", f"{level}政府")
    return document.place.endswith(level) or any(word in document.text for word in words)


def _same_place(one: str, other: str) -> bool:
    return one in other or other in one or (within(one, other) and within(other, one))


@lru_cache(maxsize=64)
def _simplified(document: Document) -> str:
    return simplify(document.text)


# Of a person who asks (62岁的老人), or of a day.
_OWN = ("年", "月", "日", "岁", "周岁")


def _is_borne_out(figure: Figure, text: str, known: Sequence[Fact]) -> bool:
    """Whether a figure is told, or nothing told is a figure of the same thing.

    What a line or heading is named by (国庆节：…) has its own figures; else the words of the
    figure's clause in the question say what it counts.
    """
    alike = [fact for fact in known if same_unit(fact.figure.unit, figure.unit)]
    own = [fact for fact in alike if len(fact.subject) > 1 and fact.subject in text]
    if any(same_quantity(figure, fact.figure) for fact in own or known):
        return True
    before = text[clause_start(text, figure.start) : figure.start]
    clause = f"{before} {text[figure.end : clause_end(text, figure.end)]}"
    words = {run[i : i + 2] for run in content_runs(clause) for i in range(len(run) - 1)}
    return not any(any(w in f"{fact.subject}:{fact.indicator}" for w in words) for fact in alike)


def _is_premise(figure: Figure, text: str) -> bool:
    """Whether a figure in a question states something, and is not 前10名 or 哪两个."""
    digits = any(character.isdigit() for character in figure.text) and figure.unit not in _OWN
    before = text[figure.start - 1 : figure.start]
    return digits and not figure.qualifier and before not in tuple("前第每哪")


def is_strange(question: Question, catalogue: Catalogue) -> bool:
    """Whether not two characters of a question, nor a word or number, stand in the documents.

    One character alone tells something only of what is asked, not in a greeting (你好). What a
    document says of itself is asked in words it need not hold.
    """
    if question.labels:
        return False
    runs = (*question.earlier, *question.content)
    for run in runs:
        lone = len(run) == 1 and not run.isascii()
        if lone and question.kind == "keywords":
            continue
        if any(catalogue.holds(piece) for piece in tokenize(run)):
            return False
    return bool(runs)


def unknown_places(question: Question, catalogue: Catalogue) -> list[str]:
    """Places the question names and no document does: none can answer for them.

    A yes/no question may name a wrong place: its verdict tells.
    """
    if question.kind == "yesno":
        return []
    named = [place.name for place in find_places(question.standalone)]
    return [
        place
        for place in named
        if not catalogue.holds(place)
        and not any(other != place and within(other, place) for other in named)
    ]


def unsupported_figures(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """Figures of an answer that stand, with their unit, in none of its quotes.

    A table gives a figure its unit elsewhere than in the row that is quoted: the facts of
    `documents` (by id) know it. A calculated one is none of them where both its operands stand:
    qa.derivation shows them.
    """
    quoted = [figure for c in answer.citations for figure in find_figures(c.quote)]
    quoted += [
        fact.figure
        for cited in answer.citations
        for fact in (documents[cited.document_id].facts if cited.document_id in documents else ())
        if cited.start <= fact.figure.start < cited.end
    ]
    said = answer.text.partition("（计算所得：")
    shown = said[2] or said[0]
    for citation in answer.citations:  # a source's name is no claim
        shown = shown.replace(f"（{citation.source}）", "")
    return [
        figure.text
        for figure in find_quantities(shown)
        if not any(same_quantity(figure, other) for other in quoted)
    ]
