"""Is what a yes/no question says what the evidence says?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus import Document, simplify
from qa.figures import Figure, find_figures, same_unit
from qa.question import Question
from qa.reader import Span

__all__ = ["Verdict", "judge"]

Verdict = Literal["是", "否"]

SHORT_NAME = 10  # a longer span is a clause, not the name a claim got wrong

_NEGATION = re.compile(r"没有|没能|未能|尚未|并未|不再|不是|无法|并非|从未|取消|暂停")
_ASKED_NEGATION = re.compile(r"没有?(?!有没)|未|不再")
_SCALE = re.compile("[万亿]")
_CHOICE = re.compile(r"是不是|有没有|能不能|会不会|对不对|了没有?|是否")
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}年")
# 「是(在)某处办的吗」: the name between is what the question claims.
_CLAIM = re.compile(
    r"是(?:在|由)?([\u3400-\u9fffA-Za-z]{2,8}?)"
    r"(?:举[行办]|召?开|办|建设?|拿|获得?|成立|发布|生产|研发|打造)?的(?:吗|么|吧|[?？]|$)"
)
_CLAUSE = re.compile(r"[^，；：。！？]+")


def judge(question: Question, spans: Sequence[Span], document: Document) -> tuple[Verdict, str]:
    """是 or 否, with the words of the evidence that decide it.

    Figures and dates of the question must stand in the evidence; one of the same kind with
    another value denies them. A name claimed that the evidence lacks is denied by the one
    the reader found in its place. Then a negation decides, then the model. `spans` are
    grounded, best first.
    """
    span = spans[0]
    evidence = document.text[slice(*span.sentence)]
    decided = _judge_figures(question, evidence) or _judge_dates(question, span, evidence)
    if decided:
        return decided
    claim = _CLAIM.search(_CHOICE.sub("是", question.text))
    if claim and not any(pair in simplify(evidence) for pair in _pairs(claim[1])):
        named = [s for s in spans if s.sentence == span.sentence and len(s.text) <= SHORT_NAME]
        named = [s for s in named if s.text not in question.text]
        if named:
            return "否", max(named, key=lambda s: s.signs.odds).text
    clause = _nearest_clause(question, span, document)
    if _NEGATION.search(clause):
        asked_not = bool(_ASKED_NEGATION.search(_CHOICE.sub("", question.text)))
        return ("是" if asked_not else "否"), clause
    return ("是" if span.verdict > 0 else "否"), clause


def _judge_figures(question: Question, evidence: str) -> tuple[Verdict, str] | None:
    there = list(find_figures(evidence))
    confirmed = ""
    for asked in (f for f in find_figures(question.text) if f.unit or _SCALE.search(f.text)):
        same = [f for f in there if _comparable(asked, f)]
        equal = [f for f in same if f.value == asked.value]
        if not equal and same:
            return "否", _nearest(question, same, evidence).text
        if equal:
            confirmed = equal[0].text
    return ("是", confirmed) if confirmed and not _CLAIM.search(question.text) else None


def _comparable(asked: Figure, found: Figure) -> bool:
    """Whether two figures count the same; 「1900亿」 has no unit but its scale."""
    if asked.unit:
        return same_unit(asked.unit, found.unit)
    return bool(_SCALE.search(found.text))


def _judge_dates(question: Question, span: Span, evidence: str) -> tuple[Verdict, str] | None:
    asked = [m.group().replace("号", "日") for m in _DATE.finditer(question.text)]
    asked = [date for date in asked if date != f"{span.passage.year}年"]  # a heading gives it
    there = [m.group().replace("号", "日") for m in _DATE.finditer(evidence)]
    for date in asked:
        same_form = [d for d in there if ("月" in d) == ("月" in date)]
        if any(date in d or d in date for d in same_form):
            return "是", next(d for d in same_form if date in d or d in date)
        if same_form:
            return "否", same_form[0]
    return None


def _nearest(question: Question, same: list[Figure], evidence: str) -> Figure:
    """Of figures in one unit, the one whose neighbouring words the question shares most."""
    words = set(question.text)
    return max(same, key=lambda f: len(words & set(evidence[max(0, f.start - 12) : f.end + 6])))


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


def _nearest_clause(question: Question, span: Span, document: Document) -> str:
    """The clause of the evidence that shares most characters with the question."""
    words = set(question.text)
    evidence = document.text[slice(*span.sentence)]
    clauses = [match.group().strip("“”") for match in _CLAUSE.finditer(evidence)]
    return max(clauses, key=lambda clause: len(words & set(clause)), default=span.text)
