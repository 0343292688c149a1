"""What a document says of itself: when it appeared, its number, its source, who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.language import find_dates
from qa.asking import Query

__all__ = ["told_of_itself"]

# Of the document and not of its matter: 这份通知什么时候发的, 本办法的文号.
_NAMES_DOCUMENT = re.compile(
    r"[这本该此][篇份个则条]?(?:文|[^，。？]{0,12}(?:文[章件]|通知|办法|规定|意见|报告|公报|方案|条例|细则|公告|通告|指南|政策|"
    r"新闻|消息|解读|详解|问答|问题|清单))|《|文章|这[篇份]|(?:发布|成文|印发|发表)(?:日期|时间)|文号|字号"
)
_LABELLED = re.compile(r"(?:^|[\n：])(?P<labels>[^\n：]+)：(?P<value>[^\n]*)")
_NUMBER = re.compile(r"[^\s：〔\[（(]*[〔\[（(]\d{4}[〕\]）)]第?\d+号|第?\s?\d+号")
_SOURCE = re.compile(r"来源[：:]\s*(\S+?)(?=\s|浏览|字[号体]|点击|官网|$)")
_PERSON = re.compile(r"(?:作者|记者|编辑|撰稿|报告人)[：:]?\s*([\u3400-\u9fff·]{2,8})|\s(\S{2,8})$")
_NAMES = {
    "发文字号": _NUMBER,
    "文号": _NUMBER,
    "来源": _SOURCE,
    "报告人": _PERSON,
    "作者": _PERSON,
}  # by label; of the issuer the whole line is the name


def told_of_itself(question: Query, text: str) -> Iterator[tuple[int, int]]:
    """Where in the lines of a head or foot, as they are read under their labels, the answer is."""
    if not question.labels or not _NAMES_DOCUMENT.search(question.text):
        return
    for line in _LABELLED.finditer(text):
        label = next((name for name in question.labels if name in line["labels"].split()), "")
        if not label:
            continue
        first, value = line.start("value"), line["value"]
        if question.kind == "date":
            dates = (d for d in find_dates(value) if d.year)
            yield from ((first + d.start, first + d.end) for d in dates)
        elif label in _NAMES:
            found = _NAMES[label].search(value)
            if found:
                start, end = found.span(found.lastindex or 0)
                yield first + start, first + end
        elif len(value) > 1:
            yield first, first + len(value)
