"""Repair of scraped and typeset text: one clean line a block, what is not text left out.

The signs used are those of any page: lines that stop in mid-sentence, page numbers and running
heads between them, links, lines that repeat. Nothing here knows what a document is about.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from itertools import takewhile

from corpus.lines import Line, close_gaps
from corpus.numbering import read_numbering
from corpus.tables import mark_tables

__all__ = ["HEADING_LENGTH", "INNER_STOP", "TERMINAL", "clean_lines", "looks_like_heading"]

HEADING_LENGTH = 60  # the longest headline of the newspaper pages looked at has 56 characters
CLAUSED_HEADING_LENGTH = 24  # with a comma inside, a longer line is half a sentence
REPEAT_LENGTH = 40  # shorter lines may repeat for a reason ("点击查看")
REPEAT_SHARE = 0.9  # of its pieces; a paragraph printed twice, its first words lost once: .95
PIECE = 8  # characters of the pieces in which repeats are compared
RUNNING_TIMES = 3  # a short line that stands that often among others is a running head
CHAPTERS = 3  # the lowest rank of 编, 章, 节
NUMBERED_HEADING = 12  # characters of a numbered line that no text set to a width is cut at
RUNNING_LENGTH = 30
SHORT_HEADING = 12  # characters; a longer line without an end may be half a sentence
MENU_RUN = 3  # lines of links in a row that are a menu
LINKED = 0.8  # share of a line that is links, from which it is one
SHORT_LABEL = 8  # characters of a button or a menu's entry
ENDING = 8  # characters at a line's end in which a sentence ends
WIDTH_SHARE = 0.6  # of the lines of a text set to a width, those that are as long as most
WRAPPED_SHARE = 0.5  # of them, those that do not end a sentence

TERMINAL = re.compile(r"[。！？!?…；;：:][”’」』）)】]*$")
INNER_STOP = re.compile(r"[。！？]")
_ENDS = re.compile(r"[。！？!?…][”’」』）)】]*$")
_PAGE = re.compile(
    r"^\s*(?:[-—–－~·]\s*)+\d{1,4}\s*(?:[-—–－~·]\s*)+$|^第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?$"
    r"|^\d{1,4}\s*/\s*\d{1,4}$|^[Pp]age\s*\d+(?:\s*of\s*\d+)?$|^共\s*\d+\s*页.{0,8}$|^[·.]\s*\d{1,4}\s*[·.]$"
)
_BREADCRUMB = re.compile(
    r"^(?:您?的?(?:当前|所在)?位置|当前位置|首页)\s*[：:>＞»]|(?:[>＞»].{1,12}){3}"
)
_CANNOT_BEGIN = re.compile(r"^[，。；：、！？）》”’】%％℃,;!?)]")
_FIELD = re.compile(r"^[^，。；：:！？]{2,14}[：:]")
_TELLS_FIELD = re.compile(r"^[^，。；：:！？0-9]{2,14}[：:]\s*\S")
_DATE_ONLY = re.compile(
    r"^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?$|^[\d〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)
_FIGURE_CUT = re.compile(r"[\d万亿千百十]$")
_TIME_CUT = re.compile(r"\d年\n\d{1,2}月|\d月\n\d{1,2}日|\d[：:]\n[0-5]\d\D")
_UNIT_BEGINS = re.compile(r"^(?:[余多]?[万亿元个人户家名吨米亩公平立%％千]|[\d])")
_NO_VALUE = re.compile(r"^[^，。；]{1,10}[：:][\s\d-]{0,6}$")  # 分享：, 浏览次数：-
_BRACKETED = re.compile("^[（(【][^（）()]*[）)】]$")
_OPENED = re.compile(r"[（《“‘「『][^）》”’」』]*$")


def clean_lines(lines: list[Line]) -> list[Line]:
    """Lines of a text as they came, whole again and without what is no part of it."""
    lines = mark_tables(lines)
    for line in lines:
        if line.kind != "row":
            close_gaps(line)
    lines = [line for line in lines if line.text]
    lines = _drop_furniture(lines)
    lines = _join_wrapped(lines)
    return _drop_repeats(lines)


def looks_like_heading(line: Line) -> bool:
    """Whether a line is short, ends no sentence and holds none."""
    if line.kind == "row" or line.bullet:
        return False
    return bool(line.level) or (
        len(line.text) <= HEADING_LENGTH
        and not TERMINAL.search(line.text)
        and not INNER_STOP.search(line.text)
        and line.text[-1] not in "，、,"
        and not _TELLS_FIELD.match(line.text)
        and ("，" not in line.text or len(line.text) <= CLAUSED_HEADING_LENGTH)
    )


def _drop_furniture(lines: list[Line]) -> list[Line]:
    """Leave out page numbers, running heads, menus and rows of buttons."""
    crumbs = [bool(_BREADCRUMB.search(line.text)) for line in lines]
    wanted = [not _PAGE.match(line.text) for line in lines]
    lines = _keep(lines, [a and not b for a, b in zip(wanted, crumbs, strict=True)])
    lines = _keep(lines, _no_running_head(lines))
    lines = _keep(lines, _no_menu(lines))
    while len(lines) > 1 and _NO_VALUE.match(lines[-1].text):
        lines.pop()
    return lines


def _keep(lines: list[Line], wanted: list[bool]) -> list[Line]:
    """The lines wanted; where one goes amid a sentence, no gap is left."""
    kept: list[Line] = []
    for line, wants in zip(lines, wanted, strict=True):
        if wants:
            kept.append(line)
    return kept if any(wanted) else lines


def _no_running_head(lines: list[Line]) -> list[bool]:
    """False for all but the first of short lines that repeat without a sentence's end."""
    times = Counter(line.text for line in lines if len(line.text) <= RUNNING_LENGTH)
    seen: set[str] = set()
    wanted = []
    for place, line in enumerate(lines):
        text = line.text
        often = times[text] >= RUNNING_TIMES or (
            times[text] == 2 and text in seen and _splits_sentence(lines, place)
        )
        running = often and line.kind != "row" and not TERMINAL.search(text) and not line.level
        wanted.append(not (running and text in seen))
        seen.add(text)
    return wanted


