"""What a question says of those before it: 前者, 两个加起来, 我问的是…, 前一年."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from corpus.language import UNIT, relative_year, years_in
from qa.asking.calculation import Calculation, Operation, read_calculation
from qa.asking.decomposition import (
    find_pair,
    split_pair,
    split_question,
    split_sentences,
    split_things,
)
from qa.asking.earlier import apart, are_alike, asked_before, in_words, standalone
from qa.asking.followup import TURNS, History, takes_over
from qa.asking.history import settle
from qa.asking.more import asks_more
from qa.asking.query import content_pairs, read_query
from qa.asking.words import ASKING, ASKING_CHARACTERS, FUNCTION_WORDS

__all__ = ["leans", "recall", "refer", "resolve"]

LOOKED_BACK = 3  # questions in which two things asked together are looked for
_I_MEAN = "我(?:要|想|是)?[问说指]"
_IS = "是(?![否不])"
_WRONG = re.compile(
    "^(?:不是|不对|错了|[说问弄搞]错了)[了吧啊呀哦]?[,，。 ]+"
    f"(?:{_I_MEAN}的?(?:{_IS})?|(?:应该|而)?{_IS})?"
)
_NOT_BUT = re.compile(
    f"^不是([^,，。]{{1,12}})[,，。] *(?:{_I_MEAN}(?:的?{_IS})?|(?:应该|而)?{_IS})"
)
_MEANT = re.compile(f"^{_I_MEAN}的(?:不是[^,，。]{{1,12}}[,，。] *而?)?{_IS}")
_NOT_THAT = re.compile("[,，。] *(?:而)?不是[^,，。?？]{1,12}[。.]?$")
# 那电梯呢，加装了几部 is 电梯加装了几部.
_ABOUT = re.compile(
    rf"^那(?!么)([^,，。?？{ASKING_CHARACTERS}]{{2,12}})呢[,，?？ ]+(?=.*[{ASKING_CHARACTERS}])"
)
_FORMER = re.compile("前者|前面那?一?[个项种家]")
_LATTER = re.compile("后者|后面那?一?[个项种家]")
_YEAR_BEFORE = re.compile("^那?(?:[前上]一年|上年)(?![内龄度满级以间之比])")
_YEAR_AFTER = re.compile("^那?(?:[后下]一年|次年)(?![内龄度满级以间之比])")
# 前者比后者多多少; without such words it is what was asked for last that is more: 多了多少.
_FIRST = re.compile(f"^(?:{_FORMER.pattern}|[前上]一[年个])")
TWO = 2  # things that differ
_TOGETHER = re.compile("[加合]起来|相加|总和|之和|加一[块起]|加在?一[块起]|一[块起]算")
_IN_ALL = re.compile("合计|总共|一共")  # of things that are counted: 三个一共多少
_DIFFERENCE = re.compile(
    "(?<![最至])(?P<way>[多少高低大小])(?:了|出)?(?:多少|几)|相?差(?:了|距)?(?:是|有)?(?:多少|几|多大)"
)
_CHOICE = re.compile(
    "(?:哪一?[个家年项种类边]|谁)的?(?:人数|数量|人|数)?(?P<thing>[^多少高低大小更最]{0,8}?)"
    "(?:[涨增升长提高]{0,2}得)?(?:更|最|比较)?(?P<way>[多少高低大小快慢])(?![少大高长久重])"
)
_COUNTED = re.compile("([两俩二三四五六七八])[个者种类家项年样]?")
# What was asked for before, together with one thing that is named: 跟停车位比哪个多.
_WITH = re.compile(
    "(?:那|它们?|这个?|[前上]面那?个|结果|[,， ])*(?P<by>再?加上?|[跟和与同]|比)(?P<other>.{2,20}?)"
    "(?:那个|这个|那些)?的?(?P<rest>(?:相?比|对比|[,，])*"
    "(?:[加合]起来|一[块起]|加|一?共|总共|合计|哪|谁|相?差|[多少高低大小](?:了|出)?[多几]|呢).*)"
)
_AMOUNT = re.compile("的?(?:钱|金额|数额|数量|数目|规模)")
_OF_AMOUNT = re.compile("[量额数]$")
_NAMES_TWO = re.compile("[比跟与]|和(?!平|谐|县)")
_OF_FIGURE = re.compile(r"(?<=[^\d.,])\d[\d.,]*[百千万亿]*[^年]?$")  # 消费补贴的2000万 is asked for
_OF_ASKING = re.compile("(?:[\u3400-\u9fff]了|[是有的]+)$")  # 食堂建了, of 食堂建了多少个
_HOW_MANY = re.compile(rf"(?:多少|几)(?:{UNIT})")
_TOPIC = re.compile(f"[^{ASKING_CHARACTERS}]+")
_COUNTS = {"两": 2, "俩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
# Beside these words nothing is named that is not in the questions before.
_POINTING = re.compile(
    "刚才|[这那前后上下两俩二三四五六七八]+[个者面边项家种类年样奖]*|它们?|他们|来着|再[说讲]?一?[遍次下]|"
    "[个里中之间比和与跟更最点些一年家项]"
)


def leans(text: str, history: History) -> bool:
    """Whether a question means something else after earlier ones; raises ValueError as `ask`."""
    text, history = read_query(text).text, resolve(settle(history))
    refers = asks_more(text) or refer(text, history) != text or recall(text, history)
    return bool(refers) or takes_over(text, history)


def refer(text: str, history: History) -> str:
    """A question with what it says of earlier ones in plain words, where that is known.

    A correction (不是，我问的是乙) is the question it corrects to.
    """
    text = _ABOUT.sub(r"\1", _corrected(text, history))
    things = (
        _things(history, 2, _reckoned(history))
        if _FORMER.search(text) or _LATTER.search(text)
        else []
    )
    if things:
        (first, one), (second, other) = things
        both = _FORMER.search(text) and _LATTER.search(text)
        if _is_pointing(text) and not both:
            return one if _FORMER.search(text) else other
        if first and second and first != one:
            text = _LATTER.sub(lambda _: second, _FORMER.sub(lambda _: first, text))
    for pattern, step in ((_YEAR_BEFORE, -1), (_YEAR_AFTER, 1)):
        asked = asked_before(history)[-1:] if pattern.search(text) else []
        years = read_query(asked[0]).years if asked else ()
        if len(years) == 1 and not years_in(pattern.sub("", text)):
            text = pattern.sub(f"{years[0] + step}年", text)
    return text


def resolve(turns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Settled turns, oldest first, each question with what it says of those before in plain words.

    那租金呢 after 不是，我问的是托育园 leans on what the correction corrects to.
    """
    resolved: list[tuple[str, str]] = []
    for asked, told in turns:
        resolved.append((refer(asked, resolved), told))
    return resolved


