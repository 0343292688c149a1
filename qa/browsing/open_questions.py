"""Questions for several points, from headings, what leads in a list, and as asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus import Block, Document, enumerations_of, without_number
from corpus.language import years_in
from qa.asking.query import without_year
from qa.asking.words import ASKING, kind_of
from qa.browsing.candidates import LEANING, ONE_POINT, Listed, in_turn
from qa.browsing.topics import placed, shares_topic, topic_of

__all__ = ["ask_as_asked", "ask_openly"]

SHORTEST, LONGEST = 4, 14  # characters of a heading that is asked about
SHORTEST_ASKED, LONGEST_ASKED = 8, 34  # of a whole question
LEAST_NAME = 3  # characters that tell one list from others
LEAST_TEXT, LONGEST_TEXT = 40, 900  # characters below a heading; of more not all is told
LONGEST_NAME = 18  # of what is listed
LONGEST_LIST = 12  # items; more are not told in full

OPEN_KINDS = ("list", "descriptive")

_POINTS = (
    "条件|材料|资料|情形|职责|行为|方式|渠道|规定|要求|原则|事项|义务|权利|证件|服务|对象|费用|措施|任务|证明|"
    "文件|部门|内容|人员|机构|待遇|用途|特点|优势|方法|途径|范围|政策|举措|成果|注意事项|责任"
)
_STEPS = "程序|步骤|流程|标准"
_ONE_OF = re.compile(rf"(?:下列|以下)(?P<what>(?:几?[种类项个])?(?:{_POINTS}|{_STEPS}))")
_ENDS = re.compile("(?:之一)?的?[：:。]?$|[：:。]$")
_AS_FOLLOWS = re.compile(r"(?:分别)?(?:包括|主要有|有|为|是)?(?:如下|以下)?[：:]$")
_ASKED_FOR = re.compile(
    rf"(?P<before>.*(?:提交|提供|准备|携带|出示|符合|具备|满足|履行))(?:的)?(?P<what>{_POINTS})$"
)
_NAMES_POINTS = re.compile(rf"(?:{_POINTS}|重点工作|主要工作|目标任务|主要目标)$")
_NAMES_WORK = re.compile("(?:重点工作|主要工作|目标任务|主要目标|主要任务|重点任务)$")
_OF_ANY = re.compile(
    f"(?:{_POINTS}|{_STEPS})$|申请|申领|办理|发放|工作|具体|相关|有关|主要|基本|所需|的"
)
_NAMES_STEPS = re.compile(rf"(?:{_STEPS})$")
_LAWLIKE = re.compile("办法|规定|条例|细则|章程|规则|制度|规范|守则")
_OFFICIAL = re.compile(
    "通知|通告|公告|标准|指南|指引|方案|意见|攻略|问答|须知|简介|说明|详解|清单|流程|办理|申[请领]|[?？!！]"
)
_ANSWER = re.compile("^(?:答[：:]|问[：:]|Q\\d*[：:]|[★☆●■◆▲]+|0\\d(?=\\D))")
_HARD = re.compile(
    "^(?:着力|加快|全力|大力|全面|深入|持续|坚持|奋力|扎实|坚定|更加|积极|切实|进一步|推动|推进)+(?=.{4})"
)
_NO_FIELD = re.compile(
    r"[^\u3400-\u9fff]|(?:局|办公室|政府|办公厅|通知|公告|公司|委员会|中心|日报|[附总]则|附[件录表]|目录|解释|本页|窗口|信息|"
    "搜索|公开|解读|下载|登录|首页|分享|推荐|新闻|我们|这样|怎么|如何|举措|措施|多措|成绩单|报告|答卷|回顾|总结|发展成就|要求|考虑)$|"
    "有(?![效序力关限])|多措并举|我们|[表图]$|^(?:关于|附)|(?:补贴|补助|津贴|待遇|资助|贷款|申请|登记|办理|认定)$"
)
_BENEFIT = re.compile("^[\u3400-\u9fff]+(?:补贴|补助|津贴|资助)$")
# What the words of a bare heading ask of the thing that the title names.
_BARE = (
    (re.compile("(?:申[请领]|办理|认定|准入|补贴|享受)?条件$"), "{deed}{thing}需要什么条件？"),
    (re.compile("材料$|资料$"), "{deed}{thing}需要哪些材料？"),
    (re.compile("流程$|程序$|步骤$|方法$|(?:办理|申[请领])方式$"), "怎么{deed}{thing}？"),
    (re.compile("渠道$|途径$"), "{deed}{thing}有哪些渠道？"),
    (re.compile("^(?:适用|补贴|申[请领]|发放|服务|招生|享受)?对象$"), "哪些人可以{deed}{thing}？"),
)


def ask_openly(document: Document, several: bool) -> list[Listed]:
    """Questions for what a document lists or tells under its headings, likeliest first."""
    asked = [one for one in _asked(document) if kind_of(one.question) in OPEN_KINDS]
    surest = in_turn([asked, [*_of_lists(document)], [*_of_things(document)]])
    return [*_readable((*surest, *_of_fields(document)), document, several)]


def ask_as_asked(document: Document, several: bool) -> list[Listed]:
    """The questions for one thing that the headings of a document ask."""
    asked = (one for one in _asked(document) if kind_of(one.question) not in OPEN_KINDS)
    return [replace(one, points=ONE_POINT) for one in _readable(asked, document, several)]


def _readable(found: Iterable[Listed], document: Document, several: bool) -> Iterator[Listed]:
    """Those that read as a question by themselves, with the document named where it has to be."""
    for one in found:
        question = placed(one.question, document, several)
        clear = not LEANING.search(question) and question.count("“") == question.count("”")
        if clear and SHORTEST_ASKED <= len(question) <= LONGEST_ASKED:
            yield replace(one, question=question)


def _headings(document: Document) -> Iterator[tuple[str, int, int, Block]]:
    """The headings with text below them, each without its number, with where that begins and ends.

    Of each outer heading in turn, so that the first are of different ones.
    """
    below: dict[int, tuple[int, int]] = {}
    for block in document.blocks:
        for place in block.above:
            below[place] = (below.get(place, (block.start, 0))[0], block.end)
    of_outer: dict[int, list[tuple[str, int, int, Block]]] = {}
    for place, (start, end) in below.items():
        block = document.blocks[place]
        text = without_number(document.text[block.start : block.end]).strip()
        outer = of_outer.setdefault(next(iter(block.above), place), [])
        outer.append((_ANSWER.sub("", text), start, end, block))
    return in_turn(list(of_outer.values()))


def _asked(document: Document) -> Iterator[Listed]:
    """The questions that headings and the title ask."""
    body = [b for b in document.blocks if b.kind not in ("title", "meta")]
    title = document.title.strip()
    if body and title.endswith(("？", "?")):
        yield Listed(title, document.id, body[0].start, body[-1].end)
    for text, start, end, _ in _headings(document):
        if text.endswith(("？", "?")) and ASKING.search(text):
            yield Listed(text, document.id, start, end)


def _of_lists(document: Document) -> Iterator[Listed]:
    """Questions for the lists that a line leads in: 应当符合下列条件 asks 应当符合哪些条件."""
    for one in enumerations_of(document):
        if one.lead is None or not 2 <= len(one.items) <= LONGEST_LIST:
            continue
        lead = without_number(document.text[slice(*one.lead)]).strip()
        question = _of_lead(_ANSWER.sub("", lead).strip())
        if question:
            yield Listed(question, document.id, one.lead[1], one.items[-1][1], one.items)


def _of_lead(lead: str) -> str:
    """What a line that leads in a list asks, "" where it does not read as a question."""
    if "。" in lead.rstrip("。") or "但" in lead:
        return ""
    found = _ONE_OF.search(lead)
    if found:
        rest = _ENDS.sub("", lead[found.end() :])
        if rest and (found.start() or rest.startswith(("之", "的"))):
            return ""
        return f"{lead[: found.start()]}哪些{found['what'].lstrip('几种类项个')}{rest}？"
    named = _AS_FOLLOWS.sub("", lead)
    if named == lead:
        return ""
    asked = _ASKED_FOR.match(named)
    if asked:
        return f"{asked['before']}哪些{asked['what']}？"
    return _of_name(named)


def _of_name(name: str) -> str:
    """What asks for what a name of several points or steps stands for, "" for any other."""
    if not SHORTEST < len(name) <= LONGEST_NAME or re.search("[，。,、和与及]", name):
        return ""
    core = _OF_ANY.sub("", without_year(name))
    if len(core) < LEAST_NAME and not _NAMES_WORK.search(name):
        return ""
    if _NAMES_STEPS.search(name):
        return f"{name}是怎样的？"
    return f"{name}有哪些？" if _NAMES_POINTS.search(name) else ""


def _of_things(document: Document) -> Iterator[Listed]:
    """What is asked of the thing that the title names, where headings name no more: 申请条件."""
    thing, deed = topic_of(document.title)
    for text, start, end, _ in _headings(document):
        asked = next((words for pattern, words in _BARE if pattern.search(text)), "")
        bare = len(text) <= 6
        if asked and thing and bare:
            yield Listed(asked.format(deed=deed, thing=thing), document.id, start, end)
        elif _BENEFIT.search(text) and SHORTEST <= len(text) <= LONGEST:
            yield Listed(f"申请{text}需要什么条件？", document.id, start, end)
        elif not bare and LEAST_TEXT <= end - start <= LONGEST_TEXT * 2 and _of_name(text):
            yield Listed(_of_name(text), document.id, start, end)


def _of_fields(document: Document) -> Iterator[Listed]:
    """What is asked of the field that a heading names: what was done there, or is to be done."""
    topic, _ = topic_of(document.title)
    lawlike = bool(_LAWLIKE.search(document.title))
    if not lawlike and (topic or _OFFICIAL.search(document.title)):
        return  # it tells what is to be done by whom, not what was done
    for text, start, end, block in _headings(document):
        chapter = document.text.startswith("第", block.start)
        field = _HARD.sub("", re.split("——|[，,、]", text)[0])
        if (
            not LEAST_TEXT <= end - start <= LONGEST_TEXT
            or chapter != lawlike
            or not _is_field(field)
        ):
            continue
        years = years_in(" ".join((*block.section, text)))
        if not lawlike:
            asked, opens = _way(document, start, end), f"{years[-1]}年" if years else ""
        else:
            asked, opens = _ASKS_LAW, "" if shares_topic(field, document) else topic
        if asked and (topic or not lawlike):
            yield Listed(f"{opens}{asked.format(field)}", document.id, start, end)


def _is_field(name: str) -> bool:
    """Whether a heading names a field in which something is done."""
    fit = SHORTEST <= len(name) <= LONGEST and not _NO_FIELD.search(name)
    return fit and not _NAMES_POINTS.search(name) and not _NAMES_STEPS.search(name)


_ASKS_LAW = "在{}方面有哪些规定？"


def _way(document: Document, start: int, end: int) -> str:
    """What asks for what a stretch tells, by whether its figures are done or aimed at."""
    told = Counter(fact.status for fact in document.facts if start <= fact.sentence[0] < end)
    if not told["done"] + told["target"]:
        return ""
    done = told["done"] > told["target"]
    return "在{}方面做了哪些工作？" if done else "在{}方面有哪些措施？"
