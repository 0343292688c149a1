"""Repair of scraped and typeset text: one clean line a block, what is not text left out.

The signs used are those of any page: lines that stop in mid-sentence, page numbers and running
heads between them, links, lines that repeat. Nothing here knows what a document is about.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile

from corpus.lines import (
    SENTENCE_ENDS,
    Line,
    close_gaps,
    parted_by_blanks,
    reach_of,
    set_width,
    width_of,
)
from corpus.markup import SHORT_LABEL, is_button, is_of_page, is_trail
from corpus.numbering import read_numbering
from corpus.tables import mark_tables

__all__ = ["HEADING_LENGTH", "INNER_STOP", "TERMINAL", "clean_lines", "looks_like_heading"]

HEADING_LENGTH = 60  # the longest headline of the newspaper pages looked at has 56 characters
CLAUSED_HEADING_LENGTH = 24  # with a comma inside, a longer line is half a sentence
REPEAT_LENGTH = 40  # shorter lines may repeat for a reason ("点击查看")
REPEAT_SHARE = 0.9  # of its characters; a paragraph printed twice, its first words lost once: .95
RUNNING_TIMES = 3  # a short line that stands that often among others is a running head
CHAPTERS = 3  # the lowest rank of 编, 章, 节
NUMBERED_HEADING = 12  # characters of a numbered line that no text set to a width is cut at
RUNNING_LENGTH = 30
SHORT_HEADING = 12  # characters; a longer line without an end may be half a sentence
MENU_RUN = 3  # lines of links in a row that are a menu
LINKED = 0.8  # share of a line that is links, from which it is one
TEXT_LENGTH = 150  # characters; a longer line is text, whatever marks it has
CUT_SHARE = 0.8  # of the width that most lines keep within; a shorter one was not cut by it

TERMINAL = re.compile(r"[。！？!?…；;：:][”’」』）)】]*$")
INNER_STOP = re.compile(r"[。！？]")
_PAGE = re.compile(
    r"^\s*(?:[-—–－~·]\s*)+\d{1,4}\s*(?:[-—–－~·]\s*)+$|^第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?$"
    r"|^\d{1,4}\s*/\s*\d{1,4}$|^[Pp]age\s*\d+(?:\s*of\s*\d+)?$|^共\s*\d+\s*页(?:[\s，,/]*第\s*\d+\s*页)?$|^[·.]\s*\d{1,4}\s*[·.]$"
)
_CANNOT_BEGIN = re.compile(r"^[，。；：、！？）》”’】%％℃,;!?)]")
_FIELD = re.compile(r"^[^，。；：:！？]{2,14}[：:]")
_TELLS_FIELD = re.compile(r"^[^，。；：:！？0-9]{2,14}[：:]\s*\S")
_DATE_ONLY = re.compile(
    r"^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?$|^[\d〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)
_NUMBER = re.compile(r"\d{3}")
_FIGURE_CUT = re.compile(r"[\d万亿千百十]$")
_TIME_CUT = re.compile(r"\d年\n\d{1,2}月|\d月\n\d{1,2}日|\d[：:]\n[0-5]\d\D")
_UNIT_BEGINS = re.compile(r"^(?:[余多]?[万亿元个人户家名吨米亩公平立%％千]|[\d])")
_NO_VALUE = re.compile(  # 分享：, 浏览次数：-; but 电话：12345 is told
    r"^[^，。；：:]{1,10}[：:][\s-]*$|^(?:浏览|阅读|点击|访问|打印|分享)(?:次数|人次|量|数)?[：:][\s\d-]{0,9}$"
)
_UNFINISHED = re.compile(r"[的和与及或在将把对为以并由向从按于]$")
_BRACKETED = re.compile("^[（(【][^（）()]*[）)】]$")
_NAMES_ONE = re.compile(
    "[镇乡村街区县市州省社园校院馆局厅所站路桥号楼]|公司|[第甲乙丙丁]|[A-Za-z①-⑳]"
)
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
    """Leave out page numbers, running heads, menus and rows of buttons; never a sentence."""
    edges = _page_edges(lines)
    lines = _keep(lines, _no_running_head(lines, edges))
    head = len(list(takewhile(lambda line: not _is_sentence(line), lines)))
    lines = _keep(
        lines,
        [
            not _PAGE.match(line.text) and not (place < head and is_trail(line, place == 0))
            for place, line in enumerate(lines)
        ],
    )
    lines = _keep(lines, _no_menu(lines))
    while len(lines) > 1 and _NO_VALUE.match(lines[-1].text):
        lines.pop()
    return lines


def _keep(lines: list[Line], wanted: list[bool]) -> list[Line]:
    """The lines wanted; where one goes amid a sentence, no gap is left."""
    kept = [a for a, wants in zip(lines, wanted, strict=True) if wants or _is_sentence(a)]
    return kept or lines


def _is_sentence(line: Line) -> bool:
    return bool(INNER_STOP.search(line.text)) or len(line.text) > TEXT_LENGTH


def _page_edges(lines: list[Line]) -> set[int]:
    """Places of lines beside a page's number, where a running head stands."""
    numbers = [place for place, line in enumerate(lines) if _PAGE.match(line.text)]
    return {place + step for place in numbers for step in (-2, -1, 1, 2)}


