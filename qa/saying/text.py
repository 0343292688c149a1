"""Parts as text: the one place where an answer is put into words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from corpus.numbering import read_numbering, without_number
from qa.answer import VERDICTS, Answer, Citation, Part, with_grounds

__all__ = ["Item", "Told", "answered", "items_of", "render"]

_ENUMERATED = re.compile("[、；]|(?:以及|和|及)(?=[^、；]{2,}$)")
_FIRST_CLAUSE = re.compile("[，。；：:——]")
LONGEST_VALUE = 30  # characters of a part that stands beside others in one line


class Told(NamedTuple):
    """A part with its citations themselves, before they are numbered."""

    text: str
    citations: Sequence[Citation]
    label: str = ""
    operands: Sequence[tuple[str, Citation]] = ()


def answered(told: Sequence[Told], untold: str = "", lines: bool = False) -> Answer:
    """The answer of several parts; `untold` is said at its end.

    What is told twice is told once, with the citations of both.

    With `lines` each part has one of its own, however short.
    """
    merged: dict[tuple[object, ...], Told] = {}
    for place, one in enumerate(told):
        computed = tuple(text for text, _ in one.operands)
        key = (one.text, one.label, computed) if one.text not in VERDICTS else (place,)
        before = merged.get(key)
        cited = [*before.citations, *one.citations] if before else one.citations
        merged[key] = one._replace(citations=tuple(dict.fromkeys(cited)))
    every = dict.fromkeys(c for one in merged.values() for c in one.citations)
    places = {citation: place for place, citation in enumerate(every)}
    parts = [
        Part(
            one.text,
            tuple(places[citation] for citation in one.citations),
            one.label,
            tuple((text, places[citation]) for text, citation in one.operands),
        )
        for one in merged.values()
    ]
    said, listed = tuple(parts), _are_listed(tuple(parts), lines)
    text = ("\n" if listed else "；").join(filter(None, (render(said, listed), untold)))
    return Answer(text, "answered", tuple(every), said, untold=untold, listed=listed)


class Item(NamedTuple):
    """One of what an answer lists: its name, its words, and where they stand."""

    name: str
    text: str
    citation: Citation


def items_of(answer: Answer) -> list[Item]:
    """What an answer lists: its labels, its parts or what one part names in turn; none refused.

    Of parts that are numbered, those numbered alike that are most.
    """
    if not answer.parts:
        return []
    cited = [(part, answer.citations[part.citations[0]]) for part in answer.parts]
    labels = {part.label: citation for part, citation in reversed(cited) if part.label}
    if len(labels) > 1:
        order = dict.fromkeys(part.label for part in answer.parts if part.label)
        return [Item(_named(label), label, labels[label]) for label in order]
    if len(cited) == 1:
        ((only, citation),) = cited
        return [Item(_named(text), text, citation) for text in _ENUMERATED.split(only.text)]
    numbered: dict[str, list[tuple[Part, Citation]]] = defaultdict(list)
    for part, citation in cited:
        numbering = read_numbering(part.text)
        numbered[numbering.shape if numbering else ""].append((part, citation))
    alike = max((numbered[shape] for shape in numbered if shape), key=len, default=[])
    return [
        Item(_named(part.text), part.text, citation)
        for part, citation in (alike if len(alike) > 1 else cited)
    ]


def _named(text: str) -> str:
    """The first words of an item, without its number."""
    return _FIRST_CLAUSE.split(without_number(text).strip(), maxsplit=1)[0][:LONGEST_VALUE]


def render(parts: Sequence[Part], listed: bool, numbered: bool = False) -> str:
    """The text of parts: values in one line, each with its label; a list's one a line below it.

    `numbered` shows each with the numbers of its citations, those of a list as items.
    """
    if not listed:
        return "；".join(
            f"{_worked(part, grounds)}{_in_brackets(part.label)}{_numbers(part) * numbered}"
            for part, grounds in with_grounds(parts)
        )
    said: list[str] = []
    for label, group in groupby(parts, key=lambda part: part.label):
        said += [f"{label}："] * bool(label)
        said += [
            _as_item(part, grounds) if numbered else _worked(part, grounds)
            for part, grounds in with_grounds(tuple(group))
        ]
    return "\n".join(said)


def _are_listed(parts: Sequence[Part], lines: bool) -> bool:
    """Whether parts are told one a line: several, too long for one or points."""
    said = list(with_grounds(parts))
    return len(said) > 1 and (lines or any(len(part.text) > LONGEST_VALUE for part, _ in said))


def _as_item(part: Part, grounds: str) -> str:
    """A part as an item with the numbers of its citations."""
    return f"- {_worked(part, grounds)}{_numbers(part)}"


def _numbers(part: Part) -> str:
    return f" {''.join(f'[{place + 1}]' for place in part.citations)}"


def _worked(part: Part, grounds: str) -> str:
    """A part with what decides it, or what it was computed from."""
    told = [text for text, _ in part.operands]
    if len(told) == 1:
        return f"{part.text}（{told[0]}）"
    said = "，".join(filter(None, (part.text, grounds)))
    return said + (f"（由{'和'.join(told)}得出）" if told else "")


def _in_brackets(label: str) -> str:
    return f"（{label}）" if label else ""
