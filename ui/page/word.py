"""A conversation as a Word document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ui.page.transcript import Exchange, Source

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["as_word"]

CHINESE_FONT = "等线"  # that Word brings along wherever it runs
INDENT = 30  # points, for the number of a source
SMALL = 9


def as_word(title: str, exchanges: Sequence[Exchange], made: datetime) -> bytes:
    """The file; it tells of itself its title and when it was made."""
    document = _open(title, made)
    document.add_heading(title, 0)
    for exchange in exchanges:
        _write(document, exchange)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _open(title: str, made: datetime) -> Document:
    """An empty document on A4 whose Chinese has a font."""
    import docx  # only where such a file is asked for
    from docx.oxml.ns import qn
    from docx.shared import Mm

    document = docx.Document()
    document.sections[0].page_width, document.sections[0].page_height = Mm(210), Mm(297)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)  # it would win
        fonts.set(qn("w:eastAsia"), CHINESE_FONT)
        fonts.set(qn("w:hint"), "eastAsia")  # “ and … are as wide as Chinese
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    told = document.core_properties
    told.title, told.author, told.comments, told.last_modified_by = title, "", "", ""
    told.created = told.modified = made
    return document


def _write(document: Document, exchange: Exchange) -> None:
    document.add_heading(exchange.question, 1)
    if exchange.notice:
        _write_label(document, exchange.notice)
    for group in exchange.groups:
        points = [f"{point.text} {point.markers}".rstrip() for point in group.points]
        if not exchange.listed:
            document.add_paragraph("；".join(points))
            continue
        if group.label:
            _write_label(document, group.label)
        for point in points:
            document.add_paragraph(point, "List Bullet")
    if exchange.untold:
        document.add_paragraph(exchange.untold)
    if exchange.sources:
        _write_label(document, exchange.evidence)
    for source in exchange.sources:
        _write_source(document, source)


def _write_label(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    paragraph.paragraph_format.keep_with_next = True


def _write_source(document: Document, source: Source) -> None:
    from docx.shared import Pt

    quote = document.add_paragraph(f"[{source.number}]\t{source.quote}")
    place = document.add_paragraph()
    place.add_run(source.place).font.size = Pt(SMALL)
    for paragraph in (quote, place):
        paragraph.paragraph_format.left_indent = Pt(INDENT)
    quote.paragraph_format.first_line_indent = Pt(-INDENT)
    quote.paragraph_format.space_after = Pt(0)
    quote.paragraph_format.keep_with_next = True