def recall(text: str, history: History) -> Calculation | None:
    """The calculation asked for with what earlier questions asked for, or None."""
    history = history[-TURNS:]
    return _combined(text, history) or _recalled(text, history)


def _combined(text: str, history: History) -> Calculation | None:
    """What was asked for last, reckoned with a thing that is named: 跟停车位比哪个多."""
    found, asked = _WITH.fullmatch(text), asked_before(history)[-1:]
    if not found or not asked:
        return None
    name, rest = _OF_FIGURE.sub("", found["other"]).rstrip("那的"), found["rest"]
    choice, difference = _CHOICE.search(rest), _DIFFERENCE.search(rest)
    operation: Operation = "choice" if choice else "difference" if difference else "sum"
    added = "加" in found["by"] or _TOGETHER.search(rest)  # but 和平小区一共多少
    of_thing = choice and _AMOUNT.sub("", choice["thing"])
    compared = difference or (choice and ("比" in rest or not of_thing))
    if not (compared or added) or _NAMES_TWO.search(name):
        return None
    dated = years_in(name) or relative_year(name)
    if content_pairs(name):
        other = f"{'' if dated else in_words(years_in(asked[0]))}{name}有多少"
    elif years_in(name):
        other = standalone(f"{name}呢", history)
    else:
        return None
    way = (choice or difference or {"way": ""})["way"] or ""
    one = _OF_ASKING.sub("", (_TOPIC.match(asked[0]) or [asked[0]])[0])
    return Calculation(operation, (asked[0], other), (one, name), way)


