"""What a figure says: of what, of which year, whether done or aimed at, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus import Block, Document, sentence_spans, years_in
from qa.clauses import CLAUSE_MARKS, clause_end, clause_start
from qa.figures import Figure, find_quantities
from qa.places import main_place

__all__ = ["Claim", "Status", "asked_status", "asks_ahead", "claims", "status_of", "years_of"]

Status = Literal["done", "target", ""]

_RELATIVE = {"去年": -1, "上年": -1, "前年": -2, "明年": 1}
_OPENING_YEAR = re.compile(
    r"(?:^|[，。；：、！？\s“])(?:到|至|截至|在|预计|力争|计划)?((?:19|20)\d{2})年(?![以之]来)",
    re.MULTILINE,
)
_YEARS_IN_TURN = re.compile(r"((?:19|20)\d{2})年?[、和与及]((?:19|20)\d{2})年[^。]*分别")
_BEGUN = re.compile(r"(?:^|[。！？\n])((?:19|20)\d{2})年[，,全]")
# Words that say so by themselves; a section's heading decides before the weaker ones.
_AIMS = re.compile(
    r"(?<!完成)(?<!完成年度)(?:计划(?!单列)|目标)(?!任务完成|完成)|力争|争取|打算|拟(?=[建投新开引])|谋划|确保|"
    r"将(?=于|在|新|建|达|投|完|实|开|增|打|继|超|突)|到(?:19|20)\d{2}年底?[，达实建]"
)
_AIMS_OF_SECTION = re.compile(r"计划|目标|任务|打算|部署|安排|展望|这样干|怎么干")
_DONE_OF_SECTION = re.compile(r"成绩|回顾|总结|成就|成果|亮点|答卷|完成情况")
_SURELY_DONE = re.compile(r"已(?![知婚])|累计|截至|截止|实际")
_DONE = re.compile(r"完成|新增|实现|建成|投用|投入使用|获评|突破|发放|兑现|竣工|达到|增长|同比")
_ASKED_AIM = re.compile(r"计划|目标|力争|争取|打算|预期")
_ASKED_AHEAD = re.compile(
    r"(?<![主重需])要(?![求素闻点])|将(?!军)|(?<![社大开协年议全])会(?![议员])|想|准备|拟|规划|安排|打造|未来|达到|预计"
)
_ASKED_DONE = re.compile(r"实际|已经|完成了|截至|目前")

_MARKS = CLAUSE_MARKS + ":!?\n"
_LOOSE = re.compile(
    r"^(?:其中|共|约|预计|全年|当年|年内|并|还|已|累计|实现|完成|达到?|为|是|的|、)+|[的为达到是共约、]+$"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with what it counts: `document.text[figure.start:figure.end] == figure.text`.

    `indicator` holds the words of its clause that tell what is counted; `year` is None and
    `status` and `place` are "" where nothing tells; `sentence` are offsets into the document.
    """

    figure: Figure
    indicator: str
    year: int | None
    status: Status
    place: str
    sentence: tuple[int, int]


@lru_cache(maxsize=64)
def claims(document: Document) -> tuple[Claim, ...]:
    """The figures of a document with their units, in order."""
    return tuple(_claims(document))


def _claims(document: Document) -> Iterator[Claim]:
    place = main_place(document)
    for block in document.blocks:
        if block.kind == "heading":
            continue
        for start, end in sentence_spans(document.text, block.start, block.end):
            sentence = document.text[start:end]
            figures = find_quantities(sentence)
            for figure in figures:
                before = document.text[block.start : start]
                years = years_of(sentence, figure.start, block.year, before)
                yield Claim(
                    figure.moved(start),
                    _indicator(sentence, figure, figures),
                    years[0] if years else None,
                    status_of(sentence, figure.start, block, document),
                    place,
                    (start, end),
                )


def years_of(sentence: str, at: int, governing: int | None, before: str = "") -> tuple[int, ...]:
    """The years that what stands at a place of a sentence may be of, likeliest first.

    One that opens a clause before it (「2022年，计划…」) rules the others out. Otherwise the one
    that opened a sentence `before` it in its passage, else the one that governs the passage, then
    those the sentence names, and 去年 and 明年 counted from it.
    """
    governing = next((int(year) for year in reversed(_BEGUN.findall(before))), governing)
    opening = _OPENING_YEAR.findall(sentence[:at])
    in_turn = _YEARS_IN_TURN.search(sentence[:at])
    if in_turn:  # 2024年、2025年分别新增10个、20个
        return (int(in_turn[1]), int(in_turn[2]))
    if opening:
        return (int(opening[-1]),)
    if governing is None:
        return years_in(sentence)
    relative = [governing + shift for word, shift in _RELATIVE.items() if word in sentence]
    return (governing, *years_in(sentence), *relative)


def status_of(sentence: str, at: int, block: Block, document: Document) -> Status:
    """Whether what stands at a place of a sentence is done or aimed at.

    The clause tells, else the sentence before it, else the section's headings, else whether
    its year comes after the one the document reports on.
    """
    before = clause_start(sentence, at, _MARKS)
    clause = sentence[before : clause_end(sentence, at, _MARKS)]
    if _AIMS.search(clause):
        return "target"
    if _SURELY_DONE.search(clause):
        return "done"
    if _AIMS.search(sentence[:before]):
        return "target"
    headings = " ".join(block.section)
    for pattern, status in _OF_SECTION:
        if pattern.search(headings):
            return status
    year = next(iter(years_of(sentence, at, block.year)), None)
    if year and document.year and year != document.year:
        return "target" if year > document.year else "done"
    return "done" if _DONE.search(clause) else ""


_OF_SECTION: tuple[tuple[re.Pattern[str], Status], ...] = (
    (_DONE_OF_SECTION, "done"),
    (_AIMS_OF_SECTION, "target"),
)


def asked_status(question: str) -> Status:
    """Whether a question asks for what was planned or for what was done, where it says so."""
    if _ASKED_AIM.search(question):
        return "target"
    return "done" if _ASKED_DONE.search(question) else ""


def asks_ahead(question: str) -> bool:
    """Whether a question speaks of what is still to be done, in whatever words."""
    return bool(_ASKED_AIM.search(question) or _ASKED_AHEAD.search(question))


def _indicator(sentence: str, figure: Figure, figures: Sequence[Figure]) -> str:
    """The words of a clause around a figure: no further than the figures beside it reach."""
    before = clause_start(sentence, figure.start, _MARKS)
    last = max((f.end for f in figures if before < f.end <= figure.start), default=before)
    if last > before:
        before = max(last, sentence.rfind("、", last, figure.start) + 1)
    head = _LOOSE.sub("", sentence[before : figure.start])
    after = min(
        clause_end(sentence, figure.end, _MARKS + "、" * bool(head)),
        min((f.start for f in figures if f.start >= figure.end), default=len(sentence)),
    )
    return head + _LOOSE.sub("", sentence[figure.end : after])