def _splits_sentence(lines: list[Line], place: int) -> bool:
    """Whether the lines beside a place are one sentence that it stands in the midst of."""
    before, after = lines[place - 1 : place], lines[place + 1 : place + 2]
    return bool(before and after) and not (
        TERMINAL.search(before[0].text)
        or (looks_like_heading(before[0]) and len(before[0].text) < 12)
    )


def _no_menu(lines: list[Line]) -> list[bool]:
    """False for runs of links, and for runs of buttons before the first line of text."""
    wanted = [True] * len(lines)
    linked = [line.linked >= LINKED and not INNER_STOP.search(line.text) for line in lines]
    _reject_runs(linked, wanted, MENU_RUN)
    for place, line in enumerate(lines):
        alone = linked[place] and len(line.text) <= SHORT_LABEL and line.kind != "row"
        wanted[place] = wanted[place] and not alone
    buttons = len(list(takewhile(_is_button, lines)))  # before a title: 下载, 打印, 加大
    if MENU_RUN <= buttons < len(lines):
        wanted[:buttons] = [False] * buttons
    return wanted


def _is_button(line: Line) -> bool:
    return len(line.text) <= SHORT_LABEL and not (line.kind == "row" or line.bullet or line.level)


def _reject_runs(signs: list[bool], wanted: list[bool], least: int) -> None:
    start = 0
    while start < len(signs):
        end = start
        while end < len(signs) and signs[end]:
            end += 1
        if end - start >= least:
            wanted[start:end] = [False] * (end - start)
        start = max(end, start + 1)


def _join_wrapped(lines: list[Line]) -> list[Line]:
    """Join what a line's end cut: words, figures, sentences of a text set to a width."""
    spaced = _parts_with_blanks(lines)
    width = _set_width(lines)
    joined: list[Line] = []
    parts: list[str] = []
    for line in lines:
        before = joined[-1] if joined else None
        headline = len(joined) == 1 and line.gap > 0  # long as it may be, it stands by itself
        if before is not None and not headline and _goes_on(before, line, spaced, width):
            space = _needs_space(before.text[-1], line.text[0])
            parts.append((" " if space else "") + line.text)
            before.offsets += ([line.offsets[0]] if space else []) + line.offsets
            # Only its end is looked at until the paragraph is whole.
            before.text = before.text[-HEADING_LENGTH * 2 :] + parts[-1]
            before.parts.append(parts[-1])
        else:
            if before is not None:
                _close(before)
            line.parts = [line.text]
            parts = []
            joined.append(line)
    if joined:
        _close(joined[-1])
    return joined


