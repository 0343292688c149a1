"""Pages made one text: lines joined to paragraphs, across pages too, headings told by size."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from corpus.numbering import read_numbering
from corpus.readers.layout import read_page
from corpus.readers.page import Item, Line, Page, Table, joined
from corpus.readers.tables import table_html

__all__ = ["pages_html"]

MARGIN = 0.12  # of a page's height, above and below, where running heads and numbers stand
RUNNING_PAGES = 3  # that carry the same line there, before it is one
LARGER = 1.15  # of the size of most text, from which a line is a heading
HEADING_LENGTH = 80
PITCH = 1.35  # of the usual distance of lines; wider parts paragraphs
SAME_SIZE = 0.08
INDENT = 0.8  # of the size
LEVELS = 5
_NUMBER = re.compile(
    r"[-—–·\s]*(?:\d{1,4}|[ivxlc]{1,6})[-—–·\s]*|第\s*\d+\s*页.{0,12}|\d+\s*/\s*\d+"
)
_LEADERS = re.compile(
    r"(?:[.．·…]\s?){4,}\s*\d{1,4}$"
)  # of a table of contents, which heads nothing
_ENDS = re.compile(r"[。！？!?；;：:][”’」』）)】]*$")
_WORD = re.compile(
    r"[!-~]+|[（《“‘【〔]*.[，。；：、！？）》”’】〕]*"
)  # nothing ends a line within it
_BULLET = re.compile("[●■◆▪◇□○►▶➢✓★☆•]")


def pages_html(pages: Sequence[Page]) -> str:
    """Headings, paragraphs and tables of all pages, a form feed before what each begins with."""
    read = [read_page(page) for page in pages]
    _drop_running(pages, read)
    lines = [item for items in read for item in items if isinstance(item, Line)]
    flow = _Flow(_body_size(lines), _pitch(read), lines)
    for items in read:
        flow.turn()
        for item in items:
            flow.add(item)
    return flow.close()


class _Flow:
    """What was read so far, the last paragraph or table of it still open."""

    def __init__(self, body: float, pitch: float, lines: Sequence[Line]) -> None:
        self._body, self._pitch = body, pitch
        sizes = Counter(_rounded(line.size) for line in lines if self._is_large(line))
        self._levels = sorted(sizes, reverse=True)[:LEVELS]
        self._html: list[str] = []
        self._marks = ""  # of pages that began since the last item
        self._lines: list[Line] = []
        self._text = ""
        self._table: Table | None = None

    def turn(self) -> None:
        """Begin a page."""
        self._marks += "\f"

    def add(self, item: Item) -> None:
        """Take in the next line or table."""
        if isinstance(item, Table):
            self._end_lines()
            self._add_table(item)
        elif not _LEADERS.search(item.text):
            self._end_table()
            self._add_line(item)

    def close(self) -> str:
        """All of it as HTML."""
        self._end_lines()
        self._end_table()
        return "\n".join([*self._html, self._marks])

    def _add_line(self, line: Line) -> None:
        if self._lines and self._goes_on(line):
            self._text = joined(self._text, self._marks + line.text)
        else:
            self._end_lines()
            self._html.append(self._marks)
            self._text = line.text
        self._lines.append(line)
        self._marks = ""

    def _goes_on(self, line: Line) -> bool:
        """Whether a line is the rest of the paragraph that is open."""
        before, first = self._lines[-1], self._lines[0]
        if abs(before.size - line.size) > SAME_SIZE * max(before.size, line.size):
            return False
        apart = bool(self._marks) or line.edges != before.edges or line.base <= before.base
        if self._is_large(line):
            return not apart and line.base - before.base <= 2 * line.size
        ended = bool(_ENDS.search(before.text))
        if ended and (_starts_item(line) or apart):
            return False
        if not apart and line.base - before.base > PITCH * max(self._pitch, line.size):
            return False
        if _BULLET.match(line.text) or not _is_full(before, line):
            return False
        hanging = _starts_item(first) and not apart and line.left > first.left
        return (
            hanging
            or line.left <= line.edges[0] + INDENT * line.size
            or line.left <= before.left - INDENT * line.size
        )

    def _end_lines(self) -> None:
        if self._lines:
            tag = self._tag()
            self._html.append(f"<{tag}>{escape(self._text, quote=False)}</{tag}>")
        self._lines, self._text = [], ""

    def _tag(self) -> str:
        """What a paragraph is: the largest line of the first page is the title."""
        size = _rounded(self._lines[0].size)
        if size not in self._levels or len(self._text) > HEADING_LENGTH:
            return "p"
        level = self._levels.index(size) + 1
        titled = any(part.startswith("<h1>") for part in self._html)
        return f"h{level}" if level > 1 or not titled else "h2"

    def _is_large(self, line: Line) -> bool:
        return line.size >= LARGER * self._body

    def _add_table(self, table: Table) -> None:
        open_ = self._table
        if open_ is not None and self._marks and _same_columns(open_, table):
            rows = table.rows[1:] if table.rows[0] == open_.rows[0] else table.rows
            if rows:
                _carry_over(open_.rows[-1], rows, self._marks)
                self._marks = ""
            open_.rows += rows
            return
        self._end_table()
        self._html.append(self._marks)
        self._marks = ""
        self._table = table

    def _end_table(self) -> None:
        if self._table is not None:
            self._html.append(table_html(self._table.rows))
        self._table = None


def _is_full(line: Line, following: Line) -> bool:
    """Whether what begins the next line had no room in this one."""
    word = _WORD.match(following.text)
    room = sum(0.5 if c.isascii() else 1.0 for c in word[0]) * line.size if word else 0.0
    return line.right + room > line.edges[1]


def _starts_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or read_numbering(line.text))


def _carry_over(above: list[str], rows: list[list[str]], marks: str) -> None:
    """Go on with a table on the next page: with its last row where that was cut, with the names
    of its first cells where those stand over several rows.
    """
    first = rows[0]
    cut = [column for column, cell in enumerate(first) if cell]
    if cut and first[0] == "" and 2 * len(cut) <= len(first) and all(above[c] for c in cut):
        above[cut[0]] += marks
        for column in cut:
            above[column] = joined(above[column], first[column])
        del rows[0]
        return
    for column in range(cut[0] if cut else 0):
        first[column] = above[column]
    first[0] = marks + first[0]


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.xs) == len(other.xs) and all(
        abs(a - b) < 6 for a, b in zip(one.xs, other.xs, strict=True)
    )


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _body_size(lines: Sequence[Line]) -> float:
    """The size of most text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _pitch(read: Sequence[Sequence[Item]]) -> float:
    """The usual distance of a line from the one above it."""
    steps = [
        line.base - before.base
        for items in read
        for before, line in pairwise(items)
        if isinstance(before, Line) and isinstance(line, Line) and line.edges == before.edges
    ]
    return statistics.median(steps) if steps else 0.0


def _drop_running(pages: Sequence[Page], read: Sequence[list[Item]]) -> None:
    """Leave out page numbers, and lines that stand at the edge of several pages."""
    edges = [
        [item for item in items if isinstance(item, Line) and _at_edge(item, page)]
        for page, items in zip(pages, read, strict=True)
    ]
    times = Counter(key for lines in edges for key in {_unnumbered(line) for line in lines})
    for items, lines in zip(read, edges, strict=True):
        for line in lines:
            if times[_unnumbered(line)] >= RUNNING_PAGES or _NUMBER.fullmatch(line.text):
                items.remove(line)


def _at_edge(line: Line, page: Page) -> bool:
    return not MARGIN * page.height < line.base < (1 - MARGIN) * page.height


def _unnumbered(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.base / 10)
