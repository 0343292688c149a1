"""Parts as text: the one place where an answer is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from qa.answer import VERDICTS, Answer, Citation, Part

__all__ = ["Told", "answered", "render"]

LONGEST_VALUE = 30  # characters of a part that stands beside others in one line


class Told(NamedTuple):
    """A part with its citations themselves, before they are numbered."""

    text: str
    citations: Sequence[Citation]
    label: str = ""
    operands: Sequence[tuple[str, Citation]] = ()


def answered(told: Sequence[Told], untold: str = "", lines: bool = False) -> Answer:
    """The answer of several parts, what is told twice once; `untold` is said at its end.

    With `lines` each part has one of its own, however short.
    """
    every = dict.fromkeys(c for one in told for c in one.citations)
    places = {citation: place for place, citation in enumerate(every)}
    parts = dict.fromkeys(
        Part(
            one.text,
            tuple(places[citation] for citation in dict.fromkeys(one.citations)),
            one.label,
            tuple((text, places[citation]) for text, citation in one.operands),
        )
        for one in told
    )
    said, listed = tuple(parts), _are_listed(tuple(parts), lines)
    text = ("\n" if listed else "；").join(filter(None, (render(said, listed), untold)))
    return Answer(text, "answered", tuple(every), said, untold=untold, listed=listed)


def render(parts: Sequence[Part], listed: bool, numbered: bool = False) -> str:
    """The text of parts: values in one line, each with its label; a list's one a line below it.

    `numbered` shows those of a list as items, each with the numbers of its citations.
    """
    if parts[0].text in VERDICTS:
        return "，".join(part.text for part in parts)
    if not listed:
        return "；".join(f"{_worked(part)}{_in_brackets(part.label)}" for part in parts)
    said: list[str] = []
    for label, group in groupby(parts, key=lambda part: part.label):
        said += [f"{label}："] * bool(label)
        said += [_as_item(part) if numbered else _worked(part) for part in group]
    return "\n".join(said)


def _are_listed(parts: Sequence[Part], lines: bool) -> bool:
    """Whether parts are told one a line: several, too long for one or points."""
    several = len(parts) > 1 and parts[0].text not in VERDICTS
    return several and (lines or any(len(part.text) > LONGEST_VALUE for part in parts))


def _as_item(part: Part) -> str:
    """A part as an item with the numbers of its citations."""
    return f"- {_worked(part)} {''.join(f'[{place + 1}]' for place in part.citations)}"


def _worked(part: Part) -> str:
    """A part with what it was computed from."""
    told = [text for text, _ in part.operands]
    if len(told) == 1:
        return f"{part.text}（{told[0]}）"
    return part.text + (f"（由{'和'.join(told)}得出）" if told else "")


def _in_brackets(label: str) -> str:
    return f"（{label}）" if label else ""
