"""Lines of a text on their way to blocks, each character with its place in the raw text."""

from __future__ import annotations

import html
import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.document import BlockKind

__all__ = [
    "SENTENCE_ENDS",
    "Line",
    "clean_characters",
    "close_gaps",
    "parted_by_blanks",
    "reach_of",
    "read_lines",
    "set_width",
    "width_of",
]

ENDING = 8  # characters at a line's end in which a sentence ends
WIDTH_SHARE = 0.6  # of the lines of a text set to a width, those that are as long as most
WRAPPED_SHARE = 0.5  # of them, those that do not end a sentence
LONGEST_WIDTH = 60  # characters; no text is set wider

SENTENCE_ENDS = re.compile(r"[。！？!?…][”’」』）)】]*$")

_MARKUP = re.compile(r"^\s*(#{1,6}\s+|[-*+•·●■◆▪◇□○►▶➢✓★☆]\s*(?=[^\s\d.*+-])|>\s+)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HALF = re.compile("[,;:?!]")
_HALF_TO_FULL = str.maketrans(",;:?!", "，；：？！")
# 二O二二年: a letter typed for the numeral.
_YEAR_WITH_O = re.compile(r"[一二][Oo0〇○零九][Oo0〇○零一二三四五六七八九]{2}(?=年)")
_O_TO_ZERO = str.maketrans("Oo0", "〇〇〇")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff“”‘’《》（）、。，；：？！]")
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|lt|gt|amp|quot|apos|yen|mdash|ndash|hellip|middot|"
    r"ldquo|rdquo|lsquo|rsquo|times|deg|permil|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
)
_NOTHING = "\x00"  # stands for a character that is dropped, so that places stay in step
# Beside what is nothing: spaces at the ends, and all of several but the last tab or first space.
_DROPPED = re.compile(r"\x00+|^[ \t\x00]+|[ \t\x00]+$|(?<=[ \t\x00]) +|[ \t\x00]+(?=\t)", re.ASCII)
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_NEAR = rf"{_HAN}，。；：、？！（）《》“”"
# 2023 年, 第 1 0 条, 1 860 人, 总 则: gaps that a typesetter left inside words and figures.
_GAP = re.compile(
    rf"(?<=[{_NEAR}])[ \t]+(?=\d)|(?<=\d)[ \t]+(?=[{_NEAR}%％℃‰])"
    rf"|(?<![\d.])(?<=\d)[ \t](?=\d{{3}}(?!\d))|(?<=[^\d]\d)[ \t](?=\d[^\d]|\d$)"
    rf"|(?<=[（《“])[ \t]+|[ \t]+(?=[，。；：、？！）》”])|(?<=[，。；：、？！）》”])[ \t]+"
    rf"|(?<![{_HAN}])(?<=[{_HAN}])[ \t]+(?=[{_HAN}](?![{_HAN}]))"
)
_LONE = re.compile(rf"(?:^|[ \t])([{_HAN}])[ \t]+(?=[{_HAN}](?:[ \t]|$))")
_DECIMAL = re.compile(  # 17. 3 亿元, but not the number of a line: 1. 2020年…
    rf"(?:(?<=[{_HAN}])(?<!第)|(?<=[{_HAN}][ \t]))\d{{1,9}}(?:[ \t][.．][ \t]?|[.．][ \t])"
    rf"(?!(?:19|20)\d\d年)\d{{1,4}}(?=[ \t]?[{_HAN}%％])"
)
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:[ \t]\d{3})+(?!\d)")


@dataclass(slots=True)
class Line:
    """A line: its characters, their places in the raw text, and the blank lines before it.

    `cells` are spans of its text where it is a row of a table; `level` is that of a marked
    heading; `linked` the share of it that is links; `bullet` where a mark of a list was before it.
    `year` is the one that a row's own cell tells.
    """

    text: str
    offsets: list[int]
    gap: int
    kind: BlockKind = "paragraph"
    level: int = 0
    bullet: bool = False
    linked: float = 0.0
    cells: tuple[tuple[int, int], ...] = ()
    header: bool = False
    label: str = ""
    table: int = -1
    parts: list[str] = field(default_factory=list)
    year: int | None = None


def read_lines(raw: str) -> list[Line]:
    """The lines of a plain or Markdown text that are not blank."""
    lines: list[Line] = []
    gap, position = 0, 0
    for piece in raw.splitlines(keepends=True):
        if piece == "\f":  # the mark of a page parts no paragraphs
            position += 1
            continue
        line = _read_line(piece, position, gap)
        position += len(piece)
        if line is None:
            gap += 1
        else:
            lines.append(line)
            gap = 0
    return lines


