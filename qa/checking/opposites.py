"""Words that deny each other without a 不: 周一闭馆 answers 周一开门吗 with 否."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.language import DATE, clause_spans
from qa.asking import CHOICE, Query, content_pairs, has_any

__all__ = ["deny_each_other", "judge_weekdays"]

_OPEN = ("开门", "开放", "开馆", "开园", "营业", "上班", "办公", "开着", "接待", "开诊", "开吗")
_SHUT = (
    "闭馆", "闭园", "闭店", "闭门", "休馆", "休园", "休息", "歇业", "停业", "关门", "关闭", "停诊",
    "打烊", "闭厅",
)  # fmt: skip
_OPPOSITES = (
    (_OPEN, _SHUT),
    (("增加", "增长", "上升", "上涨", "提高"), ("减少", "下降", "降低", "下跌")),
    (("允许", "准许"), ("禁止", "谢绝", "严禁")),
    (("强制", "必须"), ("自愿",)),
    (("公办",), ("民办",)),
    (("室内",), ("室外", "露天")),
    (("有偿",), ("无偿", "义务")),
    (("盈利",), ("亏损",)),
    (("提前",), ("推迟", "延期", "延后")),
    (("扩大",), ("缩小",)),
)
_DAYS = {day: place for place, day in enumerate("一二三四五六日", 1)} | {"天": 7, "末": 6}
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天末])")
_SPAN = re.compile(
    "(?:周|星期|礼拜)([一二三四五六日天])(?:[至到—~-]+)(?:周|星期|礼拜)?([一二三四五六日天])"
)
_EVERY_DAY = ("每天", "每日", "天天", "全年", "全周")
_DENIED = re.compile("[不无未没]|暂停|停止")


def deny_each_other(query: Query, clause: str) -> bool | None:
    """Whether a clause says the opposite of what a question asks about; None where both do not say.

    False where it says the same. What has both of a pair says nothing of it.
    """
    asked = CHOICE.sub("", query.standalone)
    for pair in _OPPOSITES:
        ours = [has_any(asked, side) for side in pair]
        told = [has_any(clause, side) for side in pair]
        if sum(ours) == 1 and sum(told) == 1:
            return ours != told
    return None


def judge_weekdays(query: Query, sentence: str, above: str) -> tuple[bool, str] | None:
    """Whether it is open (or shut) on the weekday of a question, with the clause that tells.

    None where a question asks no such thing; an empty clause where no day told is the one asked,
    or where the sentence, and what stands `above` it, speak of another thing.
    """
    ours = [has_any(query.standalone, side) for side in (_OPEN, _SHUT)]
    days = set(_days(query.standalone))
    if not days or sum(ours) != 1:
        return None
    rest = query.standalone
    for word in (*_OPEN, *_SHUT):
        rest = rest.replace(word, " ")
    subject = content_pairs(DATE.sub(" ", _WEEKDAY.sub(" ", rest)))
    if subject and not any(pair in f"{above} {sentence}" for pair in subject):
        return False, ""
    named = False
    for start, end in clause_spans(sentence):
        clause = sentence[start:end].strip("，,；;。：:、\n ")
        told = set(_days(clause))
        every = has_any(clause, _EVERY_DAY)
        if not told and not every:
            continue
        named = True
        shut = has_any(clause, _SHUT) or bool(_DENIED.search(clause))
        is_open = has_any(clause, _OPEN) or bool(DATE.search(_WEEKDAY.sub("", clause)))
        if (days <= told or every) and (shut or is_open):
            return shut == ours[1], clause
    return (False, "") if named else None


def _days(text: str) -> Iterator[int]:
    """The weekdays that a text names, with those between the ends of a span; 周末 is two."""
    for match in _SPAN.finditer(text):
        first, last = _DAYS[match[1]], _DAYS[match[2]]
        yield from ((first + i - 1) % 7 + 1 for i in range((last - first) % 7 + 1))
    for match in _WEEKDAY.finditer(text):
        yield _DAYS[match[1]]
        if match[1] == "末":
            yield 7
    if "工作日" in text:
        yield from range(1, 6)