def _no_running_head(lines: list[Line], edges: set[int]) -> list[bool]:
    """False for all but the first of short lines that repeat at the edges of pages.

    Elsewhere what repeats is text: each of several services is free, or has its 办理时限.
    """
    times = Counter(line.text for line in lines if len(line.text) <= RUNNING_LENGTH)
    seen: set[str] = set()
    wanted = []
    for place, line in enumerate(lines):
        text = line.text
        at_edge = times[text] >= RUNNING_TIMES and place in edges
        running = (at_edge or (text in seen and _splits_sentence(lines, place))) and not (
            line.kind == "row" or TERMINAL.search(text) or line.level
        )
        wanted.append(not (running and text in seen))
        seen.add(text)
    return wanted


def _splits_sentence(lines: list[Line], place: int) -> bool:
    """Whether the lines beside a place are one sentence that it stands in the midst of."""
    before, after = lines[place - 1 : place], lines[place + 1 : place + 2]
    return bool(before and after) and not (
        TERMINAL.search(before[0].text)
        or looks_like_heading(before[0])
        or looks_like_heading(after[0])
        or read_numbering(after[0].text)
    )


def _no_menu(lines: list[Line]) -> list[bool]:
    """False for runs of links, and for runs of buttons before the first line of text."""
    wanted = [True] * len(lines)
    linked = [line.linked >= LINKED and not INNER_STOP.search(line.text) for line in lines]
    _reject_runs(linked, wanted, MENU_RUN)
    for place, line in enumerate(lines):
        alone = linked[place] and len(line.text) <= SHORT_LABEL and line.kind != "row"
        alone = alone and not _NUMBER.search(line.text)  # a link to call a number
        wanted[place] = wanted[place] and not alone
    buttons = len(list(takewhile(is_button, lines)))  # before a title: 下载, 打印, 加大
    known = sum(is_of_page(line) for line in lines[:buttons])
    if MENU_RUN <= buttons < len(lines) and 2 * known >= buttons:  # and not names of people
        wanted[:buttons] = [False] * buttons
    return wanted


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
    spaced = parted_by_blanks(lines)
    width, reach = set_width(lines), reach_of(lines)
    joined: list[Line] = []
    parts: list[str] = []
    for line in lines:
        before = joined[-1] if joined else None
        headline = len(joined) == 1 and line.gap > 0  # long as it may be, it stands by itself
        if before is not None and not headline and _goes_on(before, line, spaced, width, reach):
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


def _goes_on(before: Line, line: Line, spaced: bool, width: int, reach: int) -> bool:
    """Whether a line is the rest of the one before it."""
    if "row" in (before.kind, line.kind) or before.kind == "title" or before.level or line.level:
        return False
    if line.bullet or read_numbering(line.text) or SENTENCE_ENDS.search(before.text):
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
    if numbering and _stands_alone(before, line, reach):
        return False
    if _BRACKETED.match(before.text) or (line.gap and (item or _FIELD.match(before.text))):
        return False
    if line.gap == 0 and (spaced or len(before.parts) > 1 or _full(before, width)):
        prose = "，" in before.text or "，" in line.text or INNER_STOP.search(line.text)
        return bool(prose) or bool(_OPENED.search(before.text))
    return not looks_like_heading(before) and not looks_like_heading(line)


def _stands_alone(before: Line, line: Line, reach: int) -> bool:
    """Whether a numbered line is a heading, of its own with a sentence right below it.

    A sentence that a line's end cut fills the line; this one is shorter than others are.
    """
    return (
        len(before.parts) == 1
        and looks_like_heading(before)
        and not (
            "，" in before.text or _OPENED.search(before.text) or _UNFINISHED.search(before.text)
        )
        and width_of(before.text) < CUT_SHARE * reach
        and bool(INNER_STOP.search(line.text) or "，" in line.text or TERMINAL.search(line.text))
    )


def _cut_within_figure(before: Line, line: Line) -> bool:
    """Whether 5600万 and 元 stand on two lines, or 9月 and 28日, 18: and 30."""
    if _TIME_CUT.search(f"{before.text[-8:]}\n{line.text[:8]}"):
        return line.gap == 0
    cut = _FIGURE_CUT.search(before.text) and _UNIT_BEGINS.match(line.text)
    return bool(cut) and line.gap == 0 and ("，" in before.text or "，" in line.text)


def _full(line: Line, width: int) -> bool:
    return width > 0 and len(line.parts[-1] if line.parts else line.text) >= width


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
    """Whether two texts are the same but for their first words, and those name no two things."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    first = (text[: len(text) - same + 2] for text in (one, other))
    return same >= REPEAT_SHARE * max(len(one), len(other)) and (
        one == other or not all(_NAMES_ONE.search(words) for words in first)
    )
