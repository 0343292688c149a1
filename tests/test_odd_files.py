"""Files that are odd or broken: each is read right or says in Chinese what is wrong and to do.

Beside each the good file next to it is still read.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import struct
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from corpus import FILE_LIMIT, DocumentError, fetch, find_files, read_bytes, read_file
from corpus.readers import confined, formats
from index import ChildProcess, ProcessEndedError
from made_files import (
    docx,
    docx_level,
    docx_lists,
    docx_paragraph,
    pdf,
    pdf_text,
    pptx,
    xlsx,
    zipped,
)
from waiting import until

CASES = Path(__file__).parent / "cases" / "formats"
TEXT = "城东小学今年新增学位900个。\n城西医院新增床位120张。\n"
TRADITIONAL = "城東小學今年新增學位900個。\n城西醫院新增床位120張。\n"
WORDS = "新增床位120张"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BOMB = (
    '<!DOCTYPE a [<!ENTITY b "哈"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>'
)


def printed() -> bytes:
    return pdf([pdf_text(60, 500, "城东小学今年新增学位900个，") + pdf_text(60, 480, f"{WORDS}。")])


def word() -> bytes:
    return docx(docx_paragraph(TEXT))


def sheet() -> bytes:
    return xlsx({"表": [["项目", "数量"], [WORDS, 120], ["学位", 900]]})


def slides() -> bytes:
    return pptx([(WORDS, ["学位900个"], [], "")])


def scanned() -> bytes:
    image = "q 400 0 0 500 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
    return pdf([image, image])


def without(data: bytes, member: str) -> bytes:
    """An archive with a member's name spoilt."""
    return data.replace(member.encode(), b"x" * len(member))


def with_password(data: bytes) -> bytes:
    """A zip archive whose members say that they are encrypted."""
    spoilt = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(mark), data):
            spoilt[match.start() + flags] |= 1
    return bytes(spoilt)


def stream_bomb() -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(220)) + packer.flush()
    drawn = pdf([pdf_text(60, 500, WORDS)])
    head = b"9 0 obj << /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return drawn + head + packed + b"\nendstream endobj\n"


