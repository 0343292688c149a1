"""Questions that the documents can answer, made from the figures in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice, zip_longest
from typing import TypeVar
from weakref import WeakKeyDictionary

from corpus.language import (
    CLAUSE_MARKS,
    DIGIT_YEAR,
    Figure,
    clause_end,
    clause_start,
    find_quantities,
    years_in,
)
from index import Index
from qa.answering import answer_over
from qa.browsing.figure_table import MOMENTS, FigureRow, document_rows, is_vague

__all__ = ["openers", "suggest"]

MOST_TRIED = 12  # questions asked before giving up on more; one takes some 40 ms
MOST_OPENED = 24  # documents and questions looked at for openers
VERDICTS_KEPT = 10_000  # of one index; some 200 bytes each
SHORTEST, LONGEST = 4, 20  # characters of what is asked about, without its figure
SHORTEST_ALONE = 6  # where neither a place nor being the only document tells of whom

_T = TypeVar("_T")

# They measure a moment, an age or a place in a row, or count parts of a word (三类, 两步).
_UNASKED = MOMENTS | frozenset("类级成倍度步句字大对口片℃‰")
_MARKS = CLAUSE_MARKS + ":!?\n—"
_LEADING = re.compile(
    rf"^(?:[一二三四五六七八九十]是|{DIGIT_YEAR}年(?:底|末)?|[今当]年|年初|全[年区县镇]|年内|目前|现|其中|"
    r"并|还|也|共|已|以及|和|及|到|至|[、，\s])+"
)
# Words that lean on what was said before, and signs that a clause is cut out of its sentence.
_UNCLEAR = re.compile(
    r"[该此这那其她他它我你您每又仍却称由从比较“”‘’《》（）()【】\[\]…]|上述|以[下上]|当[日天晚时]|[昨次近]日|"
    r"本[次届]|当地|还有|全力|\d[^、]?、|日前|随后|之后|分别|左右|先后|记者|报道|[\d—-]月|\d{4}年|时许|说$"
)
_CUT_BEFORE = (
    "在", "针对", "围绕", "位于", "始终", "相当于", "低于", "高于", "首次", "要求", "除了", "另",
    "最终", "是", "即", "占", "将", "把", "如", "以", "自", "于", "约", "按", "且", "向", "与",
    "还", "用",
)  # fmt: skip
_CUT_AFTER = ("中", "时", "后", "里", "上", "下", "前", "内", "外", "的", "等", "组成")
_AIM = ("计划", "目标", "力争", "争取", "预计", "预期", "拟", "确保", "将")
_NAMED = re.compile(
    r"[\u3400-\u9fff]{2}(?:[省市县区镇州港]|机场|公司|集团|大学|医院|铁路|银行|法院|产业|行业)|[全中]国"
)

_verdicts: WeakKeyDictionary[Index, dict[tuple[str, str, int], bool]] = WeakKeyDictionary()


def suggest(
    index: Index, document_id: str, at: int, limit: int = 3, exclude: Collection[str] = ()
) -> tuple[str, ...]:
    """Questions about figures near a place of a document, each of which has its answer.

    Those of the same section come first, nearest first, then the rest of the document; what
    stands in the sentence at that place comes last. None is in `exclude`. Raises KeyError for
    an unknown document.
    """
    index.document(document_id)
    rows = list(document_rows(index, document_id))
    section = min(rows, key=lambda row: _distance(row, at)).section if rows else ""
    rows.sort(
        key=lambda row: (row.start <= at < row.end, row.section != section, _distance(row, at))
    )
    return tuple(islice(_verified(index, rows, MOST_TRIED, exclude), limit))


def openers(index: Index, limit: int = 6) -> tuple[str, ...]:
    """Questions to begin with, spread over the documents and their sections."""
    count, _ = index.catalogue.sizes()
    step = -(-count // MOST_OPENED) or 1
    spread = [
        key for offset in range(0, count, step) for key in index.catalogue.document_ids(1, offset)
    ]
    documents = [
        [list(rows) for _, rows in groupby(found, key=lambda row: row.section)]
        for found in (document_rows(index, key) for key in spread)
    ]
    rows = _in_turn(list(_in_turn(documents)))
    return tuple(islice(_verified(index, rows, MOST_OPENED), limit))


def _in_turn(lists: Iterable[list[_T]]) -> Iterator[_T]:
    """The first of each list, then the second of each, and so on."""
    for tier in zip_longest(*([[item] for item in items] for items in lists), fillvalue=()):
        for place in tier:
            yield from place


def _distance(row: FigureRow, at: int) -> int:
    return max(row.start - at, at - row.end + 1, 0)


def _verified(
    index: Index, rows: Iterable[FigureRow], most: int, exclude: Collection[str] = ()
) -> Iterator[str]:
    """The questions of rows that are answered with their figures; `most` are tried."""
    several = index.catalogue.sizes()[0] > 1
    seen = set(exclude)
    tried = 0
    for row in rows:
        in_table = bool(index.document(row.document_id).block_at(row.figure_start).cells)
        question = _question_of_cell(row, several) if in_table else _question(row, several)
        if not question or question in seen:
            continue
        seen.add(question)
        tried += 1
        if tried > most:
            return
        if _holds(index, question, row):
            yield question


def _holds(index: Index, question: str, row: FigureRow) -> bool:
    """Whether a question is answered with the figure of a row, cited from where it stands."""
    verdicts = _verdicts.setdefault(index, {})
    key = (question, row.document_id, row.figure_start)
    if key not in verdicts:
        if len(verdicts) >= VERDICTS_KEPT:
            verdicts.clear()
        found = answer_over(index, question)
        verdicts[key] = (
            found.status == "answered"
            and row.value in found.text
            and any(
                cited.source == row.source and cited.start <= row.figure_start < cited.end
                for cited in found.citations
            )
        )
    return verdicts[key]


def _question(row: FigureRow, several: bool) -> str:
    """A row's clause with 多少 in the place of its figure, "" where that would read badly.

    Among `several` documents it names the place that the title of its own does; without one it
    must say more by itself, and takes no year that neither its sentence nor a heading names.
    """
    placed = _place_of(row)
    alone = several and not placed
    piece = _piece(row)
    if piece is None:
        return ""
    figure, head, tail = piece
    if alone and not (_NAMED.search(head) and len(head + tail) >= SHORTEST_ALONE):
        return ""
    words = _ask(head, tail, figure)
    if words and row.status == "target" and not any(word in words for word in _AIM):
        words = f"计划{words}"
    told = not alone or str(row.year) in f"{row.title} {row.section} {row.sentence}"
    year = f"{row.year}年" if row.year and told else ""
    place = placed if several and placed not in words else ""
    return f"{place}{year}{words}？" if words else ""


def _place_of(row: FigureRow) -> str:
    """The place that tells a row's document from others, "" where its title names none."""
    return row.place if row.place in row.title else ""


