"""Questions that the documents can answer, made from the figures in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice, zip_longest
from typing import TypeVar
from weakref import WeakKeyDictionary

from corpus import FactStatus
from corpus.language import (
    CLAUSE_MARKS,
    DIGIT_YEAR,
    Figure,
    clause_end,
    clause_start,
    find_quantities,
    years_in,
)
from index import Index
from qa.answering import answer_over
from qa.browsing.figure_table import MOMENTS, FigureRow, document_rows

__all__ = ["openers", "suggest"]

MOST_TRIED = 12  # questions asked before giving up on more; one takes some 40 ms
MOST_OPENED = 24  # documents and questions looked at for openers
VERDICTS_KEPT = 10_000  # of one index; some 200 bytes each
SHORTEST, LONGEST = 4, 20  # characters of what is asked about, without its figure
SHORTEST_ALONE = 6  # where neither a place nor being the only document tells of whom

_T = TypeVar("_T")

# They measure a moment, an age or a place in a row, or count parts of a word (三类, 两步).
_UNASKED = MOMENTS | frozenset("类级成倍度步句字大对口片℃‰")
_MARKS = CLAUSE_MARKS + ":!?\n—"
_LEADING = re.compile(
    rf"^(?:[一二三四五六七八九十]是|{DIGIT_YEAR}年(?:底|末)?|[今当]年|年初|全[年区县镇]|年内|目前|现|其中|"
    r"并|还|也|共|已|以及|和|及|到|至|[、，\s])+"
)
# Words that lean on what was said before, and signs that a clause is cut out of its sentence.
_UNCLEAR = re.compile(
    r"[该此这那其她他它我你您每又仍却称由从比较“”‘’《》（）()【】\[\]…]|上述|以[下上]|当[日天晚时]|[昨次近]日|"
    r"本[次届]|当地|还有|全力|\d[^、]?、|日前|随后|之后|分别|左右|先后|记者|报道|[\d—-]月|\d{4}年|时许|说$"
)
_CUT_BEFORE = re.compile(
    r"在(?![校建册职读])|针对|围绕|位于|始终|相当于|[低高]于|首次|要求|除了|另外?|最终|[是即占将把如以自于约按且向与还用]"
)
_CUT_AFTER = re.compile(r"[中时后里上下前内外的]$|等|组成$")
_VAGUE = re.compile(
    r"(?:总|数|量|额|累计|达到?|实际|到位|同口径|同比|增长|下降|增加|面积|金额|投资|占地|规划|项目|完成|实施|"
    r"资金|兑现|新增|带动|就业|分配|入住|合计|力争|计划|首次|惠及|居民|群众|有|为)*"
)
_ACTS = (
    "净增|增设|加装|发放|完成|引进|引入|招引|引育|培育|吸引|打通|拆除|举办|开展|帮扶|保障|筹集|投入|惠及|"
    "接待|化解|查处|评选|带动|谋划|打造|设立|盘活|开行|签约|掌握|承担|集聚|聚集|涉及|创建|种植|招录|招聘|"
    "培训|救助|转移|出动|捐赠|减少|节约|收到|受理|办理|逮捕|查获|抓获|安置|提供|组织|开通|修复|整治|清理|"
    "推出|发布|拥有|入驻|落户|出栏|划定|改造|新增|累计|实现|发送|运送|开工|还湖|"
    "调拨|设置|敷设|整修|包括|制发|立案|督促|调动|成立|减排|运营|有(?!限)"
)
_ACT = re.compile(f"^(?:[新改建获]|生产|销售|出口)|{_ACTS}")
_MEASURE = re.compile(
    r"(?<!社会)(?:[额值率价费量度]|总数|面积|规模|收入|支出|投资|投入|比重|占比|比例|资金|人口|里程|长度|利润)$"
)
_LEADS_ON = re.compile(
    r"(?:达到?|完成|增长|下降|提高|上升|减少|增加|控制在|稳定在|扩大到?|拓展到?|突破|日均|[为是有共占至到了])$"
)
_AIM = re.compile(r"计划|目标|力争|争取|预计|预期|拟|确保|将")
_NAMED = re.compile(
    r"[\u3400-\u9fff]{2}(?:[省市县区镇州港]|机场|公司|集团|大学|医院|铁路|银行|法院|产业|行业)|[全中]国"
)
_OVER = frozenset(("突破", "超过", "超", "逾", "高达", "多达"))
_SCALE = re.compile(r"[百千]?(?:万亿|[万亿])")

_verdicts: WeakKeyDictionary[Index, dict[tuple[str, str, int], bool]] = WeakKeyDictionary()


def suggest(
    index: Index, document_id: str, at: int, limit: int = 3, exclude: Collection[str] = ()
) -> tuple[str, ...]:
    """Questions about figures near a place of a document, each of which has its answer.

    Those of the same section come first, nearest first, then the rest of the document; what
    stands in the sentence at that place comes last. None is in `exclude`. Raises KeyError for
    an unknown document.
    """
    rows = list(document_rows(index, document_id))
    section = min(rows, key=lambda row: _distance(row, at)).section if rows else ""
    rows.sort(
        key=lambda row: (row.start <= at < row.end, row.section != section, _distance(row, at))
    )
    return tuple(islice(_verified(index, rows, MOST_TRIED, exclude), limit))


def openers(index: Index, limit: int = 6) -> tuple[str, ...]:
    """Questions to begin with, spread over the documents and their sections."""
    ids = index.catalogue.document_ids()
    spread = ids[:: -(-len(ids) // MOST_OPENED) or 1]
    documents = [
        [list(rows) for _, rows in groupby(found, key=lambda row: row.section)]
        for found in (document_rows(index, key) for key in spread)
    ]
    rows = _in_turn(list(_in_turn(documents)))
    return tuple(islice(_verified(index, rows, MOST_OPENED), limit))


def _in_turn(lists: Iterable[list[_T]]) -> Iterator[_T]:
    """The first of each list, then the second of each, and so on."""
    for tier in zip_longest(*([[item] for item in items] for items in lists), fillvalue=()):
        for place in tier:
            yield from place


def _distance(row: FigureRow, at: int) -> int:
    return max(row.start - at, at - row.end + 1, 0)


def _verified(
    index: Index, rows: Iterable[FigureRow], most: int, exclude: Collection[str] = ()
) -> Iterator[str]:
    """The questions of rows that are answered with their figures; `most` are tried."""
    several = len(index.catalogue.document_ids()) > 1
    seen = set(exclude)
    tried = 0
    for row in rows:
        in_table = bool(index.document(row.document_id).block_at(row.figure_start).cells)
        question = _question_of_cell(row, several) if in_table else _question(row, several)
        if not question or question in seen:
            continue
        seen.add(question)
        tried += 1
        if tried > most:
            return
        if _holds(index, question, row):
            yield question


def _holds(index: Index, question: str, row: FigureRow) -> bool:
    """Whether a question is answered with the figure of a row, cited from where it stands."""
    verdicts = _verdicts.setdefault(index, {})
    key = (question, row.document_id, row.figure_start)
    if key not in verdicts:
        if len(verdicts) >= VERDICTS_KEPT:
            verdicts.clear()
        found = answer_over(index, question)
        verdicts[key] = (
            found.status == "answered"
            and row.value in found.text
            and any(
                cited.source == row.source and cited.start <= row.figure_start < cited.end
                for cited in found.citations
            )
        )
    return verdicts[key]


def _question(row: FigureRow, several: bool) -> str:
    """A row's clause with 多少 in the place of its figure, "" where that would read badly.

    Among `several` documents it names the place that the title of its own does; without one it
    must say more by itself, and takes no year that neither its sentence nor a heading names.
    """
    placed = _place_of(row)
    alone = several and not placed
    piece = _piece(row)
    if piece is None:
        return ""
    figure, head, tail = piece
    if alone and not _tells_of_whom(head, tail):
        return ""
    words = _ask_within(head, tail, figure) if tail else _ask_at_end(head, figure, row.status)
    if words and row.status == "target" and not _AIM.search(words):
        words = f"计划{words}"
    told = not alone or str(row.year) in f"{row.title} {row.section} {row.sentence}"
    year = f"{row.year}年" if row.year and told else ""
    place = placed if several and placed not in words else ""
    return f"{place}{year}{words}？" if words else ""


def _place_of(row: FigureRow) -> str:
    """The place that tells a row's document from others, "" where its title names none."""
    return row.place if row.place in row.title else ""


