"""Word's paragraphs made plain before they are read: their level, and the number before them.

What Word works out as it shows a document is not in its text: that a style or the paragraph
itself is of a level of the outline, and which mark or number an automatic list gives it. All
that is written into the XML, as a style of ours and as words.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from corpus.cleaning import HEADING_LENGTH
from corpus.language import find_figures
from corpus.numbering import read_numbering
from corpus.readers.numbered import Number, Numbering, value_of

__all__ = ["STYLE_MAP", "plain_paragraphs"]

_BASED = 10  # styles that a style is based on, one on the other; more go in a circle
_LOWEST = 6  # of HTML's headings
_BODY = 9  # the level of the outline that is none
_TITLES = ("title", "标题", "文档标题")
_XML = (".xml", ".rels")
_FIGURE = 20  # characters in which a number's unit stands
_LISTS = "numbering", "word/numbering.xml"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT_STYLE = "paragraph-of-text"
_ITEM_STYLE = "item-of-list"
_HEADING_STYLE = "heading-of-level-"

# Rules of mammoth for the styles that are written into the document here.
STYLE_MAP = "\n".join(
    [
        f"p.{_TEXT_STYLE} => p:fresh",
        f"p.{_ITEM_STYLE} => ul > li:fresh",
        *(f"p.{_HEADING_STYLE}{level} => h{level}:fresh" for level in range(1, _LOWEST + 1)),
    ]
)


def plain_paragraphs(data: bytes) -> bytes:
    """A package of Word's XML alone, each paragraph with its level and its number in words."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as plain,
    ):
        path = _part(archive, "", "officeDocument", "word/document.xml")
        lists = _part(archive, path, *_LISTS)  # all that they say is in the text by then
        for name in dict.fromkeys(archive.namelist()):
            if name.endswith(_XML) and name not in (path, lists):
                plain.writestr(name, archive.read(name))
        plain.writestr(path, _marked(archive, path))
    return held.getvalue()


def _marked(archive: zipfile.ZipFile, path: str) -> bytes:
    root = _xml(archive, path)
    if root is None:
        raise KeyError(path)
    _Paragraphs(root, archive, path).mark(root)
    marked: bytes = ET.tostring(root, "utf-8")
    return marked


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """What a part holds; None where there is none of the name, or it was not looked over."""
    if not name.endswith(_XML) or name not in archive.NameToInfo:
        return None
    return ET.fromstring(archive.read(name))  # noqa: S314 - no entities


