"""Which format a file is of: what it begins with says so, and its name where that tells nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from corpus.errors import DocumentError
from corpus.readers.confined import read_confined

__all__ = [
    "FILE_LIMIT",
    "HEAD",
    "SUFFIXES",
    "check_format",
    "is_readable",
    "limit_of",
    "read_raw",
    "unread",
]

FILE_LIMIT = 50 * 2**20  # bytes; a report of 300 pages with its pictures has 30 MB
TEXT_LIMIT = 20 * 2**20  # of those without pictures: a longer one is a database, no document
HEAD = 8192  # bytes of a file that tell its format

_TEXT, _PAGE, _PDF, _WORD = "text", "html", "pdf", "docx"
_FORMATS = {  # by suffix
    ".txt": _TEXT, ".md": _TEXT, ".markdown": _TEXT,
    ".html": _PAGE, ".htm": _PAGE, ".xhtml": _PAGE, ".mht": "mhtml", ".mhtml": "mhtml",
    ".pdf": _PDF, ".docx": _WORD, ".docm": _WORD,
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv", ".pptx": "pptx",
}  # fmt: skip
SUFFIXES = tuple(_FORMATS)
_READERS = {  # the module and function that read each; imported when one is met
    "text": ("text", "read_text"),
    "html": ("web", "read_html"),
    "mhtml": ("web", "read_mhtml"),
    "pdf": ("pdf", "read_pdf"),
    "docx": ("word", "read_docx"),
    "xlsx": ("sheets", "read_xlsx"),
    "csv": ("delimited", "read_csv"),
    "pptx": ("slides", "read_pptx"),
}
# Whose libraries a small file can keep busy for hours, or make take all memory: seconds of work;
# a yearbook in PDF takes 20.
_CONFINED = {_PDF: 120.0, _WORD: 60.0, "xlsx": 60.0, "pptx": 60.0}
_INSIDE = {  # of a zip archive: the member that makes it a format
    "word/document.xml": _WORD,
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "OFD.xml": "ofd",
    "META-INF/container.xml": "epub",
}
_UNREAD = {  # what a format that is not read is called, and what to do about it
    "doc": ("旧版 Word 文件", "请另存为 .docx"),
    "xls": ("旧版 Excel 文件", "请另存为 .xlsx"),
    "ppt": ("旧版 PowerPoint 文件", "请另存为 .pptx"),
    "wps": ("WPS 文件", "请用 WPS 另存为 .docx"),
    "et": ("WPS 表格", "请用 WPS 另存为 .xlsx"),
    "dps": ("WPS 演示", "请用 WPS 另存为 .pptx"),
    "ole": ("旧版 Office 文件", "请另存为 .docx、.xlsx 或 .pptx"),
    "xlsb": ("二进制 Excel 文件", "请另存为 .xlsx"),
    "rtf": ("RTF 文件", "请另存为 .docx"),
    "odt": ("OpenDocument 文件", "请另存为 .docx"),
    "ods": ("OpenDocument 表格", "请另存为 .xlsx"),
    "odp": ("OpenDocument 演示", "请另存为 .pptx"),
    "ofd": ("OFD 文件", "请另存为 .pdf"),
    "epub": ("EPUB 电子书", "请转换为 .html 或 .pdf"),
    "image": ("图片", "请先识别成文字，存为 .txt 或 .docx"),
    "media": ("音频或视频", "请先转写成文字，存为 .txt"),
    "zip": ("压缩包", "请解压后再收录里面的文件"),
    "archive": ("压缩包", "请解压后再收录里面的文件"),
    "program": ("程序", "请换成文档"),
}
_SUFFIXES_OF = {
    "image": "png jpg jpeg gif bmp tif tiff webp svg heic",
    "media": "mp3 mp4 wav avi mov mkv m4a flac",
    "archive": "rar 7z gz tgz tar bz2 xz",
    "program": "exe dll so",
}
_UNREAD_SUFFIXES = {f".{kind}": kind for kind in _UNREAD} | {
    f".{suffix}": kind for kind, suffixes in _SUFFIXES_OF.items() for suffix in suffixes.split()
}
_SIGNATURES = (
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "ole"),
    (re.compile(rb"\{\\rtf"), "rtf"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*"), "image"),
    (re.compile(rb"BM.{4}\0{4}|RIFF.{4}WEBP", re.DOTALL), "image"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )|.{4}ftyp", re.DOTALL), "media"),
    (re.compile(rb"ID3|\x1a\x45\xdf\xa3|OggS|fLaC"), "media"),
    (re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b\x08|BZh\d1AY|\xfd7zXZ\0"), "archive"),
    (re.compile(rb"\x7fELF|MZ.{58}[\0-\xff]\0\0\0", re.DOTALL), "program"),
)  # fmt: skip
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_PDF_MARK = b"%PDF-"
_PDF_WITHIN = 1024  # bytes before the mark that readers of PDF pass over
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_STREAMS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}


def is_readable(name: str) -> bool:
    """Whether files of such a name are read; an archive is not, its members may be."""
    return _suffix(name) in _FORMATS


def limit_of(name: str) -> int:
    """The most bytes that a file of such a name may have."""
    return TEXT_LIMIT if _FORMATS.get(_suffix(name)) in (_TEXT, _PAGE, "csv") else FILE_LIMIT


def check_format(head: bytes, name: str) -> None:
    """Raise DocumentError where neither a file's first bytes nor its name are of a format read."""
    kind = _by_signature(head, name)
    if kind not in _READERS and kind != "zip" and not is_readable(name):
        named = _UNREAD_SUFFIXES.get(_suffix(name), kind)
        raise unread(name, named if kind in ("", "ole") else kind)


