"""Questions that ask for two things, taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import DIGIT_YEAR, UNIT
from qa.asking.query import content_runs
from qa.asking.words import ASKING, ASKING_CHARACTERS, asks, has_any

__all__ = [
    "asks_apart", "find_pair", "split_pair", "split_question", "split_sentences", "split_things",
    "with_subjects",
]  # fmt: skip

COUNTED = 3  # characters before a pair in which it is asked for as one: 多少个, 哪些
SHARED = (2, 3)  # characters after a pair and before 各 that both may have: 男单和女单|冠军各是谁
LONGEST_NAME = 12  # characters of one of two things named side by side
# What makes two names a pair: shared first and last characters, a clear edge before the first
# and after the second, one length, brevity. Guessed once on made-up questions.
ALIKE, BEFORE, AFTER, UNLIKE, LONG, SINGLE = 1.5, 1.0, 1.5, 0.8, 0.05, 2.0
_AND = "(?:和|与|及|以及|、)"
_YEARS = re.compile(rf"({DIGIT_YEAR})年?{_AND}({DIGIT_YEAR})(?=年|\D|$)")
_EACH = re.compile(r"分别|(?:各自|各)(?=[^种类级项个地])")
_OF_YEAR = re.compile(f"(?:{DIGIT_YEAR}|[今去明])年")
_SENTENCE = re.compile(r"[^?？。；;]+[?？。；;]?")
# 多久 社保: a space where people write no comma.
_CLAUSE = re.compile(r".+?(?:[,，、]|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])|$)")
_DIGIT = re.compile(r"(?<![A-Za-z\d])\d+(?![A-Za-z\d])")  # GPT4 and 5G are names
_WORD = re.compile(r"[A-Za-z0-9.]+|.")  # a Latin name is as long as one character
# What stands in the words up to 各 shows that they are more than a name.
_NO_NAME = re.compile("[的在]|[今去明]年|目前|预计|大?约|现在|[两二三四五六七八九十]|" + r"\d")
_CONJUNCTION = re.compile(f"(?<=.){_AND}(?=.)")
# How a question begins that leaves its subject to the one before it: 要带哪些东西, 还发布了啥.
_NO_SUBJECT = re.compile(
    "又|也|还(?![款房贷])|都(?!市)|再|才|可[以不否]|[需应]?要(?!素)|需|应该|会不会|没有?|快(?=[要到过])|"
    "能(?:不能|否|领|拿|办|申请|享受)|为(?:什么|啥|何)|如何|怎|什么|啥|哪|多[少大久长远高]|几(?!何)|谁|"
    f".[了着过]?(?=[{ASKING_CHARACTERS}啥])"
)
# What is counted, and a question that counts without saying what: 2025年计划新增多少个.
_COUNTED_THING = re.compile(
    rf"(?:多少|几)(?:{UNIT})?+(?P<thing>[^{ASKING_CHARACTERS},，?？、的]{{1,{LONGEST_NAME}}})[,，?？]?$"
)
_COUNTS = re.compile(rf"(?P<said>.*?)(?:多少|几)(?:{UNIT})?[?？]?$")
_SAID_OF_YEAR = re.compile("计划|打算|准备|预计|目标|力争|实际|已经?|又|还|再|要|将|会|拟|了")
_TOPIC = re.compile(f"[^{ASKING_CHARACTERS},，?？]{{2,}}")
_HANGING = "在有是了的都要能可以需给为"  # left of a question at the end of its topic
_WHAT_OF = re.compile(r"呢[?？,，、\s]*$")  # asks the same of something else: …多少，2025年呢
_WHATEVER = (
    "无论",
    "不管",
    "不论",
    "不知道",
    "几月、",
    "何时、",
)  # what comes after is one question
_OF_EACH = ("分别", "各", "都", "依次")  # asked of each that is asked for before: 有哪些，各给多少
THREE = 3  # names from which they are a list and no pair
SHORT = 2  # characters of content with which a question names nothing


def split_question(text: str) -> list[str]:
    """The questions a text asks, in order: those of its sentences, of its years, of its pair.

    A later one may lean on the one before it. One that asks for one thing comes back alone.
    """
    return [part for question in split_sentences(text) for part in split_things(question)]


def split_sentences(text: str) -> list[str]:
    """The questions of a text that its marks part, the text alone where they part none."""
    found = [part.strip() for part in _SENTENCE.findall(text)]
    sentences = [part for part in found if asks(part) or (part[-1:] in "?？" and len(found) > 1)]
    questions = [clause for sentence in sentences for clause in _split_clauses(sentence)]
    return questions if len(questions) > 1 else [text]


def split_things(text: str) -> list[str]:
    """A question for each of two years, or of things that are asked for apart; else it alone."""
    years = _YEARS.search(text)
    if years:
        before, after = _EACH.sub("", text[: years.start()]), _EACH.sub("", text[years.end() :])
        tail = after if after.startswith("年") else f"年{after}"
        first, second = years.groups()
        plain = tail.removeprefix("年").removeprefix("计划")  # said of the year it follows
        return [f"{before}{first}年{plain}", f"{before}{second}{tail}"]
    return (_EACH.search(text) and (_split_names(text) or split_pair(text))) or [text]


def _split_clauses(sentence: str) -> list[str]:
    """The questions of one sentence that its commas part: 租期多长，最多住几年，谁能住.

    What asks nothing stands with the one after it. Not where the first names nothing (何时、何地).
    """
    if has_any(sentence, _WHATEVER):
        return [sentence]
    asked: list[str] = []
    said = ""
    for clause in _CLAUSE.findall(sentence):
        said += clause
        if asks(clause) and asked and clause.startswith(_OF_EACH):
            asked[-1] += said
            said = ""
        elif asks(clause) or (asked and _WHAT_OF.search(clause)):
            asked.append(said)
            said = ""
    if asked:
        asked[-1] += said
    asked = [one.strip(" ,，、") for one in asked]
    named = bool(asked) and sum(map(len, content_runs(asked[0]))) > SHORT
    return asked if named and all(len(one) > SHORT for one in asked) else [sentence]


def _split_names(text: str) -> list[str]:
    """「甲、乙和丙各…」 as a question each, none of fewer names than three; a year is of all.

    Of two that nothing parts, where they are alike: 一等奖三等奖各…
    """
    found = _EACH.search(text)
    listed, tail = (text[: found.start()], text[found.end() :]) if found else ("", "")
    year = _OF_YEAR.match(listed)
    listed = listed[year.end() :] if year else listed
    half = len(listed) // 2
    if len(listed) == 2 * half and half > 1 and listed[half - 1] == listed[-1]:
        return [f"{year[0] if year else ''}{name}{tail}" for name in (listed[:half], listed[half:])]
    names = re.split(_AND, listed)
    if len(names) < THREE or any(not 1 < len(name) <= LONGEST_NAME for name in names):
        return []
    return [f"{year[0] if year else ''}{name}{tail}" for name in names]


def with_subjects(parts: Sequence[str]) -> list[str]:
    """Questions asked together, each that names no subject under the topic of the one before.

    要带哪些东西 after 小区业主的娃报公办园，什么时候去 is asked of them.
    """
    found: list[str] = []
    topic = ""
    for place, part in enumerate(parts):
        counted = _of_another_year(part, parts[place - 1]) if place else ""
        if counted:
            found.append(counted)
            continue
        says_little = sum(map(len, content_runs(part))) <= SHORT
        leans = topic and not part.startswith(topic[:SHORT])
        if leans and (says_little or _NO_SUBJECT.match(part)):
            found.append(f"{topic} {part}")
            continue
        named = _TOPIC.match(part)
        topic = named[0].rstrip(_HANGING) if named else ""
        found.append(part)
    return found


def _of_another_year(part: str, before: str) -> str:
    """A question that counts in another year what the one before it counts, "" where none does.

    …2024年新增了多少个停车位，2025年计划新增多少个: it says nothing that the other does not.
    """
    counted, counts, year = (
        _COUNTED_THING.search(before), _COUNTS.match(part), _OF_YEAR.match(part)
    )  # fmt: skip
    if not (counted and counts and year):
        return ""
    said = _SAID_OF_YEAR.sub("", counts["said"][year.end() :])
    first = _OF_YEAR.search(before)
    subject = before[: first.start()] if first else ""
    plain = part.rstrip("?？")
    return f"{subject}{plain}{counted['thing']}" if set(said) <= set(before) else ""


def asks_apart(text: str) -> bool:
    """Whether a text asks for two things, not for one list."""
    return "分别" in text or any(mark in text[:-1] for mark in "?？。;；，,各")


def split_pair(text: str) -> list[str]:
    """「A和B…」 as two questions, or none: A and B are the pair that looks most alike.

    Without 分别 it is a guess: the two may be asked about together.
    """
    head, names, tail = find_pair(text)
    return [f"{head}{name}{tail}" for name in names]


def find_pair(text: str) -> tuple[str, tuple[str, ...], str]:
    """What stands before 「A和B」, the two names and what follows; no names if there is no pair."""
    plain, each = _without_each(text)
    found = _CONJUNCTION.search(plain)
    if not found:
        return text, (), ""
    left, right = plain[: found.start()], plain[found.end() :]
    # 甲和乙各有 names the second before 各; 甲和乙的面积各是, 甲和乙今年各有 do not.
    named = plain[found.end() : each] if each > found.end() else ""
    up_to_each = named and len(named) <= LONGEST_NAME and not _NO_NAME.search(named)
    most = len(named) if up_to_each else LONGEST_NAME
    sizes = [
        (first, second)
        for first in range(1, min(LONGEST_NAME, len(left)) + 1)
        for second in range(1, min(most, len(right)) + 1)
        if not up_to_each or second == most or (second == first and most - second in SHARED)
        if _stands_apart(left, len(left) - first) and _stands_apart(right, second)
        if _of_one_kind(left[len(left) - first :], right[:second])
    ]
    if not sizes:
        return text, (), ""
    first, second = max(sizes, key=lambda size: _likeness(left, right, *size))
    head, tail = left[: len(left) - first], right[second:]
    names = left[len(left) - first :], right[:second]
    if any(ASKING.search(text) for text in (*names, head[-COUNTED:])):
        return text, (), ""  # 「甲和谁签约」, 「多少个国家和地区」 ask for one thing
    return head, names, tail


def _without_each(text: str) -> tuple[str, int]:
    """A text without 各 and 分别, and where in it the last one stood, -1 if there was none."""
    pieces = _EACH.split(text)
    return "".join(pieces), len("".join(pieces[:-1])) if len(pieces) > 1 else -1


def _likeness(left: str, right: str, first: int, second: int) -> float:
    """How well the last `first` characters before 和 and the first `second` after it pair up."""
    one, other = left[len(left) - first :], right[:second]
    before, after = left[: len(left) - first], right[second:]
    shorter = min(first, second)
    prefix = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    suffix = next((i for i in range(shorter) if one[-1 - i] != other[-1 - i]), shorter)
    ends = not before or before[-1] in "的年届，,》在于对由从向"
    goes_on = not after or after[0] in "的是在有为？?" or after[0].isdigit()
    return (
        ALIKE * min(prefix + suffix, shorter - 1)
        + BEFORE * ends
        + AFTER * goes_on
        - UNLIKE * abs(_size(one) - _size(other))
        - LONG * (_size(one) + _size(other))
        - SINGLE * (shorter == 1)
    )


def _size(name: str) -> int:
    """How long a name is, in characters; Latin words and numbers are one each."""
    return len(_WORD.findall(name))


def _of_one_kind(one: str, other: str) -> bool:
    """Whether two names may be a pair: neither asks, and both have digits or none (2022年考研)."""
    return not ASKING.search(other) and bool(_DIGIT.search(one)) == bool(_DIGIT.search(other))


def _stands_apart(text: str, place: int) -> bool:
    """Whether a cut at a place leaves Latin words and numbers whole."""
    return not re.match(r"[A-Za-z0-9.]{2}", text[max(0, place - 1) : place + 1]) or place == 0