def _part(archive: zipfile.ZipFile, of: str, kind: str, usual: str) -> str:
    """The name of a part that another one relates to as of a kind."""
    folder, name = posixpath.split(of)
    relations = _xml(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in relations if relations is not None else ():
        if relation.get("Type", "").endswith(f"/{kind}"):
            found = posixpath.join("/", folder, relation.get("Target", ""))
            if (target := posixpath.normpath(found).lstrip("/")) in archive.NameToInfo:
                return target
    return usual


class _Paragraphs:
    """The paragraphs of a document, by its styles and its lists."""

    def __init__(self, root: ET.Element, archive: zipfile.ZipFile, path: str) -> None:
        self._w = w = root.tag.partition("}")[0] + "}"
        styles = _xml(archive, _part(archive, path, "styles", "word/styles.xml"))
        found = styles.iter(f"{w}style") if styles is not None else ()
        self._styles: dict[str, ET.Element] = {}
        self._usual = ""  # the style of a paragraph that names none
        for style in found:
            key = style.get(f"{w}styleId", "")
            self._styles.setdefault(key, style)
            if style.get(f"{w}type") == "paragraph" and style.get(f"{w}default") in ("1", "true"):
                self._usual = key
        self._numbering = Numbering(_xml(archive, _part(archive, path, *_LISTS)), w)
        self._levels: dict[str, int] = {}
        self._lists: dict[str, tuple[str, int]] = {}

    def mark(self, root: ET.Element) -> None:
        """Write levels and numbers into the paragraphs of a document."""
        for paragraph, in_cell in self._all(root):
            properties = paragraph.find(f"{self._w}pPr")
            deleted = f"{self._w}pPr/{self._w}rPr/{self._w}del"
            if properties is None:
                properties = ET.Element(f"{self._w}pPr")
                paragraph.insert(0, properties)
            elif paragraph.find(deleted) is not None:  # it is one with the next
                continue
            self._mark(paragraph, properties, in_cell)

    def _all(self, root: ET.Element) -> Iterator[tuple[ET.Element, bool]]:
        """The paragraphs in their order, and whether each is in a cell of a table."""
        stack = [(root, False)]
        while stack:
            element, in_cell = stack.pop()
            if element.tag == f"{self._w}p":
                yield element, in_cell
            within = in_cell or element.tag == f"{self._w}tc"
            # Of a drawing in two ways only the older one is read.
            stack += [(e, within) for e in reversed(element) if e.tag != _CHOICE]

    def _mark(self, paragraph: ET.Element, properties: ET.Element, in_cell: bool) -> None:
        w = self._w
        named = value_of(properties.find(f"{w}pStyle"), w)
        text = self._text(paragraph)
        number = self._number(properties, named or self._usual)
        before = ""
        if number is not None and number.text and (text or in_cell):
            before = _before(number, text)
        level = self._level(properties, named)
        prose = level > 1 and _is_prose(before + text)
        if level and not prose:
            self._restyle(properties, f"{_HEADING_STYLE}{level}")
        elif prose or (number is not None and number.text and _tells_itself(before, text)):
            self._restyle(properties, _TEXT_STYLE)
        elif number is not None:
            self._restyle(properties, _ITEM_STYLE)
        if before:
            run = ET.Element(f"{w}r")
            ET.SubElement(run, f"{w}t", {_SPACE: "preserve"}).text = before
            paragraph.insert([*paragraph].index(properties) + 1, run)

    def _restyle(self, properties: ET.Element, style: str) -> None:
        w = self._w
        found = properties.find(f"{w}pStyle")
        if found is None:
            found = ET.SubElement(properties, f"{w}pStyle")
        found.set(f"{w}val", style)

    def _text(self, paragraph: ET.Element) -> str:
        """What a paragraph says, without what stands in frames beside it."""
        w = self._w
        texts = []
        stack = [*reversed(paragraph)]
        while stack:
            element = stack.pop()
            if element.tag == f"{w}t":
                texts.append(element.text or "")
            elif element.tag not in (f"{w}p", f"{w}moveFrom", f"{w}pPr", _CHOICE):
                stack += reversed(element)
        return "".join(texts).strip()

    def _based(self, style: str) -> Iterator[tuple[str, ET.Element]]:
        """A style and those that it is based on."""
        for _ in range(_BASED):
            found = self._styles.get(style)
            if found is None:
                return
            yield style, found
            style = value_of(found.find(f"{self._w}basedOn"), self._w)

    def _level(self, properties: ET.Element, style: str) -> int:
        """The heading's level of a paragraph, 0 for text: its own or its style's."""
        own = _outline(value_of(properties.find(f"{self._w}outlineLvl"), self._w))
        if style not in self._levels:
            self._levels[style] = self._level_of_style(style)
        title = self._levels[style] == 1
        return own if own and not title else self._levels[style]

    def _level_of_style(self, style: str) -> int:
        w = self._w
        for place, (_, found) in enumerate(self._based(style)):
            name = value_of(found.find(f"{w}name"), w).lower()
            if place == 0 and name in _TITLES:
                return 1
            level = value_of(found.find(f"{w}pPr/{w}outlineLvl"), w)
            if level.isdecimal():
                return _outline(level)
            head, _, number = name.rpartition(" ")
            if head == "heading" and number.isdecimal():
                return _outline(str(int(number) - 1))
        return 0

    def _number(self, properties: ET.Element, style: str) -> Number | None:
        """Count a paragraph in the list that it or its style names."""
        w = self._w
        if style not in self._lists:
            self._lists[style] = self._list_of_style(style)
        list_, level = self._lists[style]
        own = value_of(properties.find(f"{w}numPr/{w}numId"), w)
        own_level = value_of(properties.find(f"{w}numPr/{w}ilvl"), w)
        if own and own != list_:
            list_, level = own, 0
        if len(own_level) == 1 and own_level.isdecimal():
            level = int(own_level)
        return self._numbering.next(list_, level) if list_ else None

    def _list_of_style(self, style: str) -> tuple[str, int]:
        w = self._w
        list_ = level = ""
        names: list[str] = []
        for name, found in self._based(style):
            names += [name] if not list_ else []
            list_ = list_ or value_of(found.find(f"{w}pPr/{w}numPr/{w}numId"), w)
            level = level or value_of(found.find(f"{w}pPr/{w}numPr/{w}ilvl"), w)
        tied = self._numbering.level_of(list_, names)
        if tied is None:
            tied = int(level) if len(level) == 1 and level.isdecimal() else 0
        return list_, tied


def _outline(level: str) -> int:
    """The heading's level of one of the outline; a document's title is above its first."""
    number = int(level) if len(level) == 1 and level.isdecimal() else _BODY
    return min(number + 2, _LOWEST) if number < _BODY else 0


def _before(number: Number, text: str) -> str:
    """A number as it stands before a text; "" where that has it typed already."""
    label = number.text
    if not text:
        return label
    own, counted = read_numbering(text), read_numbering(f"{label} ")
    if (own and counted and own.shape == counted.shape) or (
        text.startswith(label) and not label[-1].isalnum()
    ):
        return ""
    last = label[-1]
    figures = find_figures(label + text[:_FIGURE]) if last.isdecimal() else ()
    if any(found.start < len(label) < found.end for found in figures):
        return f"{label}、"  # 1 and 个人所得税, 1.1 and 5家企业
    word = last.isalpha() or last.isdecimal()
    return f"{label} " if last.isascii() or last == "．" or (word and not number.close) else label


def _tells_itself(before: str, text: str) -> bool:
    """Whether a paragraph's number is one of those that are known where they are typed."""
    return not text or read_numbering(before + text) is not None


def _is_prose(text: str) -> bool:
    """Whether a paragraph of a heading's style says whole sentences, as articles of rules do."""
    if "。" in text[:-1]:
        return True
    numbered = read_numbering(text)
    article = numbered is not None and numbered.shape == "条"
    return text.endswith(("。", "；", "：")) and (article or len(text) > HEADING_LENGTH)
