"""What each figure of a document is called in a table of figures, and whether it is done.

An `Indicator` reads by itself: what the clause before leaves out (增长8.7%) is said again, and of
what several values share (分别增长9%、8%) each has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.countable import is_countable_cell, only_countable
from corpus.document import Block, Document, Fact, FactStatus, Span
from corpus.figure_status import told_status
from corpus.language import DATE, YEAR, Figure
from corpus.numbering import without_number

__all__ = ["Indicator", "find_indicators"]

LONG = 24  # characters of an indicator from which on a list in it is cut to its last
LONGEST = 60
SHORTEST = 2
LONGEST_BEFORE = 24  # characters of the clause before, where a clause has no words of its own

_MARK = re.compile(r"[，；：。！？;:!?\n\t]|(?<!\d),|,(?!\d{3})")
_BESIDE = re.compile(r"[、和与及或并至到]|以及|折合|约合")
_ONLY_BESIDE = re.compile(r"(?:[、和与及，\s]|以及)*")
_BRACKETED = re.compile(r"[（(\[【][^（()）\]】\[【]*[)）\]】]")
_TORN = re.compile(r"^[^（(]*[)）]|[（(][^)）]*$")
_TORN_TAIL = re.compile(r"^[)）”’」》\s的]+|[（(][^)）]*$")
_TAIL_END = re.compile(r"(?:[\s、，：:“‘「《（(]|的|和|及|与|或|其中)+$")
_YEAR = re.compile(
    rf"(?:到|至|截至|截止|自|从|比|较)?(?:{YEAR.pattern})年?(?:度|底|末|初|以来|来|全年|[上下]半年)?的?"
    r"|“?十[二三四五]五”?(?:时期|期间|末|以来)"
)
_LEADING = re.compile(
    r"^(?:[\s、，．.·—\-–…*#”’」》)）＝=≥≤<>＜＞+]|[一二三四五六七八九十]+是|其中|全年|当年|年内|本年|今年|去年|上年|明年|近年来|今后|"
    r"目前|截至|截止|当前|现(?=有)|预计(?:到)?|预期|计划|力争|争取|预估|拟(?=[建投新开引])|累计|"
    r"已经?(?![知婚])|共(?![建享同产用和])|总计|合计|约(?![谈定束])|还(?!建|款|贷|原|房)|并且?(?![购网轨])|而|但|也|则|又|均(?![衡价])|"
    r"完成|实现|达到?(?!标)|突破|超过|为|是(?!否)|的|以及|及(?!时|其|格)|和(?![平谐])|与(?!会)|或者?|至(?![少多今])|含|包括|包含|到(?![位访账岗场])|从(?![业事])|由(?!于)|在(?=$)|有(?=$))+"
)
# Each ending is taken once, whatever comes of it (by what a look ahead has found): trying all ways
# to part a run of them takes time without end.
_TRAILING = re.compile(
    r"(?:(?=([\s、，：:．·—\-–…“‘「《（(＝=≥≤<>＜＞]|(?<![时下送抵])达到?|为|是|至少|至|到|共计?|约|完成(?=$)|实现(?=$)|分别|的|和|及|与|或|"
    r"(?:增[加长]|提[高升]|上升|扩[大充]|下降|降低|减少|缩[减短])[到至为]|增至|升至|降至|稳定在|控制在|保持在|维持在|突破|超过|高达|多达|"
    r"接近|累计|总计|合计|预计|不?(?:低于|少于|超过|高于)|将|已|了|有|也|则|[从由](?:上年|去年|上一年)?|(?<![现实所])在|近|超|逾|其中|就|仅|只|都|(?<=[性人者且])年|以上|以下))\1)+$"
)
_LEANS = re.compile(
    r"(?:较|比|同比|环比|年均|平均|增长|下降|提[高升]|上升|回落|减少|增加|降低|增幅|降幅|增速|[增降](?=$)|净增|新增(?=$)|新登记(?=$)|高于|低于|快于|占(?!地)|居(?=全|首|第|前|世|各)|跌幅|涨幅)"
)
_LEANS_ON_LAST = re.compile("高于|低于|快于|高出")
_OF_OTHERS = re.compile(r"^(?:比|较)?(?:上年同期|去年同期|上年|去年|上月|同期)$")
# 各镇常住人口.csv tells what a row of it counts
_OF_EACH = re.compile(
    r"^[各分](?:[省市区县镇乡村]|街道|地区|乡镇|部门|单位|行业|学校)+|\.[A-Za-z]{2,5}$"
)
_LED = re.compile("[为对给向]$")
_APART = re.compile(r"^(.*?)(?:、|，)?分别(.*)$")
_ITEMS = re.compile(r"[、与及]|以及|(?<![平谐])和")
_OF_ITEM = re.compile(
    r"(?:产业|行业)?(?:产值|增加值|投资|收入|总额|[^\s]{2}额|数量|人次|面积|产量|销量|价格|规模|比例|占比|[^\s]率|限额|标准)$"
)
_VERB = re.compile(
    r"^(?:新(?:改扩建|（改）建|建成|建|增|开工|培育|认定|引进|设立?|开通|创建|入库)|改造|建成|建设|整治|更新|加装|引进|培育|举办|改建|筹集|发放|打造|完成)"
)
_LISTED = re.compile(r"^(.*?)、.*等(.{2,})$")
_CHANGE = re.compile(
    "(?:同比|环比|年均|累计|平均)*(?:增长|上涨|下跌|下降|提高|上升|回落|增加|减少|降低)$"
)
_AROUND = re.compile("^(?:人民币|之间|附近|左右|上下(?!游))")
_MONTHS = re.compile(r"\d{1,2}\s*[至到—–-]\s*\d{1,2}月份?")
_DONE_VERB = re.compile(r"(?:完成|实现)[\u3400-\u9fff]{2}$")
_SAID = re.compile("[\u3400-\u9fff]{2}")
MOST_BESIDE = 5  # figures of a clause without a mark; more are cells run together


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a figure counts, in words that read by themselves, and whether that is done."""

    name: str
    status: FactStatus


