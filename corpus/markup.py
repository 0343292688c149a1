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

__all__ = [
    "SHORT_LABEL",
    "is_button",
    "is_html",
    "is_of_page",
    "is_trail",
    "read_html_lines",
]

SHORT_LABEL = 8  # characters of a button or a menu's entry
TRAIL_LENGTH = 100  # characters of the way to a page with that page's title at its end
TRAIL_LINKED = 0.5  # share of a way that is links, since its last name often is none

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
    "script", "style", "noscript", "template", "select", "option", "svg", "textarea", "iframe",
))  # fmt: skip
# Of them only sentences are text: a note beside an article, or all of it where no end is marked.
_FURNITURE = frozenset((
    "nav", "footer", "aside",
))  # fmt: skip
_SENTENCE = re.compile(r"[，。；！？]")
_CONTROL = re.compile(r"^[×✕✖+＋\-−↺↻<>«»|]{1,4}$")  # what a page has to close, enlarge or turn
_OF_TABLES = frozenset((
    "table", "caption", "thead", "tbody", "tfoot", "tr",
))  # fmt: skip
_VOID = frozenset((
    "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source",
    "track", "wbr",
))  # fmt: skip
_HERE = re.compile(r"^(?:您|你)?(?:现在)?(?:的|所在的?|当前的?)?位置(?:是)?\s*[：:>＞»]")
_BETWEEN_NAMES = re.compile(r"(?<![-—–=])[>＞»]+")  # but no arrow
_NAME = re.compile(r"^[^，。；：！？“”‘’→]{1,40}$")
_OF_A_SITE = re.compile(  # by what nothing else is written like: a number of its own, a bar's name
    r"ICP备\s*\d{6,}\s*号|公网安备\s*(?:第\s*)?\d{8,}\s*号|^网站标识码\s*[：:]?\s*\w{10}$"
    r"|^分享(?:到|至)?[：:]?$|^扫一扫.{0,6}(?:当前页|本页|此页|手机打开|分享).{0,6}$"
)
_OF_A_PAGE = re.compile(  # what can be done with a page
    r"^[【\[]?(?:分享(?:到|至)?|下载|打印|收藏|关闭|返回|复制链接|放大|加大|缩小|字体|字号|大|中|小|搜索|登录|注册|首页"
    r"|返回顶部|无障碍|简体|繁[体體]|(?:打印|关闭|收藏)(?:本页|窗口|页面))[】\]]?[：:]?$"
)
_TITLE = re.compile(r'content\s*=\s*(["\'])(.*?)\1', re.IGNORECASE | re.DOTALL)


def is_html(raw: str) -> bool:
    """Whether a text has tags that only a page has."""
    return bool(_TAG.search(raw))


def is_trail(line: Line, first: bool) -> bool:
    """Whether a line is the way to a page: 当前位置：首页 > 政务公开, names and nothing else.

    The way to a service may be told in the same words, so one that does not say what it is must
    be of links or the `first` line.
    """
    if line.kind != "paragraph" or len(line.text) > TRAIL_LENGTH:
        return False
    said = _HERE.match(line.text)
    names = [name.strip() for name in _BETWEEN_NAMES.split(line.text[said.end() if said else 0 :])]
    if said:
        names = [name for name in names if name]  # it may be all that is left of the line
    elif len(names) < 2 or not (line.linked >= TRAIL_LINKED or (first and names[0] == "首页")):
        return False
    return all(_NAME.match(name) for name in names)


def is_button(line: Line) -> bool:
    """Whether a line is as short as what a button says."""
    return len(line.text) <= SHORT_LABEL and not (line.kind == "row" or line.bullet or line.level)


def is_of_page(line: Line) -> bool:
    """Whether a line says what can be done with a page."""
    return bool(_OF_A_PAGE.match(line.text))


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
        self._button = False
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

    @property
    def _is_read(self) -> bool:
        return not self._hidden and (not self._furniture or self._row is None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            if tag not in _VOID and tag == self._hidden[-1]:
                self._hidden.append(tag)
            return
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in _FURNITURE:
            self._end_piece()
            self._furniture += 1
        elif tag == "meta":
            self._read_meta(dict(attrs))
        elif tag == "a":
            self._link += 1
        elif tag == "button":
            self._button = True
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
            self._end_piece()
            self._furniture = max(0, self._furniture - 1)
        elif tag == "a":
            self._link = max(0, self._link - 1)
        elif tag == "button":
            self._button = False
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
        if self._is_read:
            at = self._at
            for i, character in enumerate(data):
                self._put(" " if character in "\n\r\t" else character, at + i)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, written: str) -> None:
        if self._is_read:
            for character in html.unescape(written):
                self._put(" " if character.isspace() else character, self._at)

    def _put(self, character: str, place: int) -> None:
        self._characters.append(character)
        self._places.append(place)
        # A button is like a link, but for one that opens what a heading stands above.
        pressed = self._link > 0 or (self._button and not self._level)
        self._linked += pressed and not character.isspace()

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

    def _end_piece(self) -> None:
        """Close a line where furniture begins or ends, so that none is half of it."""
        if self._row is None:
            self._end_line()

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
            if not (self._in_title or self._is_furniture(line)):
                self.lines.append(line)
            self._gap = 0
        self._characters, self._places, self._linked = [], [], 0
        self._level, self._item, self._row = 0, False, None

    def _is_furniture(self, line: Line) -> bool:
        """Whether a line is a sign, of the site, or of a menu, and without a sentence."""
        within = self._furniture > 0 and not _SENTENCE.search(line.text)
        alone = _CONTROL.match(line.text) or _OF_A_SITE.search(line.text)
        return within or (self._row is None and bool(alone) and not _SENTENCE.search(line.text))
