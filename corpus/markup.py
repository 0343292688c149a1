"""HTML as it is served, read into lines: blocks, headings, lists and tables, with raw offsets.

The standard library's parser is used since it is the one that says where in the file each
piece stood; lxml and BeautifulSoup lose that, and every character must lead back.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from corpus.grids import Cell, Tables
from corpus.lines import Line, clean_characters

__all__ = ["is_html", "read_html_lines"]

_TAG = re.compile(
    r"</(?:p|div|span|a|h[1-6]|li|ul|ol|table|tr|td|th|b|strong|em|i|font|section|body|html)\s*>"
    r"|<(?:br|p|hr|img)\s*/?>",
    re.IGNORECASE,
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt",
    "fieldset", "figure", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
_HIDDEN = frozenset((
    "script", "style", "noscript", "template", "select", "option", "button", "svg", "textarea",
    "iframe",
))  # fmt: skip
_FURNITURE = frozenset((
    "nav", "footer", "aside",
))  # fmt: skip
_OF_TABLES = frozenset((
    "table", "caption", "thead", "tbody", "tfoot", "tr",
))  # fmt: skip
_VOID = frozenset((
    "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source",
    "track", "wbr",
))  # fmt: skip
_TITLE = re.compile(r'content\s*=\s*(["\'])(.*?)\1', re.IGNORECASE | re.DOTALL)


def is_html(raw: str) -> bool:
    """Whether a text has tags that only a page has."""
    return bool(_TAG.search(raw))


def read_html_lines(raw: str) -> list[Line]:
    """The lines of a page: one a block, one a row of a table, links counted."""
    reader = _Reader(raw)
    reader.feed(raw)
    reader.close()
    return reader.end()


class _Reader(HTMLParser):
    def __init__(self, raw: str) -> None:
        super().__init__(convert_charrefs=False)
        self.lines: list[Line] = []
        self._raw = raw
        self._starts = [0, *(m.end() for m in re.finditer("\n", raw))]
        self._characters: list[str] = []
        self._places: list[int] = []
        self._linked = 0
        self._hidden: list[str] = []
        self._furniture = 0
        self._link = 0
        self._level = 0
        self._item = False
        self._gap = 0
        self._in_title = False
        self._tables = Tables()
        self._row: list[Cell] | None = None
        self._cell: Cell | None = None
        self._in_head = False

    @property
    def _at(self) -> int:
        row, column = self.getpos()
        return self._starts[row - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            if tag not in _VOID and tag == self._hidden[-1]:
                self._hidden.append(tag)
            return
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in _FURNITURE:
            self._furniture += 1
        elif tag == "meta":
            self._read_meta(dict(attrs))
        elif tag == "a":
            self._link += 1
        if tag in _BLOCKS:
            self._open_block(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._hidden and tag in _BLOCKS:
            self._open_block(tag, attrs)
        elif tag == "meta":
            self._read_meta(dict(attrs))

    def _open_block(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._row is not None and tag in ("td", "th"):
            self._end_cell()
            self._cell = Cell.opened(self._at, dict(attrs), tag == "th" or self._in_head)
            return
        if self._row is not None and tag not in _OF_TABLES:
            self._put(" ", self._at)
            return
        self._end_line()
        if tag == "table":
            self._tables.open()
            self._gap = 1
        elif tag == "tr":
            self._row = []
        elif tag == "thead":
            self._in_head = True
        elif re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
        elif tag == "li":
            self._item = True
        elif tag == "title":
            self._in_title = True
        elif tag in ("p", "ul", "ol", "div"):
            self._gap = 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        if tag in _FURNITURE:
            self._furniture = max(0, self._furniture - 1)
        elif tag == "a":
            self._link = max(0, self._link - 1)
        if tag in ("td", "th") and self._row is not None:
            self._end_cell()
        elif tag in _OF_TABLES:
            self._end_line()
            self._in_head = self._in_head and tag != "thead"
            if tag == "table":
                self._tables.close()
        elif tag in _BLOCKS and self._row is None:
            self._end_line()
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._furniture:
            at = self._at
            for i, character in enumerate(data):
                self._put(" " if character in "\n\r\t" else character, at + i)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, written: str) -> None:
        if not self._hidden and not self._furniture:
            for character in html.unescape(written):
                self._put(" " if character.isspace() else character, self._at)

    def _put(self, character: str, place: int) -> None:
        self._characters.append(character)
        self._places.append(place)
        self._linked += bool(self._link) and not character.isspace()

    def _read_meta(self, attrs: dict[str, str | None]) -> None:
        """The title that Chinese government pages give in a meta of their own."""
        if (attrs.get("name") or "").lower() != "articletitle":
            return
        written = _TITLE.search(self.get_starttag_text() or "")
        if written and written[2].strip() and "&" not in written[2]:
            at = self._at + written.start(2)
            places = list(range(at, at + len(written[2])))
            text, offsets = clean_characters(list(written[2]), places)
            self.lines.append(Line(text, offsets, 0, kind="title"))

    def end(self) -> list[Line]:
        """The lines of the page, now that all of it was fed."""
        self._end_line()
        self._tables.close_all()
        return [line for line in self.lines if line.text]

    def _end_cell(self) -> None:
        """Close the cell that is being read, or what stands between two."""
        if self._row is None or (self._cell is None and not "".join(self._characters).strip()):
            return
        cell = self._cell or Cell(self._at)
        cell.text, cell.offsets = clean_characters(self._characters, self._places)
        self._row.append(cell)
        self._cell, self._characters, self._places = None, [], []

    def _end_line(self) -> None:
        """Close the line that is being read."""
        self._end_cell()
        line: Line | None = None
        if self._row is not None:
            size = sum(not c.isspace() for cell in self._row for c in cell.text)
            line = self._tables.line(self._row, self._gap, self._linked / max(1, size))
        elif self._characters:
            text, offsets = clean_characters(self._characters, self._places)
            line = Line(text, offsets, self._gap, level=self._level, bullet=self._item)
            line.linked = self._linked / max(1, sum(not c.isspace() for c in text))
        if line is not None and (line.text or self._row):
            if not self._in_title:
                self.lines.append(line)
            self._gap = 0
        self._characters, self._places, self._linked = [], [], 0
        self._level, self._item, self._row = 0, False, None