def _question_of_cell(row: FigureRow, several: bool) -> str:
    """What asks for a cell of a table: its row's first cell and its column's head, 是多少."""
    words, year = row.indicator, f"{row.year}年" if row.year else ""
    unclear = _UNCLEAR.search(words.replace(year, "")) or row.unit in _UNASKED
    if unclear or not SHORTEST <= len(words) <= LONGEST:
        return ""
    place = _place_of(row) if several else ""
    return f"{place}{'' if year in words else year}{words}是多少？"


def _piece(row: FigureRow) -> tuple[Figure, str, str] | None:
    """A figure with the words before and after it, None where they do not stand alone.

    Of figures in one clause each must have a piece of its own: 新建公园3个、学校2所.
    """
    sentence, at = row.sentence, row.figure_start - row.start
    figures = find_quantities(sentence)
    figure = next(f for f in figures if f.start == at)
    first, last = clause_start(sentence, at, _MARKS), clause_end(sentence, figure.end, _MARKS)
    before = max((f.end for f in figures if first < f.end <= at), default=0)
    after = min((f.start for f in figures if figure.end <= f.start < last), default=0)
    if before:
        first = sentence.find("、", before, at) + 1
    if after:
        last = sentence.find("、", figure.end, after)
    if last < 0 or (before and not first):
        return None
    opened = sentence[first:at]
    head, tail = _LEADING.sub("", opened), sentence[figure.end : last].strip()
    years = set(years_in(opened[: len(opened) - len(head)]))
    clear = (
        figure.unit not in _UNASKED
        and figure.upper is None
        and any(c.isdigit() and c.isascii() for c in figure.text)
        and years <= {row.year}
        and not (after and tail)
        and not _UNCLEAR.search(head + tail)
        and not _CUT_BEFORE.match(head)
        and not head.endswith("等")
        and not figure.text.startswith("第")
        and not _CUT_AFTER.search(tail)
        and not _VAGUE.fullmatch(head + tail)
        and SHORTEST <= len(head + tail) <= LONGEST
    )
    return (figure, head, tail) if clear else None