READ: dict[str, tuple[str, bytes]] = {
    "utf-8 with mark": ("a.txt", TEXT.encode("utf-8-sig")),
    "utf-16": ("a.txt", TEXT.encode("utf-16")),
    "utf-16 big-endian without mark": ("a.txt", TEXT.encode("utf-16-be")),
    "utf-16 little-endian without mark": ("a.txt", TEXT.encode("utf-16-le")),
    "utf-32": ("a.txt", TEXT.encode("utf-32")),
    "gb18030": ("a.txt", TEXT.encode("gb18030")),
    "big5": ("a.txt", TRADITIONAL.encode("big5")),
    "utf-8 cut off in a character": ("a.txt", TEXT.strip().encode()[:-1]),
    "gb18030 cut off in a character": ("a.txt", TEXT.strip().encode("gb18030")[:-1]),
    "utf-8 with a lost byte": ("a.txt", (TEXT * 9).encode().replace(b"900", b"9\xff0", 1)),
    "utf-8 with a nul": ("a.txt", (TEXT * 9 + "\0").encode()),
    "html named txt": ("a.txt", f"<html><body><p>{WORDS}。</p></body></html>".encode()),
    "html named doc": ("a.doc", f"<html><body><p>{WORDS}。</p></body></html>".encode()),
    "html named xls": ("a.xls", f"<table><tr><td>{WORDS}</td></tr></table>".encode()),
    "html that says gb2312": ("a.html", f"<meta charset=gb2312><p>{WORDS}。</p>".encode("gbk")),
    "html that says gb2312 and is utf-8": ("a.htm", f"<meta charset=gb2312><p>{WORDS}。".encode()),
    "html that says utf-8 and is gbk": ("a.htm", f"<meta charset=utf-8><p>{TEXT}".encode("gbk")),
    "html that says latin and is gbk": ("a.htm", f"<meta charset=latin1><p>{TEXT}".encode("gbk")),
    "mhtml": (
        "a.mht",
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + f"<html><p>{WORDS}。</p></html>\r\n--b--\r\n".encode(),
    ),
    "pdf": ("a.pdf", printed()),
    "pdf named txt": ("a.txt", printed()),
    "pdf without a suffix": ("a", printed()),
    "pdf with garbage before its head": ("a.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + printed()),
    "pdf with a broken table of objects": ("a.pdf", printed().replace(b"0000000", b"0009999")),
    "pdf that only its owner may change": ("a.pdf", (CASES / "unlocked.pdf").read_bytes()),
    "pdf with an endless tree of pages": (
        "a.pdf",
        printed().replace(b"/Kids [4 0 R]", b"/Kids [4 0 R 2 0 R]"),
    ),
    "word": ("a.docx", word()),
    "word named doc": ("a.doc", word()),
    "word named txt": ("a.txt", word()),
    "excel": ("a.xlsx", sheet()),
    "excel named csv": ("a.csv", sheet()),
    "powerpoint": ("a.pptx", slides()),
    "csv by semicolons": ("a.csv", f"项目;数量\n{WORDS};120\n学位;900\n".encode()),
    "csv of ragged rows": ("a.csv", f"项目,数量\n{WORDS}\n学位,900,多\n,,\n".encode()),
    "csv with a quote that nothing closes": ("a.csv", f'项目,数量\n{WORDS},"120\n'.encode()),
    "capital letters": ("A.TXT", TEXT.encode()),
}

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "没有文字"),
    "empty pdf": ("a.pdf", b"", "没有文字"),
    "only spaces": ("a.txt", " \n\u3000\t\n".encode(), "没有文字"),
    "only menus": ("a.html", b"<nav><p>a</p></nav><script>b</script>", "没有文字"),
    "binary": ("a.txt", bytes(range(256)) * 40, "不是 UTF-8"),
    "two bytes of a mark": ("a.txt", b"\xff\xfe\x80\x00", "不是 UTF-8"),
    "shift-jis": (
        "a.txt",
        "東京都は新しい施設を公開しました。".encode("shift_jis"),
        "cp932.*另存为 UTF-8",
    ),
    "euc-kr": ("a.txt", "서울시는 새로운 시설을 공개하였다.".encode("euc-kr"), "cp949.*UTF-8"),
    "gb18030 from amid a character": ("a.txt", ("，".join(TEXT * 9)).encode("gbk")[1:], "UTF-8"),
    "half broken": ("a.txt", (TEXT * 9).encode("gbk").replace(b"\xb4", b"\x81\x20"), "UTF-8"),
    "png": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "图片.*只能读.*识别成文字"),
    "png named txt": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(40), "图片.*识别成文字"),
    "jpeg named pdf": ("a.pdf", b"\xff\xd8\xff\xe0" + bytes(40), "图片"),
    "old word": ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "旧版 Word.*另存为 .docx"),
    "old word named docx": ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "旧版 Word"),
    "old excel": ("a.xls", OLE + "Workbook".encode("utf-16-le"), "旧版 Excel.*另存为 .xlsx"),
    "old powerpoint": ("a.ppt", OLE, "旧版 PowerPoint.*另存为 .pptx"),
    "wps": ("a.wps", OLE, "WPS.*另存为 .docx"),
    "office with a password": (
        "a.docx",
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "密码.*去掉密码",
    ),
    "rtf": ("a.rtf", b"{\\rtf1 abc}", "RTF.*另存为 .docx"),
    "rtf named doc": ("a.doc", b"{\\rtf1 abc}", "RTF.*另存为 .docx"),
    "open document": (
        "a.odt",
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "OpenDocument.*另存为 .docx",
    ),
    "ofd": ("a.ofd", zipped({"OFD.xml": "<a/>"}), "OFD.*另存为 .pdf"),
    "rar": ("a.rar", b"Rar!\x1a\x07\x00", "压缩包.*解压"),
    "zip": ("a.zip", zipped({"a.txt": TEXT}), "压缩包.*解压"),
    "program": ("a.txt", b"\x7fELF" + bytes(60), "程序"),
    "unknown": ("a.xyz", b"abc", "只能读.*转换格式"),
    "pdf with a password": ("a.pdf", (CASES / "locked.pdf").read_bytes(), "密码.*去掉密码"),
    "pdf cut off at its head": ("a.pdf", printed()[:60], "PDF 已损坏.*重新导出"),
    "pdf cut off before its table": ("a.pdf", printed().partition(b"xref")[0], "PDF 已损坏"),
    "pdf that is none": ("a.pdf", b"hello", "PDF 已损坏"),
    "pdf without pages": ("a.pdf", pdf([]), "PDF 已损坏|没有文字"),
    "pdf of empty pages": ("a.pdf", pdf(["", ""]), "没有文字"),
    "scanned pdf": ("a.pdf", scanned(), "扫描件.*OCR"),
    "pdf with a bomb": ("a.pdf", stream_bomb(), "炸弹"),
    "word cut off": ("a.docx", word()[:-300], "Word 文件已损坏|文件已损坏.*重新保存"),
    "word that is none": ("a.docx", b"hello", "已损坏.*重新保存"),
    "word without its text": ("a.docx", without(word(), "word/document.xml"), "已损坏"),
    "word with broken xml": ("a.docx", docx("", document="<a"), "已损坏"),
    "word with entities": ("a.docx", docx("", document=BOMB), "实体"),
    "word without words": ("a.docx", docx(docx_paragraph(" ")), "没有文字"),
    "word that unpacks to too much": ("a.docx", docx(" " * 2**23), "解压"),
    "excel without words": ("a.xlsx", xlsx({"Sheet1": []}), "没有文字"),
    "excel cut off": ("a.xlsx", sheet()[:-300], "已损坏"),
    "excel with broken xml": (
        "a.xlsx",
        zipped({"[Content_Types].xml": "<a", "xl/workbook.xml": "<b"}),
        "Excel 文件已损坏",
    ),
    "excel with entities": ("a.xlsx", zipped({"xl/workbook.xml": BOMB}), "实体"),
    "powerpoint cut off": ("a.pptx", slides()[:-300], "已损坏"),
    "powerpoint with broken xml": ("a.pptx", zipped({"ppt/presentation.xml": "<a"}), "已损坏"),
    "csv of an endless field": ("a.csv", b'a,"' + b"b" * 200_000, "引号|另存"),
    "too large": ("a.txt", b"a" * (20 * 2**20 + 1), "超过 20 MB"),
    "mhtml without a page": ("a.mht", b"Content-Type: text/plain\r\n\r\nabc", "没有网页"),
}


