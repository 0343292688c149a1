"""Word's automatic numbers: what stands before a paragraph that is counted (word/numbering.xml).

Lists that share an abstract definition go on counting; one that says where it begins starts
anew when it is first met. A deeper level begins again after each number above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from corpus.readers.numerals import written

__all__ = ["BULLET", "Number", "Numbering", "value_of"]

BULLET = "bullet"
LEVELS = 9
LONGEST = 40  # characters of a number; what is longer is no number
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Number:
    """What stands before a paragraph: "" for a mark that counts nothing; `close` without a gap."""

    text: str
    close: bool = False


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int
    restart: int | None  # after which level it begins again, the first being 1; 0 for none
    legal: bool
    close: bool
    style: str


class Numbering:
    """The lists of a document, counted paragraph by paragraph in its order."""

    def __init__(self, root: ET.Element | None, w: str) -> None:
        self._w = w
        self._levels: dict[str, dict[int, _Level]] = {}  # by number of a list (w:numId)
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def level_of(self, number: str, styles: Iterable[str]) -> int | None:
        """The level of a list that is tied to one of some styles."""
        levels = self._levels.get(number, {})
        for style in styles:
            for place, level in levels.items():
                if level.style == style:
                    return place
        return None

    def next(self, number: str, place: int) -> Number | None:
        """Count one more paragraph at a level of a list; None where there is no such list."""
        levels = self._levels.get(number, {})
        level = levels.get(place)
        if level is None:
            return None
        counts = self._counts.setdefault(self._abstract[number], {})
        if (number, place) in self._starts and (number, place) not in self._begun:
            counts[place] = self._starts[number, place]
        else:
            counts[place] = counts[place] + 1 if place in counts else level.start
        self._begun.add((number, place))
        for deeper in range(place + 1, LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or place < restart:
                counts.pop(deeper, None)
        return self._shown(level, levels, counts)

    @staticmethod
    def _shown(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> Number:
        def value(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = levels.get(place)
            if other is None or other.form == BULLET:
                return ""
            count = counts.get(place, other.start)
            return str(count) if level.legal else written(count, other.form)

        text = "" if level.form == BULLET else _PLACE.sub(value, level.text).strip()
        fit = len(text) <= LONGEST and any(c.isalnum() for c in text)
        return Number(text if fit else "", level.close)

    def _read(self, root: ET.Element) -> None:
        w = self._w
        abstracts: dict[str, dict[int, _Level]] = {}
        linked: dict[str, str] = {}  # what a style of lists names, to what defines it
        links: dict[str, str] = {}
        for element in root.findall(f"{w}abstractNum"):
            key = element.get(f"{w}abstractNumId", "")
            abstracts[key] = self._read_levels(element)
            if style := value_of(element.find(f"{w}styleLink"), w):
                linked.setdefault(style, key)
            if style := value_of(element.find(f"{w}numStyleLink"), w):
                links[key] = style
        for element in root.findall(f"{w}num"):
            number = element.get(f"{w}numId", "")
            key = value_of(element.find(f"{w}abstractNumId"), w)
            key = linked.get(links.get(key, ""), key)
            levels = dict(abstracts.get(key, {}))
            for override in element.findall(f"{w}lvlOverride"):
                place = _whole(override.get(f"{w}ilvl"), -1)
                levels |= self._read_levels(override)
                start = override.find(f"{w}startOverride")
                if start is not None:
                    self._starts[number, place] = _whole(value_of(start, w), 0)
            self._levels[number] = levels
            self._abstract[number] = key

    def _read_levels(self, above: ET.Element) -> dict[int, _Level]:
        return {
            _whole(element.get(f"{self._w}ilvl"), 0): self._read_level(element)
            for element in above.findall(f"{self._w}lvl")
        }

    def _read_level(self, element: ET.Element) -> _Level:
        w = self._w
        forms = [*element.iter(f"{w}numFmt")]  # a newer one and what older programs write instead
        restart = element.find(f"{w}lvlRestart")
        legal = element.find(f"{w}isLgl")
        return _Level(
            value_of(forms[-1], w) if forms else "decimal",
            value_of(element.find(f"{w}lvlText"), w),
            _whole(value_of(element.find(f"{w}start"), w), 0),
            None if restart is None else _whole(value_of(restart, w), 0),
            legal is not None and value_of(legal, w) not in ("0", "false", "off"),
            value_of(element.find(f"{w}suff"), w) == "nothing",
            value_of(element.find(f"{w}pStyle"), w),
        )


def value_of(element: ET.Element | None, w: str) -> str:
    """What an element of Word's XML says (w:val), "" where it is not there."""
    return element.get(f"{w}val", "") if element is not None else ""


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and len(value) <= 6 and value.isdecimal() else otherwise