def read_raw(data: bytes, name: str) -> str:
    """The raw text of a file, as `make_document` takes it; raises DocumentError."""
    kind = _format_of(data, name)
    if kind not in _READERS:
        raise unread(name, kind)
    module, function = _READERS[kind]
    reader: Callable[[bytes, str], str] = getattr(
        import_module(f"corpus.readers.{module}"), function
    )
    seconds = _CONFINED.get(kind)
    return read_confined(reader, data, name, seconds) if seconds else reader(data, name)


def unread(name: str, kind: str) -> DocumentError:
    """Why a file of a format that is not read is refused, and what to do."""
    known = "只能读 .txt、.md、.html、.pdf、.docx、.xlsx、.pptx、.csv 等文件"
    if kind not in _UNREAD:
        return DocumentError(f"{name}: {known}，请先转换格式")
    what, remedy = _UNREAD[kind]
    return DocumentError(f"{name}: 是{what}，{known}，{remedy}")


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _format_of(data: bytes, name: str) -> str:
    kind = _by_signature(data[:HEAD], name)
    named = _FORMATS.get(_suffix(name)) or _UNREAD_SUFFIXES.get(_suffix(name), "")
    if kind == "zip":
        return _inside(data, named)
    if kind == "ole":
        return _inside_ole(data, name, _UNREAD_SUFFIXES.get(_suffix(name), "ole"))
    return kind or named


def _by_signature(head: bytes, name: str) -> str:
    """The format that a file's first bytes say, or ""."""
    if head.startswith(_ZIP_MARKS):
        return "zip"
    at = head.find(_PDF_MARK, 0, _PDF_WITHIN)
    if at == 0 or (at > 0 and _suffix(name) == ".pdf"):  # a text may speak of the mark
        return _PDF
    for pattern, kind in _SIGNATURES:
        if pattern.match(head):
            return kind
    if _HTML.match(head) and _FORMATS.get(_suffix(name)) not in (_TEXT, "csv"):
        return _PAGE
    return ""


def _inside(data: bytes, named: str) -> str:
    """What a zip archive is: a document of Office by its members, else by its name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = frozenset(archive.namelist())
            if "mimetype" in members and archive.getinfo("mimetype").file_size < HEAD:
                kind = archive.read("mimetype").decode("latin-1").rpartition(".")[2]
                for prefix, found in (("text", "odt"), ("spread", "ods"), ("presen", "odp")):
                    if kind.startswith(prefix):
                        return found
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return named if named in _READERS else "zip"  # its reader says that it is broken
    for member, kind in _INSIDE.items():
        if member in members:
            return kind
    return named if named in (_WORD, "xlsx", "pptx") else "zip"


def _inside_ole(data: bytes, name: str, named: str) -> str:
    """What a compound file of the old Office is; one with a password is refused here."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise DocumentError(f"{name}: 加了密码，请在 Office 里去掉密码后另存")
    for stream, kind in _OLE_STREAMS.items():
        if named == "ole" and stream.encode("utf-16-le") in data:
            return kind
    return named if named in _UNREAD else "ole"
