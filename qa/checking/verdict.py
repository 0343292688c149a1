"""Is what a yes/no question says what the evidence says?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import Document
from corpus.language import clause_end, clause_start, find_figures, simplify
from qa.asking import CHOICE, Query, content_runs
from qa.checking.asked import judges_untold, praises, thing_untold
from qa.checking.checks import other_year
from qa.checking.claims import (
    CLAIM,
    NEGATION,
    Verdict,
    claims_more,
    judge_case,
    judge_charge,
    judge_dates,
    judge_figures,
    pairs_of,
    strays_in_year,
)
from qa.checking.judged import Judged
from qa.checking.opposites import deny_each_other, judge_weekdays
from qa.reading import Evidence, trim

__all__ = ["Verdict", "decide"]

REPEATED = 0.7  # share of a question's pairs of characters; the model is not asked then
# The reader's score and the model's verdict together: where words of the question are untold, and
# where the thing itself is told in other words.
SURE, SURE_OF_OTHER_WORDS = 4.0, 6.0
SHORT_NAME = 10  # a longer span is a clause, not the name a claim got wrong

# What a cell says that answers by itself.
_YES = frozenset("有是可√✓✔●") | {"可以", "支持", "具备", "允许", "需要", "已配备"}
_NO = frozenset("无否×✗✘○") | {"没有", "不可", "不可以", "不支持", "不具备", "不允许", "不需要"}
_EXCEPTED = re.compile("(?P<name>[^，。；：但]{2,16})(?:除外|不在此限|不受此限)")


def decide(query: Query, held: Sequence[Judged]) -> tuple[Judged, Verdict, str] | None:
    """是 or 否 by the first evidence whose words decide it, with these words; None by none.

    `held` passed its checks, best first; what is said of the year in question goes first, and
    another year's value proves nothing.
    """

    def strays(one: Judged) -> bool:
        return bool(other_year(one, query.seen_from(one.document.present)))

    ordered = sorted(held, key=strays)
    for place, one in enumerate(ordered):
        same = [o.evidence for o in ordered[place:] if o.document.id == one.document.id]
        decided = _judge(query, same, one.document)
        if decided and (decided[0] == "否" or not strays(one)):
            return one, *decided
    return None


def _judge(
    query: Query, spans: Sequence[Evidence], document: Document
) -> tuple[Verdict, str] | None:
    """是 or 否, with the words of the evidence that decide it, or None where nothing does.

    Figures and dates of the question must stand in the evidence; one of the same kind with
    another value denies them, and evidence without one decides nothing. A name claimed that the
    evidence lacks is denied by the one the reader found in its place. Then a negation decides,
    then the model.
    """
    span = spans[0]
    decided = (
        _judge_cell(span, document)
        or judge_case(query, span, document)
        or judge_figures(query, span, document)
    )
    if decided:
        return decided
    if strays_in_year(query, span, document):
        return None
    evidence = document.text[slice(*span.sentence)]
    excepted = _excepted(query, evidence)
    above = f"{document.title} {span.passage.context}"
    by_day = None if excepted else judge_weekdays(query, evidence, above)
    if by_day:
        holds, told = by_day
        return ("是" if holds else "否", told) if told else None
    decided = judge_dates(query, span, evidence)
    if decided or claims_more(query, span, document):
        return decided
    claim = CLAIM.search(CHOICE.sub("是", query.standalone))
    if claim and not any(pair in simplify(evidence) for pair in pairs_of(claim[1])):
        named = [s for s in spans if s.sentence == span.sentence and len(s.text) <= SHORT_NAME]
        named = [s for s in named if not any(pair in query.standalone for pair in pairs_of(s.text))]
        if named:
            return "否", max(named, key=lambda s: s.signs.odds).text
        return "否", _clauses_of(span, document)
    if excepted:
        denied = NEGATION.search(evidence)
        return ("是" if denied else "否"), excepted
    return _judge_words(query, span, document)


def _judge_words(query: Query, span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """是 or 否 by what the clauses of a span say and deny; None where they speak of another."""
    clause = _clauses_of(span, document)
    sure = span.score + abs(span.verdict)
    if judges_untold(query, clause) or (
        sure < SURE_OF_OTHER_WORDS and thing_untold(query, _told_with(span, document))
    ):
        return None
    charge = judge_charge(query, clause)
    if charge:
        return charge, clause
    if deny_each_other(query, clause) and not NEGATION.search(clause):
        return "否", clause
    if NEGATION.search(clause) or _turned_round(query, clause):
        asked_not = NEGATION.search(CHOICE.sub("", query.standalone))
        return ("是" if asked_not else "否"), clause
    if not _speaks_of(query, span, document):
        return None
    repeats = _repeats(query, clause, document.place)
    holds = repeats or span.verdict > 0
    if (not repeats and sure < SURE) or (not holds and praises(query, clause)):
        return None
    return ("是" if holds else "否"), clause


def _judge_cell(span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """What a cell of a table says that holds 有, 无 or a mark for one of them."""
    row = document.block_at(span.start)
    cell = next((document.text[a:b] for a, b in row.cells[1:] if a <= span.start < b), "")
    return ("是", cell) if cell in _YES else ("否", cell) if cell in _NO else None


def _turned_round(query: Query, clause: str) -> bool:
    """Whether a clause says 不 of what a question asks about: 不开放 for 开放."""
    asked = (pair for run in content_runs(query.standalone) for pair in pairs_of(run))
    return any(f"不{pair}" in clause and f"不{pair}" not in query.standalone for pair in asked)


def _excepted(query: Query, evidence: str) -> str:
    """What a rule leaves out (导盲犬除外), where that is what a question asks about; else ""."""
    for match in _EXCEPTED.finditer(evidence):
        named = pairs_of(match["name"])
        bounded = any(figure.unit for figure in find_figures(match["name"]))
        if 2 * sum(p in query.pairs for p in named) >= len(named) or (
            named[-1] in query.pairs and not bounded
        ):
            return match.group()
    return ""


def _speaks_of(query: Query, span: Evidence, document: Document) -> bool:
    """Whether a sentence, or a heading above it, has a word of what a question asks about."""
    told = _told_with(span, document)
    return not query.pairs or any(pair in told for pair in query.pairs)


def _told_with(span: Evidence, document: Document) -> str:
    """A sentence under the headings above it."""
    return simplify(f"{span.passage.context} {document.text[slice(*span.sentence)]}")


def _repeats(query: Query, clause: str, place: str) -> bool:
    """Whether a clause says in the same words nearly all that a question claims.

    The place that its document is about need not be said again of what is there: 东西湖有….
    """
    whole = query.standalone.startswith(place[:2]) and place.rstrip("省市区县")
    said = re.compile(f"已经|{re.escape(whole)}[省市区县]?有?" if whole else "已经")
    asked = [p for run in query.content for part in said.split(run) for p in pairs_of(part)]
    return bool(asked) and sum(pair in clause for pair in asked) >= REPEATED * len(asked)


def _clauses_of(span: Evidence, document: Document) -> str:
    """The clauses that the reader's words stand in."""
    text = document.text
    start, end = clause_start(text, span.start), clause_end(text, span.end)
    return text[slice(*trim(text, max(start, span.sentence[0]), min(end, span.sentence[1])))]