def _read_line(piece: str, position: int, gap: int) -> Line | None:
    if piece.isspace():
        return None
    markup = _MARKUP.match(piece)
    skipped = markup.end() if markup else 0
    characters, places = _decode(piece, skipped)
    text, offsets = clean_characters(characters, [position + p for p in places])
    if not text:
        return None
    sign = markup.group().strip() if markup else ""
    return Line(
        text,
        offsets,
        gap,
        level=len(sign) if sign.startswith("#") else 0,
        bullet=bool(sign) and sign[0] not in "#>",
    )


def _decode(piece: str, start: int) -> tuple[Sequence[str], Sequence[int]]:
    """Characters with their places, entities read and marks of emphasis left out."""
    if "&" not in piece and "**" not in piece and "__" not in piece:
        return piece[start:], range(start, len(piece))
    hidden: set[int] = set()
    for match in _EMPHASIS.finditer(piece):
        hidden.update((match.start(), match.start() + 1, match.end() - 2, match.end() - 1))
    characters: list[str] = []
    places: list[int] = []
    at = start
    while at < len(piece):
        entity = _ENTITY.match(piece, at) if piece[at] == "&" else None
        if entity:
            for character in html.unescape(entity.group()):
                characters.append(character)
                places.append(at)
            at = entity.end()
            continue
        if at not in hidden:
            characters.append(piece[at])
            places.append(at)
        at += 1
    return characters, places


def clean_characters(characters: Sequence[str], places: Sequence[int]) -> tuple[str, list[int]]:
    """Drop control characters and doubled spaces, unfold full-width letters and digits.

    A tab stays one: it may part the cells of a table.
    """
    text = "".join(characters).translate(_CLEAN)
    dropped = [match.span() for match in _DROPPED.finditer(text)]
    offsets = list(places)
    for start, end in reversed(dropped):
        del offsets[start:end]
    return _widen_punctuation(_DROPPED.sub("", text)), offsets


def close_gaps(line: Line) -> None:
    """Take out spaces inside words and figures, and those beside Chinese marks."""
    text = line.text
    if " " not in text and "\t" not in text:
        return
    drop: set[int] = set()
    for pattern in (_THOUSANDS, _DECIMAL):
        for match in pattern.finditer(text):
            drop.update(i for i in range(*match.span()) if text[i] in " \t")
    for match in _GAP.finditer(text):
        drop.update(range(*match.span()))
    for match in _LONE.finditer(text):
        drop.update(i for i in range(match.end(1), match.end()))
    if drop:
        line.offsets = [place for i, place in enumerate(line.offsets) if i not in drop]
        text = "".join(c for i, c in enumerate(text) if i not in drop)
    line.text = text.replace("\t", " ")


class _Clean(dict[int, int]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> int:
        self[code] = ord(_clean_character(chr(code)) or _NOTHING)
        return self[code]


def _clean_character(character: str) -> str:
    if character == "\t":
        return "\t"
    if character == "\f":  # the mark of a page, which may stand amid a word
        return ""
    if character.isspace():
        return " "
    if "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ":
        return unicodedata.normalize("NFKC", character)
    if character in "％＋－．" or "⼀" <= character <= "⿕":  # radicals, as PDFs have them
        return unicodedata.normalize("NFKC", character)
    # Cf: zero-width and direction marks; Cs: lone surrogates, which no file can hold.
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") else character


_CLEAN = _Clean()


def _widen_punctuation(text: str) -> str:
    """Turn a half-width mark beside Chinese into the full-width one, character for character."""

    def widen(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        beside_chinese = _CJK.match(before) or _CJK.match(after)
        return match.group().translate(_HALF_TO_FULL) if beside_chinese else match.group()

    text = _HALF.sub(widen, text)
    return _YEAR_WITH_O.sub(lambda match: match.group().translate(_O_TO_ZERO), text)


def parted_by_blanks(lines: list[Line]) -> bool:
    """Whether blank lines part the paragraphs of a text, so that a line's end alone does not."""
    body = [line for line in lines[1:] if line.kind != "row"]
    parted = sum(line.gap > 0 for line in body)
    return 0 < parted < len(body) and parted >= len(body) / 6


def set_width(lines: list[Line]) -> int:
    """The length from which a line is full, of a text set to a width; 0 for any other."""
    sizes = [len(line.text) for line in lines if line.kind != "row"]
    if len(sizes) < 5:
        return 0
    usual = statistics.median(sizes)
    near = [line for line in lines if 0.85 * usual <= len(line.text) <= 1.15 * usual]
    open_ended = [line for line in near if not SENTENCE_ENDS.search(line.text[-ENDING:])]
    set_so = len(near) >= WIDTH_SHARE * len(sizes) and len(open_ended) >= WRAPPED_SHARE * len(near)
    return int(0.85 * usual) if set_so and 12 <= usual <= LONGEST_WIDTH else 0


def width_of(text: str) -> int:
    """How wide a text is set: a Chinese character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def reach_of(lines: list[Line]) -> int:
    """How wide lines are, but for the widest in ten."""
    widths = sorted(width_of(line.text) for line in lines if line.kind != "row")
    return widths[len(widths) * 9 // 10] if widths else 0
