"""Which cell of a table a question asks for: by what its row and its column are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from corpus import Block, Document, Passage
from corpus.language import simplify, years_in
from corpus.rows import naming_columns, row_name
from qa.asking import FUNCTION_WORDS, Query, asked_status

__all__ = ["asked_cell", "head_of_names", "name_of_row", "named_cells", "named_rows", "rows_of"]

Span = tuple[int, int]

LEAST_SHARED = 4  # characters of a row's name that a question has, where it has not all of them
SHARE = 0.6  # of the name

_BRACKETED = re.compile(r"[（(].*?[)）]|\s")
# What a head says beside the thing it counts: of when, and whether it is done or aimed at.
_AIMED = re.compile("目标[值数]?|计划[值数]?|预期|预计")
_WHEN = re.compile(r"\d{4}年?度?(?:[年月]?[末底初])?|全年|(?:实际)?完成(?:情况|[值数])?|实际|情况")
_FILLER = re.compile("[有共为达到在于由被建设位座落坐所向从请年度末底初?？，,。的、]|全[区市县镇]")
_COUNTED = re.compile("[个人家所户名位条项座处套间万亿元吨天]*$")
# Columns by what is asked for, where a question does not name them: 在哪里建 and 建设地点.
_KINDS = (
    (
        re.compile("在哪|哪里|哪儿|何处|什么地方"),
        re.compile("(?:地点|地址|位置|所在地|地段|场所)$"),
    ),
    (re.compile("什么时[候间]|何时|哪[一]?[天年]|几月"), re.compile("(?:时间|日期)$")),
    (
        re.compile("谁|[哪什][个么家一]*(?:单位|部门|机构|[局委办人])"),
        re.compile("(?:单位|部门|机构|[责负]任?人|负责人|[牵带]头人|联系人)$"),
    ),
)


def asked_cell(query: Query, document: Document, passage: Passage) -> Span | None:
    """The cell where the one row and the one column that a query names meet, or None."""
    row = document.block_at(passage.start)
    if not row.heads:
        return None
    query = query.seen_from(document.present)
    rows = rows_of(document, row.heads)
    keys = named_cells(document, (cell for row in rows for cell in row.cells), query)
    named = _most_named(rows, keys) or list(_nearly_named(document, rows, query))
    heads = _named_heads(document, row.heads, query) if named else set()
    if len(named) != 1:
        return None
    heads = heads or _heads_of_kind(document, named[0], query)
    if len(heads) != 1:
        return None
    column = row.heads.index(heads.pop())
    cell = named[0].cells[column] if column < len(named[0].cells) else (0, 0)
    inside = passage.start <= cell[0] < passage.end and cell not in keys
    return cell if inside and any(c.isalnum() for c in document.text[slice(*cell)]) else None


def named_cells(document: Document, cells: Iterable[Span], query: Query) -> set[Span]:
    """The cells whose names a query has, but for those within longer names of others.

    Of the heads of a table those that tell the year asked for, too: 完成情况 over 2023年.
    """
    if isinstance(cells, tuple) and rows_of(document, cells):
        return _named_heads(document, cells, query)
    asked = _compact(query.standalone)
    names = {cell: _name(document, cell) for cell in cells}
    held = {cell: name for cell, name in names.items() if len(name) > 1 and _says(asked, name)}
    return _longest(held)


@lru_cache(maxsize=64)
def rows_of(document: Document, heads: tuple[Span, ...]) -> tuple[Block, ...]:
    """The rows of the table that has these heads."""
    return tuple(block for block in document.blocks if block.cells and block.heads == heads)


def named_rows(document: Document, heads: tuple[Span, ...], query: Query) -> list[Block]:
    """The rows of a table that a query names, by what names its rows; none where it names none."""
    rows = rows_of(document, heads)
    naming = _naming(document, heads)
    cells = [row.cells[i] for row in rows for i in naming if i < len(row.cells)]
    if 0 not in naming:  # what rows are grouped by, but not their numbers in turn
        cells += [row.cells[0] for row in rows if not _name(document, row.cells[0]).isdecimal()]
    return _most_named(rows, named_cells(document, iter(cells), query))


def name_of_row(document: Document, row: Block) -> str:
    """What a row of a table is of, by the columns that name its rows."""
    return row_name(document.text, row, _naming(document, row.heads))


def head_of_names(document: Document, heads: tuple[Span, ...]) -> str:
    """What the rows of a table are: the heads of the columns that name them."""
    return "".join(document.text[slice(*heads[i])] for i in _naming(document, heads))


@lru_cache(maxsize=64)
def _naming(document: Document, heads: tuple[Span, ...]) -> tuple[int, ...]:
    return naming_columns(document.text, rows_of(document, heads))


def _named_heads(document: Document, heads: tuple[Span, ...], query: Query) -> set[Span]:
    """The heads of the columns a query asks for, by name, or by year and what they count.

    The column of a row's name is none of them: 各垦区早稻面积合计 asks not for 垦区, nor
    北湖街道 for 街道.
    """
    rows = rows_of(document, heads)
    keys = named_cells(document, (cell for row in rows for cell in row.cells), query)
    own = {
        head
        for row in _most_named(rows, keys)
        for head, cell in zip(row.heads, row.cells, strict=False)
        if cell in keys
    }
    asked = _compact(query.standalone)
    for name in sorted({_name(document, cell) for cell in keys}, key=len, reverse=True):
        asked = asked.replace(name, " ")
    held: dict[Span, str] = {}
    of_year: dict[Span, str] = {}
    for head in heads:
        name = _name(document, head)
        if len(name) > 1 and _says(asked, name):
            held[head] = name
        elif _is_of_year(name, asked, query):
            of_year[head] = _counted(name)
    if of_year and not any(years_in(name) for name in held.values()):
        aimed = asked_status(query.text) == "target"
        fit = {h: n for h, n in of_year.items() if _is_aim(document, h) == aimed} or of_year
        held |= {h: n for h, n in fit.items() if n or not held}
    return _longest(held) - own


def _is_of_year(name: str, asked: str, query: Query) -> bool:
    """Whether a head is of a year asked for, or of its target, and of nothing that is not."""
    years = years_in(name)
    aimed = bool(_AIMED.search(name)) and asked_status(query.text) == "target"
    in_time = any(year in query.years for year in years) if query.years and years else False
    return (in_time or (aimed and not query.years)) and _counted(name) in asked


def _is_aim(document: Document, head: Span) -> bool:
    return bool(_AIMED.search(_name(document, head)))


def _counted(name: str) -> str:
    """What a head counts, without when and whether it is aimed at; "" where it says only these."""
    return _AIMED.sub("", _WHEN.sub("", name))


def _most_named(rows: Sequence[Block], keys: set[Span]) -> list[Block]:
    """The rows with most cells that are named: 教育 is said of many, 教育新增学位 of one."""
    held = [sum(cell in keys for cell in row.cells) for row in rows]
    most = max(held, default=0)
    return [row for row, count in zip(rows, held, strict=True) if count == most > 0]


def _nearly_named(document: Document, rows: Sequence[Block], query: Query) -> Iterator[Block]:
    """Rows whose names a query has the most of, if it says nothing else that the table has not."""
    asked = _compact(query.undated)
    asked = FUNCTION_WORDS.sub(" ", asked.replace(document.place or "\n", ""))
    for head in rows[0].heads if rows else ():
        name = _counted(_name(document, head))
        asked = asked.replace(name, " ") if len(name) > 1 else asked
    asked = _AIMED.sub(" ", asked)
    for row in rows:
        for cell in row.cells:
            name = _name(document, cell)
            found = SequenceMatcher(None, asked, name, autojunk=False).find_longest_match()
            if found.size < max(LEAST_SHARED, SHARE * len(name)):
                continue
            rest = _FILLER.sub("", asked[: found.a] + " " + asked[found.a + found.size :])
            if not _COUNTED.sub("", "".join(rest.split())):
                yield row
                break


def _heads_of_kind(document: Document, row: Block, query: Query) -> set[Span]:
    """The one column of a kind that a query asks for: 在哪里建 of 建设地点."""
    asked = _compact(query.standalone)
    for asks, told in _KINDS:
        if not asks.search(asked):
            continue
        rest = FUNCTION_WORDS.sub("", asks.sub("", asked))
        for cell in row.cells:
            name = _name(document, cell)
            rest = rest.replace(name, "") if len(name) > 1 else rest
        alike = {
            head: len(set(rest) & set(name))
            for head in row.heads
            if told.search(name := _name(document, head))
        }
        most = max(alike.values(), default=0)
        best = {head for head, shared in alike.items() if shared == most}
        return best if most or not _FILLER.sub("", rest) else set()
    return set()


def _longest(held: dict[Span, str]) -> set[Span]:
    names = set(held.values())
    return {
        cell
        for cell, name in held.items()
        if not any(name != other and name in other for other in names)
    }


def _says(asked: str, name: str) -> bool:
    """Whether a question has a name, and no longer number that begins or ends like it."""
    before = r"(?<![\d.])" if name[0].isdigit() else ""
    after = r"(?![\d.]*\d)" if name[-1].isdigit() else ""
    if not before and not after:
        return name in asked
    return bool(re.search(before + re.escape(name) + after, asked))


def _compact(text: str) -> str:
    return text.replace(" ", "").lower()


def _name(document: Document, cell: Span) -> str:
    """What a cell says, without its unit and as it may stand in a question."""
    return simplify(_BRACKETED.sub("", document.text[slice(*cell)])).lower()
