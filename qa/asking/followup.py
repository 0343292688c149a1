"""Questions that lean on earlier ones: 那电梯呢, 它的总投资是多少."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.language import DIGIT_YEAR, LEVEL, UNIT, find_places, years_in
from qa.asking.query import QUESTION_LIMIT, Query, read_query, without_year
from qa.asking.words import ASKING, ASKING_CHARACTERS, asks, has_any

__all__ = ["TURNS", "History", "ask", "ask_plainly", "pushes", "refers_to_answer", "takes_over"]

History = Sequence[str | tuple[str, str]]

TURNS = 6  # earlier questions looked at
ALIKE = 2  # characters at the end of two names that make one take the other's place
LONGEST_NAME = 30  # characters of an earlier answer that a pronoun may stand for
SHORT = 2  # characters of content; a question with no more leans on the one before it

_THING = (
    "公司|企业|项目|学校|医院|机构|活动|大?赛|比赛|片子?|电影|园区?|小镇|基地|平台|中心|片区|产业|"
    "政策|补贴|会议|大会|展会"
)
_PRONOUN = re.compile(
    r"它们?|(?<!其)[他她]们?|(?<!应)[该这]个?"
    rf"(?:{_THING})|[这那][个家所座项次届场](?:{_THING})"
)
_THERE = re.compile(r"[那这][里儿边]|当地")
_WHERE = re.compile(r"哪[里儿]|何处|什么地[方点]|[在到]哪")
_PUSH = (
    "真的", "确定吗", "确定没", "肯定", "再找", "再想", "再看", "再查", "不可能", "不会吧", "说错",
    "明明", "一定有", "一定写", "好好找", "好好看",
)  # fmt: skip
LONGEST_PUSH = 20  # characters
_CONTINUES = re.compile(
    r"^(?:那|另外|还(?![款房贷建清])|再)|它|^[他她]|(?<!应)该|这[个家些项里儿边]|那[里儿边]|其中|他们|上述"
)
# What is said of anything: it names no subject.
_OF_DOING = re.compile(
    "打算|准备|计划|安排|目标|实际|情况|新增|完成|实现|达到|程度|做成|详细|具体|介绍|[做干搞办成要讲说]"
)
# A time without a year's digits: 十四五末, 上半年, 期间.
_PERIOD = re.compile("十[一二三四五]五")
_OF_TIME = re.compile(
    f"{_PERIOD.pattern}|[上下]半年|[一二三四]季度|[年月季]?[初末底]|期间|时期|当[时年]|[今去前明]年"
)
_SUBJECT = re.compile(
    rf"(?:{DIGIT_YEAR}年)?((?:《[^》]*》|[^《》是的在有于为{ASKING_CHARACTERS}?]){{2,}}?)(?=[是的在有于为{ASKING_CHARACTERS}?])"
)
# What is said of the subject that a question opens with: 某公司每年研发投入, 某公司成立.
_SAID_OF = re.compile(
    "(?<=..)(?:指$|每[年月天日人季]|一共|总共|合计|累计|目前|现在|截至|已经|成立|获[得评奖]|荣获|落户|位于|拥有|"
    "举[行办]|建成|投[产用]|掌握|承担|占(?!地)|采取)"
)
_COUNTED = re.compile(rf"(?:多少|几)(?:{UNIT})|多少")
_COUNTED_OBJECT = re.compile(rf"(.*?)(?:多少|几)(?:{UNIT})?[^?？多几哪什]{{2,10}}[?？]?$")
_STEM = re.compile(rf"[^{ASKING_CHARACTERS}?]{{2,}}")
_ASKED_AGAIN = {
    "figure": "有多少", "date": "是什么时候", "list": "有哪些", "entity": "是哪个",
    "yesno": "是吗", "descriptive": "怎么样", "keywords": "",
}  # fmt: skip


def ask(text: str, history: History = ()) -> Query:
    """Read a question in the light of earlier ones, oldest first, or (question, answer) pairs.

    Raises ValueError when it is empty or too long, as `read_query` does.
    """
    question = read_query(text)
    history = history[-TURNS:]
    if not history:
        return replace(question, dangling=_needs_history(question))
    last, answered = (history[-1], "") if isinstance(history[-1], str) else history[-1]
    pushed = pushes(question.text)
    if not pushed and not _leans_on_history(question):
        return question
    try:
        before = ask(last[:QUESTION_LIMIT], history[:-1])
    except ValueError:
        return question
    return before if pushed else _lean(question, before, answered)


def ask_plainly(query: Query) -> list[Query]:
    """A follow-up that only names something (那电梯呢), with less of the words before it.

    What was said of the one thing (改造) may be put otherwise of the other (加装). None for others.
    """
    if not query.earlier or asks(query.text) or not query.content:
        return []
    years = "".join(f"{year}年" for year in query.years)
    named = "".join(query.content)
    place = query.standalone.find(named)
    wordings = [f"{years}{named}{_ASKED_AGAIN[query.kind]}"]
    if place > 0:
        wordings.insert(0, f"{years}{query.standalone[place:]}")
    return [replace(query, standalone=text) for text in wordings if text != query.standalone]


def takes_over(text: str, history: History) -> bool:
    """Whether a question takes words over from earlier ones; raises ValueError as `ask`."""
    return ask(text, history) != replace(ask(text), dangling=False)


def pushes(text: str) -> bool:
    """Whether a text only doubts the answer before: 真的没有吗，再找找."""
    brief = len(text) <= LONGEST_PUSH and not ASKING.search(text)
    return brief and has_any(text, _PUSH)


def refers_to_answer(text: str) -> bool:
    """Whether a question has a pronoun that may stand for an earlier answer."""
    return bool(_PRONOUN.search(text) or _THERE.search(text))


def _lean(question: Query, before: Query, answered: str) -> Query:
    """A follow-up with what it takes over from the question before it.

    One that names a new subject and asks nothing ("那电梯呢") is asked the same of; one that
    only names a year is the same question for that year.
    """
    taken = before.content + before.earlier
    own = [run for run in question.content if _OF_DOING.sub("", run)]
    if own and not "".join(_OF_TIME.sub("", run) for run in own):
        kind, unit = before.kind, before.unit
        years = () if question.years or _PERIOD.search(question.text) else before.years
        told = "、".join(f"{year}年" for year in years) + "".join(question.content)
        standalone = told + _OF_TIME.sub("", without_year(before.standalone))
    elif asks(question.text):
        kind, unit = question.kind, question.unit
        named = _SUBJECT.match(before.standalone)
        whole = before.undated if question.years else before.standalone
        stem = _STEM.match(whole)
        name = there = _SAID_OF.split(named[1])[0] if named else ""
        named_it = before.kind == "entity" and not before.labels
        if named_it and 0 < len(answered) <= LONGEST_NAME:
            where = _WHERE.search(before.standalone)  # 它 is what is there, 那里 the place
            name, there = (name, answered) if where else (answered, there)
        if (name and _PRONOUN.search(question.text)) or (there and _THERE.search(question.text)):
            standalone = _PRONOUN.sub(lambda _: name, question.text, count=1)
            standalone = _THERE.sub(lambda _: there, standalone, count=1)
            taken = (name, *taken)
        else:
            # Without the words that asked, lest the earlier question be answered again.
            standalone = f"{stem[0] if stem else whole} {question.text}"
    elif own:
        kind, unit = before.kind, before.unit
        subject = "".join(question.content)
        standalone = _in_place_of_its_like(subject, before.standalone)
        standalone = standalone or _in_another_place(subject, before.standalone)
        standalone = standalone or subject + _ASKED_AGAIN[kind]
    else:
        kind, unit = before.kind, before.unit
        dated = "、".join(f"{year}年" for year in question.years)
        standalone = f"{dated}{''.join(question.content)}{without_year(before.standalone)}"
    return Query(
        question.text,
        kind,
        question.content if own else before.content,
        question.years or (() if question.relative else before.years),
        unit,
        earlier=taken,
        standalone=standalone,
        relative=question.relative or ("" if question.years else before.relative),
    )


def _in_place_of_its_like(subject: str, before: str) -> str:
    """The earlier question with 「西桥」 in place of 「东桥」, "" where it has no such place.

    After a word that counts (多少家) all that follows is what is counted.
    """
    if subject in before:
        return ""
    size = len(subject)
    # It opens with a name as long, of its kind.
    if before[size - 1 : size] == subject[-1] and not years_in(before[:size]):
        return subject + before[size:]
    for size in range(len(subject) - 1, ALIKE - 1, -1):
        place = before.find(subject[-size:])
        counted = max((m.end() for m in _COUNTED.finditer(before[: max(place, 0)])), default=-1)
        start = counted if counted >= 0 else place - (len(subject) - size)
        cut = before[max(start - 1, 0) : start].isdigit()  # 20|24年城镇 is no place to cut
        if place >= 0 and start >= 0 and not cut:
            return before[:start] + subject + before[place + size :]
    object_ = _COUNTED_OBJECT.match(before)
    return f"{object_[1]}多少{subject}?" if object_ else ""


def _in_another_place(subject: str, before: str) -> str:
    """The earlier question for another place or level (区里的), "" where it names none."""
    places = find_places(before)
    if not places or not (LEVEL.search(subject) or find_places(subject)):
        return ""
    first = before.index(places[0].name)
    last = before.index(places[-1].name) + len(places[-1].name)
    last += before[last : last + 1] in ("省", "市", "区", "县", "镇", "乡")
    return before[:first] + subject + before[last:]


def _needs_history(question: Query) -> bool:
    """Whether nobody could tell what is asked about without an earlier question."""
    named = question.text.removesuffix("?")
    hangs = named.startswith(("它", "他", "她", "其中", "上述"))
    return hangs or (named.startswith("那") and named.endswith("呢")) or not question.content


def _leans_on_history(question: Query) -> bool:
    """Whether a question is one only together with the one before it; a new topic is not."""
    said = _OF_TIME.sub("", _OF_DOING.sub("", "".join(question.content)))
    named_only = question.text.rstrip("?").endswith("呢") and not asks(question.text)
    return bool(_CONTINUES.search(question.text)) or named_only or len(said) <= SHORT
