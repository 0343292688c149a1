"""What keeps evidence from answering a query: each check is named, and says why or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from corpus import Document, FactStatus, status_of
from corpus.language import (
    clause_end,
    clause_start,
    find_quantities,
    same_unit,
    sentence_spans,
    simplify,
    years_in,
)
from qa.asking import (
    Query,
    asked_status,
    asks_for_one,
    asks_growth,
    asks_why,
    content_pairs,
    has_any,
)
from qa.checking.claims import judge_case
from qa.checking.figure_years import years_at
from qa.checking.identity import told_of_another
from qa.checking.judged import Judged, Lack, block_of, simplified
from qa.checking.places import other_place
from qa.checking.premises import holds_premises
from qa.checking.subjects import other_name
from qa.reading import Evidence, named_cells, named_rows

__all__ = [
    "CHECKS", "check", "other_year", "restates", "told_instead",
]  # fmt: skip

FRESH = 10  # pairs of characters that the question has not, from which a text tells something new
LEAST_OF_RULE = -6.0  # score of a rule's sentence that may still decide a case
REPORTING_MONTHS = 3  # months of a year in which the year before is spoken of
RESTATED = 0.35  # share of a text's pairs of characters that the question has, if it only restates


# A sentence that tells the reader what to answer is no source.
_INSTRUCTS = re.compile(
    r"(?:忽略|无视|忘记)(?:以上|之前|前面|上述|所有)|(?:一律|必须|只能|请|都)回答|"
    r"ignore (?:all|the|previous)",
    re.IGNORECASE,
)
_GIVEN_TO_ALL = re.compile(
    "(?<!公)共(?![同建享用管])|总(?![部经])|累计|合计|兑现|发放|投入|筹集|完成|支出|新增"
)
_TO_EACH = re.compile("每|人均|户均|标准|一次性|最高")
_CHANGED = re.compile(
    "[增涨升降减扩缩翻跌添招]|新[建设开]|提高|同比|[多少]了|[较比][^，。；]{1,8}[多少]|[由从].*[到至]"
)
_REACHED = re.compile("^[^由从]*(?:[升增降减]|提高)[^，。；由从]{0,4}[到至达]$")
_SET = re.compile("标准|指标(?!体系|任务|完成)|名额|限额|起付线|收费|费率|价格")
_AIMS = re.compile("计划|目标|力争|争取|打算|确保|预计|拟")
_WHETHER_DONE = ("已经", "了吗", "了么", "了没")


def check(
    query: Query, found: Sequence[Evidence], documents: Mapping[str, Document]
) -> list[Judged]:
    """Evidence judged against its documents (by id), in order.

    A yes/no question may name a wrong year, place or figure: its verdict tells.
    """
    seen = {key: query.seen_from(document.present) for key, document in documents.items()}
    judged: list[Judged] = []
    for evidence in found:
        key = evidence.passage.document_id
        asked, document = seen[key], documents[key]
        if evidence.score < 0 and not _rules_on_case(query, evidence, documents[key]):
            judged.append(Judged(evidence, document, "unlikely"))
            continue
        years, status = _years_of(evidence, document), _status_of(evidence, document)
        one = Judged(evidence, document, "", years, status)
        named = CHECKS_OF_CLAIMS if query.kind == "yesno" else CHECKS
        lack: Lack = next((why for test in named if (why := test(one, asked))), "")
        judged.append(replace(one, lack=lack))
    return judged


def _rules_on_case(query: Query, evidence: Evidence, document: Document) -> bool:
    """Whether a sentence bounds the case a question puts, and speaks of the same with its frame.

    A condition (四层以上的住宅) has none of the words of what may be applied for: the reader is
    not sure of it.
    """
    if query.kind != "yesno" or evidence.score < LEAST_OF_RULE:
        return False
    frame = f"{document.title} {evidence.passage.context}"
    told = simplify(f"{frame} {document.text[slice(*evidence.sentence)]}")
    named = sum(pair in told for pair in query.pairs)
    return 2 * named >= len(query.pairs) and bool(judge_case(query, evidence, document))


def part_of_year(one: Judged, query: Query) -> Lack:
    """It is less than what is asked about, which its sentence tells of another year alone.

    Of 「其中小微企业贷款12亿元；2023年贷款32亿元」 the latter is not what 小微企业 got in 2023. A
    clause that names nothing (2023年为27个) goes on with what was named.
    """
    if query.kind != "figure" or not query.years:
        return ""
    start, end = one.evidence.start, one.evidence.end
    inside = [f for f in one.document.facts if f.sentence == one.evidence.sentence]
    own = next((f for f in inside if f.figure.start < end and start < f.figure.end), None)
    named = content_pairs(simplify(own.indicator)) & query.pairs if own else frozenset()
    for other in inside if own and named else ():
        figure = other.figure
        more = named < content_pairs(simplify(other.indicator)) & query.pairs
        if more and own and same_unit(own.figure.unit, figure.unit):
            told = years_at(one.document, figure.start, figure.end, other.sentence)
            if told and not set(told) & set(query.years):
                return "other_year"
    return ""


def instruction(one: Judged, query: Query) -> Lack:
    """Its sentence tells the reader what to answer."""
    return "instruction" if _INSTRUCTS.search(_sentence(one)) else ""


def restated(one: Judged, query: Query) -> Lack:
    """It says again what is asked why: 获评示范校 of 为什么获评示范校."""
    return "unlikely" if asks_why(query.text) and restates(query, one.evidence.text) else ""


def restates(query: Query, text: str) -> bool:
    """Whether a text says little but what the question says, and no figure that it has not."""
    if any(figure.text not in query.standalone for figure in find_quantities(text)):
        return False
    told = content_pairs(text)
    fresh = len(told - query.pairs)
    return fresh <= FRESH and fresh < (1 - RESTATED) * len(told)


def total(one: Judged, query: Query) -> Lack:
    """It is what was given to all, and what there is for one is asked for: 每套多少钱."""
    if query.kind != "figure" or not asks_for_one(query.text):
        return ""
    start, end = one.evidence.start, one.evidence.end
    clause = one.document.text[
        clause_start(one.document.text, start) : clause_end(one.document.text, end)
    ]
    return "total" if _GIVEN_TO_ALL.search(clause) and not _TO_EACH.search(clause) else ""


def level(one: Judged, query: Query) -> Lack:
    """It is how much there is, and how much more or less is asked for: GDP增长多少."""
    if query.kind != "figure" or not asks_growth(query.text):
        return ""
    passage, text = one.evidence.passage, one.document.text
    told = passage.context + text[one.evidence.sentence[0] : clause_end(text, one.evidence.end)]
    told += passage.text if passage.pieces else ""  # the heads of a table's columns
    start = one.evidence.start
    figure = start + next((found.start for found in find_quantities(one.evidence.text)), 0)
    reached = _REACHED.search(text[clause_start(text, start) : figure])  # 提升到45%
    return "level" if reached or not _CHANGED.search(told) else ""


def other_cell(one: Judged, query: Query) -> Lack:
    """It is a cell of a table outside the row and the column that are asked for.

    Where the query names neither, any may be; the name of a row may be asked for by what
    stands in another column.
    """
    document, row = one.document, block_of(one)
    start, end = one.evidence.start, one.evidence.end
    column = next((i for i, (a, b) in enumerate(row.cells) if a <= start < b), 0)
    whole = bool(row.cells) and start <= row.cells[0][0] and row.cells[-1][1] <= end
    if not row.heads or (column == 0 and not whole):
        return ""
    heads = named_cells(document, row.heads, query)
    if heads and not whole and row.heads[min(column, len(row.heads) - 1)] not in heads:
        return "other_cell"
    named = named_rows(document, row.heads, query)
    return "other_cell" if named and row not in named else ""


def other_year(one: Judged, query: Query) -> Lack:
    """It is known to be of other years than those asked for."""
    if query.years and not one.years:
        return "other_year" if _written_in_others(one.document, query) else ""
    if not query.years or any(year in query.years for year in one.years):
        return ""
    said = bool(query.relative) and query.relative in one.evidence.passage.text
    return "" if said else "other_year"


def _written_in_others(document: Document, query: Query) -> bool:
    """Whether a document that is about no year is dated, and names none of those asked for.

    What was released at the beginning of a year, or speaks of the one before, may be of that.
    """
    year, month = (*document.date.split("-"), "", "")[:2]
    if document.year or not (year and month):
        return False
    named = {int(year), *years_in(document.text)}
    if int(month) <= REPORTING_MONTHS or has_any(document.text, ("去年", "上年", "上一年")):
        named.add(int(year) - 1)
    return not named & set(query.years)


def other_subject(one: Judged, query: Query) -> Lack:
    """Its sentence, headings and title speak of another of the kind of thing that is named."""
    return "other_subject" if told_instead(one, query) else ""


def told_instead(one: Judged, query: Query) -> str:
    """The name evidence speaks of in place of one that is asked about, "" where it has none."""
    passage = one.evidence.passage
    text = one.document.text
    first = text[slice(*next(sentence_spans(text), (0, 0)))]  # what a text without title is about
    above = " ".join([one.document.title, first, *(piece.text for piece in passage.frame)])
    told = simplify(f"{above} {one.document.text[passage.start : one.evidence.sentence[1]]}")
    return other_name(query.standalone, told, simplified(one.document))


def other_status(one: Judged, query: Query) -> Lack:
    """A figure is asked for as planned or as done and is known to be the other."""
    asked = asked_status(query.text) if query.kind == "figure" else ""
    return "" if not asked or one.status in ("", asked) else "other_status"


def not_done(one: Judged, query: Query) -> Lack:
    """It is asked whether something is done, and told that it is aimed at."""
    asked = has_any(query.text, _WHETHER_DONE)
    return "other_status" if asked and one.status == "target" else ""


def false_premise(one: Judged, query: Query) -> Lack:
    """A figure the query takes for granted is not the document's, for its year."""
    years = query.years
    known = [c for c in one.document.facts if not years or c.year in (None, *years)]
    return "" if holds_premises(query.standalone, known) else "false_premise"


