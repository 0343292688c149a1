"""Years and dates in every common spelling: 2023年9月16日, 二〇二三年, 2023-09-16, 十月一日.

dateparser and jionlp read one date that is handed to them; here they are to be found in running
text beside figures that look alike, and kept apart from durations (三十日, 5年).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.language.numbers import read_numeral

__all__ = [
    "DATE",
    "DIGIT_YEAR",
    "RELATIVE_YEARS",
    "YEAR",
    "DateSpan",
    "find_dates",
    "find_years",
    "relative_year",
    "years_in",
]

_CENTURY = "(?:19|20)"
DIGIT_YEAR = rf"{_CENTURY}\d{{2}}"  # a year in digits, as part of other patterns
_NUMERALS = "〇○零一二三四五六七八九"
# After four digits: more of a number, or a unit, so that no year is meant.
_NOT_A_YEAR = (
    r"(?![\d,，]|[.．]\d*[^\d.．\-/]"
    r"|\s?(?:[百千]?[元万亿个家人户套米吨亩名件项所座台克瓦条辆册]|公里|公顷|平方))"
)
_YEAR = (
    rf"(?<![\d.．]){_CENTURY}\d{{2}}{_NOT_A_YEAR}"
    rf"|(?<![{_NUMERALS}十百千])[一二][〇○零九][{_NUMERALS}]{{2}}(?=年)"
)
YEAR = re.compile(_YEAR)

_MONTH = (
    r"(?:(?<!\d)(?:1[0-2]|0?[1-9])"
    r"|(?<![一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九]|元|正))月"
)
_DAY = (
    r"(?:[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|[一二三四五六七八九])[日号]"
)
_PART = "(?:上旬|中旬|下旬|[初中底末](?![小学期级]))"
_OF_YEAR = "(?:年?(?:底|初|末)|年中|年?[上下]半年|年?第?[一二三四1-4]季度)"
_CLOCK = (
    r"(?:(?<!\d)[012]?\d[:：][0-5]\d(?:\s*[-—–~～至到]+\s*[012]?\d[:：][0-5]\d)?"
    r"|(?<!\d)[012]?\d[时点](?!以内|间)(?:[0-5]?\d分|半|整)?)"
)
_TIME = rf"(?:\s?(?:每日|每天)?(?:上午|下午|中午|晚上?|早上?|凌晨)?\s?{_CLOCK}|[上下]午)"
_WRITTEN = (
    rf"(?<![\d.]){_CENTURY}\d{{2}}[-./](?:1[0-2]|0?[1-9])[-./](?:3[01]|[12]\d|0?[1-9])(?!\d)"
    rf"|(?<![\d.]){_CENTURY}\d{{2}}(?:[-/]|[.．](?!\d+[万亿元人个%]))(?:1[0-2]|0[1-9])(?![\d.])"
    rf"|(?<![\d.]){_CENTURY}\d{{2}}(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?![\d.万亿元])"
    r"|(?:农历)?(?:正|[二三四五六七八九十]|冬|腊)月"
    r"(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|二?十|廿[一二三四五六七八九]|三十)"
    r"(?![一二三四五六七八九]?[日号])"
)
_NAMED = (
    rf"(?:{_YEAR})年?\s?(?:[至到\-—–~～])\s?(?:{_YEAR})(?:学年度?|年度?)"
    rf"|(?:(?:{_YEAR})年)?{_MONTH}(?:{_DAY}|{_PART})?"
    rf"|(?:{_YEAR}){_OF_YEAR}|(?:{_YEAR})(?:学年度?|年度?)"
    r"|(?:每|当|次|本)(?:个?月|年)(?:的?\d{1,2}[日号]|底|末|初)|次[月日年](?=[起内前后，。])"
)
_WEEKDAY = (
    r"(?:(?:每[月年])?(?:第[一二三四]个)?每?(?:周|星期)[一二三四五六日天]"
    r"(?:[、,，至到—-](?:周|星期)?[一二三四五六日天])*)"
)
_ONE = (
    rf"(?:(?:{_WRITTEN}|{_NAMED})(?:[(（]{_WEEKDAY}[)）])?{_TIME}?"
    rf"|{_WEEKDAY}(?:的?{_TIME})?|{_TIME})"
)
_TO = r"(?:\s*(?:起至|[至到\-—–~～]+)\s*)"
DATE = re.compile(rf"{_ONE}(?:{_TO}(?:{_ONE}|\d{{1,2}}[日号]))?")

RELATIVE_YEARS = {
    "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1,
    "后年": 2,
}  # fmt: skip
# 比上年 compares; 以前年度 is no year of its own.
_RELATIVE = re.compile(rf"(?<![比较同与以])(?:{'|'.join(RELATIVE_YEARS)})(?!度)")
_FIGURED = re.compile(r"(\d{4})[-./]?(\d{2}|(?<=\D)\d)(?!\d{3})(?:[-./]?(\d{1,2}))?(?!\d)")
_MONTH_OF = re.compile(_MONTH)
_DAY_OF = re.compile(rf"(?<=月){_DAY}")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date, a span of dates or a time: `text[start:end]`; what it does not tell is None."""

    start: int
    end: int
    text: str
    year: int | None
    month: int | None
    day: int | None


def find_dates(text: str) -> Iterator[DateSpan]:
    """The dates of a text in order."""
    for match in DATE.finditer(text):
        found = match.group()
        written = _FIGURED.match(found)
        if written:
            year, month, day = (int(part) if part else None for part in written.groups())
        else:
            year = next(iter(years_in(found)), None)
            month, day = _number(_MONTH_OF.search(found)), _number(_DAY_OF.search(found))
        yield DateSpan(match.start(), match.end(), found, year, month, day)


def find_years(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, year) of each calendar year named; a number with another unit is none."""
    for match in YEAR.finditer(text):
        found = match.group()
        value = int(found) if found.isascii() else int(read_numeral(found))
        yield match.start(), match.end(), value


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years named, in order."""
    return tuple(year for _, _, year in find_years(text))


def relative_year(text: str) -> str:
    """The first word of a text that names a year from where one stands (今年), or ""."""
    found = _RELATIVE.search(text)
    return found[0] if found else ""


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    numeral = match.group()[:-1].replace("元", "一").replace("正", "一").replace("廿", "二十")
    return int(numeral) if numeral.isdigit() else int(read_numeral(numeral))