def _tells_of_whom(head: str, tail: str) -> bool:
    """Whether words with no place given name somebody, or a measure at some length."""
    core = _LEADS_ON.sub("", head)
    long_enough = len(core + tail) >= SHORTEST_ALONE and not _ACT.match(head)
    return long_enough and bool(_NAMED.search(head) or (not tail and _MEASURE.search(core)))


def _asked(figure: Figure) -> str:
    """What stands for a figure: 多少 in its unit and scale; of a share 多少 alone."""
    scale = _SCALE.search(figure.text)
    return "多少" + ("" if figure.unit == "%" else (scale[0] if scale else "") + figure.unit)


def _ask_within(head: str, tail: str, figure: Figure) -> str:
    """What asks for a figure inside its clause: 为多少家企业提供服务."""
    if figure.unit == "%":
        return ""
    return f"{head}{_asked(figure)}{tail}" if head else f"有{_asked(figure)}{tail}"


def _ask_at_end(head: str, figure: Figure, status: FactStatus) -> str:
    """What asks for a figure at the end of its clause; the words before it tell how."""
    aim = "计划" if status == "target" and not _AIM.search(head) else ""
    asked = _asked(figure)
    leads_on, act, share = _LEADS_ON.search(head), _ACT.search(head), figure.unit == "%"
    if head.endswith("的"):
        return f"{head}百分之多少" if share else ""
    if leads_on:
        return f"{head[: leads_on.start()]}{aim}{leads_on[0]}{asked}"
    if act and (act.start() == 0 or act[0] == "实现"):
        return f"{head[: act.start()]}{aim}{head[act.start() :]}{asked}"
    if _MEASURE.search(head):
        return f"{head}{'的目标' if aim else ''}是{asked}"
    if share:
        return ""
    if figure.qualifier in _OVER:
        return f"{head}{aim}达到{asked}"
    if act:
        return f"{head[: act.start()]}{aim}{head[act.start() :]}{asked}"
    return f"{head}{aim}有{asked}"
