"""Questions about a document as a whole: 这篇文章讲了什么, 总结一下全文."""

from __future__ import annotations

import re

from qa.asking.words import FUNCTION_WORDS

__all__ = ["asks_overview"]

_DOCUMENT = re.compile(
    "文章|报道|稿子|稿件|文稿|文件|通知|公告|报告|新闻|材料|资料|文档|全文|本文|此文|文中|原文|article|document|report|text"
)
_TELLING = re.compile(
    "讲述?|说|写|介绍|内容|总结|概括|概述|概要|大意|梳理|要点|重点|摘要|提炼|归纳|主旨|中心思想|大纲|提纲|"
    "summari[sz]e|summary|outline|about|say"
)
_ONE_THING = re.compile("谁|哪[^些]|多少|何|时候|什么地|几[^句点段]|who|when|where|which|how many")
# What such a question may have besides: pointing, counting, politeness.
_BESIDE = re.compile(
    "[这那该本此整全篇份个条些主要都大致简单简要短几句话用请帮给把出来下看里面关于方面有和与并能否可以为成点]|"
    "what|is|this|the|does|of|please|main|it"
)


def asks_overview(text: str) -> bool:
    """Whether nothing is asked about but what a document tells as a whole."""
    text = text.lower()
    if _ONE_THING.search(text) or not _TELLING.search(text):
        return False
    if not (_DOCUMENT.search(text) or "主要内容" in text):
        return False
    for words in (FUNCTION_WORDS, _DOCUMENT, _TELLING, _BESIDE):
        text = words.sub("", text)
    return not any(character.isalnum() for character in text)
