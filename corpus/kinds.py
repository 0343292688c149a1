"""What each line of a document is: title, heading, item, caption, or the page's own words."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

from corpus.cleaning import HEADING_LENGTH, INNER_STOP, TERMINAL, looks_like_heading
from corpus.language import DIGIT_YEAR, find_dates
from corpus.lines import Line
from corpus.numbering import read_numbering

__all__ = ["QUESTION", "mark_kinds"]

HEADING_RUN = 3  # kicker, headline, subtitle; a longer run of such lines is a list
CAPTION_LENGTH = 60  # photo captions there have 5 to 40
STAMP_LENGTH = 60  # characters of what a page says of itself
HEAD_LINES = 14  # in which the title and what a page says of itself stand
FOOT_LINES = 6
_OF_HEADINGS = ("一、", "（一）")  # shapes of numbers of headings that end like sentences

_KIND_OF_TEXT = (
    "通知|办法|规定|意见|报告|公报|方案|条例|细则|决定|决议|通告|公告|通报|批复|复函|函|指南|指引|规划|纲要|须知|章程|"
    "简介|问答|政策|标准|说明|清单|简报|年报|快报|总结|目录|攻略"
)
_ENDS_TITLE = re.compile(rf"(?:{_KIND_OF_TEXT})(?:[（(《].*)?$")
QUESTION = re.compile(r"^[^。！？?]{4,60}[？?]$")
_QUESTIONS = re.compile(r"^(?:[^。！？?]{2,80}[？?]){1,3}$")  # one that has a number may be two
_BRACKETED = re.compile(r"^[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]$")  # （试行）
_NUMBER_OF = re.compile(
    rf"[〔\[［(（]{DIGIT_YEAR}[〕\]］)）]\s*第?\s*\d+\s*号|^第\s*\d+\s*号$|令第\d+号"
)
_ISSUER = re.compile(r"(?:人民政府|政府办公[厅室]|委员会|[局厅部委办院会处])$|^国务院$")
_STAMP = re.compile(
    r"(?:来源|发布|时间|日期|字号|浏览|作者|记者|编辑|发布机构|信息来源|访问量|阅读)[^，。]{0,6}[：:]"
)
_SPEAKER = re.compile(
    r"(?:^|[\u4e00-\u9fff])(?:[省市区县州盟]\s?长|主\s?席|主\s?任|书\s?记)[：:\s]+[\u4e00-\u9fff·\s]{2,12}$"
)
_OCCASION = re.compile(
    r"^—*(?:[^，。；]{0,4})\d{4}年\d{1,2}月\d{1,2}日在[^，。；]{4,40}(?:会议|大会)上$"
)
_BYLINE = "发文机关 发布单位 发布日期"
_LABELS = (
    (
        re.compile(
            r"(?:发布|发表|公开|更新)(?:日期|时间)|^时间[：:]|(?:来源|浏览|字号|作者).*(?:时间|日期)[：:]"
        ),
        "发布日期",
    ),
    (re.compile(r"来源|发布机构|发布单位"), "来源 发布单位"),
    (re.compile(r"作者|记者|编辑"), "作者"),
)

_OWN_WORDS = (
    (re.compile(r"^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?$"), "发布日期"),
    (_SPEAKER, "报告人 作者"),
    (_OCCASION, "报告时间 报告会议"),
)


def mark_kinds(lines: list[Line]) -> list[Line]:
    """Say which line is the title, a heading, an item, a caption, or the page's own words."""
    lines = _mark_title(lines)
    _mark_headings(lines)
    _mark_head_and_foot(lines)
    _mark_captions(lines)
    return lines


