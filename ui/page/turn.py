"""A turn of a conversation as the page shows it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from qa import DIFFERENT, Answer, Citation, Part, with_grounds
from ui.page.templating import Templates
from ui.page.words import Words

__all__ = ["Turn", "is_talk", "render_turn", "told_apart"]

SHORT_ANSWER = 14  # characters that fit one line in large type on a phone
QUESTION_SHOWN = 300  # characters; a pasted book would push its own answer out of sight
POINTS_SHOWN = 6  # the others are unfolded
EVIDENCE_SHOWN = 3  # sentences below a list that says them itself; more are unfolded
TIP = 200  # characters of a quote that its marker shows

_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its answer.

    `visit` is the key of the documents that were asked, "" for those of the server; `several`
    whether there are more than one, so that each place names its own.
    """

    question: str
    answer: Answer
    visit: str = ""
    several: bool = False


class Point(NamedTuple):
    """A part in one line, and the places of its citations."""

    text: str
    places: tuple[int, ...]


class Group(NamedTuple):
    """Points under the label they share."""

    label: str
    points: tuple[Point, ...]


class Value(NamedTuple):
    """A part that stands alone, with what is said beside it."""

    text: str
    beside: str
    places: tuple[int, ...]
    short: bool


class Excerpt(NamedTuple):
    """A citation: its quote around what the answer says of it, and where it stands."""

    before: str
    said: str
    after: str
    place: str


def render_turn(turn: Turn, templates: Templates, words: Words) -> str:
    """A question with its reply as HTML."""
    answer = turn.answer
    groups = tuple(_groups(answer)) if answer.listed else ()
    return templates.render(
        "turn",
        words,
        turn=turn,
        answer=answer,
        asked=turn.question[:QUESTION_SHOWN] + "…" * (len(turn.question) > QUESTION_SHOWN),
        groups=_cut(groups, 0, POINTS_SHOWN),
        folded=_cut(groups, POINTS_SHOWN, None),
        values=() if answer.listed else tuple(_values(answer, words)),
        apart=told_apart(answer),
        talk=is_talk(answer),
        excerpts=[_excerpt(turn, place, words) for place in range(len(answer.citations))],
        repeated=answer.listed and len(answer.citations) > EVIDENCE_SHOWN,
        tip=TIP,
    )


def _groups(answer: Answer) -> Iterator[Group]:
    for label, parts in groupby(answer.parts, key=lambda part: part.label):
        points = (
            Point(_in_line(one, grounds), one.citations) for one, grounds in with_grounds([*parts])
        )
        yield Group(label, tuple(points))


def _cut(groups: Sequence[Group], first: int, last: int | None) -> list[Group]:
    """The groups with those of their points that are at some places among all."""
    found, at = [], 0
    for group in groups:
        inside = slice(max(first - at, 0), None if last is None else max(last - at, 0))
        if group.points[inside]:
            found.append(Group(group.label, group.points[inside]))
        at += len(group.points)
    return found


def _in_line(part: Part, grounds: str) -> str:
    """A part in one line with what decides it or what it was computed from."""
    operands = "、".join(text for text, _ in part.operands)
    return "，".join(filter(None, (part.text, grounds))) + (f"（{operands}）" if operands else "")


def _values(answer: Answer, words: Words) -> Iterator[Value]:
    """Each part; the words that decide a yes/no question stand beside 是 or 否."""
    for part, grounds in with_grounds(answer.parts):
        operands = "、".join(text for text, _ in part.operands)
        reckoned = operands and words.computed_from.format(operands)
        short = len(part.text) <= SHORT_ANSWER
        yield Value(part.text, grounds or part.label or reckoned, part.citations, short)


def told_apart(answer: Answer) -> bool:
    """Whether its values contradict each other: their sources tell them apart."""
    sources = {citation.source for citation in answer.citations}
    labels = {part.label for part in answer.parts}
    return len(answer.parts) > 1 and bool(labels & {*sources, DIFFERENT})


def is_talk(answer: Answer) -> bool:
    """Whether it replies to what asks nothing (你好): there was nothing to be found."""
    return answer.reason == "conversation"


def _excerpt(turn: Turn, place: int, words: Words) -> Excerpt:
    answer, citation = turn.answer, turn.answer.citations[place]
    told = [part.text for part in answer.parts if place in part.citations and not part.operands]
    told += [text for part in answer.parts for text, at in part.operands if at == place]
    quote = citation.quote
    first, last = next(filter(None, (_held(quote, one) for one in told)), (len(quote), len(quote)))
    return Excerpt(
        quote[:first], quote[first:last], quote[last:], _place(citation, words, turn.several)
    )


def _held(quote: str, words: str) -> tuple[int, int] | None:
    """Where as much of words as there is stands in a quote: of 176.9万吨 a row has 176.9."""
    # Where a beginning of them is missing, so is every longer one.
    size = bisect_left(range(len(words)), 1, key=lambda n: words[: n + 1] not in quote)
    number = _NUMBER.match(words)  # a table tells the unit elsewhere
    bare = bool(number and size <= number.end())
    if size > 1 and 2 * size > len(words) and not bare:
        start = quote.index(words[:size])
        return start, start + size
    # One that is part of a longer number is another: 10 is none of 2010.
    whole = number and re.search(rf"(?<![\d.]){re.escape(number[0])}(?![\d.])", quote)
    return whole.span() if whole else None


def _place(citation: Citation, words: Words, several: bool) -> str:
    title = citation.title or citation.source
    parts = [f"《{title}》", citation.section] if several else [citation.section or title]
    if citation.year:
        parts.append(f"{citation.year}年")
    if citation.page:
        parts.append(words.page.format(citation.page))
    return " · ".join(filter(None, parts))