def _close(line: Line) -> None:
    line.text = "".join(line.parts)
    line.parts = []


def _goes_on(before: Line, line: Line, spaced: bool, width: int) -> bool:
    """Whether a line is the rest of the one before it."""
    if "row" in (before.kind, line.kind) or before.kind == "title" or before.level or line.level:
        return False
    if line.bullet or read_numbering(line.text) or _ENDS.search(before.text):
        return False
    if _CANNOT_BEGIN.match(line.text) or _cut_within_figure(before, line):
        return True
    if TERMINAL.search(before.text) or _FIELD.match(line.text) or _DATE_ONLY.match(line.text):
        return False
    item = before.bullet or read_numbering(before.text)
    numbering = read_numbering(before.text)
    chapter = numbering is not None and numbering.rank <= CHAPTERS  # may be a running head
    if item and not chapter and len(before.text) <= NUMBERED_HEADING and looks_like_heading(before):
        return False  # 一、教育, with the paragraph right below it
    if _BRACKETED.match(before.text) or (line.gap and (item or _FIELD.match(before.text))):
        return False
    if line.gap == 0 and (spaced or len(before.parts) > 1 or _full(before, width)):
        prose = "，" in before.text or "，" in line.text or INNER_STOP.search(line.text)
        return bool(prose) or bool(_OPENED.search(before.text))
    return not looks_like_heading(before) and not looks_like_heading(line)


def _cut_within_figure(before: Line, line: Line) -> bool:
    """Whether 5600万 and 元 stand on two lines, or 9月 and 28日, 18: and 30."""
    if _TIME_CUT.search(f"{before.text[-8:]}\n{line.text[:8]}"):
        return line.gap == 0
    cut = _FIGURE_CUT.search(before.text) and _UNIT_BEGINS.match(line.text)
    return bool(cut) and line.gap == 0 and ("，" in before.text or "，" in line.text)


def _full(line: Line, width: int) -> bool:
    return width > 0 and len(line.parts[-1] if line.parts else line.text) >= width


def _parts_with_blanks(lines: list[Line]) -> bool:
    """Whether blank lines part the paragraphs of a text, so that a line's end alone does not."""
    body = [line for line in lines[1:] if line.kind != "row"]
    parted = sum(line.gap > 0 for line in body)
    return 0 < parted < len(body) and parted >= len(body) / 6


def _set_width(lines: list[Line]) -> int:
    """The length from which a line is full, of a text set to a width; 0 for any other."""
    sizes = [len(line.text) for line in lines if line.kind != "row"]
    if len(sizes) < 5:
        return 0
    usual = statistics.median(sizes)
    near = [line for line in lines if 0.85 * usual <= len(line.text) <= 1.15 * usual]
    open_ended = [line for line in near if not _ENDS.search(line.text[-ENDING:])]
    set_so = len(near) >= WIDTH_SHARE * len(sizes) and len(open_ended) >= WRAPPED_SHARE * len(near)
    return int(0.85 * usual) if set_so and 12 <= usual <= HEADING_LENGTH else 0


def _needs_space(left: str, right: str) -> bool:
    return all(c.isascii() and c.isalpha() for c in (left, right))


def _drop_repeats(lines: list[Line]) -> list[Line]:
    """Drop a paragraph that repeats an earlier one, figures and all, but for a lost beginning."""
    seen: dict[tuple[str, ...], str] = {}
    kept: list[Line] = []
    for line in lines:
        if line.kind == "paragraph" and len(line.text) >= REPEAT_LENGTH:
            # Two years' reports may differ in nothing but a figure, so figures must agree.
            key = (line.text[-REPEAT_LENGTH // 2 :], *re.findall(r"\d+", line.text))
            earlier = seen.setdefault(key, line.text)
            # Of paragraphs that share end and figures, the first is enough to compare with.
            if earlier is not line.text and _alike(earlier, line.text):
                continue
        kept.append(line)
    return kept


def _alike(one: str, other: str) -> bool:
    """Whether two texts share nearly all their pieces."""
    pieces = [{text[i : i + PIECE] for i in range(len(text) - PIECE + 1)} for text in (one, other)]
    return len(pieces[0] & pieces[1]) >= REPEAT_SHARE * max(map(len, pieces))
