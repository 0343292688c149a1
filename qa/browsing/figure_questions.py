"""Questions for figures, made from the clauses and the cells that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus import Document
from corpus.cells import year_of
from corpus.language import (
    CLAUSE_MARKS,
    DIGIT_YEAR,
    Figure,
    clause_end,
    clause_start,
    find_places,
    find_quantities,
    find_years,
    years_in,
)
from index import Index
from qa.browsing.candidates import Looked
from qa.browsing.figure_table import MOMENTS, FigureRow, is_vague
from qa.browsing.topics import place_told, shares_topic, topic_of

__all__ = ["ask_figures", "is_clear"]

SHORTEST, LONGEST = 4, 20  # characters of what is asked about, without its figure
OPENING = 2  # characters before a year that opens a sentence
SHORTEST_ALONE = 6  # where neither a place nor being the only document tells of whom

# They measure a moment, an age or a place in a row, or count parts of a word (三类, 两步).
_UNASKED = MOMENTS | frozenset("类级成倍度步句字大对口片℃‰") | {"周岁"}
_MARKS = CLAUSE_MARKS + ":!?\n—"
_LEADING = re.compile(
    rf"^(?:[一二三四五六七八九十]是|{DIGIT_YEAR}年(?:底|末)?|[今当]年|年初|全[年区县镇]|年内|目前|现|其中|"
    r"并|还|也|共(?!同)|已|以及|和|及|到|至|[、，\s])+"
)
# Words that lean on what was said before, and signs that a clause is cut out of its sentence.
_UNCLEAR = re.compile(
    r"[该此这那其她他它我你您每又仍却称由从比较“”‘’《》（）()【】\[\]…]|上述|以[下上]|当[日天晚时]|[昨次近]日|"
    r"本[次届]|当地|还有|全力|\d[^、]?、|日前|随后|之后|分别|左右|先后|记者|报道|虽然|但是|不过|亦|则|报告期|第.个|更是|年均|[\d—-]月|\d{4}年|时许|说$|^\d+[.、）)]|^第[一二三四五六七八九十\d]+"
)
_CUT_BEFORE = (
    "在", "针对", "围绕", "位于", "始终", "相当于", "低于", "高于", "首次", "要求", "除了", "另",
    "最终", "是", "即", "占", "将", "把", "如", "以", "自", "于", "约", "按", "且", "向", "与",
    "还", "用", "但", "距", "能", "可", "应", "须", "需", "不", "更", "近年",
)  # fmt: skip
_CUT_AFTER = ("中", "时", "后", "里", "上", "下", "前", "内", "外", "的", "等", "组成", "包括")
_AIM = ("计划", "目标", "力争", "争取", "预计", "预期", "拟", "确保", "将")
_INSTITUTION = re.compile(
    r"[\u3400-\u9fff]{2}(?:机场|公司|集团|大学|医院|铁路|银行|法院|产业|行业)|[全中]国"
)
_WHOLE = re.compile(
    "全[省市县区镇]|^(?:公司|学校|集团|项目|平台)|^(?:[被为向对]|设立|投入|发放|新增|新建|累计|实施|完成|基本|开展|推进)"
)
_BRACKETED = re.compile(r"[（(].*?[）)]|\s")
# A measure, not a deed: 面积是多少, but 增长多少.
_MEASURE = re.compile(
    "(?:率|面积|总量|数量|总额|额度|金额|规模|产量|产值|库容|收入|总值|涨幅|增速|比重|占比|强度|期限|标准|"
    "人口|总数)$"
)
_MOST = re.compile("最[高低多少长大小]")
_BOUND = re.compile("最[高低多少长大小]|不超过|不低于")
_DEED = re.compile("实现|完成|达到?|新增|增长|累计|控制|保持|力争|招引|提高|降低|下降")


def ask_figures(index: Index, rows: Iterable[FigureRow], several: bool) -> Iterator[Looked]:
    """Questions for the figures of rows, in their order, among `several` documents or of one."""
    for row in rows:
        document = index.document(row.document_id)
        if document.block_at(row.figure_start).cells:
            question = _question_of_cell(row, document, several)
        else:
            question = _question(row, document, several)
        if question:
            yield Looked(question, row.value, row.document_id, row.figure_start)


def is_clear(words: str) -> bool:
    """Whether words may be asked about as they stand, by themselves."""
    return not _UNCLEAR.search(words) and not words.startswith(_CUT_BEFORE)


def _question(row: FigureRow, document: Document, several: bool) -> str:
    """A row's clause with 多少 in the place of its figure, "" where that would read badly.

    Of a policy it has words of what that is about. Of others among `several` it names the place
    that the title of its own does; without one it must say more by itself, and takes no year that
    neither its sentence nor a heading names.
    """
    topic, place = topic_of(document.title)[0], place_told(document)
    alone = several and not place
    piece = _piece(row)
    told = _year_told(row)
    if piece is None or told is None:
        return ""
    figure, head, tail = piece
    if topic and not shares_topic(head + tail, document):
        return ""
    if alone and not topic and not _names_one(head, tail):
        return ""
    words = _ask(head, tail, figure)
    if words and row.status == "target" and not (topic or any(word in words for word in _AIM)):
        words = f"计划{words}"
    if row.status == "target" and not row.year and not topic:
        return ""  # of which plan nobody could tell
    year = f"{row.year}年" if told else ""
    where = place if several and place not in words and not topic else ""
    return f"{where}{year}{words}？" if words else ""


def _names_one(head: str, tail: str) -> bool:
    """Whether words say by themselves of whom they are."""
    named = _INSTITUTION.search(head) or find_places(head)
    return bool(named) and len(head + tail) >= SHORTEST_ALONE and not _WHOLE.search(head)


def _year_told(row: FigureRow) -> bool | None:
    """Whether its sentence, a heading or the title names the year of a figure.

    None where the sentence names one that need not be its own: 1974年动工，灌溉18万亩.
    """
    sentence, at = row.sentence, row.figure_start - row.start
    named = [place for place in find_years(sentence) if place[0] < at]
    if not named:
        return _names_year(f"{row.title} {row.section}", row)
    first = clause_start(sentence, at, _MARKS)
    own = [year for start, _, year in named if start <= OPENING or first <= start]
    counted_from = re.search(f"[于自从至到比较]{row.year}年", sentence)
    return True if row.year in own and not counted_from else None


def _names_year(text: str, row: FigureRow) -> bool:
    """Whether a text names the year of a figure, other than in the date of a day."""
    return bool(re.search(rf"{row.year}年(?!\d)", text))


def _question_of_cell(row: FigureRow, document: Document, several: bool) -> str:
    """What asks for a cell of a table: its row's first cell and its column's head, 是多少."""
    block = document.block_at(row.figure_start)
    column = sum(start <= row.figure_start for start, _ in block.cells) - 1
    head = "".join(document.text[slice(*span)] for span in block.heads[column : column + 1])
    words = _BRACKETED.sub("", row.indicator)
    own = row.year and row.year in {year_of(document.text[a:b]) for a, b in block.cells}
    told = own or _names_year(f"{row.title} {row.section} {head}", row)
    year = f"{row.year}年" if told else ""
    unclear = _UNCLEAR.search(words.replace(year, "")) or row.unit in _UNASKED
    if unclear or not SHORTEST <= len(words) <= LONGEST:
        return ""
    question = f"{'' if year in words else year}{words}是多少？"
    return f"{place_told(document)}{question}" if several else question


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
        and not head.startswith(_CUT_BEFORE)
        and not head.endswith("等")
        and not tail.startswith(("大", "门"))
        and "、" not in head
        and not head.endswith("起")
        and "的" not in tail[1:]
        and not (figure.unit in "个项种" and not tail and len(head) <= SHORTEST)
        and not (figure.unit == "条" and not tail)
        and not (figure.unit == "次" and tail)
        and bool(head or not sentence[:at].strip())
        and not figure.text.startswith("第")
        and not tail.endswith(_CUT_AFTER)
        and not is_vague(_BOUND.sub("", head + tail))
        and SHORTEST <= len(head + tail) <= LONGEST
    )
    return (figure, head, tail) if clear else None


def _ask(head: str, tail: str, figure: Figure) -> str:
    """What asks for a figure where it stands: 为多少家企业提供服务, 失业率是多少."""
    if (figure.unit == "%" and tail) or (head.endswith("的") and not tail):
        return ""
    measured = not tail and _MEASURE.search(head) and not _DEED.search(head)
    placed = tail and any(head.endswith(place.name) for place in find_places(head))
    verb = "是" if measured else "有" if placed else ""
    if figure.unit == "%":
        return f"{head}{verb}多少"
    scale = "".join(c for c in figure.text.split(figure.unit)[0] if c in "百千万亿")
    bound = _MOST.match(figure.text)
    verb = bound[0] if bound else verb
    return f"{head or '有'}{verb}多少{scale}{figure.unit}{tail}"