@pytest.mark.parametrize("kind", READ)
def test_what_can_be_read_is_read_right(kind: str) -> None:
    name, data = READ[kind]
    text = read_bytes(data, name).text
    assert WORDS in text or "新增床位120張" in text


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_says_why_and_its_neighbour_is_read(kind: str, tmp_path: Path) -> None:
    name, data, reason = REFUSED[kind]
    (tmp_path / f"坏{name}").write_bytes(data)
    (tmp_path / "好.txt").write_text(TEXT, "utf-8")
    told: list[str] = []
    texts: list[str] = []
    for file in find_files(tmp_path):
        if file.member:
            continue
        try:
            texts.append(read_file(file).text)
        except DocumentError as error:
            told.append(str(error))
    if kind != "zip":
        assert len(told) == 1
        assert f"坏{name}: " in told[0]
    assert len(texts) == 1
    with pytest.raises(DocumentError, match=rf"(?s)^{re.escape(name)}: .*(?:{reason})"):
        read_bytes(data, name)


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: zipped({}), "空的"),
    "broken": (lambda: zipped({"a.txt": TEXT * 50})[:-30], "已损坏.*重新压缩"),
    "none": (lambda: b"hello", "已损坏"),
    "too many": (lambda: zipped({f"{n}.txt": "一" for n in range(2_001)}), "最多 2000 个"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_that_cannot_be_looked_into_says_why(kind: str, tmp_path: Path) -> None:
    make, reason = ARCHIVES[kind]
    (tmp_path / "包.zip").write_bytes(make())
    (file,) = find_files(tmp_path)
    with pytest.raises(DocumentError, match=f"包.zip: .*{reason}"):
        file.load()


MEMBERS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "within": (lambda: zipped({"内.zip": zipped({"a.txt": TEXT})}), "内.zip", "压缩包里的压缩包"),
    "bomb": (lambda: zipped({"大.txt": " " * 2**24}), "大.txt", "炸弹"),
    "too large": (lambda: zipped({"大.txt": os.urandom(2**20) * 21}), "大.txt", "超过 20 MB|炸弹"),
    "with a password": (lambda: with_password(zipped({"密.txt": TEXT})), "密.txt", "密码"),
    "of another format": (lambda: zipped({"图.png": b"\x89PNG"}), "图.png", "图片"),
    "spoilt": (
        lambda: zipped({"坏.txt": os.urandom(99)}).replace(b"PK\x03\x04", b"PK\x03\x09", 1),
        "坏.txt",
        "已损坏",
    ),
}


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_member_that_cannot_be_read_says_why_and_the_others_are_read(
    kind: str, tmp_path: Path
) -> None:
    make, name, reason = MEMBERS[kind]
    (tmp_path / "包.zip").write_bytes(make())
    (tmp_path / "好.zip").write_bytes(zipped({"好.txt": TEXT}))
    bad, good = find_files(tmp_path)
    assert bad.source == f"包.zip/{name}"
    with pytest.raises(DocumentError, match=f"包.zip/{name}: .*{reason}|包.zip: .*{reason}"):
        read_file(bad)
    assert WORDS in read_file(good).text