def find_indicators(document: Document) -> Iterator[Indicator | None]:
    """For each fact of a document what it is called; None for one that is no figure of a table."""
    for _, group in groupby(document.facts, key=lambda fact: fact.sentence):
        facts = list(group)
        block = document.block_at(facts[0].figure.start)
        if block.kind == "row" and block.cells:
            yield from (_of_cell(document, block, fact) for fact in facts)
        else:
            yield from _of_sentence(document, facts)


def _of_cell(document: Document, block: Block, fact: Fact) -> Indicator | None:
    if not is_countable_cell(fact.figure, fact.indicator.removeprefix(fact.subject)):
        return None
    name = _tidy(fact.indicator)
    if name in ("", fact.subject):  # a column that is headed by a year alone
        whole = without_number(block.section[-1]) if block.section else document.title
        name = f"{fact.subject}{_tidy(_OF_EACH.sub('', whole))}"
    return Indicator(name[:LONGEST], fact.status) if _SAID.search(name) else None


def _of_sentence(document: Document, facts: Sequence[Fact]) -> Iterator[Indicator | None]:
    start, end = facts[0].sentence
    sentence = document.text[start:end]
    local = [fact.figure.moved(-start) for fact in facts]
    counted = _apart_from_cells(sentence, only_countable(sentence, local))
    names = dict(zip((f.start for f in counted), _names(sentence, counted), strict=True))
    for fact, figure in zip(facts, local, strict=True):
        name = names.get(figure.start, "")
        if not name and figure.start in names and _SAID.search(fact.subject):
            name = _tidy(fact.subject)
        clause = _clause(sentence, figure.start)
        status = told_status(sentence, sentence[slice(*clause)], fact, document)
        yield Indicator(name, status) if name else None


def _apart_from_cells(sentence: str, figures: Sequence[Figure]) -> list[Figure]:
    """Figures but for those of a clause that is a table run together."""
    found: list[Figure] = []
    for (first, last), group in groupby(figures, key=lambda one: _clause(sentence, one.start)):
        beside = list(group)
        if len(beside) <= MOST_BESIDE or "、" in sentence[first:last]:
            found += beside
    return found


def _names(sentence: str, figures: Sequence[Figure]) -> list[str]:
    """What figures of one sentence are called, in order; "" where nothing tells."""
    apart = _told_apart(sentence, figures)
    names: list[str] = []
    stem = last = ""  # what the figures before are of, which later ones may leave out
    for place, figure in enumerate(figures):
        name = apart.get(place) or _own_name(sentence, figures, place)
        if not name or _LEANS.match(name) or _OF_OTHERS.match(name):
            told = last if _LEANS_ON_LAST.match(name) else _CHANGE.sub("", stem)
            follows = place and _follows(sentence, figures[place - 1], figure)
            base = told if told and follows else _before(sentence, figure)
            name = f"{base}{name}" if base and not base.endswith(name or " ") else base or name
            if _LEANS.match(name):
                name = ""
        else:
            verb = _VERB.match(last)
            beside = place and _are_beside(sentence, figures[place - 1], figure)
            if verb and beside and not _VERB.match(name):
                name = f"{verb[0]}{name}"
            stem = name
        last = name
        names.append(_whole(name)[:LONGEST] if _SAID.search(name) else "")
    return names


def _follows(sentence: str, one: Figure, other: Figure) -> bool:
    """Whether no number of another thing stands between two figures."""
    first, _ = _clause(sentence, other.start)
    return not re.search(r"\d", sentence[one.end : max(first, one.end)])


def _are_beside(sentence: str, one: Figure, other: Figure) -> bool:
    """Whether two figures stand in one list: 新增停车位6000个、充电桩1万个."""
    between = sentence[one.end : other.start]
    return "、" in between and not _MARK.search(between)


