"""Figures in Chinese text: number, unit and qualifier, and what equals what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from corpus.language.dates import DATE
from corpus.language.numbers import AMOUNT, DIGITS, NUMERAL, read_amount
from corpus.language.units import BASE_UNITS, UNIT, measures, same_unit

__all__ = [
    "Figure",
    "admits",
    "find_figures",
    "find_quantities",
    "in_base_unit",
    "plainest_form",
    "same_quantity",
]

_BEFORE = (
    "不低于|不少于|不高于|不超过|不多于|超过|突破|至少|至多|最多|最高|最低|多达|高达|大约|接近|将近|不足|未满|"
    "不满|低于|高于|逾|近|约|超|上|满|(?:数|几)(?=[十百千万])"
)
_AFTER = (
    r"(?:[(（]间[)）]|余|多(?![\d一二三四五六七八九十百千万两])"  # 比22个多5个
    "|[及含]?以上|[及含]?以下|以内|之内|左右|内)"
)
_AT_LEAST = frozenset((
    "不低于", "不少于", "超过", "突破", "至少", "最低", "多达", "高达", "高于", "逾", "超", "上",
    "满", "以上", "及以上", "含以上", "余", "多",
))  # fmt: skip
_AT_MOST = frozenset((
    "不高于", "不超过", "不多于", "至多", "最多", "最高", "以下", "及以下", "含以下", "以内",
    "之内", "内",
))  # fmt: skip
_BELOW = frozenset(("不足", "未满", "不满", "低于"))
_FIGURE = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<share>[百千万]分之)?(?P<ordinal>第)?(?P<amount>{AMOUNT})"
    rf"(?P<more>[余多])?(?P<unit>{UNIT})?(?P<after>{_AFTER}*)"
)
_SOME_NUMERAL = re.compile(r"[\d〇○零一二两三四五六七八九十百千万亿]")
_BARE_SCALE = re.compile(
    rf"(?P<before>超过|超|近|逾|上|数|过)(?P<amount>[十百千]?[万亿]|[百千](?=[元名人家户]))(?P<unit>{UNIT})"
)
_FRACTION = re.compile(rf"(?:{NUMERAL})分之(?:{NUMERAL})|(?<!\d)\d{{1,2}}/\d{{1,2}}(?![\d/])")
_TENTHS = re.compile("([一二三四五六七八九])成([一二三四五六七八九])(?![成十百千万])")
# One quantity in several units, and how many of a later one make one of the first.
_CHAINS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("元", 1), ("角", 10), ("分", 100)),
    (("小时", 1), ("个小时", 1), ("分钟", 60), ("分", 60), ("秒", 3600)),
    (("分", 1), ("分钟", 1), ("秒", 60)),
    (("公里", 1), ("千米", 1), ("米", 1000)),
    (("年", 1), ("岁", 1), ("个月", 12), ("月", 12)),
    (("个月", 1), ("天", 30), ("日", 30)),
    (("天", 1), ("小时", 24), ("个小时", 24)),
    (("斤", 1), ("两", 10)),
)
_TO = re.compile(r"\s*[—–\-~～至到]+\s*")
_IN_UNIT = re.compile(rf"(?:{DIGITS})({UNIT})")
_NAMED = re.compile(r"[A-Za-z0-9./-]")
RANGE_LENGTH = 20  # characters looked back for the beginning of a range
_OPEN_RANGE = re.compile(r"(?<![A-Za-z0-9./-])\d[\d.,]*(?:[%％]|[万亿元]+)?[-~]$")
_REST_OF_RANGE = re.compile(rf"[至到](?:{AMOUNT})(?:{UNIT})")
_WORDS = frozenset("第其之统唯同任每这那某")  # before a numeral: 其一, 之一, 统一, 每一


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit: `text[start:end]` of the text it was found in.

    `value` is the number with its scale multiplied out, the lower one of a range, or None;
    `upper` is the higher one of a range. `unit` is "" for a bare number, `qualifier` the word
    that says more, less or about: 超, 近, 以上, 余.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    upper: Decimal | None = None
    qualifier: str = ""

    def moved(self, by: int) -> Figure:
        """The same figure in a text that has `by` characters before it."""
        return replace(self, start=self.start + by, end=self.end + by)


def find_figures(text: str) -> Iterator[Figure]:
    """The figures of a text in order; dates and years are not among them."""
    if not _SOME_NUMERAL.search(text):
        return
    occupied = bytearray(len(text))
    for match in DATE.finditer(text):
        occupied[match.start() : match.end()] = b"\1" * len(match.group())
    found = [*_fractions(text), *_single_figures(text, occupied)]
    free = []
    for figure in sorted(found, key=lambda f: (f.start, -f.end)):
        if occupied.find(1, figure.start, figure.end) < 0:
            occupied[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
            free.append(figure)
    yield from _join_ranges(text, _join_chains(text, free))


def find_quantities(text: str) -> list[Figure]:
    """The figures of a text that have a unit, in order."""
    return [figure for figure in find_figures(text) if figure.unit]


def same_quantity(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same number of the same: 3200万元 is 0.32亿元, 两成 is 20%."""
    (value, unit), (other_value, other_unit) = in_base_unit(one), in_base_unit(other)
    if value is None:
        return one.text == other.text
    return value == other_value and same_unit(unit, other_unit)