def test_names_in_an_archive_that_windows_packed(tmp_path: Path) -> None:
    data = zipped({"XXXX/YYYY.txt": TEXT}).replace(b"XXXX/YYYY", "年报/报告".encode("gb18030"))
    (tmp_path / "包.zip").write_bytes(data)
    (file,) = find_files(tmp_path)
    assert file.source == "包.zip/年报/报告.txt"
    assert WORDS in read_file(file).text


def test_names_in_an_archive_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "包.zip").write_bytes(
        zipped({"../../etc/一.txt": TEXT, "/var/二.txt": TEXT, "C:\\三.txt": TEXT})
    )
    files = find_files(tmp_path / "in")
    assert [f.source for f in files] == [
        "包.zip/C:/三.txt",
        "包.zip/etc/一.txt",
        "包.zip/var/二.txt",
    ]
    assert all(WORDS in read_file(file).text for file in files)
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "包.zip"]


def test_what_systems_and_programs_leave_behind_is_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.txt", "~$报告.docx", "Thumbs.db", "desktop.ini", ".DS_Store", "好.txt"):
        (tmp_path / name).write_text(TEXT, "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "一.txt").write_text(TEXT, "utf-8")
    (tmp_path / "包.zip").write_bytes(zipped({"__MACOSX/._一.txt": "x", "一.txt": TEXT}))
    assert [file.source for file in find_files(tmp_path)] == ["包.zip/一.txt", "好.txt"]


def directory(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def circle(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def broken_link(path: Path) -> None:
    path.symlink_to(path.with_name("away.txt"))


def unreadable(path: Path) -> None:
    path.symlink_to("/proc/self/mem")


def huge(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4")
    os.truncate(path, FILE_LIMIT + 1)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links of POSIX")
@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        (directory, []),
        (circle, []),
        (pipe, ["不是普通文件"]),
        (broken_link, ["读不了"]),
        (unreadable, ["读不了"]),
        (huge, ["超过 50 MB"]),
    ],
)
def test_what_is_no_file_says_so_and_the_others_are_read(
    make: Callable[[Path], None], reasons: list[str], tmp_path: Path
) -> None:
    make(tmp_path / "坏.pdf")
    (tmp_path / "好.txt").write_text(TEXT, "utf-8")
    told: list[str] = []
    texts: list[str] = []
    for file in find_files(tmp_path):
        try:
            texts.append(read_file(file).text)
        except DocumentError as error:  # noqa: PERF203 - each file is to fail alone
            told.append(str(error))
    assert len(texts) == 1
    assert len(told) == len(reasons)
    assert all(reason in text for reason, text in zip(reasons, told, strict=True))


def test_a_pdf_of_too_many_pages_is_refused_with_the_limit() -> None:
    data = (
        printed()
        .replace(b"/Count 1", b"/Count 5000")
        .replace(b"/Kids [4 0 R]", b"/Kids [" + b"4 0 R " * 5000 + b"]")
    )
    with pytest.raises(DocumentError, match=r"a\.pdf: .*(?:最多 3000 页|已损坏)"):
        read_bytes(data, "a.pdf")


def test_a_broken_png_is_no_riddle() -> None:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"
    with pytest.raises(DocumentError, match="图片"):
        read_bytes(head, "报告.docx")


def stream(number: int, dictionary: str, content: bytes) -> bytes:
    head = f"{number} 0 obj\n<< {dictionary} /Length {len(content)} >>\nstream\n"
    return head.encode() + content + b"\nendstream endobj\n"


def drawing(content: bytes, dictionary: str = "", resources: str = "", more: bytes = b"") -> bytes:
    """A PDF of one page that draws so; its table of objects is left for the reader to find."""
    return (
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources "
        + f"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> {resources}"
        f" >> >> endobj\n".encode()
        + stream(4, dictionary, content)
        + more
        + b"trailer << /Size 40 /Root 1 0 R >>\n%%EOF\n"
    )


def nested_forms(depth: int) -> bytes:
    """Forms that draw the next one ten times each: 2 KB that are ten to the depth drawings."""
    form = "/Type /XObject /Subtype /Form /BBox [0 0 400 400] /Resources << /XObject << /X {} >> >>"
    forms = b"".join(
        stream(10 + n, form.format(f"{11 + n} 0 R"), b"/X Do " * 10) for n in range(depth)
    )
    return drawing(b"/X Do " * 10, "", "/XObject << /X 10 0 R >>", forms)


def letters(count: int) -> bytes:
    return b"BT /F1 8 Tf 10 10 Td " + b"(a) Tj " * count + b"ET"


FLATE, TWICE = "/Filter /FlateDecode", "/Filter [/FlateDecode /FlateDecode]"
BOMBS: dict[str, Callable[[], bytes]] = {
    "forms within forms": lambda: nested_forms(9),
    "packed": lambda: drawing(zlib.compress(letters(6_000_000), 9), FLATE),
    "packed twice": lambda: drawing(zlib.compress(zlib.compress(letters(6_000_000), 9), 9), TWICE),
    "not packed": lambda: drawing(letters(6_000_000)),
    "paths": lambda: drawing(zlib.compress(b"0 0 m 9 9 l S " * 9_000_000, 9), FLATE),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as Linux has them")
@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_pdf_that_asks_for_all_memory_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "MEMORY", 900 * 2**20)
    data = BOMBS[kind]()
    with pytest.raises(DocumentError, match=r"a\.pdf: .*(?:读不下去|太复杂|超过|炸弹)"):
        read_bytes(data, "a.pdf")
    assert WORDS in read_bytes(printed(), "b.pdf").text


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats._CONFINED, "pdf", 3.0)
    with pytest.raises(DocumentError, match=r"a\.pdf: .*秒没有读完|读不下去"):
        read_bytes(nested_forms(12), "a.pdf")


SPAN = '<w:tc><w:tcPr><w:gridSpan w:val="63"/></w:tcPr><w:p><w:r><w:t>建房</w:t></w:r></w:p></w:tc>'
FULL = [[f"小区{number}"] for number in range(5_000)]
RANDOM = f"<!--{os.urandom(100_000).hex()}-->"  # or it would be told as a bomb by its ratio


def merged(count: int) -> bytes:
    """A sheet with ranges of merged cells that lie on one another, which no program makes."""
    data = xlsx({"表": FULL})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    ranges = "".join(f'<mergeCell ref="A{1 + n % 9}:XFD1048576"/>' for n in range(count))
    more = f"</sheetData><mergeCells>{ranges}</mergeCells>".encode()
    members[sheet] = members[sheet].replace(b"</sheetData>", more)
    return zipped(members)


TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "cells that span many.docx": lambda: docx(
        f"{RANDOM}<w:tbl>{f'<w:tr>{SPAN * 63}</w:tr>' * 2000}</w:tbl>"
    ),
    "runs without words.docx": lambda: docx(f"{RANDOM}<w:p>{'<w:r/>' * 3_000_000}</w:p>"),
    "tables within tables.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000
    ),
    "merged cells on one another.xlsx": lambda: merged(9_000),
    "shapes without words.pptx": lambda: pptx([("", ["数"] * 60_000, [], "")]),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as Linux has them")