def _mark_title(lines: list[Line]) -> list[Line]:
    """Find the title among the first lines, whole where a line's end cut it."""
    if not lines:
        return lines
    if lines[0].kind == "title":  # a page that says it of itself repeats it
        folded = re.sub(r"\s", "", lines[0].text)
        rest = [
            n
            for n, line in enumerate(lines[1 : HEAD_LINES + 1], 1)
            if re.sub(r"\s", "", line.text) == folded
        ]
        if rest:
            lines = [lines[0], *lines[rest[0] + 1 :]]
        return lines
    place = _title_place(lines)
    if place is None:
        return lines
    title = lines[place]
    following = lines[place + 1 : place + 2]
    if (
        following
        and not _ENDS_TITLE.search(title.text)
        and _ENDS_TITLE.search(following[0].text)
        and looks_like_heading(following[0])
        and following[0].gap == 0
        and not following[0].level
        and not read_numbering(following[0].text)
        and len(title.text) + len(following[0].text) <= HEADING_LENGTH
    ):
        title.text += following[0].text
        title.offsets += following[0].offsets
        del lines[place + 1]
    title.kind = "title"
    return lines


def _title_place(lines: Sequence[Line]) -> int | None:
    """Where the title stands: the first marked heading, else the likeliest first line."""
    head = lines[:HEAD_LINES]
    for place, line in enumerate(head):
        if line.level == 1 or (line.level and place == 0):
            return place
        if INNER_STOP.search(line.text) and len(line.text) > HEADING_LENGTH:
            break
    for place, line in enumerate(head):
        if line.kind == "row":
            break
        if _looks_like_title(line) and not _STAMP.search(line.text):
            later = [
                n
                for n in range(place + 1, min(place + 4, len(head)))
                if looks_like_heading(head[n])
                and _ENDS_TITLE.search(head[n].text)
                and not read_numbering(head[n].text)
            ]
            if later and not _ENDS_TITLE.search(line.text) and len(line.text) <= 12:
                return later[0]  # under the name of a site or a page's buttons
            return place
        if INNER_STOP.search(line.text):
            break
    return None


def _looks_like_title(line: Line) -> bool:
    return (
        len(line.text) <= HEADING_LENGTH
        and not INNER_STOP.search(line.text)
        and line.kind != "row"
        and not line.bullet
    )


def _mark_headings(lines: list[Line]) -> None:
    """Mark short lines without an end; a long run of them is a list and stays text."""
    start = next((i + 1 for i, line in enumerate(lines) if line.kind == "title"), 0)
    while start < len(lines):
        end = start
        while end < len(lines) and _may_head(lines, end):
            end += 1
        run = lines[start:end]
        followed = end < len(lines)
        few = len(run) <= HEADING_RUN and followed
        for place, line in enumerate(run):
            numbered = read_numbering(line.text)
            parts = numbered and numbered.rank <= 3
            beside = [*run[max(0, place - 1) : place], *run[place + 1 : place + 2]]
            opens = not any(_same_shape(line, other) for other in beside)
            if line.level or parts or (few and opens) or (numbered and opens and followed):
                line.kind = "heading"
        start = end + 1
    sentences = _heading_sentences(lines)
    for place, line in enumerate(lines):
        if line.kind != "paragraph":
            continue
        numbered = read_numbering(line.text)
        asks = QUESTION.match(line.text) or (numbered and _QUESTIONS.match(line.text))
        if place in sentences or (asks and _answered(lines, place)):
            line.kind = "heading"
        elif line.bullet or (numbered and numbered.shape not in ("条", "问")):
            line.kind = "item"


def _heading_sentences(lines: Sequence[Line]) -> set[int]:
    """Places of headings that end like sentences above text, twice or more: （二）加快建设。"""
    found: dict[str, list[int]] = {}
    for place, (line, below) in enumerate(pairwise(lines)):
        numbered = read_numbering(line.text)
        if (
            numbered
            and numbered.shape in _OF_HEADINGS
            and line.kind == below.kind == "paragraph"
            and line.text.endswith("。")
            and len(line.text) <= HEADING_LENGTH
            and not INNER_STOP.search(line.text[:-1])
            and len(below.text) > len(line.text)
            and not (below.bullet or read_numbering(below.text))
        ):
            found.setdefault(numbered.shape, []).append(place)
    return {place for places in found.values() if len(places) > 1 for place in places}


