"""Numbers as Chinese texts write them: 1,200, 4万3千, 三十五亿二千万, 一百零三万四千.

cn2an reads numerals but not 4万3千, jionlp makes 12亿5600万 into 15.6亿, and neither says where
in a sentence a number stands; so this is read here, over one pattern for the whole amount.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

__all__ = ["AMOUNT", "DIGITS", "NUMERAL", "POWER_OF", "read_amount", "read_numeral"]

DIGIT_OF = dict(
    zip("〇○零一二两三四五六七八九", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
POWER_OF = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_DIGIT = "[〇○零一二两三四五六七八九十百千]"
DIGITS = r"(?<![\d.])\d{1,15}(?:[,，]\d{3}(?!\d)){0,4}(?:[.．]\d{1,9})?(?!\d)"
NUMERAL = rf"(?<!{_DIGIT})(?![百千]){_DIGIT}{{1,20}}(?:点[〇零一二三四五六七八九]{{1,9}})?"
# 百 and 千 after digits are a scale, but for 千米, 千克, 百帕: there they belong to the unit.
_SCALE = r"(?:[百千]?万亿|[十百千]?[万亿](?!能)|[百千](?![米克瓦伏帕卡焦赫分年里佳]|分之))"
_MORE = "[余多来几]?"
AMOUNT = (
    rf"(?:{DIGITS}|{NUMERAL}){_MORE}{_SCALE}?"
    rf"(?:(?<=[万亿千百])(?:{DIGITS}|零?(?![百千〇零]){_DIGIT}{{1,12}}){_SCALE}?)*"
)

# 两三年, 七八个: one of two, so no value.
_EITHER = re.compile("^[一二两三四五六七八九]{2}$")
_PART = re.compile(rf"(\d[\d,，]*(?:[.．]\d+)?|{_DIGIT}+(?:点{_DIGIT}+)?){_MORE}({_SCALE}?)")


@lru_cache(maxsize=4096)
def read_amount(text: str) -> Decimal | None:
    """The value of a text that AMOUNT matches, or None where its parts do not add up.

    Each part must be smaller than the scale before it: 5亿3000万 is one number, 3万5亿 none.
    """
    total, least = Decimal(0), None
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        value = _value(part[1])
        if value is None:
            return None
        scale = Decimal(1)
        for character in part[2]:
            scale *= POWER_OF[character]
        value *= scale
        if least is not None and value >= least:
            return None
        total += value
        least = scale
        at = part.end()
    return total.normalize()


def read_numeral(numeral: str) -> Decimal:
    """The value of a Chinese numeral below ten thousand: 三千二百, 六点一, 一九四九."""
    whole, _, fraction = numeral.partition("点")
    if len(whole) > 1 and all(character in DIGIT_OF for character in whole):
        total = int("".join(str(DIGIT_OF[character]) for character in whole))
    else:
        total, digit = 0, 0
        for character in whole:
            if character in DIGIT_OF:
                digit = DIGIT_OF[character]
            else:
                total += max(digit, 1) * POWER_OF[character]
                digit = 0
        total += digit
    decimals = "".join(str(DIGIT_OF.get(character, "")) for character in fraction)
    return Decimal(f"{total}.{decimals or 0}")


def _value(number: str) -> Decimal | None:
    if _EITHER.match(number):
        return None
    plain = number.replace(",", "").replace("，", "").replace("．", ".")
    try:
        return Decimal(plain) if plain[0].isdigit() else read_numeral(plain)
    except InvalidOperation:
        return None