def _question_of_cell(row: FigureRow, several: bool) -> str:
    """What asks for a cell of a table: its row's first cell and its column's head, 是多少."""
    words, year = row.indicator, f"{row.year}年" if row.year else ""
    unclear = _UNCLEAR.search(words.replace(year, "")) or row.unit in _UNASKED
    if unclear or not SHORTEST <= len(words) <= LONGEST:
        return ""
    place = _place_of(row) if several else ""
    return f"{place}{'' if year in words else year}{words}是多少？"


def _piece(row: FigureRow) -> tuple[Figure, str, str] | None:
    """A figure with the words before and after it, None where they do not stand alone.

    Of figures in one clause each must have a piece of its own: 新建公园3个、学校2所.
    """
    sentence, at = row.sentence, row.figure_start - row.start
    figures = find_quantities(sentence)
    figure = next(f for f in figures if f.start == at)
    first, last = clause_start(sentence, at, _MARKS), clause_end(sentence, figure.end, _MARKS)
    before = max((f.end for f in figures if first < f.end <= at), default=0)
    after = min((f.start for f in figures if figure.end <= f.start < last), default=0)
    if before:
        first = sentence.find("、", before, at) + 1
    if after:
        last = sentence.find("、", figure.end, after)
    if last < 0 or (before and not first):
        return None
    opened = sentence[first:at]
    head, tail = _LEADING.sub("", opened), sentence[figure.end : last].strip()
    years = set(years_in(opened[: len(opened) - len(head)]))
    clear = (
        figure.unit not in _UNASKED
        and figure.upper is None
        and any(c.isdigit() and c.isascii() for c in figure.text)
        and years <= {row.year}
        and not (after and tail)
        and not _UNCLEAR.search(head + tail)
        and not head.startswith(_CUT_BEFORE)
        and not head.endswith("等")
        and not figure.text.startswith("第")
        and not tail.endswith(_CUT_AFTER)
        and not is_vague(head + tail)
        and SHORTEST <= len(head + tail) <= LONGEST
    )
    return (figure, head, tail) if clear else None


def _ask(head: str, tail: str, figure: Figure) -> str:
    """What asks for a figure where it stands: 为多少家企业提供服务, 失业率是多少."""
    if figure.unit == "%":
        ends = "百分之多少" if head.endswith("的") else "多少"
        return "" if tail else head + ends
    if head.endswith("的") and not tail:
        return ""
    scale = "".join(c for c in figure.text if c in "百千万亿")
    return f"{head or '有'}多少{scale}{figure.unit}{tail}"
