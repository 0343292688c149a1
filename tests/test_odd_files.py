"""Files that are odd or broken: each is read right or says in Chinese what is wrong and to do.

Beside each the good file next to it is still read.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import FILE_LIMIT, DocumentError, find_files, read_bytes, read_file
from made_files import docx, docx_paragraph, pdf, pdf_text, pptx, xlsx, zipped

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
        zipped({"../../etc/一.txt": TEXT, "/root/二.txt": TEXT, "C:\\三.txt": TEXT})
    )
    files = find_files(tmp_path / "in")
    assert [f.source for f in files] == [
        "包.zip/C:/三.txt",
        "包.zip/etc/一.txt",
        "包.zip/root/二.txt",
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


@pytest.mark.parametrize(("name", "module"), [("a.xlsx", "openpyxl"), ("a.pptx", "pptx")])
def test_what_is_not_installed_is_named_with_the_command(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    data = sheet() if name == "a.xlsx" and module != "openpyxl" else b"PK\x03\x04"
    with pytest.raises(DocumentError, match=r"pip install 'dongxihu-qa\[documents\]'"):
        read_bytes(data, name)


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