def _own_name(sentence: str, figures: Sequence[Figure], place: int) -> str:
    """The words of a clause around a figure: no further than the figures beside it reach."""
    figure = figures[place]
    first, last = _clause(sentence, figure.start)
    bracket = _bracket(sentence, figure)
    first, last = max(first, bracket[0]), min(last, bracket[1])
    before = figures[place - 1] if place and figures[place - 1].end > first else None
    after = figures[place + 1] if place + 1 < len(figures) else None
    if before:
        cut = _cut(sentence, before.end, figure.start)
        first = before.end if cut is None else cut
    head = _tidy_head(sentence[first : figure.start])
    stop = last
    if after and after.start < last:
        cut = _cut(sentence, figure.end, after.start)
        stop = figure.end if cut is None and head else after.start if cut is None else cut
    tail = sentence[figure.end : stop]
    if head or "等" not in tail:
        tail = re.split("[、/]", tail, maxsplit=1)[0]
    tail = _tidy_tail(tail)
    if not head and tail:
        led = _LED.search(sentence[first : figure.start])
        plain = _LEADING.sub("", _undated(tail))
        return _shortened(f"{led[0] if led else ''}{plain}")
    return _shortened(f"{head}{tail}")


def _clause(sentence: str, at: int) -> Span:
    first = max((m.end() for m in _MARK.finditer(sentence, 0, at)), default=0)
    found = _MARK.search(sentence, at)
    return first, found.start() if found else len(sentence)


def _bracket(sentence: str, figure: Figure) -> Span:
    """The inside of the brackets that a figure stands in, the whole sentence where in none."""
    opening = max(sentence.rfind(mark, 0, figure.start) for mark in "（(")
    closing = max(sentence.rfind(mark, 0, figure.start) for mark in ")）")
    if opening <= closing:
        return 0, len(sentence)
    ends = [end for mark in ")）" if (end := sentence.find(mark, figure.end)) >= 0]
    return opening + 1, min(ends, default=len(sentence))


def _cut(sentence: str, start: int, end: int) -> int | None:
    """The place between two figures where what is said of the second begins."""
    found = list(_BESIDE.finditer(sentence, start, end))
    return found[-1].start() if found and found[0].group() != "至" else None


def _told_apart(sentence: str, figures: Sequence[Figure]) -> dict[int, str]:
    """What each of several values is of, where 分别 gives them to as many things, by place."""
    found: dict[int, str] = {}
    for place, figure in enumerate(figures):
        first, _ = _clause(sentence, figure.start)
        if place in found or (place and figures[place - 1].end > first):
            continue
        told = _APART.match(sentence[first : figure.start])
        if not told:
            continue
        named = told[1] if _SAID.search(told[1]) else sentence[slice(*_clause(sentence, first - 1))]
        items = [item for item in _ITEMS.split(_tidy_head(named)) if item]
        count = place + 1
        while count < len(figures) and _ONLY_BESIDE.fullmatch(
            sentence[figures[count - 1].end : figures[count].start]
        ):
            count += 1
        if len(items) == count - place > 1:
            ending = _OF_ITEM.search(items[-1])
            for at, item in enumerate(items, place):
                whole = item if not ending or _OF_ITEM.search(item) else f"{item}{ending[0]}"
                found[at] = _tidy(f"{whole}{told[2]}")
    return found


def _before(sentence: str, figure: Figure) -> str:
    """The clause before that of a figure, where it is short and has no figure of its own."""
    first, _ = _clause(sentence, figure.start)
    if not first:
        return ""
    name = _tidy(sentence[slice(*_clause(sentence, first - 1))])
    return name if len(name) <= LONGEST_BEFORE and not re.search(r"\d", name) else ""


def _tidy(words: str) -> str:
    """Words without years, dates, brackets and words of reporting at their ends."""
    return _tidy_tail(_tidy_head(words))


def _whole(name: str) -> str:
    """A name without quotes that are opened or closed only."""
    if name.count("“") != name.count("”"):
        name = name.replace("“", "").replace("”", "")
    return name


def _tidy_head(words: str) -> str:
    plain = _TORN.sub("", without_number(_BRACKETED.sub("", words).strip()))
    plain = _LEADING.sub("", _undated(plain))
    plain = _TRAILING.sub("", plain)
    done = _DONE_VERB.search(words)
    return f"{done[0]}" if done and len(plain) <= SHORTEST else plain


def _undated(words: str) -> str:
    return DATE.sub("", _YEAR.sub("", _MONTHS.sub("", words)))


def _tidy_tail(words: str) -> str:
    plain = _TORN_TAIL.sub("", _AROUND.sub("", _BRACKETED.sub("", words)))
    return _TAIL_END.sub("", plain)


def _shortened(name: str) -> str:
    """A long name without the list it begins with: 光明路、和平路等道路改造 is 道路改造."""
    if len(name) <= LONG:
        return name
    listed = _LISTED.match(name)
    if listed:
        first = f"{listed[1]}等{listed[2]}"
        return first if len(first) <= LONG else listed[2]
    last = _LEADING.sub("", name.rpartition("、")[2])
    return last if len(last) >= 2 * SHORTEST else name
