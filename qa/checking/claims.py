"""Does what a question claims of figures and dates, or puts as a case, agree with what is told?"""

from __future__ import annotations

import re
from typing import Literal

from corpus import Document
from corpus.language import (
    DATE,
    Figure,
    admits,
    clause_end,
    clause_start,
    find_figures,
    in_base_unit,
    same_quantity,
    same_unit,
)
from qa.asking import Query, has_any
from qa.checking.figure_years import figures_of_years
from qa.reading import Evidence

__all__ = [
    "CLAIM", "NEGATION", "Verdict", "claims_more", "judge_case", "judge_charge", "judge_dates",
    "judge_figures", "pairs_of", "strays_in_year",
]  # fmt: skip

Verdict = Literal["是", "否"]

_KINDS = ("类", "种", "级", "批", "组")
_AT_LEAST = re.compile("(?<!不)(?:超|高于|多于)|突破|以上|不低于|不少于|不止|达|逾|[到过]$")
_AT_MOST = re.compile("(?<!不)[低少]于|不[超高多]|不到|以下|[以之]内|不足|[不未]满|[至最]多|最高")
_OWN = (
    "我", "咱", "俺", "自己", "本人", "家里", "一家", "夫妻", "爸", "妈", "爹", "娘", "孩子",
    "手上", "手里",
)  # fmt: skip
_CHARGED = ("收费", "付费", "缴费", "买票", "要钱", "花钱", "交钱", "给钱", "出钱", "掏钱", "收钱")
_FORBIDS = ("不得", "不予", "不能", "不可", "不享受", "不接", "禁止", "谢绝")
_PAID = ("承担", "自费", "自付", "收费", "缴费")
_FREE = ("免费", "免收", "免票", "免缴", "免交", "免除", "不收", "无需")
NEGATION = re.compile(
    r"不[得予能可支允享接]|禁止|谢绝|没有|没能|未能|尚未|并未|不再|不是|无法|并非|从未|取消|暂停"
)
# 「是(在)某处办的吗」: the name between is what the question claims.
CLAIM = re.compile(
    r"是(?:在|由)?([\u3400-\u9fffA-Za-z]{2,8}?)"
    r"(?:(?:举[行办]|召?开|办|建设?|拿|获得?|成立|发布|生产|研发|打造)?的)?[，,]?对?(?:吗|么|吧)[?？]?$"
)
# They tell of what was reached rather than set a bound.
_REACHED = frozenset(("超过", "超", "突破", "逾", "多达", "高达", "余", "多", "上", "近", "约"))


def claims_more(query: Query, span: Evidence, document: Document) -> bool:
    """Whether a question claims a figure, or a date that no heading gives, the evidence lacks."""
    evidence = document.text[slice(*span.sentence)]
    there = list(find_figures(evidence))
    figures = _claimed(query)
    there = figures_of_years(document, span.sentence, there, _years(query, document))
    dates = [m.group() for m in DATE.finditer(query.standalone)]
    if has_any(query.standalone, _OWN):  # 一家四口, 我爸68岁: no claim of what the documents say
        figures = [f for f in figures if any(_comparable(f, other) for other in there)]
    borne_out = (
        any(_same_number(f, other) for other in there)
        or any(_comparable(f, other) and _bears_out(f, other, query.standalone) for other in there)
        for f in figures
    )
    return not all(borne_out) or any(
        date != f"{span.passage.year}年" and date not in evidence for date in dates
    )


