"""What has the most or the least of something, by the figures of one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from corpus import Document, Fact, without_number
from corpus.language import in_base_unit, same_unit
from qa.answer import Answer, Citation
from qa.asking import Query, Ranking, read_ranking
from qa.checking import Judged
from qa.saying.text import Told, answered

__all__ = ["rank"]

SHORTEST = 2  # characters of a measure
LONGEST_NAME = 20  # characters
_TOTALS = frozenset(("合计", "总计", "小计", "累计", "全县", "全市", "全区", "全省"))


def rank(query: Query, held: Sequence[Judged], documents: Iterable[Document]) -> Answer | None:
    """The name with the largest or smallest figure, which it is reckoned from, where one is asked.

    None without two to compare, and where the best evidence says it itself (面积最大的是…).
    """
    asked = read_ranking(query.standalone)
    said = any("最" in one.document.text[slice(*one.evidence.sentence)] for one in held[:1])
    if not asked or said:
        return None
    for document in documents:
        told = _alike(asked, document)
        values = sorted({value for _, _, value in told})
        if len({name for name, _, _ in told}) < SHORTEST or len(values) < SHORTEST:
            continue
        best = values[-1 if asked.most else 0]
        first = [(name, fact) for name, fact, value in told if value == best]
        if len(first) == 1:
            name, fact = first[0]
            cited = Citation.of_block(document, *fact.sentence)
            return answered([Told(name, [cited], operands=[(fact.figure.text, cited)])])
    return None


def _alike(asked: Ranking, document: Document) -> list[tuple[str, Fact, Decimal]]:
    """The figures of what is measured, each with the name of what it is of and its value."""
    for start in range(len(asked.measure) - SHORTEST + 1):
        measure = asked.measure[start:]
        found = [fact for fact in document.facts if measure in fact.indicator]
        found = [fact for fact in found if same_unit(fact.figure.unit, found[0].figure.unit)]
        kind = asked.kind or asked.measure[:start]  # 哪个镇面积最大 has both in one
        named = [(_name(kind, measure, fact, document), fact) for fact in found]
        told = [
            (name, fact, value)
            for name, fact in named
            if name and name not in _TOTALS
            if (value := in_base_unit(fact.figure)[0]) is not None
        ]
        if told:
            years = {fact.year for _, fact, _ in told}
            return told if len(years) == 1 else []
    return []


def _name(kind: str, measure: str, fact: Fact, document: Document) -> str:
    """Whose figure it is: a row's first cell, or the words that open its sentence."""
    if document.block_at(fact.figure.start).cells:
        return fact.subject
    first = fact.sentence[0]
    opening = re.split("[，,：:（(]", document.text[first : fact.figure.start])[0]
    opening = without_number(opening)
    if kind and kind in opening:
        opening = opening[: opening.index(kind) + len(kind)]
    elif measure in opening:
        opening = opening[: opening.index(measure)]
    return opening.rstrip("的") if len(opening) <= LONGEST_NAME else ""
