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
        else:
            named = re.search(rf"{label}[：:]\s*(\S+)", value) or re.search(r"\S+$", value)
            if named:
                start, end = named.span(named.lastindex or 0)
                yield first + start, first + end