def admits(bound: Figure, case: Figure) -> bool | None:
    """Whether a case lies within a bound (满90周岁, 80—89周岁), None for what is no bound of it."""
    (value, unit), (asked, asked_unit) = in_base_unit(bound), in_base_unit(case)
    alike = same_unit(asked_unit, unit) or same_unit(unit, asked_unit)  # 8万块; 45平方米每月
    if value is None or asked is None or not alike:
        return None
    if bound.upper is not None:
        upper, _ = in_base_unit(replace(bound, value=bound.upper))
        return value <= asked <= (upper or value)
    if bound.qualifier in _AT_LEAST:
        return asked >= value
    if bound.qualifier in _AT_MOST:
        return asked <= value
    return asked < value if bound.qualifier in _BELOW else None


def in_base_unit(figure: Figure) -> tuple[Decimal | None, str]:
    """A figure's value in the plainest unit of its kind, and that unit: 两成 is 20 %."""
    unit, factor = BASE_UNITS.get(figure.unit, (figure.unit, Decimal(1)))
    return (None if figure.value is None else figure.value * factor), unit


def plainest_form(figure: Figure) -> tuple[str, str]:
    """The number of `in_base_unit` as text, "" where it has none, and the unit."""
    value, unit = in_base_unit(figure)
    return "" if value is None else format(value, "f"), unit


def _fractions(text: str) -> Iterator[Figure]:
    """三分之二, whose value is not exact, and 九成六."""
    for match in _FRACTION.finditer(text):
        if match.group()[0] not in "百千万":
            yield Figure(match.start(), match.end(), match.group(), None, "分之")
    for match in _TENTHS.finditer(text):
        value = read_amount(f"{match[1]}点{match[2]}")
        yield Figure(match.start(), match.end(), match.group(), value, "成")


def _single_figures(text: str, dates: bytearray) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        in_date = dates.find(1, match.start(), match.end()) >= 0
        figure = None if in_date else _figure(text, match)
        if figure:
            yield figure
    for match in _BARE_SCALE.finditer(text):
        value = read_amount(f"一{match['amount']}")
        yield Figure(
            match.start(), match.end(), match.group(), value, match["unit"], None, match["before"]
        )


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    amount, unit = match["amount"], match["unit"] or ""
    if match["share"]:
        unit = {"百": "%", "千": "‰", "万": "‱"}[match["share"][0]]
    if not _stands_alone(text, match, unit):
        return None
    end = match.end()
    if match["share"]:
        end = match.end("amount")
    elif not unit:
        end = match.end("more") if match["more"] else match.end("amount")
    said = [match["before"], match["more"], (match["after"] or "").split("）")[-1]]
    said += [c for c in amount if c in "余多来"]
    return Figure(
        match.start(),
        end,
        text[match.start() : end],
        read_amount(amount),
        unit,
        None,
        next((word for word in said if word), ""),
    )


