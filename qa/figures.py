"""Figures and dates in Chinese text: number, unit and qualifier, and what equals what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

__all__ = [
    "DATE",
    "UNIT",
    "Figure",
    "find_figures",
    "find_quantities",
    "in_base_unit",
    "same_quantity",
    "same_unit",
]

# Closed classes of the language: measure words, units of measurement and of money.
_UNITS = (
    "个百分点|平方公里|平方米|立方米|千瓦时|公里|千米|厘米|毫米|公斤|千克|公顷|"
    "小时|分钟|刻钟|个月|美元|欧元|港元|日元|人民币|标准箱|标箱|架次|辆次|千瓦|％|"
    "兆瓦|吉瓦|千伏|海里|英里|℃|‰|桶|例|票|局|轮|人次|次|元|%|倍|成|"
    "岁|周年|年|月|天|日|米|吨|斤|克|升|亩|个|家|户|所|部|处|套|间|人|"
    "名|位|项|场|枚|条|座|只|件|台|辆|艘|架|栋|幢|层|册|本|张|份|篇|"
    "种|类|级|届|期|批|组|对|支|口|片|块|株|棵|门|款|度|万|亿|席|列|"
    "班|趟|步|首|幅|颗|头|匹|盏|句|字|点|周|秒|代|大"
)
UNIT = re.compile(_UNITS)
_BEFORE = (
    "(?P<before>不低于|不少于|不超过|超过|突破|"
    "至少|最多|多达|高达|大约|接近|将近|逾|近|约|超|上|数)?"
)
_DIGITS = r"(?<!\d)\d{1,15}(?:[,，]\d{3}){0,4}(?:[.．]\d{1,9})?(?!\d)"
_DIGIT = "[〇零一二两三四五六七八九十百千]"
_NUMERAL = f"(?<!{_DIGIT}){_DIGIT}{{1,20}}"
_TO = r"\s*[%％]?\s*[—–\-~～至到]+\s*"
_NUMBER = (
    rf"(?P<number>{_DIGITS}(?:{_TO}(?P<upper>{_DIGITS}))?"
    rf"|{_NUMERAL}(?:点{_NUMERAL})?(?:[至到](?P<upper_numeral>{_NUMERAL}))?)"
)
_SCALE = "(?P<scale>[百千]?万亿|[十百千]?[万亿]|[百千](?=元|米|瓦|克))?"
_MORE = "(?P<more>[余多来])?"
_AFTER = r"(?P<after>[(（]间[)）]|余|多|以上|以下|以内|左右)*"

_FIGURE = re.compile(
    rf"{_BEFORE}(?P<percent>百分之)?(?P<ordinal>第)?{_NUMBER}{_MORE}{_SCALE}(?P<more2>[余多])?(?P<unit>{_UNITS})?{_AFTER}"
)
# One quantity in several units.
_COMPOUND = re.compile(
    rf"{_DIGITS}(?P<unit>小时|公里|千米|分钟?|个?月|天)(?:零?{_DIGITS}(?:分钟?|秒|米|天|小时))+"
    r"|[一二三四五六七八九](?P<tenths>成)[一二三四五六七八九](?![成十百千万])"
)
_BARE_SCALE = re.compile(
    rf"(?P<before>超|近|逾|上|数|过)(?P<scale>[十百千]?[万亿])(?P<unit>{_UNITS})"
)
DATE = re.compile(
    r"(?:\d{4}年(?:底|初|末)?)?\d{1,2}月(?:\d{1,2}[日号](?:\s*[至到—\-]+\s*(?:\d{1,2}月)?\d{1,2}[日号])?)?"
    r"(?:[上下]午\d*时?)?|\d{4}年(?:底|初|末)?"
)
_DIGIT_OF = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_POWER_OF = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_COUNTERS = frozenset("个家户所部处套间项场枚条座只件台辆艘架栋幢支片块株棵门款种类批组席列")
_PEOPLE = frozenset("人名位")
_BASE_UNITS = {
    "成": ("%", Decimal(10)), "公里": ("米", Decimal(1000)), "千米": ("米", Decimal(1000)),
    "公斤": ("克", Decimal(1000)), "千克": ("克", Decimal(1000)), "斤": ("克", Decimal(500)),
    "吨": ("克", Decimal(1_000_000)), "人民币": ("元", Decimal(1)),
    "公顷": ("平方米", Decimal(10_000)), "平方公里": ("平方米", Decimal(1_000_000)),
}  # fmt: skip


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
    taken = [match.span() for match in DATE.finditer(text)]
    taken += [match.span() for match in _COMPOUND.finditer(text)]
    yield from sorted(
        [*_simple_figures(text, taken), *_compound_figures(text)], key=lambda figure: figure.start
    )


def _compound_figures(text: str) -> Iterator[Figure]:
    """1小时02分18秒, 九成六: one figure in its first unit; only that of tenths has a value."""
    for match in _COMPOUND.finditer(text):
        whole, tenths = match.group(), match["tenths"]
        value = Decimal(f"{_DIGIT_OF[whole[0]]}.{_DIGIT_OF[whole[2]]}") if tenths else None
        yield Figure(match.start(), match.end(), whole, value, match["unit"] or tenths)


def _simple_figures(text: str, taken: list[tuple[int, int]]) -> Iterator[Figure]:
    matches = [*_FIGURE.finditer(text), *_BARE_SCALE.finditer(text)]
    occupied = bytearray(len(text))
    for start, end in taken:
        occupied[start:end] = b"\1" * (end - start)
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        if any(occupied[match.start() : match.end()]):
            continue
        groups = match.groupdict()
        unit = (groups["unit"] or "").replace("％", "%")
        number = groups.get("number") or ""
        if groups.get("percent"):
            unit = "%"
        if not _stands_alone(text, match, number, unit, bool(groups.get("scale"))):
            continue
        occupied[match.start() : match.end()] = b"\1" * len(match.group())
        upper = groups.get("upper") or groups.get("upper_numeral")
        said = [groups.get(name) for name in ("before", "more", "more2", "after")]
        yield Figure(
            match.start(),
            match.end(),
            match.group(),
            _value(number, groups["scale"]),
            unit,
            _value(upper, groups["scale"]) if upper else None,
            next((word for word in said if word and word[0] not in "(（"), ""),
        )


def find_quantities(text: str) -> list[Figure]:
    """The figures of a text that have a unit, in order."""
    return [figure for figure in find_figures(text) if figure.unit]


def same_quantity(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same number of the same: 3200万元 is 0.32亿元, 两成 is 20%."""
    (value, unit), (other_value, other_unit) = in_base_unit(one), in_base_unit(other)
    if value is None:
        return one.text == other.text
    return value == other_value and same_unit(unit, other_unit)


