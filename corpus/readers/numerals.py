"""The numbers that Word counts paragraphs with, as it writes them in each of its formats."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["written"]

LARGEST = 32_767  # of Word's own numbers; no list is longer
ROUNDS = 3  # of the alphabet, before figures are clearer
LARGEST_ROMAN = 3_999
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
          (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def written(value: int, form: str) -> str:
    """A number in a format of Word (w:numFmt); in figures where the format is not known."""
    if not 0 <= value <= LARGEST:
        return str(value)
    write = _FORMS.get(form)
    return write(value) if write else str(value)


def _counted(value: int, digits: str = "零一二三四五六七八九", units: str = "十百千") -> str:
    """In Chinese by tens, hundreds and thousands: 十二, 一百零五, 一万二千."""
    if value >= 10_000:
        above, below = divmod(value, 10_000)
        zero = digits[0] if 0 < below < 1000 else ""
        rest = _counted(below, digits, units) if below else ""
        return f"{_counted(above, digits, units)}万{zero}{rest}"
    text = ""
    for power, figure in enumerate(reversed(str(value))):
        if figure != "0":
            text = digits[int(figure)] + (units[power - 1] if power else "") + text
        elif text and not text.startswith(digits[0]):
            text = digits[0] + text
    text = text or digits[0]
    return text[1:] if text.startswith(digits[1] + units[0]) and units[0] == "十" else text


def _digital(value: int) -> str:
    return "".join(_DIGITS[int(figure)] for figure in str(value))


def _counting(value: int) -> str:
    """In Chinese up to ninety-nine, digit by digit from there on, as Word does."""
    return _counted(value) if value < 100 else _digital(value)


def _letters(value: int) -> str:
    """A to z, then aa to zz, and so on for some rounds."""
    rounds, letter = divmod(value - 1, 26)
    return chr(ord("a") + letter) * (rounds + 1) if 0 <= rounds < ROUNDS else str(value)


def _roman(value: int) -> str:
    if not 0 < value <= LARGEST_ROMAN:
        return str(value)
    text = ""
    for size, figures in _ROMAN:
        count, value = divmod(value, size)
        text += figures * count
    return text


def _from(signs: str) -> Callable[[int], str]:
    """The sign of a row of them; a number beyond the last in figures."""
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else str(value)


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda value: "",
    "decimalZero": lambda value: f"{value:02}",
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    **dict.fromkeys(("chineseCounting", "taiwaneseCounting"), _counting),
    **dict.fromkeys(
        ("chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"),
        _counted,
    ),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _digital
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda value: _counted(value, _LEGAL, "拾佰仟"),
    ),
    "ideographTraditional": _from("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _from("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"),
        _from("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"),
    ),
    "ideographEnclosedCircle": _from("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "decimalEnclosedParen": lambda value: f"({value})",
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "numberInDash": lambda value: f"- {value} -",
}
