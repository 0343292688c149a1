"""PDF files, by pypdfium2: text as it stands on each page, with headings, columns and tables.

Of 1,840 sentences of policy printed by a browser it gave two in three whole before any joining
of lines, pdfplumber and pypdf one in fifteen, for they keep the Kangxi radicals that browsers
write in place of characters (⼀ for 一). It takes 7 ms a page and 9 MB installed, pdfplumber 83 ms
and 21 MB, and knows Chinese fonts that are not embedded and map no Unicode. The tables, which
it does not tell, are found by `rulings`. Forms that hold one another ten times each, in a file of
2 KB, take it any time and memory, and so may what is broken, so it reads in a process of its own
(`confined`).
"""

from __future__ import annotations

import ctypes
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentError
from corpus.readers.flow import pages_html
from corpus.readers.page import HYPHEN, Character, Page
from corpus.readers.rulings import Ruling

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["read_pdf"]

PAGES_LIMIT = 3_000  # a yearbook has 1,000
CHARACTERS_LIMIT = 5_000_000  # of all pages; a yearbook has 2 million
PATHS_LIMIT = 5_000  # lines drawn on a page; a map has more, and no tables
STREAM_LIMIT = 200 * 2**20  # bytes of one unpacked; a page scanned in colour has 25 MB
STREAM_LOOKED_AT = 100_000  # bytes packed; no smaller one unpacks to much more than that
_STREAM = re.compile(rb"stream\r?\n")
_PASSWORD, _SECURITY = 4, 5  # of PDFium's errors
_HYPHENATED = 2  # what PDFium writes for a hyphen at a line's end


def read_pdf(data: bytes, name: str) -> str:
    """The pages as HTML, each after a form feed; raises DocumentError."""
    import pypdfium2

    _check_streams(data, name)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY):
            raise DocumentError(f"{name}: 加了密码，请去掉密码后另存") from error
        raise DocumentError(f"{name}: PDF 已损坏或不完整，请重新导出") from error
    with closing(document):
        pages = [*_pages(document, name)]
    if not any(page.characters for page in pages):
        if not any(page.pictured for page in pages):
            raise DocumentError(f"{name}: 没有文字")
        raise DocumentError(f"{name}: 是扫描件或图片，没有文字，请先识别成文字（OCR）再收录")
    return pages_html(pages)


def _pages(document: pypdfium2.PdfDocument, name: str) -> Iterator[Page]:
    if len(document) > PAGES_LIMIT:
        raise DocumentError(f"{name}: 有 {len(document)} 页，最多 {PAGES_LIMIT} 页，请拆成几份")
    size = 0
    for page in _loaded(document):
        found = _page(page) if page is not None else Page(0.0, 0.0)  # a broken one has its number
        size += len(found.characters)
        if size > CHARACTERS_LIMIT:
            raise DocumentError(f"{name}: 超过 {CHARACTERS_LIMIT} 个字符，请拆成几份")
        yield found


def _loaded(document: pypdfium2.PdfDocument) -> Iterator[pypdfium2.PdfPage | None]:
    import pypdfium2

    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield None
            continue
        with closing(page):
            yield page


def _page(page: pypdfium2.PdfPage) -> Page:
    turned = _Turned(page)
    rulings, pictured = _drawn(page, turned)
    with closing(page.get_textpage()) as text:
        characters = [*_characters(text.raw, turned)]
    return Page(turned.width, turned.height, characters, rulings, pictured)


class _Turned:
    """Places of a page as it is shown: from its upper left corner, turned as it says."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._turns = page.get_rotation() // 90
        self._left, self._bottom, right, top = page.get_cropbox()
        across, down = right - self._left, top - self._bottom
        self.width, self.height = (down, across) if self._turns % 2 else (across, down)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        """A place from the left and from the top."""
        x, y = x - self._left, y - self._bottom
        if self._turns == 0:
            return x, self.height - y
        if self._turns == 1:
            return y, x
        if self._turns == 2:
            return self.width - x, y
        return self.width - y, self.height - x


def _characters(text: Any, turned: _Turned) -> Iterator[Character]:
    """The characters in the order of the file, with where they stand and how large."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    half = 0
    for place in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, place)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0xFFFD
            half = 0
        if code == _HYPHENATED:
            code = ord(HYPHEN)
        if not _is_text(text, place, code) or not raw.FPDFText_GetCharOrigin(text, place, x, y):
            continue
        raw.FPDFText_GetLooseCharBox(text, place, box)
        raw.FPDFText_GetMatrix(text, place, matrix)
        size = raw.FPDFText_GetFontSize(text, place) * math.hypot(matrix.b, matrix.d)
        base = turned(x.value, y.value)[1]
        corners = turned(box.left, box.bottom), turned(box.right, box.top)
        first, last = sorted((corners[0][0], corners[1][0]))
        yield Character(chr(code), first, last, base, size or last - first)


def _is_text(text: Any, place: int, code: int) -> bool:
    """Whether a character is one of the file, and no space that PDFium guessed."""
    from pypdfium2 import raw

    guessed = code == ord(" ") and raw.FPDFText_IsGenerated(text, place) == 1
    return code >= ord(" ") and code not in (0xFFFE, 0xFFFF) and not guessed


def _drawn(page: pypdfium2.PdfPage, turned: _Turned) -> tuple[list[Ruling], bool]:
    """The upright and level lines drawn on a page, and whether there are pictures."""
    from pypdfium2 import raw

    rulings: list[Ruling] = []
    pictured = False
    for place, drawn in enumerate(page.get_objects(max_depth=2)):
        pictured = pictured or drawn.type == raw.FPDF_PAGEOBJ_IMAGE
        if drawn.type == raw.FPDF_PAGEOBJ_PATH:
            rulings += _rulings(drawn.raw, turned)
        if place > PATHS_LIMIT:
            return [], pictured
    return rulings, pictured


def _rulings(path: Any, turned: _Turned) -> Iterator[Ruling]:
    """The sides of a path that are drawn, upright or level; the middle of a bar that is filled."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for place in range(min(raw.FPDFPath_CountSegments(path), PATHS_LIMIT)):
        segment = raw.FPDFPath_GetPathSegment(path, place)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = turned(
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == raw.FPDF_SEGMENT_MOVETO:
            yield from Ruling.sides(points, bool(stroke.value))
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    yield from Ruling.sides(points, bool(stroke.value))


def _check_streams(data: bytes, name: str) -> None:
    """Refuse a file with a stream that unpacks to what no page has."""
    starts = [match.end() for match in _STREAM.finditer(data)]
    for start, following in pairwise([*starts, len(data)]):
        if following - start < STREAM_LOOKED_AT:
            continue
        unpacker = zlib.decompressobj()
        try:
            unpacked = len(unpacker.decompress(data[start:following], STREAM_LIMIT))
        except zlib.error:
            continue  # packed in another way, or broken
        if unpacked >= STREAM_LIMIT:
            raise DocumentError(f"{name}: 解压后太大，可能是解压炸弹，请重新导出")