def _recalled(text: str, history: History) -> Calculation | None:
    """What earlier questions asked for, reckoned: 两个加起来."""
    counted = _COUNTED.search(text)
    count = _COUNTS[counted[1]] if counted else 0
    operation: Operation
    for operation, pattern in (
        ("difference", _DIFFERENCE),
        ("choice", _CHOICE),
        ("sum", _TOGETHER),
        ("sum", _IN_ALL),
    ):
        found = pattern.search(text)
        if not found or not _is_pointing(f"{text[: found.start()]} {text[found.end() :]}"):
            continue
        if (pattern is _IN_ALL and not count) or (operation == "difference" and count > 2):
            return None
        last = _reckoned(history)
        things = _things(history, count, last)
        thing = _OF_AMOUNT.sub("", found.groupdict().get("thing") or "")  # 产量 of what was 生产
        if any(thing not in question for _, question in things):
            return None
        plain = [name for name, question in things if name and name != question]
        if len(things) < 2 or (operation == "choice" and len(plain) < len(things)):
            return None
        if operation == "difference":
            things = things[-2:] if _FIRST.search(text) else things[: -TWO - 1 : -1]
        names, questions = zip(*things, strict=True)
        way = found.groupdict().get("way") or ""
        if operation == "difference" and last and last.operation == "choice":
            way = ""  # 多多少 of the one that was told to be more
        return Calculation(operation, questions, names, way)
    return None


def _reckoned(history: History) -> Calculation | None:
    """The calculation that the last question asked for, or None."""
    history = history[-TURNS:]
    if not history:
        return None
    last = history[-1] if isinstance(history[-1], str) else history[-1][0]
    return recall(last, history[:-1]) or read_calculation(last)


def _corrected(text: str, history: History) -> str:
    """What a correction corrects to, with 呢 where that asks nothing itself; else the text."""
    but = _NOT_BUT.match(text)
    if but:
        before = " ".join(asked_before(history))
        named = FUNCTION_WORDS.sub("", but[1]).removeprefix("问").removeprefix("说")
        pointed = _is_pointing(but[1])  # 不是这个
        but = but if pointed or (named and named[-2:] in before) else None
    found = _WRONG.match(text) or but or _MEANT.match(text)
    rest = _NOT_THAT.sub("", text[found.end() :]) if found and asked_before(history) else ""
    if not any(character.isalnum() for character in rest):
        return text
    return rest if ASKING.search(rest) or rest.rstrip("?？")[-1:] in "吗呢么" else f"{rest}呢"


def _is_pointing(text: str) -> bool:
    """Whether a text names nothing itself."""
    for words in (_FORMER, _LATTER, _HOW_MANY, _POINTING, FUNCTION_WORDS):
        text = words.sub("", text)
    return not any(character.isalnum() for character in text)


def _things(history: History, count: int, reckoned: Calculation | None) -> list[tuple[str, str]]:
    """Things last asked about, each by name and with its question; none if there are not so many.

    They were asked about in one question (甲和乙各多少), or one after the other in like words.
    With a `count` of 0 as many as there are. Those of what was `reckoned` last come first.
    """
    asked = asked_before(history)
    if reckoned and count in (0, len(reckoned.questions)):
        names = reckoned.names or apart(reckoned.questions)
        return list(zip(names, reckoned.questions, strict=True))
    for question in asked[: -LOOKED_BACK - 1 : -1]:
        for together in (split_question(question), *map(split_things, split_sentences(question))):
            if len(together) > 1 and count in (0, len(together)):
                _, names, _ = find_pair(question)
                paired = names and together == split_pair(question)
                return list(zip(names if paired else apart(together), together, strict=True))
    run = list(dict.fromkeys(asked))
    pairs = reversed(list(pairwise(run)))
    several = 1 + sum(1 for _ in takewhile(are_alike, pairs))
    wanted = count or several
    questions = run[-wanted:] if 1 < wanted <= len(run) else []
    return list(zip(apart(questions), questions, strict=True)) if questions else []
