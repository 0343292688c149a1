"""Word documents (.docx), by mammoth, which reads them by their styles.

Which styles are headings is read from the outline levels of the document itself, so that those
of any name (标题 1, 一级标题) and those based on others are known.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from corpus.readers.archive import broken_is_told, check_package
from corpus.readers.tables import head_rows

if TYPE_CHECKING:
    from mammoth import documents

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BASED = 10  # styles that a style is based on, one on the other; more go in a circle
_LOWEST = 6  # of HTML's headings
_WIDEST = 63  # columns of a table in Word
_TITLES = ("title", "标题", "文档标题")
_MARKS = re.compile(  # of footnotes: the number in a sentence, and the arrow back to it
    r'<sup><a href="#[^"]*note-\d+" id="[^"]*">\[\d+\]</a></sup>'
    r'|<a href="#[^"]*note-ref-\d+">↑</a>|<a id="[^"]*"></a>'
)


def read_docx(data: bytes, name: str) -> str:
    """Headings, paragraphs, lists, tables and footnotes as HTML; raises DocumentError."""
    import mammoth

    check_package(data, name)
    with broken_is_told(name, "Word 文件"):
        found = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_style_map(data),
            include_embedded_style_map=False,
            convert_image=lambda image: [],
            transform_document=_with_plain_tables,
        )
    return _MARKS.sub("", found.value).replace("\f", " ")


def _style_map(data: bytes) -> str:
    """Rules of mammoth that make paragraphs headings: a title is above the first level."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/styles.xml" not in archive.namelist():
            return ""
        root = ET.fromstring(archive.read("word/styles.xml"))  # noqa: S314 - no entities
    styles = {style.get(f"{_W}styleId", ""): style for style in root.iter(f"{_W}style")}
    rules = []
    for style in styles.values():
        called = style.find(f"{_W}name")
        name = called.get(f"{_W}val", "") if called is not None else ""
        level = 1 if name.lower() in _TITLES else _outline_level(style, styles)
        if name and level and "'" not in name and "\\" not in name:
            rules.append(f"p[style-name='{name}'] => h{level}:fresh")
    return "\n".join(rules)


def _outline_level(style: ET.Element | None, styles: dict[str, ET.Element]) -> int:
    """The heading's level that a style has, of its own or of what it is based on, else 0."""
    for _ in range(_BASED):
        if style is None:
            break
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        if level is not None and level.get(f"{_W}val", "").isdigit():
            number = int(level.get(f"{_W}val", "9"))
            return min(number + 2, _LOWEST) if number < 9 else 0  # 9 is the body's
        based = style.find(f"{_W}basedOn")
        style = styles.get(based.get(f"{_W}val", "")) if based is not None else None
    return 0


def _with_plain_tables(document: Any) -> Any:
    """The document with tables of whole rows: merged cells in each place, heads marked."""
    from mammoth import documents, transforms

    def plain(table: documents.Table) -> documents.Table:
        return table.copy(children=_plain_rows(table.children))

    whole = transforms.element_of_type(documents.Table, plain)(document)
    children = [part for child in whole.children for part in _without_frame(child)]
    return whole.copy(children=children)


def _without_frame(element: Any) -> list[Any]:
    """What stands in a table of one cell, which only frames it; any other element itself."""
    from mammoth import documents

    if isinstance(element, documents.Table) and len(element.children) == 1:
        cells = element.children[0].children
        if len(cells) == 1:
            return list(cells[0].children)
    return [element]


def _plain_rows(rows: list[documents.TableRow]) -> list[documents.TableRow]:
    grid: list[list[documents.TableCell]] = [[] for _ in rows]
    below: dict[tuple[int, int], documents.TableCell] = {}
    for place, row in enumerate(rows):
        cells = iter(row.children)
        while True:
            column = len(grid[place])
            cell = below.pop((place, column), None) or next(cells, None)
            if cell is None:
                break
            for further in range(1, min(cell.rowspan, len(rows) - place)):
                for beside in range(min(cell.colspan, _WIDEST)):
                    below[place + further, column + beside] = cell.copy(colspan=1, rowspan=1)
            grid[place] += [cell.copy(colspan=1, rowspan=1)] * min(cell.colspan, _WIDEST)
    size = head_rows([[_text(cell) for cell in row] for row in grid])
    if size > 1 and len({len(row) for row in grid[:size]}) == 1:
        grid[:size] = [[_over(column) for column in zip(*grid[:size], strict=True)]]
    kept = rows[len(rows) - len(grid) :]
    return [
        row.copy(children=cells, is_header=place == 0 and size > 0)
        for place, (row, cells) in enumerate(zip(kept, grid, strict=True))
    ]


def _over(cells: tuple[documents.TableCell, ...]) -> documents.TableCell:
    """One cell of a head for those that stand one over the other."""
    different = {_text(cell): cell for cell in cells}.values()
    return cells[0].copy(children=[part for cell in different for part in cell.children])


def _text(cell: documents.TableCell) -> str:
    from mammoth.raw_text import extract_raw_text_from_element

    return " ".join(extract_raw_text_from_element(cell).split())
