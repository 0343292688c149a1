"""How headings and items are numbered: 第X章, 一、, （一）, 1., (1), ①, 第一步, 一是."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from corpus.language.numbers import read_numeral

__all__ = ["INLINE_MARKS", "Numbering", "read_numbering", "without_number"]

LONGEST = 16  # characters of a number with what must or must not follow it

_HAN = "[一二三四五六七八九十百零〇]"
# Shape, rank (1 the highest) and pattern; the first that matches a line's beginning counts.
_SHAPES: tuple[tuple[str, int, str], ...] = (
    ("编", 1, rf"第(?:{_HAN}+|\d+)编"),
    ("章", 2, rf"第(?:{_HAN}+|\d+)章"),
    ("节", 3, rf"第(?:{_HAN}+|\d+)节"),
    ("条", 9, rf"第(?:{_HAN}+|\d+)条"),
    ("步", 8, rf"(?:第(?:{_HAN}+|\d+)步|步骤(?:{_HAN}+|\d+))[：:，,、. ]?"),
    ("一、", 4, rf"{_HAN}+[、．]"),
    ("（一）", 5, rf"[（(]{_HAN}+[)）][、.]?"),
    ("一是", 8, rf"{_HAN}(?:是|要)(?=[^的否])"),
    ("1.", 6, r"\d{1,2}(?:[.．、](?!\d)|[.．](?=\d+(?:户|人|名|个))|[.．、](?=(?:19|20)\d\d年))"),
    ("1.1", 7, r"\d{1,2}(?:\.\d{1,2}){1,3}(?![\d.]|[%万亿元个人户家吨米倍])[、.]?"),
    ("(1)", 7, r"[（(]\d{1,2}[)）][、.]?"),
    ("1)", 7, r"\d{1,2}[)）][、.]?"),
    ("①", 8, r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]"),
    ("A.", 8, r"[A-Ha-h][.、）)](?![A-Za-z])"),
    ("问", 8, r"(?:问|Q)\d*[：:]"),
)
_COMPILED = tuple((shape, rank, re.compile(pattern)) for shape, rank, pattern in _SHAPES)
_MAY_BEGIN = re.compile(r"[\dA-Ha-hQ第步问（(①-⑳一二三四五六七八九十百零〇]")
_NUMERAL = re.compile(rf"\d+|{_HAN}+|[①-⑳]|[A-Ha-h]")

# Marks that part items within one line, by shape; two of a kind in turn make a list.
INLINE_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("（一）", re.compile(rf"[（(]{_HAN}+[)）]")),
    ("(1)", re.compile(r"[（(]\d{1,2}[)）]")),
    ("①", re.compile("[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
    (
        "一是",
        re.compile(rf"(?<=[，。；：、！？\n])\s*{_HAN}(?:是|要)(?=[^的否])|^{_HAN}是(?=[^的否])"),
    ),
    (
        "第一，",
        re.compile(
            r"(?:(?<=[，。；：！？])|^)(?:第[一二三四五六七八九十]|其[一二三四五六七八九])[，,、是]"
        ),
    ),
    ("首先", re.compile(r"(?:(?<=[，。；：！？])|^)(?:首先|其次|再次|然后|最后)[，,]?")),
    ("1.", re.compile(r"(?:(?<=[，。；：！？ ])|^)\d{1,2}[.．、](?!\d)")),
    ("第一步", re.compile(rf"(?:(?<=[，。；：！？ ])|^)第{_HAN}+步[：:，,]?")),
)


class Numbering(NamedTuple):
    """The number before a line: its shape, its rank (1 the highest), its text and its value."""

    shape: str
    rank: int
    text: str
    value: int


def read_numbering(text: str) -> Numbering | None:
    """The number a line begins with, or None."""
    return _read_numbering(text[:LONGEST]) if _MAY_BEGIN.match(text) else None


def without_number(line: str) -> str:
    """A line without the number it begins with."""
    numbering = read_numbering(line)
    return line[len(numbering.text) :].strip() if numbering else line


@lru_cache(maxsize=4096)
def _read_numbering(text: str) -> Numbering | None:
    for shape, rank, pattern in _COMPILED:
        match = pattern.match(text)
        if match:
            return Numbering(shape, rank, match.group(), _value(match.group()))
    return None


def _value(written: str) -> int:
    found = _NUMERAL.search(written)
    if found is None:
        return 0
    numeral = found.group()
    if numeral.isdecimal():
        return int(numeral)
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    return ord(numeral.upper()) - ord("A") + 1 if numeral.isascii() else int(read_numeral(numeral))
