"""Is what a yes/no question says what the evidence says?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus import Document
from corpus.language import (
    DATE,
    Figure,
    clause_start,
    find_figures,
    in_base_unit,
    same_quantity,
    same_unit,
    simplify,
)
from qa.asking import CHOICE, Query, content_runs
from qa.checking.checks import Judged, other_year
from qa.reading import Evidence, trim

__all__ = ["Verdict", "decide"]

Verdict = Literal["是", "否"]

REPEATED = 0.7  # share of a question's pairs of characters; the model is not asked then
SHORT_NAME = 10  # a longer span is a clause, not the name a claim got wrong

# What a cell says that answers by itself.
_YES = frozenset("有是可√✓✔●") | {"可以", "支持", "具备", "允许", "需要", "已配备"}
_NO = frozenset("无否×✗✘○") | {"没有", "不可", "不可以", "不支持", "不具备", "不允许", "不需要"}
_NEGATION = re.compile(
    r"不[得予能可支允享接]|禁止|没有|没能|未能|尚未|并未|不再|不是|无法|并非|从未|取消|暂停"
)
_ASKED_NEGATION = re.compile(r"没有?(?!有没)|未|不再")
_KINDS = ("类", "种", "级", "批", "组")
_SCALE = re.compile("[万亿]")
_AT_LEAST = re.compile("(?<!不)(?:超|高于|多于)|突破|以上|不低于|不少于|不止|达|逾|[到过]$")
_AT_MOST = re.compile("(?<!不)[低少]于|不[超高多]|不到|以下|[以之]内|不足|[不未]满|[至最]多|最高")
_STRICTLY_BELOW = ("不到", "低于", "少于", "不足", "不满", "未满")
# What a rule sets as a bound; 超 and 突破 tell of what was reached.
_BOUND = re.compile("以[上下内]|之内|不[超低高少多]|[低高]于|不足|满|[至最][少多高低]")
_CLAIMS = re.compile("[是为达]到?$")
_OWN = re.compile("[我咱俺]|自己|本人|家里|一家|夫妻|[爸妈爹娘]|孩子|手上|手里")
_HEDGES = re.compile("[超过到]|突破|以[上下内]|之内|[低高多少]于|不足")
_FORBIDS = re.compile("^[^。；]{0,40}?(?:不得|不予|不能|不可|不享受|不接|禁止|谢绝)")
_CHARGED = re.compile("收费|付费|缴费|买票|[要花交给]钱")
_FREE = re.compile("^[^。；]{0,40}?(?:免[费收票]|不收|无需)")
_DATE_PART = re.compile(r"(\d+)([年月日])")
# 「是(在)某处办的吗」: the name between is what the question claims.
_CLAIM = re.compile(
    r"是(?:在|由)?([\u3400-\u9fffA-Za-z]{2,8}?)"
    r"(?:举[行办]|召?开|办|建设?|拿|获得?|成立|发布|生产|研发|打造)?的(?:吗|么|吧|[?？]|$)"
)
_EXCEPTED = re.compile("(?P<name>[^，。；：但]{2,16})(?:除外|不在此限|不受此限)")
_CLAUSE = re.compile(r"[^，；：。！？]+")


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
    evidence = document.text[slice(*span.sentence)]
    decided = (
        _judge_cell(span, document)
        or _judge_case(query, span, document)
        or _judge_figures(query, span, document)
        or _judge_dates(query, span, evidence)
    )
    if decided:
        return decided
    if _claims_more(query, span, evidence):
        return None
    claim = _CLAIM.search(CHOICE.sub("是", query.standalone))
    if claim and not any(pair in simplify(evidence) for pair in _pairs(claim[1])):
        named = [s for s in spans if s.sentence == span.sentence and len(s.text) <= SHORT_NAME]
        named = [s for s in named if not any(pair in query.standalone for pair in _pairs(s.text))]
        if named:
            return "否", max(named, key=lambda s: s.signs.odds).text
        return "否", _nearest_clause(query, span, document)
    clause = _nearest_clause(query, span, document)
    excepted = _excepted(query, evidence)
    if excepted:
        denied = _FORBIDS.search(evidence) or _NEGATION.search(evidence)
        return ("是" if denied else "否"), excepted
    if _NEGATION.search(clause) or _turned_round(query, clause):
        asked_not = bool(_ASKED_NEGATION.search(CHOICE.sub("", query.standalone)))
        return ("是" if asked_not else "否"), clause
    said = span.verdict > 0 or _repeats(query, clause)
    return ("是" if said else "否"), clause


def _judge_cell(span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """What a cell of a table says that holds 有, 无 or a mark for one of them."""
    row = document.block_at(span.start)
    cell = next((document.text[a:b] for a, b in row.cells[1:] if a <= span.start < b), "")
    return ("是", cell) if cell in _YES else ("否", cell) if cell in _NO else None


def _turned_round(query: Query, clause: str) -> bool:
    """Whether a clause says 不 of what a question asks about: 不开放 for 开放."""
    asked = (pair for run in content_runs(query.standalone) for pair in _pairs(run))
    return any(f"不{pair}" in clause and f"不{pair}" not in query.standalone for pair in asked)


def _excepted(query: Query, evidence: str) -> str:
    """What a rule leaves out (导盲犬除外), where that is what a question asks about; else ""."""
    asked = {pair for run in query.content for pair in _pairs(run)}
    for match in _EXCEPTED.finditer(evidence):
        named = _pairs(match["name"])
        bounded = any(figure.unit for figure in find_figures(match["name"]))
        if 2 * sum(p in asked for p in named) >= len(named) or (named[-1] in asked and not bounded):
            return match.group()
    return ""


def _repeats(query: Query, clause: str) -> bool:
    """Whether a clause says in the same words nearly all that a question claims."""
    asked = [pair for run in query.content for pair in _pairs(run.replace("已经", ""))]
    return bool(asked) and sum(pair in clause for pair in asked) >= REPEATED * len(asked)


def _claims_more(query: Query, span: Evidence, evidence: str) -> bool:
    """Whether a question claims a figure, or a date that no heading gives, the evidence lacks."""
    there = list(find_figures(evidence))
    figures = _claimed(query)
    dates = [m.group() for m in DATE.finditer(query.standalone)]
    if _OWN.search(query.standalone):  # 一家四口, 我爸68岁: no claim of what the documents say
        figures = [f for f in figures if any(_comparable(f, other) for other in there)]
    borne_out = (
        f.text.removesuffix(f.unit) in evidence
        or any(_comparable(f, other) and _bears_out(f, other, query.standalone) for other in there)
        for f in figures
    )
    return not all(borne_out) or any(
        date != f"{span.passage.year}年" and date not in evidence for date in dates
    )


def _judge_case(query: Query, span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """Whether what a question puts as a case lies within the bounds of a rule.

    「20人可以申请吗」 is one against 「不少于10人的，可以申请」; 「产值是20亿元吗」 is a claim.
    """
    evidence = document.text[slice(*span.sentence)]
    bounded = [
        f
        for f in find_figures(evidence)
        if _BOUND.search(f.qualifier) or (f.qualifier and evidence[f.end : f.end + 1] == "的")
    ]
    for asked in _claimed(query):
        before = query.standalone[: asked.start]
        if _CLAIMS.search(before) or _HEDGES.search(before[-2:] + asked.qualifier):
            continue
        bounds = [f for f in bounded if _comparable(asked, f)]
        bounds = _of_the_thing(query, bounds, span, document)
        values = [in_base_unit(figure)[0] for figure in (asked, *bounds[:1])]
        if len(values) < 2 or values[0] is None or values[1] is None:
            continue
        bound = bounds[0]
        if _AT_MOST.search(bound.qualifier):
            open_ended = bound.qualifier in _STRICTLY_BELOW
            within = values[0] < values[1] if open_ended else values[0] <= values[1]
        else:
            within = values[0] >= values[1]
        rule = evidence[clause_start(evidence, bound.start) :]
        denies = _FORBIDS.search(rule) or (_CHARGED.search(query.standalone) and _FREE.search(rule))
        return ("否" if within == bool(denies) else "是"), bound.text
    return None


def _judge_figures(query: Query, span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    evidence = document.text[slice(*span.sentence)]
    there = list(find_figures(evidence))
    confirmed = ""
    for asked in _claimed(query):
        same = [f for f in there if _comparable(asked, f)]
        same = _of_the_thing(query, same, span, document)
        equal = [f for f in same if _bears_out(asked, f, query.standalone)]
        if not equal and same:
            return "否", _nearest(query, same, evidence).text
        if equal:
            confirmed = equal[0].text
    return ("是", confirmed) if confirmed and not _CLAIM.search(query.standalone) else None


def _of_the_thing(
    query: Query, figures: list[Figure], span: Evidence, document: Document
) -> list[Figure]:
    """Of several figures of a sentence, those that count what the question speaks of."""
    first, last = span.sentence
    evidence = document.text[first:last]
    counted = {c.figure.start - first: c.indicator for c in document.facts}
    asked = [pair for run in query.content if not run[0].isdigit() for pair in _pairs(run)]
    words = set("".join(query.content))
    ends = [0, *(figure.end for figure in figures)]

    def told(figure: Figure) -> tuple[int, int, int]:
        """The words asked about in what a figure counts, those before it, the characters beside."""
        before = evidence[clause_start(evidence, figure.start, "；;") : figure.end]
        beside = evidence[max(end for end in ends if end <= figure.start) : figure.start]
        named = sum(pair in counted.get(figure.start, "") for pair in asked)
        return named, sum(pair in before for pair in asked), len(words & set(beside))

    ranks = [told(figure) for figure in figures]
    best = max(ranks, default=(0, 0, 0))
    return [figure for figure, rank in zip(figures, ranks, strict=True) if rank == best]


def _claimed(query: Query) -> list[Figure]:
    return [f for f in find_figures(query.standalone) if f.unit or _SCALE.search(f.text)]


def _comparable(asked: Figure, found: Figure) -> bool:
    """Whether two figures count the same; 「1900亿」 has no unit but its scale."""
    if not asked.unit:
        return bool(_SCALE.search(found.text))
    points = "个百分点"  # a rise by points says nothing of a level
    if (asked.unit == points) != (found.unit == points):
        return False
    # 三类 and 5300栋 are counted, but not of the same things.
    alike = in_base_unit(asked)[1] == in_base_unit(found)[1] or asked.unit not in _KINDS
    return same_unit(asked.unit, found.unit) and alike


def _bears_out(asked: Figure, found: Figure, question: str) -> bool:
    """Whether a figure is the one claimed, or as much as 超过 or 以上 claims."""
    before = question[max(0, asked.start - 2) : asked.start] + asked.qualifier
    value, claimed = in_base_unit(found)[0], in_base_unit(asked)[0]
    if value is None or claimed is None:
        return same_quantity(asked, found)
    if _AT_MOST.search(before):
        more = value == claimed and bool(_AT_LEAST.search(found.qualifier))
        return value <= claimed and not more
    if _AT_LEAST.search(before):
        return value >= claimed and not _AT_MOST.search(found.qualifier)
    return value == claimed


def _judge_dates(query: Query, span: Evidence, evidence: str) -> tuple[Verdict, str] | None:
    asked = [m.group().replace("号", "日") for m in DATE.finditer(query.standalone)]
    # A heading gives the year; of a weekday the clause says more than whether it is the same.
    asked = [d for d in asked if d != f"{span.passage.year}年" and re.search(r"\d", d)]
    there = [m.group().replace("号", "日") for m in DATE.finditer(evidence)]
    for date in asked:
        same_form = [d for d in there if ("月" in d) == ("月" in date)]
        if any(_same_date(date, d) for d in same_form):
            return "是", next(d for d in same_form if _same_date(date, d))
        if same_form:
            return "否", same_form[0]
    return None


def _same_date(one: str, other: str) -> bool:
    """Whether two dates are one, as far as both tell: 9月8日 is 2022年9月8日, not 19月8日."""
    parts = [dict(map(reversed, _DATE_PART.findall(date))) for date in (one, other)]
    shared = parts[0].keys() & parts[1].keys()
    return bool(shared) and all(parts[0][unit] == parts[1][unit] for unit in shared)


def _nearest(query: Query, same: list[Figure], evidence: str) -> Figure:
    """Of figures in one unit, the one whose neighbouring words the question shares most."""
    words = set(query.standalone)
    return max(same, key=lambda f: len(words & set(evidence[max(0, f.start - 12) : f.end + 6])))


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


def _nearest_clause(query: Query, span: Evidence, document: Document) -> str:
    """The clause of the evidence that shares most characters with the query."""
    words = set(query.standalone)
    evidence = document.text[slice(*span.sentence)]
    spans = [trim(evidence, *match.span()) for match in _CLAUSE.finditer(evidence)]
    clauses = [evidence[start:end] for start, end in spans]
    return max(clauses, key=lambda clause: len(words & set(clause)), default=span.text)
