"""Repair of scraped pages: one clean line a block, with a map back to the raw text.

The signs used are those of any scraped page: missing end punctuation, gaps wider than the
usual one, lines that repeat. Nothing here knows what a document is about.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from corpus.document import Block, BlockKind
from corpus.outline import governing_year, outline

__all__ = ["Repaired", "repair"]

HEADING_LENGTH = 60  # the longest headline of the newspaper pages looked at has 56 characters
CLAUSED_HEADING_LENGTH = 24  # with a comma inside, a longer line is half a sentence
CAPTION_LENGTH = 60  # photo captions there have 5 to 40
HEADING_RUN = 3  # kicker, headline, subtitle; a longer run of such lines is a list
REPEAT_LENGTH = 40  # shorter lines may repeat for a reason ("点击查看")
REPEAT_RATIO = 0.95  # a paragraph printed twice, its first words lost once: .985

_TERMINAL = re.compile(r"[。！？!?…][”’」』）)】]*$")
_INNER_STOP = re.compile(r"[。！？]")
_MARKUP = re.compile(r"^\s*(#{1,6}\s+|[-*+•·]\s+)")
_HALF_TO_FULL = str.maketrans(",;:?!", "，；：？！")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff“”‘’《》（）、。，；：？！]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Clean text, the raw offset of each of its characters, its title, year and blocks."""

    text: str
    offsets: tuple[int, ...]
    title: str
    year: int | None
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _Line:
    """A line on its way: its characters, their raw offsets, and the blank lines before it."""

    text: str
    offsets: list[int]
    gap: int
    kind: BlockKind = "paragraph"
    marked: bool = field(default=False)  # carries a Markdown heading sign


def repair(raw: str) -> Repaired:
    """Rejoin broken sentences, drop repeats, and mark title, headings and captions.

    Takes any text, empty or hostile; never raises. `text[i]` came from `raw[offsets[i]]`.
    """
    lines = _read_lines(raw)
    _mark_headings(lines)
    lines = _rejoin(lines)
    lines = _drop_repeats(lines)
    _mark_captions(lines)
    return _assemble(lines)


def _read_lines(raw: str) -> list[_Line]:
    lines: list[_Line] = []
    gap, position = 0, 0
    for piece in raw.splitlines(keepends=True):
        line = _clean_line(piece, position, gap)
        position += len(piece)
        if line is None:
            gap += 1
        else:
            lines.append(line)
            gap = 0
    return lines


def _clean_line(piece: str, position: int, gap: int) -> _Line | None:
    """Drop control characters and doubled spaces, unfold full-width letters and digits."""
    markup = _MARKUP.match(piece)
    skipped = markup.end() if markup else 0
    characters: list[str] = []
    offsets: list[int] = []
    for index in range(skipped, len(piece)):
        character = _clean_character(piece[index])
        if character == " " and (not characters or characters[-1] == " "):
            continue
        if character:
            characters.append(character)
            offsets.append(position + index)
    while characters and characters[-1] == " ":
        characters.pop()
        offsets.pop()
    if not characters:
        return None
    text = _widen_punctuation("".join(characters))
    return _Line(text, offsets, gap, marked=bool(markup and "#" in markup.group()))


def _clean_character(character: str) -> str:
    if character.isspace():
        return " "
    if "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ":
        return unicodedata.normalize("NFKC", character)
    if character in "％＋－．":
        return unicodedata.normalize("NFKC", character)
    # Cf: zero-width and direction marks; Cs: lone surrogates, which no file can hold.
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") else character


def _widen_punctuation(text: str) -> str:
    """Turn a half-width mark beside Chinese into the full-width one, character for character."""

    def widen(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        beside_chinese = _CJK.match(before) or _CJK.match(after)
        return match.group().translate(_HALF_TO_FULL) if beside_chinese else match.group()

    return re.sub(r"[,;:?!]", widen, text)


def _mark_headings(lines: list[_Line]) -> None:
    """Mark short lines without an end; a long run of them is a list and stays text."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _looks_like_heading(lines[end]):
            end += 1
        followed = end < len(lines)
        run = lines[start:end]
        for place, line in enumerate(run):
            few = len(run) - (start == 0) <= HEADING_RUN and followed
            if line.marked or few or (start == 0 and place == 0):
                line.kind = "heading"
        start = end + 1
    if lines and (lines[0].kind == "heading" or _looks_like_title(lines[0])):
        lines[0].kind = "title"


def _looks_like_title(line: _Line) -> bool:
    return len(line.text) <= HEADING_LENGTH and not _INNER_STOP.search(line.text)


def _looks_like_heading(line: _Line) -> bool:
    return line.marked or (
        len(line.text) <= HEADING_LENGTH
        and not _TERMINAL.search(line.text)
        and not _INNER_STOP.search(line.text)
        and line.text[-1] not in "，、；：,;"
        and ("，" not in line.text or len(line.text) <= CLAUSED_HEADING_LENGTH)
    )


def _rejoin(lines: list[_Line]) -> list[_Line]:
    """Join a paragraph that stops in mid-sentence with the paragraph that follows it."""
    joined: list[_Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind == line.kind == "paragraph"
            and not _TERMINAL.search(before.text)
            and not _looks_like_heading(before)
        ):
            space = _needs_space(before.text[-1], line.text[0])
            before.text += (" " if space else "") + line.text
            before.offsets += ([line.offsets[0]] if space else []) + line.offsets
        else:
            joined.append(line)
    return joined


def _needs_space(left: str, right: str) -> bool:
    return all(c.isascii() and c.isalpha() for c in (left, right))


def _drop_repeats(lines: list[_Line]) -> list[_Line]:
    """Drop a paragraph that repeats an earlier one, figures and all, but for a lost beginning."""
    seen: dict[tuple[str, ...], list[str]] = {}
    kept: list[_Line] = []
    for line in lines:
        if line.kind == "paragraph" and len(line.text) >= REPEAT_LENGTH:
            # Two years' reports may differ in nothing but a figure, so figures must agree.
            key = (line.text[-REPEAT_LENGTH // 2 :], *re.findall(r"\d+", line.text))
            earlier = seen.setdefault(key, [])
            if any(
                SequenceMatcher(None, text, line.text, False).ratio() >= REPEAT_RATIO
                for text in earlier
            ):
                continue
            earlier.append(line.text)
        kept.append(line)
    return kept


def _mark_captions(lines: list[_Line]) -> None:
    """Mark one-sentence lines that stand off from the text by a wider gap than is usual."""
    if len(lines) < HEADING_RUN:
        return
    usual = statistics.median_low(line.gap for line in lines[1:])
    for line in lines[1:]:
        one_sentence = len(_INNER_STOP.findall(line.text)) == 1 and _TERMINAL.search(line.text)
        if (
            line.kind == "paragraph"
            and line.gap > usual
            and one_sentence
            and len(line.text) <= CAPTION_LENGTH
        ):
            line.kind = "caption"


def _assemble(lines: list[_Line]) -> Repaired:
    year = governing_year([line.text for line in lines])
    sections = outline([(line.kind, line.text) for line in lines], year)
    blocks: list[Block] = []
    offsets: list[int] = []
    parts: list[str] = []
    for line, (section, section_year) in zip(lines, sections, strict=True):
        if parts:
            offsets.append(offsets[-1])  # the line end we write stands for the gap in raw
        start = len(offsets)
        offsets += line.offsets
        parts.append(line.text)
        blocks.append(Block(line.kind, start, len(offsets), section, section_year))
    title = lines[0].text if lines and lines[0].kind == "title" else ""
    return Repaired("\n".join(parts), tuple(offsets), title, year, tuple(blocks))