@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_small_file_of_office_that_asks_for_too_much_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "MEMORY", 700 * 2**20)
    for kind in ("docx", "xlsx", "pptx"):
        monkeypatch.setitem(formats._CONFINED, kind, 3.0)
    with pytest.raises(DocumentError, match=r"读不下去|没有读完|炸弹|太多|太复杂|损坏|超过"):
        read_bytes(TOO_MUCH[name](), name)
    assert WORDS in read_bytes(word(), "b.docx").text


def test_a_line_of_a_million_fields_is_cut() -> None:
    found = read_bytes(b"a," * 1_000_000 + b"\n" + "镇,25套\n".encode(), "a.csv")
    assert len(found.raw) < 100_000


def test_a_reader_ends_with_the_process_that_asked_for_it() -> None:
    data = nested_forms(12)
    child = ChildProcess()
    asked = threading.Thread(target=_ask, args=(child, data), daemon=True)
    asked.start()
    below = psutil.Process(child._process.pid)
    until(lambda: below.children())
    readers = below.children()
    child.kill()
    until(lambda: not any(one.is_running() and one.status() != "zombie" for one in readers))
    asked.join()


def test_a_reader_ends_where_its_parent_was_killed() -> None:
    child = ChildProcess()
    asked = threading.Thread(target=_ask, args=(child, nested_forms(12)), daemon=True)
    asked.start()
    below = psutil.Process(child._process.pid)
    until(lambda: below.children())
    readers = below.children()
    below.kill()  # it alone
    until(lambda: not any(one.is_running() and one.status() != "zombie" for one in readers))
    asked.join()


