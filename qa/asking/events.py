"""Questions that tell events by when they were: which came first, whether in one month, 那天."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from qa.asking.words import ASKING

__all__ = ["Events", "Moment", "read_events", "read_moment"]

LONGEST_TAIL = 10  # characters of what the events have in common, told behind their names
SHORTEST_EVENT = 4  # characters of one that gives a moment: 成立当年 tells of what is asked itself

_WHICH = "(?:哪一?[个件项起场家座条](?:事件|事情?|活动)?|谁)"
_WAY = "(?:更|最|较|比较)?(?P<way>[早晚先])(?![餐饭上会报间年晨期生进后锋])"
_TAIL = (
    rf"(?P<verb>[^，,?？]{{0,{LONGEST_TAIL}}}?){_WAY}(?P<tail>[^，,?？:：]{{0,{LONGEST_TAIL}}}?)"
)
_COUNTED = "(?:[，,]?[这那以]?[上下]?[两三四五几]?[个件]?(?:事件|事情?)?[中里]?[，,]?)"
_ORDER = re.compile(rf"^(?P<names>.+?){_COUNTED}(?:是|在)?{_WHICH}{_TAIL}[?？]?$")
_LISTED = re.compile(rf"^.{{0,8}}?[，,]?{_WHICH}{_TAIL}[:：](?P<names>.+?)[?？]?$")
_SAME = re.compile(
    rf"^(?P<names>.+?){_COUNTED}(?:是不是|是否|都?是|都)?在?(?:发生在?)?"
    rf"同一?个?(?P<unit>[天日月年])(?P<tail>[^?？吗么]{{0,{LONGEST_TAIL}}})[吗么]?[?？]?$"
)
_MOMENT = re.compile(
    r"^在?(?P<event>.+?[^和与在有])的?(?P<word>[当那]一?个?[天日月年]|同一?个?[天日月年])[，,里内]?(?P<rest>[^的].*)$"
)
_PLAIN = re.compile("发生|时间|日期|[的地得在了些于]")
_LISTING = re.compile("[、，,；;]")
_AND = re.compile("以及|及其|[和与跟及或]")
_QUOTED = re.compile("《[^》]*》|“[^”]*”|‘[^’]*’|（[^）]*）")


class Events(NamedTuple):
    """Events by name, and what is asked of when they were.

    `order`: which was earliest or last, by `way`; `same`: whether in one day, month or year.
    `asked` are the questions for the time of each.
    """

    operation: Literal["order", "same"]
    names: tuple[str, ...]
    asked: tuple[str, ...]
    way: str


class Moment(NamedTuple):
    """A question for what was in the day, month or year (`unit`) of an event."""

    event: str
    unit: str
    rest: str


def read_events(text: str) -> Events | None:
    """The events a question sets side by side, or None."""
    same = _SAME.match(text)
    order = None if same else _LISTED.match(text) or _ORDER.match(text)
    found = same or order
    names = _split(found["names"]) if found else []
    if not found or len(names) < 2 or any(ASKING.search(name) for name in names):
        return None
    tail = "" if same else _PLAIN.sub("", f"{found['verb']}{found['tail']}")
    asked = tuple(f"{name}{tail}是什么时候" for name in names)
    if same:
        return Events("same", tuple(names), asked, found["unit"].replace("日", "天"))
    return Events("order", tuple(names), asked, "晚" if found["way"] == "晚" else "早")


def read_moment(text: str) -> Moment | None:
    """The event whose day, month or year a question is about, or None."""
    found = _MOMENT.match(text)
    if not found or len(found["event"]) < SHORTEST_EVENT or ASKING.search(found["event"]):
        return None
    return Moment(found["event"], found["word"][-1].replace("日", "天"), found["rest"])


def _split(text: str) -> list[str]:
    """The names a text lists; of several places to part two of them the one nearest the middle."""
    hidden = _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)
    bounds = [0, *(m.end() for m in _LISTING.finditer(hidden)), len(text) + 1]
    parts = [(a, b - 1) for a, b in pairwise(bounds)]
    names = [text[a:b] for a, b in parts]
    first, last = parts[-1]
    if not _AND.match(hidden, first):
        middle = (first + last) / 2
        cuts = [m for m in _AND.finditer(hidden, first + 1, last) if m.end() < last]
        cut = min(cuts, key=lambda m: (m[0] != "以及", abs(m.start() - middle)), default=None)
        if cut:
            names[-1:] = [text[first : cut.start()], text[cut.end() : last]]
    names = [_AND.sub("", name, count=1) if _AND.match(name) else name for name in names]
    return [name.strip("，, ") for name in names if name.strip("，, ")]
