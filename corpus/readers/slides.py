"""PowerPoint presentations (.pptx), by python-pptx: a page for each slide."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from corpus.readers.archive import broken_is_told, check_package
from corpus.readers.tables import table_html

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame

__all__ = ["read_pptx"]


def read_pptx(data: bytes, name: str) -> str:
    """Titles, texts, tables and notes of the slides that are shown; raises DocumentError."""
    from pptx import Presentation

    check_package(data, name)
    with broken_is_told(name, "PowerPoint 文件"):
        slides = Presentation(io.BytesIO(data)).slides
        return "\n".join("\f" + "\n".join(_slide(slide)) for slide in slides)


def _slide(slide: Slide) -> Iterator[str]:
    if slide.element.get("show") == "0":  # hidden; its number stays its own
        return
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        yield f"<h2>{_text(title.text_frame.text)}</h2>"
    for shape in _flat(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _paragraphs(slide.notes_slide.notes_text_frame)


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Shapes in the order in which they are read, those of groups among them."""
    for shape in sorted(shapes, key=lambda s: (s.top or 0, s.left or 0)):
        within = getattr(shape, "shapes", None)
        if within is not None:
            yield from _flat(within)
        else:
            yield shape


def _shape(shape: Any) -> Iterator[str]:
    if getattr(shape, "has_table", False):
        yield table_html(_rows(shape.table))
    elif shape.has_text_frame:
        yield from _paragraphs(shape.text_frame)


def _rows(table: Table) -> list[list[str]]:
    """The rows, with what merged cells hold in each of their places."""
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for line in rows[y : y + cell.span_height]:
                    line[x : x + cell.span_width] = [rows[y][x]] * cell.span_width
    return rows


def _paragraphs(frame: TextFrame) -> Iterator[str]:
    """Several paragraphs of a frame are a list, whether or not their marks are shown."""
    texts = [text for text in (_text(p.text) for p in frame.paragraphs) if text]
    if len(texts) == 1:
        yield f"<p>{texts[0]}</p>"
    elif texts:
        yield "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


def _text(text: str) -> str:
    return escape(" ".join(text.split()), quote=False)
