"""Questions about a document, or a section of it, as a whole: 总结一下全文, 第三章讲了什么."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.language import years_in
from corpus.numbering import without_number
from qa.asking.query import without_year
from qa.asking.words import FUNCTION_WORDS, asks

__all__ = [
    "asks_overview",
    "asks_parts",
    "asks_targets",
    "field_section",
    "introduced",
    "named_section",
    "year_outlined",
]

_DOCUMENT = re.compile(
    "文章|报道|稿子|稿件|文稿|文件|通知|公告|报告|新闻|材料|资料|文档|全文|本文|此文|文中|原文|article|document|report|text"
)
_TELLING = re.compile(
    "讲述?|说|写|介绍|内容|总结|概括|概述|概要|大意|梳理|要点|重点|摘要|提炼|归纳|主旨|中心思想|大纲|提纲|"
    "summari[sz]e|summary|outline|about|say"
)
# Words that ask for it without naming a document: 总结一下.
_SUMMED = re.compile("主要内容|总结|概括|概述|归纳|摘要|梳理|提炼|summari[sz]e|summary")
_ONE_THING = re.compile("谁|哪[^些]|多少|何|时候|什么地|几[^句点段]|who|when|where|which|how many")
# What such a question may have besides: pointing, counting, politeness.
_BESIDE = re.compile(
    "[这那该本此整全篇份个条些主要都大致简单简要短几句话用请帮给把出来下看里面关于方面有和与并能否可以为成点一]|"
    "what|is|this|the|does|of|please|main|it"
)
_PART = re.compile("部分|板块|小节|章节?|一?[节段篇块]|section|part|chapter")
_SEVERAL = re.compile("(?:分|有|包[括含])*哪[几些](?:个?方面|[个块点项条类部种]分?)?")
_NUMBERED = re.compile(r"第[一二三四五六七八九十百\d]+(?:[章节条编]|部分)")
# What is done or planned in a year, whatever it is.
_OF_YEAR = re.compile(
    "工作|安排|计划|打算|思路|部署|任务|举措|做法|规划|整体|总体|要?[做干]|这样|怎么|我们|全[区县市省]|[区县市省]里?"
)
_DONE_IN_YEAR = re.compile("工作|安排|计划|思路|部署|任务|规划|举措|重点|打算")
_TARGETS = re.compile("(?:目标|指标)")
_OF_TARGETS = re.compile("(?:主要|各项|具体|全年|预期|发展|数字|量化|都|定|多少|是|分别|要)")
# What is asked of a field as a whole: 民生方面取得了哪些成绩.
_OF_FIELD = re.compile(
    "取得|成绩|成就|成果|成效|进展|亮点|工作|举措|措施|做法|安排|计划|开展|采取|推进|实施|方面|领域|[做干]"
)
_DENIED = re.compile("[没未]|不(?!断|同)|问题")
_INTRODUCE = re.compile(
    "介绍|简介|什么(?:是|叫)|是(?:什么|啥|干[什啥嘛]|做[什啥]|个?[怎咋]|一?[家个座]?什么样)"
)
# What anything may be asked to be: 是个什么样的地方.
_OF_ANY = (
    "地方", "公司", "企业", "项目", "东西", "平台", "意思", "园区", "单位", "机构", "定位", "情况",
    "回事", "活动", "政策",
)  # fmt: skip
_QUOTED = re.compile('[“"《]([^”"》]{2,20})[”"》]')
LEAST_NAME = 2  # characters of a heading that a question must name
HALF = 0.5  # of a heading that a name must be as long as


def named_section(text: str, headings: Iterable[str]) -> int | None:
    """The place of the heading whose section a text asks an overview of, the shortest of several.

    None where a whole document is asked about, or one thing.
    """
    text = text.lower()
    rest = _SEVERAL.sub("", text)
    if _ONE_THING.search(rest):
        return None
    headings = list(headings)
    numbered, named = _NUMBERED.search(rest), _bare(rest)
    if not (_TELLING.search(text) and _PART.search(text)):
        # 惠民生有哪几项: asked of the whole of what has that name
        asked = len(named) >= LEAST_NAME and _SEVERAL.search(text)
        whole = (i for i, heading in enumerate(headings) if _is_of(named, heading))
        return next(whole, None) if asked else None
    if numbered:
        named = numbered[0]
        places = [i for i, heading in enumerate(headings) if named in heading.replace(" ", "")]
    else:
        places = [i for i, heading in enumerate(headings) if named in _bare(heading)]
    if len(named) < LEAST_NAME or not places:
        return None
    return min(places, key=lambda place: len(headings[place]))


def asks_parts(text: str) -> bool:
    """Whether it is asked which parts something has: 分哪几块, 有哪几种."""
    return "哪几" in text and bool(_SEVERAL.search(text))


def introduced(text: str, content: Sequence[str]) -> str:
    """The one thing that a text asks an introduction of, by name (X是什么), "" where none is.

    `content` are its runs of words that matter.
    """
    quoted = _QUOTED.search(text)
    runs = [run.removeprefix("样").removeprefix("的") for run in content]
    named = [quoted[1]] if quoted else [run for run in runs if len(run) > 1 and run not in _OF_ANY]
    return named[0] if len(named) == 1 and _INTRODUCE.search(text) else ""


def asks_targets(text: str) -> bool:
    """Whether nothing is asked for but the targets of a year: 2025年主要目标有哪些."""
    rest = _OF_TARGETS.sub("", _SEVERAL.sub("", without_year(text)))
    return bool(_TARGETS.search(rest)) and not _bare(_TARGETS.sub("", rest))


def year_outlined(text: str, headings: Iterable[str]) -> int | None:
    """The place of the heading of the year of which a text asks nothing but what is done in it.

    总结一下2025年的工作安排, where there is 2025年我们这样干; None where there is no such heading.
    """
    years = set(years_in(text))
    if (
        len(years) != 1
        or not _DONE_IN_YEAR.search(text)
        or _ONE_THING.search(_SEVERAL.sub("", text))
        or _of_year(text)
    ):
        return None
    found = (
        i
        for i, one in enumerate(headings)
        if years == set(years_in(one)) and not _of_year(without_number(one))
    )
    return next(found, None)


def field_section(text: str, headings: Iterable[str]) -> int | None:
    """The place of the heading that names the field of which a text asks all that was done in it.

    民生方面取得了哪些成绩, where there is 民生成绩单; None where several do, or more is asked.
    """
    several = _SEVERAL.sub("", text)
    rest = _OF_FIELD.sub("", without_year(several))
    named, years = _bare(rest), set(years_in(text))
    plain = (several == text and asks(text)) or _DENIED.search(text)
    if plain or rest == several or len(named) < LEAST_NAME or _ONE_THING.search(several):
        return None
    asked = set(_OF_FIELD.findall(several))
    found = [
        i
        for i, one in enumerate(headings)
        if named in _bare(one)
        and years <= set(years_in(one))
        and (years or asked & set(_OF_FIELD.findall(one)) or named == _bare(_undated(one)))
    ]
    return found[0] if len(found) == 1 else None


def _undated(heading: str) -> str:
    return without_year(without_number(heading))


def _of_year(text: str) -> str:
    """What a text says besides its year and that something is done or planned in it."""
    return _bare(_OF_YEAR.sub("", _SEVERAL.sub("", without_year(text))))


def _is_of(named: str, heading: str) -> bool:
    """Whether a name is a heading's, but for a place where words are left out or turned round."""
    heading = _bare(without_number(heading))
    apart = sum(named[i : i + 2] not in heading for i in range(len(named) - 1))
    return apart <= 1 and len(named) > max(apart * LEAST_NAME * 2, HALF * len(heading))


def _bare(text: str) -> str:
    """What a text says besides the words of an overview."""
    for words in (FUNCTION_WORDS, _DOCUMENT, _PART, _TELLING, _BESIDE):
        text = words.sub("", text)
    return "".join(character for character in text.lower() if character.isalnum())


def asks_overview(text: str) -> bool:
    """Whether nothing is asked about but what a document tells as a whole."""
    text = _SEVERAL.sub("", text.lower())
    if _ONE_THING.search(text) or not _TELLING.search(text):
        return False
    if not (_DOCUMENT.search(text) or _SUMMED.search(text)):
        return False
    return not _bare(text)