def _ask(child: ChildProcess, data: bytes) -> None:
    with pytest.raises(ProcessEndedError), child:
        child.run(read_bytes, data, "a.pdf")


@pytest.mark.parametrize("reader", ["exit", "abort", "noise", "nothing"])
def test_a_reader_that_ends_in_any_way_is_told(
    reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "_ROOT", str(tmp_path))
    (tmp_path / "corpus" / "readers").mkdir(parents=True)
    (tmp_path / "corpus" / "readers" / "confined.py").write_text(
        {
            "exit": "import sys\ndef serve(): sys.exit(3)",
            "abort": "import os\ndef serve(): os.abort()",
            "noise": "def serve(): print('x')",
            "nothing": "def serve(): pass",
        }[reader]
    )
    with pytest.raises(DocumentError, match=r"a\.pdf: .*读不下去"):
        read_bytes(printed(), "a.pdf")


def test_within_a_program_without_python_a_pdf_is_read_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    assert WORDS in read_bytes(printed(), "a.pdf").text


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="n{n}"/>'
    f'<w:basedOn w:val="s{(n + 1) % 3}"/></w:style>'
    for n in range(3)
)
LISTS: dict[str, str] = {
    "a list that links to itself": (
        '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="a"/><w:numStyleLink w:val="a"/>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    ),
    "a list of nothing": '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num/>',
    "numbers that are none": (
        f'<w:abstractNum w:abstractNumId="1">{docx_level(0, "", "%1%9%0%")}'
        '<w:lvl w:ilvl="x"><w:start w:val="-1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    ),
    "a very long number": (
        f'<w:abstractNum w:abstractNumId="1">{docx_level(0, "decimal", "长%1" * 9_000)}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    ),
    "a very high number": (
        f'<w:abstractNum w:abstractNumId="1">{docx_level(0, "upperRoman", "%1.", 999_999)}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_lists_of_word_that_are_odd_lose_no_text(kind: str) -> None:
    parts = {
        name: xml.replace(f"</w:{name}>", more + f"</w:{name}>")
        for name, more, xml in (
            ("numbering", LISTS[kind], docx_lists()),
            ("styles", STYLES, docx_lists().replace("numbering", "styles")),
        )
    }
    body = docx_paragraph(f"{WORDS}。", "s0", (1, 0)) + docx_paragraph("另有学位。", "s9", (1, 8))
    text = read_bytes(docx(body, **parts), "a.docx").text
    assert WORDS in text
    assert "另有学位。" in text
    assert len(text) < 80


class Packed(BaseHTTPRequestHandler):
    """A site that packs what it sends, in the way that the path says."""

    page = f"<html><body><p>{WORDS}。</p></body></html>".encode()

    def do_GET(self) -> None:
        way = self.path.strip("/")
        raw = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        half = len(self.page) // 2
        coding, content = {
            "gzip": ("gzip", gzip.compress(self.page)),
            "x-gzip": ("X-GZIP", gzip.compress(self.page)),
            "parts": (
                "gzip",
                gzip.compress(self.page[:half]) + gzip.compress(self.page[half:]),
            ),
            "trailing": ("gzip", gzip.compress(self.page) + bytes(16)),
            "zlib": ("deflate", zlib.compress(self.page)),
            "raw": ("deflate", raw.compress(self.page) + raw.flush()),
            "repeated": ("gzip", gzip.compress(self.page + b" " * 1_000_000)),
            "empty": ("gzip", b""),
            "bomb": ("gzip", gzip.compress(bytes(60_000_000))),
            "bombs": ("gzip", gzip.compress(bytes(600_000)) * 100),
            "cut": ("gzip", gzip.compress(os.urandom(9_000))[:-4000]),
            "broken": ("gzip", gzip.compress(self.page)[:20] + b"\xff" * 90),
            "none": ("gzip", self.page),
            "twice": ("gzip, gzip", gzip.compress(gzip.compress(self.page))),
            "brotli": ("br", b"\x0b\x02\x80"),
        }[way]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def packing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Packed)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("way", ["gzip", "x-gzip", "parts", "trailing", "zlib", "raw", "repeated"])
def test_what_a_site_packs_is_unpacked(packing: str, way: str) -> None:
    name, data = fetch(f"{packing}/{way}", allowed=lambda _: True)
    assert WORDS in read_bytes(data, name).text


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("bomb", "超过 1 MB"),
        ("bombs", "超过 1 MB"),
        ("cut", "已损坏或不完整"),
        ("broken", "已损坏或不完整"),
        ("none", "已损坏或不完整"),
        ("twice", "gzip, gzip 压缩过的"),
        ("brotli", "br 压缩过的"),
    ],
)
def test_what_a_site_packs_wrongly_is_told(packing: str, way: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        fetch(f"{packing}/{way}", allowed=lambda _: True, limit=2**20)


def test_nothing_packed_is_nothing(packing: str) -> None:
    assert fetch(f"{packing}/empty", allowed=lambda _: True)[1] == b""


def slow(host: str, port: int) -> list[str]:
    time.sleep(20)
    return ["93.184.215.14"]


def gone(host: str, port: int) -> list[str]:
    raise OSError


def nonsense(host: str, port: int) -> list[str]:
    raise UnicodeError


@pytest.mark.parametrize(
    ("resolver", "reason"),
    [
        (slow, "等了太久"),
        (gone, "找不到主机"),
        (nonsense, "找不到主机"),
        (lambda host, port: [], "内网或本机"),
        (lambda host, port: ["10.0.0.1"], "内网或本机"),
    ],
)
def test_looking_up_a_host_is_within_the_time_and_errors_are_told(
    resolver: Callable[[str, int], list[str]], reason: str
) -> None:
    started = time.monotonic()
    with pytest.raises(DocumentError, match=reason):
        fetch("http://example.com/", resolver=resolver, seconds=0.5)
    assert time.monotonic() - started < 10
