"""What a document is about, as a question has to name it among others."""

from __future__ import annotations

import re

from corpus import Document
from qa.asking import content_pairs

__all__ = ["place_told", "placed", "shares_topic", "topic_of"]

TOPICS = range(3, 15)  # characters of a topic
TELLING = 2  # pairs of characters that a question shares with a topic it names
_ENTITLED = re.compile("《([^《》]{4,40})》")
_ISSUED = re.compile(
    "^.*关于(?:印发)?|的?(?:通知|通告|公告)$|[（(【〔].*?[）)】〕]|^\\d{4}年?度?|[?？]$"
)
# Each once, whatever comes of it, as in corpus/indicators.py.
_KINDS = re.compile(
    "(?:(?=(的?(?:常见|热点|相关)?(?:问题|问答|[管理实施试行暂优待服务]*办法|[实施工作]*方案|[实施]*细则|规定|条例|制度|规则|章程|"
    "[申报办理工作操作]*(?:指引|指南)|攻略|须知|简介|说明|清单|标准|详解|政策|\\d+问|申请|申领|办理|管理|实施)))\\1)+$"
)
_HOW_TO = re.compile("^(?:怎么|怎样|如何)(?P<deed>申领|申请|办理|领取|缴纳|报名|使用)?")
_NO_TOPIC = re.compile("[^\\u3400-\\u9fffA-Za-z]|报告|工作|[市省区县]$|[局部委]$")


def topic_of(title: str) -> tuple[str, str]:
    """What a title of a policy is about, and what one does for it: 社会保障卡, 申领; else ""."""
    entitled = _ENTITLED.search(title)
    name = entitled[1] if entitled else title
    for _ in range(3):
        name = _ISSUED.sub("", name.strip())
    topic = _HOW_TO.sub("", _KINDS.sub("", name))
    done = _HOW_TO.match(name)
    fit = len(topic) in TOPICS and topic != name and not _NO_TOPIC.search(topic)
    return (topic, (done and done["deed"]) or "申请") if fit else ("", "")


def shares_topic(words: str, document: Document) -> bool:
    """Whether words name what the title of a document says that it is about."""
    topic = topic_of(document.title)[0].replace(document.place, "")
    pairs = content_pairs(topic)
    return len(content_pairs(words) & pairs) >= max(min(TELLING, len(pairs)), 1)


def place_told(document: Document) -> str:
    """The place that a document's title names, which tells it from others, or ""."""
    return document.place if document.place in document.title else ""


def placed(question: str, document: Document, several: bool) -> str:
    """A question that says which of `several` documents it is of, "" where that cannot be said.

    By words of what the title is about, or by the place that it names.
    """
    if not several or shares_topic(question, document):
        return question
    place = place_told(document)
    if not place or place in question:
        return question if place else ""
    return f"{place}{question}" if not topic_of(document.title)[0] else ""
