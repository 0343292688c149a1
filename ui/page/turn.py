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

__all__ = ["Turn", "render_turn", "told_apart"]

SHORT_ANSWER = 14  # characters that fit one line in large type on a phone
QUESTION_SHOWN = 300  # characters; a pasted book would push its own answer out of sight
POINTS_SHOWN = 6  # the others are unfolded

_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and its answer.

    `visit` is the key of the documents that were asked, "" for those of the server.
    """

    question: str
    answer: Answer
    visit: str = ""


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
        values=() if answer.listed else tuple(_values(answer)),
        apart=told_apart(answer),
        excerpts=[_excerpt(answer, place, words) for place in range(len(answer.citations))],
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


def _values(answer: Answer) -> Iterator[Value]:
    """Each part; the words that decide a yes/no question stand beside 是 or 否."""
    for part, grounds in with_grounds(answer.parts):
        operands = "、".join(text for text, _ in part.operands)
        short = len(part.text) <= SHORT_ANSWER
        yield Value(part.text, grounds or part.label or operands, part.citations, short)


def told_apart(answer: Answer) -> bool:
    """Whether its values contradict each other: their sources tell them apart."""
    sources = {citation.source for citation in answer.citations}
    labels = {part.label for part in answer.parts}
    return len(answer.parts) > 1 and bool(labels & {*sources, DIFFERENT})


def _excerpt(answer: Answer, place: int, words: Words) -> Excerpt:
    citation = answer.citations[place]
    told = [part.text for part in answer.parts if place in part.citations and not part.operands]
    told += [text for part in answer.parts for text, at in part.operands if at == place]
    quote = citation.quote
    first, last = next(filter(None, (_held(quote, one) for one in told)), (len(quote), len(quote)))
    return Excerpt(quote[:first], quote[first:last], quote[last:], _place(citation, words))


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


def _place(citation: Citation, words: Words) -> str:
    parts = [citation.section or citation.title]
    if citation.year:
        parts.append(f"{citation.year}年")
    if citation.page:
        parts.append(words.page.format(citation.page))
    return " · ".join(parts)
