"""A conversation as any file of it is read: questions, what was answered, and where it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from qa import Answer, Citation, Part, with_grounds
from ui.page.turn import is_talk, told_apart
from ui.page.words import Words

__all__ = ["Exchange", "Group", "Point", "Source", "transcribe"]

_UNSEEN = ("Cc", "Cf", "Cs")
_NO_CHARACTERS = "\ufffe\uffff"  # XML has neither


class Point(NamedTuple):
    """One thing told, and the numbers of its sources."""

    text: str
    numbers: tuple[int, ...]

    @property
    def markers(self) -> str:
        """Its numbers as they are written."""
        return "".join(f"[{number}]" for number in self.numbers)


class Group(NamedTuple):
    """Points under the label they share, "" where they need none."""

    label: str
    points: tuple[Point, ...]


class Source(NamedTuple):
    """A sentence that an answer cites, verbatim, and where it stands."""

    number: int
    quote: str
    place: str


class Exchange(NamedTuple):
    """A question with its answer.

    `notice` is what has to be known of the answer first, "" of most; `listed` where its points
    stand one a line; `evidence` says what the sources are to it. Of all texts only the quotes,
    points and what is `untold` may have several lines, and none begins or ends with a space.
    """

    question: str
    notice: str
    groups: tuple[Group, ...]
    listed: bool
    untold: str
    evidence: str
    sources: tuple[Source, ...]


def transcribe(question: str, answer: Answer, words: Words) -> Exchange:
    """A turn with all that a file tells of it, and no character that a file cannot hold."""
    refused = answer.status == "refused"
    conflict = words.conflict if told_apart(answer) else ""
    return Exchange(
        question=_in_line(question),
        notice=words.refused if refused and not is_talk(answer) else conflict,
        groups=tuple(_groups(answer, words)),
        listed=answer.listed,
        untold=_legible(answer.untold),
        evidence=words.nearest if refused else words.evidence,
        sources=tuple(
            Source(number, _legible(citation.quote), _place(citation, words))
            for number, citation in enumerate(answer.citations, 1)
        ),
    )


def _groups(answer: Answer, words: Words) -> Iterator[Group]:
    if answer.status == "refused":
        yield Group("", (Point(_legible(answer.text), ()),))
        return
    for label, parts in groupby(answer.parts, lambda part: part.label if answer.listed else ""):
        points = (_point(part, grounds, label, words) for part, grounds in with_grounds([*parts]))
        yield Group(_in_line(label), tuple(points))


def _point(part: Part, grounds: str, label: str, words: Words) -> Point:
    """A part with what decides it, and in brackets its own label and what it was computed from."""
    operands = "、".join(text for text, _ in part.operands)
    beside = [part.label] if part.label != label else []
    beside += [words.computed_from.format(operands)] if operands else []
    text = "，".join(filter(None, (part.text, grounds)))
    text += f"（{'；'.join(beside)}）" if beside else ""
    return Point(_legible(text), tuple(place + 1 for place in part.citations))


def _place(citation: Citation, words: Words) -> str:
    told = (
        f"《{citation.title}》" if citation.title else "",
        citation.section,
        words.page.format(citation.page) if citation.page else "",
        words.in_year.format(citation.year) if citation.year else "",
        citation.source,
    )
    return _in_line(" · ".join(filter(None, told)))


def _in_line(text: str) -> str:
    return " ".join(_legible(text).split())


def _legible(text: str) -> str:
    """Text by its lines, without what is not seen, but moves or reverses what stands around it."""
    lines = ("".join(filter(_is_kept, line)).strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))


def _is_kept(character: str) -> bool:
    seen = unicodedata.category(character) not in _UNSEEN and character not in _NO_CHARACTERS
    return seen or character == "\t"
