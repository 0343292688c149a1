"""Which figures say how much or how many there is, and which are part of a name, a date or a rank.

Every figure may answer a question; in a table of figures 三个优势, 15周年, 24小时 and 第三届 tell
nothing. What a figure is shows in its form: numeral and measure word, and the words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import DURATIONS, Figure

__all__ = ["is_countable_cell", "only_countable"]

LONGEST_NAME = 14  # characters in quotes that are a name: “三个优势”
TELEPHONE = 7  # digits in a row, and no 万
REACH = 24  # characters of a sentence looked at before a figure

_CLASSES = frozenset("级类期届代大字步点回号") | {"周年", "季度", "个季度", "星期", "个星期"}
_SCALED = re.compile(r"\d|[百千万亿]|分之|成")
_BOUNDS = frozenset((
    "不低于", "不少于", "不高于", "不超过", "不多于", "至少", "至多", "最多", "最高", "最低",
    "未满", "不满", "低于", "高于", "满", "以上", "及以上", "含以上", "以下", "及以下", "含以下",
    "以内", "之内", "内", "超过",
))  # fmt: skip
_RANKED = re.compile(
    r"(?:第|[^年月日之以]前|^前|每(?:隔|满)?|每[年月日周天次人户]?增加|倒数|时隔|[（(]含|[A-Za-z])$"
    r"|(?:上年|去年|上月|上季)(?:同期|度|末|底)?(?:的|为|是|盈利|亏损|增加)?$|同期(?:的|为|是|盈利|亏损)?$"
)
_NUMBERED = re.compile(
    r"(?:电话|热线|传真|邮编|邮政编码|编号|号码|账号|证号|文号|代码|网址|QQ|微信)[^，。；]{0,6}$"
)
# A time is a figure where it is how long something takes or lasts; else it says when.
_TERM = re.compile(
    r"(?:期|期限|年限|时限|时长|时间|用时|耗时|寿命|[工学]龄|年龄|学制|周期|延长|缩短|压缩|提前|最[长短]|拘留|徒刑)"
    r"(?:统一|一般|平均|均|再|约|[了由从至到为是：:]|达到?|提高|增加|减[少至]|缩短)*$"
)
_WHEN = re.compile("(?:过去|未来|今后|最近|近|连续|接续|这|[之头])$")
_BESIDE_WHEN = re.compile("[前后]$")  # 审核通过后15个工作日内 is how long, 会后10天 is when
_TERM_AFTER = re.compile("的?[\\u3400-\\u9fff]{1,2}期(?:限|内)?(?![间货])")
_WHEN_AFTER = re.compile(
    r"[”’]?(?:以?来|间|之?前|之?后|里|中|期间|行动|计划|规划|方案|攻坚|任务|奋斗|时间内?[，。]|连续|前后|营业|开放|值守|在线|服务|不)"
)
_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("《", "》"), ('"', '"'))
_ENDS = "、，；。：！？,;:!?\n（）()和与及或"
_PART_OF_NAME = re.compile("[级型式制版号份]")
_NOUN = re.compile(r"[\u3400-\u9fff“]")
_COLUMN = re.compile(
    r"序号|编号|编码|代码|邮编|电话|号码|排名|名次|位次|年份$|年度$|月份$|日期|时间$|[级类]别|等级|分类|档次|备注"
)


def only_countable(sentence: str, figures: Sequence[Figure]) -> list[Figure]:
    """Those of the figures of a sentence that count or measure, in order."""
    found = [figure for figure in figures if _counts(sentence, figure)]
    return [figure for figure in found if not _describes(sentence, figure, found)]


def is_countable_cell(figure: Figure, column: str) -> bool:
    """Whether a cell of a table with that head counts or measures."""
    scaled = bool(_SCALED.search(figure.text)) or figure.unit in DURATIONS
    return scaled and figure.unit not in _CLASSES and not _COLUMN.search(column)


def _counts(sentence: str, figure: Figure) -> bool:
    before = sentence[max(figure.start - REACH, 0) : figure.start]
    bound = figure.qualifier in _BOUNDS
    if figure.text.startswith("第") or _RANKED.search(before) or _NUMBERED.search(before):
        return False
    classes = figure.unit in _CLASSES or figure.unit.endswith("级")  # 20万吨级
    if classes and not (figure.unit == "级" and "." in figure.text):
        return False
    measured = figure.unit in DURATIONS or figure.unit.endswith("元")
    if not _SCALED.search(figure.text) and not (bound and measured):
        return False  # a numeral by itself is mostly part of a name: 三个优势, 十件实事, 长三角
    if _is_named(sentence, figure) or _PART_OF_NAME.match(sentence, figure.end):
        return False
    if figure.unit in DURATIONS:
        return _lasts(before, figure, sentence[figure.end : figure.end + 8], bound)
    return True


def _lasts(before: str, figure: Figure, after: str, bound: bool) -> bool:
    """Whether a time says how long: 有效期5年, 3个月内; not 过去5年, 三年行动, 24小时."""
    if figure.text.isdecimal() or sum(c.isdigit() for c in figure.text) >= TELEPHONE:
        return False
    if _TERM_AFTER.match(after):
        return True
    if _WHEN.search(before) or _WHEN_AFTER.match(after):
        return False
    if _BESIDE_WHEN.search(before) and not bound:
        return False
    return bound or (figure.unit != "日" and bool(_TERM.search(before)))


def _is_named(sentence: str, figure: Figure) -> bool:
    """Whether a figure stands in a title, or in quotes so short that they hold a name."""
    for opening, closing in _QUOTES:
        start = sentence.rfind(opening, 0, figure.start)
        end = sentence.find(closing, figure.end)
        open_still = start >= 0 and sentence.find(closing, start + 1, figure.start) < 0
        if open_still and end >= 0 and (opening == "《" or end - start <= LONGEST_NAME):
            return True
    return False


def _describes(sentence: str, figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether a bound tells which things another figure counts: 营收10亿元以上企业5家."""
    if figure.qualifier not in _BOUNDS and figure.qualifier not in ("超", "过", "逾"):
        return False
    first = max(sentence.rfind(mark, 0, figure.start) for mark in _ENDS) + 1
    ends = (sentence.find(mark, figure.end) for mark in _ENDS)
    last = min((end for end in ends if end >= 0), default=len(sentence))
    beside = [one for one in figures if one is not figure and first <= one.start < last]
    counted = any(one.unit not in ("%", "个百分点", figure.unit) for one in beside)
    return counted and bool(_NOUN.match(sentence, figure.end))