def _stands_alone(text: str, match: re.Match[str], unit: str) -> bool:
    """Tell a figure from digits inside a name ("5G", "3A级") and numerals inside words."""
    amount = match["amount"]
    before = text[match.start() - 1 : match.start()] or " "
    if amount[0].isdigit():
        in_range = _OPEN_RANGE.search(text, max(0, match.start() - RANGE_LENGTH), match.start())
        return not unit or bool(match["before"] or in_range) or not _NAMED.match(before)
    # Chinese numerals stand in many words (一体, 统一, 四大); only those that measure count.
    if match["ordinal"]:
        return False
    scaled = amount[-1] in "万亿" or "万" in amount or "亿" in amount
    if not unit and _REST_OF_RANGE.match(text, match.end("amount")):
        return amount[0] not in "一零〇" and before not in _WORDS
    counts = (bool(unit) or scaled or bool(match["share"])) and unit not in ("大", "点")
    whole = amount[0] not in "一零〇" or (
        amount[0] == "一" and (scaled or amount[1:2] in tuple("十百千") or measures(unit))
    )
    if unit in ("年", "月", "日"):  # 十年, 三十日, but not 一九四九年
        counts = counts and len(amount) < 4
    return counts and (whole or bool(match["share"])) and before not in _WORDS


def _join_chains(text: str, figures: list[Figure]) -> list[Figure]:
    """2元5角, 1小时02分: what stands side by side in falling units is one figure."""
    joined: list[Figure] = []
    for figure in figures:
        before = joined[-1] if joined else None
        ratio = _ratio(before, figure, text) if before else None
        if before is None or ratio is None or before.value is None or figure.value is None:
            joined.append(figure)
            continue
        joined[-1] = replace(
            before,
            end=figure.end,
            text=text[before.start : figure.end],
            value=before.value + figure.value / ratio,
        )
    return joined


def _ratio(one: Figure, other: Figure, text: str) -> int | None:
    if text[one.end : other.start] not in ("", "零") or one.upper is not None:
        return None
    last = next((unit for _, unit in reversed(_units_of(one.text))), one.unit)
    for chain in _CHAINS:
        factors = dict(chain)
        places = [name for name, _ in chain]
        if not {one.unit, other.unit, last} <= factors.keys():
            continue
        if factors[one.unit] == 1 and places.index(last) < places.index(other.unit):
            return factors[other.unit]
    return None


def _units_of(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m[1]) for m in _IN_UNIT.finditer(text)]


def _join_ranges(text: str, figures: list[Figure]) -> Iterator[Figure]:
    """5至10个, 50万元—100万元: one figure with its upper end."""
    skip = False
    for one, other in pairwise([*figures, None]):
        if skip:
            skip = False
            continue
        if one is None:
            return
        if other and _is_range(text, one, other):
            skip = True
            value = one.value
            scale = re.search("[百千]?万亿|[百千]?[万亿]", other.text)
            if value and not one.unit and scale and not re.search("[万亿]", one.text):
                value = read_amount(f"{value:f}{scale[0]}")
            yield Figure(
                one.start,
                other.end,
                text[one.start : other.end],
                value,
                other.unit,
                other.value,
                one.qualifier or other.qualifier,
            )
        else:
            yield one


def _is_range(text: str, one: Figure, other: Figure) -> bool:
    between = text[one.end : other.start]
    alike = one.unit in ("", other.unit) or same_unit(one.unit, other.unit)
    return bool(_TO.fullmatch(between)) and alike and bool(other.unit) and one.upper is None
