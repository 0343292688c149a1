"""Questions for when, where and by whom something is done, made from the sentences that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus import Document
from corpus.language import clause_end, find_dates, sentence_spans, years_in
from qa.browsing.candidates import LEANING, Looked
from qa.browsing.figure_questions import is_clear
from qa.browsing.topics import placed

__all__ = ["ask_events"]

BODY = ("paragraph", "item", "caption")
SHORTEST_ALONE = 6  # characters of a name where several documents may tell of its like
_NAME = r"(?P<name>[^，,。；;：:、！!？?\s（）()]{4,20}?)"
_HAPPENS = (
    r"(?P<deed>开园|开幕|闭幕|开业|开工|开学|开赛|开馆|竣工|投产|投用|投入使用|投入运营|通车|通航|"
    "成立|揭牌|揭幕|启动|举行|举办|召开|上线|发射|落成|完工|生效|施行|开通|建成|封顶|首飞|落幕)"
)
_FULLY = "(?:正式|隆重|顺利|成功|全面|圆满|建成)*"
_OF_DAY = re.compile("^(?:上午|下午|凌晨|晚间|晚上|晚|起)?[，,]?")
_THERE = re.compile(rf"^{_NAME}在(?P<value>[^，,。在的]{{2,14}}?){_FULLY}{_HAPPENS}$")
_THEN = re.compile(rf"^{_NAME}{_FULLY}{_HAPPENS}$")
_HELD = re.compile(
    rf"^{_NAME}(?P<deed>举行|举办|召开|发布|签署|启动)(?P<object>[^，,。在与和了]{{3,15}}[^，,。在与和了称说上中])$"
)
# What a sentence that begins so says, and what asks for it.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"^{_NAME}(?:是?由)(?P<value>[^，,。；由]{{3,24}}?)(?:共同|联合|负责)*"
            "(?P<deed>主办|承办|举办|投资建设|建设|运营|管理|编制|设计|牵头)(?=[，,。；的]|$)"
        ),
        "{name}由谁{deed}？",
    ),
    (
        re.compile(
            rf"^{_NAME}(?P<deed>成立|创办|始建|创建|建成|创立|诞生|设立)于(?P<value>\d{{4}}年)"
        ),
        "{name}是哪一年{deed}的？",
    ),
    (
        re.compile(
            rf"^{_NAME}(?:位于|坐落于|坐落在)(?P<value>[^，,。；前后第名%]{{3,24}})[，,。；]"
        ),
        "{name}位于哪里？",
    ),
    (
        re.compile(
            rf"^{_NAME}(?:成功)?(?P<deed>获评|被评为|被认定为)(?P<value>[^，,。；、]{{4,24}})[，,。；]"
        ),
        "{name}{deed}什么？",
    ),
)
_LEAD = re.compile("^(?:据悉|其中|目前|截至目前)[，,]?|^[“《](?=[^”》]+$)|[”》]$")
_MARKED = re.compile("[“”《》—·-]")
_NO_NAME = re.compile(
    "仪式上|活动[上中]|得分|排名|连续|\\d年|[共将已正并也都还又再就]$|^(?:各|[今去当]年|全[市区县省]|一|两|多|首)|\\d$"
)


def ask_events(document: Document, several: bool) -> Iterator[Looked]:
    """Questions for the dates, places and names of a document, in its order."""
    for block in document.blocks:
        if block.kind not in BODY:
            continue
        for start, end in sentence_spans(document.text, block.start, block.end):
            sentence = document.text[start:end]
            for name, asked, value in _told(sentence):
                clear = _is_name(name, several) and not LEANING.search(asked)
                question = placed(asked, document, several and not _is_own(name)) if clear else ""
                if question:
                    yield Looked(question, value, document.id, start, (name,))


def _told(sentence: str) -> Iterator[tuple[str, str, str]]:
    """What a sentence tells: of what, the question for it, and the words that answer it."""
    date = next(find_dates(sentence), None)
    if date and date.start == 0 and date.month:
        rest = _OF_DAY.sub("", sentence[date.end :], count=1)
        yield from _dated(rest[: clause_end(rest, 0)].rstrip("。"), date.text)
    for pattern, asking in _SAID:
        found = pattern.match(_LEAD.sub("", sentence, count=1))
        if found and not (years_in(found["name"])):
            told = found.groupdict("")
            name = _bare(told["name"])
            yield name, asking.format(**{**told, "name": name}), told["value"]


def _dated(clause: str, date: str) -> Iterator[tuple[str, str, str]]:
    """What a clause after a date tells."""
    there, then, held = _THERE.match(clause), _THEN.match(clause), _HELD.match(clause)
    found = there or then
    if found:
        name = _bare(found["name"])
        yield name, f"{name}是什么时候{found['deed']}的？", date
    if there:
        yield name, f"{name}是在哪里{there['deed']}的？", there["value"]
    if held and not found:
        name = _bare(held["name"])
        yield name, f"{name}什么时候{held['deed']}{held['object']}？", date


def _bare(name: str) -> str:
    """A name without the marks around the whole of it and what it is introduced by."""
    return _LEAD.sub("", _LEAD.sub("", name.split("——")[-1]))


def _is_name(name: str, several: bool) -> bool:
    """Whether words name one thing by themselves."""
    clear = is_clear(_MARKED.sub("", name)) and not _NO_NAME.search(name)
    paired = name.count("“") == name.count("”") and name.count("《") == name.count("》")
    return clear and paired and len(name) >= (SHORTEST_ALONE if several else 4)


def _is_own(name: str) -> bool:
    """Whether a name is one of its own, that no place need be added to."""
    return len(name) >= SHORTEST_ALONE
