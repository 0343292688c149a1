"""Names that the same is told of: by one sentence (two who win a prize) or by rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.language import clause_end, clause_start
from qa.asking import Query
from qa.checking import Judged
from qa.reading import name_of_row

__all__ = ["TOTALS", "named_apart", "overlap", "told_alike"]

ENDING = 2  # characters that names of one kind end with
TOTALS = frozenset(
    ("合计", "总计", "小计", "累计", "共计", "总数", "全县", "全市", "全区", "全省", "全国")
)
_DENIED = re.compile("[没未]|不(?!断|同)")


def told_alike(query: Query, held: Sequence[Judged]) -> list[Judged]:
    """The best name and others in its sentence of which all that is asked is told too, in order.

    Who wins the first prize is told of both of two winners; of one alone where the question has a
    word that is told of it alone.
    """
    best = held[0]
    if query.kind != "entity":
        return [best]
    names = [best]
    for one in held[1:]:
        same = one.document is best.document and one.evidence.sentence == best.evidence.sentence
        alike = one.evidence.text[-ENDING:] == best.evidence.text[-ENDING:]
        if same and alike and not any(overlap(one, other) for other in names):
            names.append(one)
    names.sort(key=lambda one: one.evidence.start)
    clauses = [_clause(one) for one in names]
    told = [{pair for pair in query.pairs if pair in clause} for clause in clauses]
    same = bool(told[0]) and all(one == other for one, other in pairwise(told))
    apart = len(set(clauses)) == len(clauses)
    return names if same and apart and not any(map(_DENIED.search, clauses)) else [best]


def _clause(one: Judged) -> str:
    """The clause that evidence stands in."""
    text, found = one.document.text, one.evidence
    return text[clause_start(text, found.start) : clause_end(text, found.end)]


def overlap(one: Judged, other: Judged) -> bool:
    """Whether two pieces of evidence share words of a document."""
    left, right = one.evidence, other.evidence
    same = one.document.id == other.document.id
    return same and left.start < right.end and right.start < left.end


def named_apart(told: Sequence[Judged]) -> list[str]:
    """The name that each value of one document is told of: of its row, its line; [] if none tells.

    Figures of several streets are no contradiction.
    """
    names = [_name_of(one) for one in told]
    one_document = len({one.document.id for one in told}) == 1
    return names if one_document and all(names) and len(set(names)) == len(names) else []


def _name_of(one: Judged) -> str:
    """Whose a value is: the name of its row, else what its line is named by."""
    start, end = one.evidence.start, one.evidence.end
    block = one.document.block_at(start)
    if block.cells:
        return name_of_row(one.document, block)
    facts = (f for f in one.document.facts if f.figure.start < end and start < f.figure.end)
    return next((fact.subject for fact in facts), "")
