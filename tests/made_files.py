"""Small files of each format, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

__all__ = [
    "docx",
    "docx_level",
    "docx_lists",
    "docx_paragraph",
    "docx_styles",
    "pdf",
    "pdf_text",
    "pptx",
    "xlsx",
    "zipped",
]

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_STYLES = (
    f"<w:styles {_W}>"
    '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="二级标题"/>'
    '<w:basedOn w:val="a4"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a4"><w:name w:val="标题 2"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>'
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def docx(body: str, **others: str) -> bytes:
    """A Word document of a body's XML; a part is replaced by its name, as document="…"."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/styles.xml": _STYLES,
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
    }
    return zipped({**parts, **{f"word/{name}.xml": xml for name, xml in others.items()}})


def docx_paragraph(
    text: str, style: str = "", number: tuple[int, int] | None = None, extra: str = ""
) -> str:
    """A paragraph's XML, in a style by its id, in a list by its id and level."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        list_, level = number
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'
    properties += extra
    held = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{held}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_level(level: int, form: str, text: str, start: int = 1, extra: str = "") -> str:
    """A level of a list: in which format it counts, and what is written round the number."""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def docx_lists(*lists: str, shared: Mapping[int, tuple[int, str]] | None = None) -> str:
    """A numbering part: lists 1, 2, … of levels; more that share the levels of one of them."""
    nums = {n: (n, "") for n in range(1, len(lists) + 1)} | dict(shared or {})
    return (
        f"<w:numbering {_W}>"
        + "".join(
            f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>'
            for n, levels in enumerate(lists, 1)
        )
        + "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="{of}"/>{changes}</w:num>'
            for n, (of, changes) in nums.items()
        )
        + "</w:numbering>"
    )


def docx_styles(*styles: str) -> str:
    """A part of styles: the usual ones and more."""
    return _STYLES.replace("</w:styles>", "".join(styles) + "</w:styles>")


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> bytes:
    """A workbook; (value, number format) pairs are cells shown in that format."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate(row, 1):
                cell = sheet.cell(y, x)
                if isinstance(value, tuple):
                    cell.value, cell.number_format = value
                else:
                    cell.value = value
        for cells in merged:
            sheet.merge_cells(cells)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def pptx(slides: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]], str]]) -> bytes:
    """A presentation: of each slide the title, the bullets, a table and the notes."""
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    for title, bullets, rows, notes in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(bullets)
        if rows:
            place = Inches(1), Inches(5), Inches(6), Inches(1)
            table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
            for y, row in enumerate(rows):
                for x, text in enumerate(row):
                    table.cell(y, x).text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    held = io.BytesIO()
    presentation.save(held)
    return held.getvalue()


def pdf_text(x: float, y: float, text: str, size: float = 12) -> str:
    """What draws a line of text on a page, from the lower left corner."""
    return f"BT /F1 {size} Tf {x} {y} Td <{text.encode('gbk').hex()}> Tj ET\n"


def pdf(pages: Sequence[str], extra: str = "") -> bytes:
    """A PDF of pages that draw so, in a Chinese font that is not embedded and maps no Unicode."""
    font = 4 + 2 * len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra}>>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< >>",
    ]
    for number, drawn in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] "
            f"/Resources << /Font << /F1 {font} 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    collection = "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    objects += [
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H "
            f"/DescendantFonts [{font + 1} 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
            f"/W [1 95 500] /CIDSystemInfo {collection} /FontDescriptor {font + 2} 0 R >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] "
            "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>"
        ),
    ]
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    return written + f"{end}startxref\n{len(written)}\n%%EOF\n".encode()