def unnamed(one: Judged, query: Query) -> Lack:
    """Its document has nowhere a word in Latin letters that is asked about: 有没有WiFi."""
    text = simplified(one.document).lower()
    words = (run for run in query.content if run.isascii() and run.isalpha() and len(run) > 1)
    return "unlikely" if any(word not in text for word in words) else ""


Check = Callable[[Judged, Query], Lack]
CHECKS: list[Check] = [
    instruction, restated, other_cell, other_year, other_place, other_subject, other_status,
    false_premise, total, level, part_of_year, told_of_another,
]  # fmt: skip
CHECKS_OF_CLAIMS: list[Check] = [instruction, other_cell, not_done, unnamed]


def _years_of(evidence: Evidence, document: Document) -> tuple[int, ...]:
    return years_at(document, evidence.start, evidence.end, evidence.sentence)


def _status_of(evidence: Evidence, document: Document) -> FactStatus:
    first, last = evidence.sentence
    block = document.block_at(evidence.start)
    text, at = document.text[first:last], evidence.start - first
    status = status_of(text, at, block, document)
    clause = text[clause_start(text, at) : clause_end(text, at)]
    # What is set for a year is in force, and nothing that is aimed at, though the year is to come.
    return "" if status == "target" and _sets(text[:at]) and not _AIMS.search(clause) else status


def _sets(before: str) -> bool:
    """Whether what stands before a figure, up to its sentence's beginning, is a standard's name."""
    return bool(_SET.search(before))


def _sentence(one: Judged) -> str:
    return one.document.text[slice(*one.evidence.sentence)]