def judge_case(query: Query, span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """Whether what a question puts as a case lies within the bounds of a rule.

    「20人可以申请吗」 is one against 「不少于10人的，可以申请」; 「产值是20亿元吗」 is a claim.
    """
    evidence = document.text[slice(*span.sentence)]
    bounded = [
        f
        for f in find_figures(evidence)
        if f.qualifier and (f.qualifier not in _REACHED or evidence[f.end : f.end + 1] == "的")
    ]
    tiers = _are_tiers(evidence)
    for asked in _claimed(query):
        before = query.standalone[max(0, asked.start - 2) : asked.start] + asked.qualifier
        if _AT_LEAST.search(before) or _AT_MOST.search(before):
            continue
        if tiers:
            # Each tier has its own value: a case is of one of them, or the sentence says nothing.
            held = [
                f
                for f in find_figures(evidence)
                if _comparable(asked, f) and (admits(f, asked) or same_quantity(asked, f))
            ]
            if held:
                return "是", held[0].text
            continue
        bounds = [f for f in bounded if _comparable(asked, f)]
        bound = next(iter(_of_the_thing(query, bounds, span, document)), None)
        within = admits(bound, asked) if bound else None
        if bound is None or within is None:
            continue
        rule = evidence[
            clause_start(evidence, bound.start) : clause_end(evidence, bound.end, "。；")
        ]
        denies = has_any(rule, _FORBIDS) or judge_charge(query, rule) == "否"
        return ("否" if within == denies else "是"), bound.text
    return None


def _are_tiers(evidence: str) -> bool:
    """Whether a sentence gives several cases in one unit a value each: 四层…18万元，六层…22万元."""
    figures = list(find_figures(evidence))
    bounds = [f for f in figures if f.qualifier and f.unit and f.qualifier not in _REACHED]
    for bound in bounds:
        cases = [f for f in figures if same_unit(f.unit, bound.unit)]
        values = [f for f in figures if f.unit and not same_unit(f.unit, bound.unit)]
        kinds = [sum(same_unit(f.unit, other.unit) for other in values) for f in values]
        if len(cases) > 1 and max(kinds, default=0) > 1:
            return True
    return False


def judge_charge(query: Query, told: str) -> Verdict | None:
    """Whether one pays, where that is asked and told: 免费 is 否, a sum of money 是."""
    if not has_any(query.standalone, _CHARGED):
        return None
    if has_any(told, _FREE):
        return "否"
    sums = any(in_base_unit(figure)[1] == "元" for figure in find_figures(told))
    return "是" if sums or has_any(told, _PAID) else None


def judge_figures(query: Query, span: Evidence, document: Document) -> tuple[Verdict, str] | None:
    """Whether the figures a question claims are told; one in its unit with another value denies."""
    evidence = document.text[slice(*span.sentence)]
    there = list(find_figures(evidence))
    there = figures_of_years(document, span.sentence, there, _years(query, document))
    confirmed = ""
    for asked in _claimed(query):
        same = [f for f in there if _comparable(asked, f)]
        same = _of_the_thing(query, same, span, document)
        equal = [f for f in same if _bears_out(asked, f, query.standalone)]
        if not equal and same:
            return "否", _nearest(query, same, evidence).text
        if equal:
            confirmed = equal[0].text
    return ("是", confirmed) if confirmed and not CLAIM.search(query.standalone) else None


def strays_in_year(query: Query, span: Evidence, document: Document) -> bool:
    """Whether a sentence has a figure like one that is claimed, but only of other years."""
    there = list(find_figures(document.text[slice(*span.sentence)]))
    of_years = figures_of_years(document, span.sentence, there, _years(query, document))
    asked = _claimed(query)
    alike = [f for f in there if any(_comparable(one, f) for one in asked)]
    return bool(alike) and not any(f in of_years for f in alike)


def judge_dates(query: Query, span: Evidence, evidence: str) -> tuple[Verdict, str] | None:
    """Whether the dates a question claims are told; another one of the same form denies."""
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


def _of_the_thing(
    query: Query, figures: list[Figure], span: Evidence, document: Document
) -> list[Figure]:
    """Of several figures of a sentence, those that count what the question speaks of."""
    first, last = span.sentence
    evidence = document.text[first:last]
    counted = {c.figure.start - first: c.indicator for c in document.facts}
    asked = [pair for run in query.content if not run[0].isdigit() for pair in pairs_of(run)]
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
    return [f for f in find_figures(query.standalone) if f.unit or _scaled(f)]


def _years(query: Query, document: Document) -> tuple[int, ...]:
    """The years a question asks about, seen from when a document was written."""
    return query.seen_from(document.present).years


def _same_number(asked: Figure, found: Figure) -> bool:
    """Whether a figure is told as written, or as a number that a table gives its unit elsewhere.

    一式三份 says nothing of 三层.
    """
    if asked.text == found.text:
        return True
    return not found.unit and asked.value is not None and asked.value == found.value


def _scaled(figure: Figure) -> bool:
    """Whether a figure is told in 万 or 亿."""
    return "万" in figure.text or "亿" in figure.text


def _comparable(asked: Figure, found: Figure) -> bool:
    """Whether two figures count the same; 「1900亿」 has no unit but its scale."""
    if not asked.unit:
        return _scaled(found)
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


def _same_date(one: str, other: str) -> bool:
    """Whether two dates are one, as far as both tell: 9月8日 is 2022年9月8日, not 19月8日."""
    parts = [dict(map(reversed, re.findall(r"(\d+)([年月日])", d))) for d in (one, other)]
    shared = parts[0].keys() & parts[1].keys()
    return bool(shared) and all(parts[0][unit] == parts[1][unit] for unit in shared)


def _nearest(query: Query, same: list[Figure], evidence: str) -> Figure:
    """Of figures in one unit, the one whose neighbouring words the question shares most."""
    words = set(query.standalone)
    return max(same, key=lambda f: len(words & set(evidence[max(0, f.start - 12) : f.end + 6])))


def pairs_of(text: str) -> list[str]:
    """Each two characters side by side."""
    return [text[i : i + 2] for i in range(len(text) - 1)]