def _may_head(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    if line.kind != "paragraph" or not looks_like_heading(line):
        return False
    when = _says_when(line.text)  # 3月5日 may stand above what was done on that day
    below = lines[place + 1 : place + 2]
    return not when or (when == "date" and bool(below) and not looks_like_heading(below[0]))


def _same_shape(one: Line, other: Line) -> bool:
    """Whether two lines are numbered alike: then neither heads the other."""
    left, right = read_numbering(one.text), read_numbering(other.text)
    return bool(left and right and left.shape == right.shape)


def _answered(lines: Sequence[Line], place: int) -> bool:
    """Whether what stands below a question is no question."""
    after = lines[place + 1 : place + 2]
    quoted = "“" in lines[place].text and not read_numbering(lines[place].text)  # somebody's words
    return bool(after) and not (quoted or _QUESTIONS.match(after[0].text))


def _mark_head_and_foot(lines: list[Line]) -> None:
    """Mark what a document says of itself: its number, issuer, dates and source."""
    top = next((i for i, line in enumerate(lines) if line.kind == "title"), -1)
    if top < 0:
        return
    numbered = (read_numbering(line.text) for line in lines)
    first = (
        i
        for i, (line, number) in enumerate(zip(lines, numbered, strict=True))
        if i > top and ((number and not line.bullet) or _opens_text(line))
    )
    end = next(first, len(lines))
    for line in lines[top + 1 : min(end, top + 1 + HEAD_LINES)]:
        if line.kind in ("paragraph", "heading", "item") and not read_numbering(line.text):
            _label(line)
    foot = lines[max(end, len(lines) - FOOT_LINES) :]
    for before, line in zip([None, *foot], foot, strict=False):
        if line.kind not in ("paragraph", "heading") or len(line.text) > HEADING_LENGTH:
            continue
        if _says_when(line.text) == "date":
            published = any("发布日期" in other.label for other in lines)
            line.kind, line.label = "meta", "成文日期" if published else "成文日期 发布日期"
            if before is not None and before.kind != "item" and _ISSUER.search(before.text):
                before.kind, before.label = "meta", "发文机关 发布单位"


def _says_when(text: str) -> str:
    """What a line that ends with a day is: "date", "byline" after an office, or ""."""
    text = text.rstrip("）)")
    dates = list(find_dates(text)) if len(text) <= STAMP_LENGTH else []
    if not dates or not dates[-1].year or dates[-1].end < len(text):
        return ""
    before = text[: dates[-1].start].strip(" （(")
    if not before:
        return "date"
    whole = dates[-1].day and len(dates) == 1 and not re.search("[，、；：。]", before)
    return "byline" if whole and _ISSUER.search(before) else ""


def _opens_text(line: Line) -> bool:
    """Whether a line is text and not what a page says of itself."""
    return bool(INNER_STOP.search(line.text)) and not _STAMP.match(line.text)


def _label(line: Line) -> None:
    if _NUMBER_OF.search(line.text) and len(line.text) <= STAMP_LENGTH:
        line.kind, line.label = "meta", "发文字号 文号"
        return
    if len(line.text) > STAMP_LENGTH:
        return
    when = _says_when(line.text)
    if when:
        line.kind, line.label = "meta", "发布日期" if when == "date" else _BYLINE
        return
    if _BRACKETED.match(line.text):
        line.kind = "meta"  # which meeting or draft it is of, or who passed it when
        return
    for pattern, label in _OWN_WORDS:
        if pattern.search(line.text):
            line.kind, line.label = "meta", label
            return
    if not _STAMP.search(line.text):
        return
    labels = [label for pattern, label in _LABELS if pattern.search(line.text)]
    if "发布日期" not in labels and any(found.day for found in find_dates(line.text)):
        labels.insert(0, "发布日期")
    line.kind, line.label = "meta", " ".join(labels)


def _mark_captions(lines: list[Line]) -> None:
    """Mark one-sentence lines that stand off from the text by a wider gap than is usual."""
    if len(lines) < HEADING_RUN:
        return
    usual = statistics.median_low(line.gap for line in lines[1:])
    for line in lines[1:]:
        one_sentence = len(INNER_STOP.findall(line.text)) == 1 and TERMINAL.search(line.text)
        if (
            line.kind == "paragraph"
            and line.gap > max(usual, 1)
            and one_sentence
            and len(line.text) <= CAPTION_LENGTH
        ):
            line.kind = "caption"
