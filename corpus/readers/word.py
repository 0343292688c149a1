"""Word documents (.docx), by mammoth, which reads them by their styles.

Which paragraphs are headings, and the numbers that Word gives them, are told by `paragraphs`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from corpus.cells import is_note
from corpus.readers.archive import broken_is_told, check_package
from corpus.readers.paragraphs import STYLE_MAP, plain_paragraphs
from corpus.readers.tables import head_rows

if TYPE_CHECKING:
    from mammoth import documents

__all__ = ["read_docx"]

_WIDEST = 63  # columns of a table in Word
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
            io.BytesIO(plain_paragraphs(data)),
            style_map=STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
            transform_document=_with_plain_tables,
        )
    return _MARKS.sub("", found.value).replace("\f", " ")


def _with_plain_tables(document: Any) -> Any:
    """The document with tables of whole rows: merged cells in each place, heads marked."""
    from mammoth import documents, transforms

    def plain(table: documents.Table) -> documents.Table:
        return table.copy(children=_plain_rows(table.children))

    parted = [part for child in document.children for part in _without_title(child)]
    titled = document.copy(children=parted)
    whole = transforms.element_of_type(documents.Table, plain)(titled)
    children = [part for child in whole.children for part in _without_frame(child)]
    return whole.copy(children=children)


def _without_title(element: Any) -> list[Any]:
    """A table under what its first rows say in one cell each: a title, what it counts in."""
    from mammoth import documents

    if not isinstance(element, documents.Table):
        return [element]
    above: list[Any] = []
    rows = list(element.children)
    while len(rows) > 2 and _is_above(rows[0]):  # a head and a row are left
        above += next(cell for cell in rows.pop(0).children if _text(cell)).children
    return [*above, element.copy(children=rows)]


def _is_above(row: documents.TableRow) -> bool:
    """Whether a row is a line over its table: one wide cell, or 单位：万元 in any of them."""
    if any(cell.rowspan > 1 for cell in row.children):
        return False
    said = [_text(cell) for cell in row.children]
    across = len(said) == 1 and bool(said[0]) and row.children[0].colspan > 1
    return across or is_note(said)


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