def in_base_unit(figure: Figure) -> tuple[Decimal | None, str]:
    """A figure's value in the plainest unit of its kind, and that unit: 两成 is 20 %."""
    unit, factor = _BASE_UNITS.get(figure.unit, (figure.unit, Decimal(1)))
    return (None if figure.value is None else figure.value * factor), unit


def same_unit(asked: str, found: str) -> bool:
    """Whether a figure in `found` can answer a question that counts in `asked`.

    People count in 个 what a text counts in 家, 所 or 处; 人, 名 and 位 are one; a share may
    have risen by 个百分点.
    """
    if asked == found:
        return True
    if asked in _PEOPLE and found in _PEOPLE:
        return True
    if asked == "%" and found in ("个百分点", "成"):
        return True
    return asked in _COUNTERS and found in _COUNTERS


def _stands_alone(text: str, match: re.Match[str], number: str, unit: str, scaled: bool) -> bool:
    """Tell a figure from digits inside a name ("5G", "3A级") and numerals inside words."""
    before = text[match.start() - 1 : match.start()] or " "
    if not number:
        return True
    if number[0].isdigit():
        qualified = bool(match["before"])  # GDP超过1800亿元
        return not unit or qualified or not re.match(r"[A-Za-z0-9./-]", before)
    # Chinese numerals stand in many words (一体, 统一, 四大); only those that measure count.
    if match.group().startswith("第"):
        return False
    measures = (bool(unit) or scaled) and unit not in ("大", "点", "年")
    whole = number[0] not in "一零〇" or (
        number[0] == "一" and (scaled or number[1:2] in tuple("十百千"))
    )
    return measures and whole and before not in "第其之统唯同"


def _value(number: str, scale: str | None) -> Decimal | None:
    first = re.match(rf"{_DIGITS}|{_NUMERAL}(?:点{_NUMERAL})?", number)
    digits = re.sub("[,，]", "", first.group()).replace("．", ".") if first else "一"
    try:
        value = Decimal(digits) if digits[:1].isdigit() else _numeral(digits)
    except InvalidOperation:
        return None
    for character in scale or "":
        value *= _POWER_OF[character]
    return value.normalize()


def _numeral(numeral: str) -> Decimal:
    """The value of a Chinese numeral below ten thousand: 三千二百, 六点一, 一九四九."""
    whole, _, fraction = numeral.partition("点")
    if len(whole) > 1 and all(character in _DIGIT_OF for character in whole):
        total = int("".join(str(_DIGIT_OF[character]) for character in whole))
    else:
        total, digit = 0, 0
        for character in whole:
            if character in _DIGIT_OF:
                digit = _DIGIT_OF[character]
            else:
                total += max(digit, 1) * _POWER_OF[character]
                digit = 0
        total += digit
    decimals = "".join(str(_DIGIT_OF.get(character, "")) for character in fraction)
    return Decimal(f"{total}.{decimals or 0}")
