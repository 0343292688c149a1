"""Zip archives, and documents of Office that are such: looked over before anything is unpacked.

Nothing is ever written to disk, so a member's name can lead nowhere.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.parsers import expat

from corpus.errors import DocumentError
from corpus.readers.formats import check_format, limit_of

__all__ = ["broken_is_told", "check_package", "is_archive", "load_member", "member_names"]

MEMBERS_LIMIT = 2_000  # files of an archive; each is found anew when it is loaded
RATIO_LIMIT = 200  # of unpacked to packed size; deflate reaches 1,032, Office's XML 20
RATIO_FROM = 2**20  # bytes from which the ratio counts; a short run of blanks packs well too
PACKAGE_LIMIT = 300 * 2**20  # bytes of a document of Office unpacked, most of them pictures
PART_LIMIT = 40 * 2**20  # bytes of one XML part; a novel's has 5 MB, and trees take 20 times that
_XML = (".xml", ".rels")


@contextmanager
def broken_is_told(name: str, what: str) -> Iterator[None]:
    """Turn whatever a library raises over a damaged file into a DocumentError."""
    try:
        yield
    except DocumentError:
        raise
    except Exception as error:
        raise DocumentError(f"{name}: {what}已损坏或不完整，请用原软件打开后重新保存") from error


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive by its name and no document by what is in it."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return True  # a broken one, which says so when it is loaded


def member_names(path: Path) -> list[str]:
    """The names of the files in an archive as they should read; raises DocumentError."""
    with _opened(path) as archive:
        names = [*_members(archive)]
    if not names:
        raise DocumentError(f"{path}: 压缩包是空的")
    if len(names) > MEMBERS_LIMIT:
        raise DocumentError(
            f"{path}: 里面有 {len(names)} 个文件，最多 {MEMBERS_LIMIT} 个，请分开压缩"
        )
    return names


def load_member(path: Path, member: str) -> bytes:
    """What a file in an archive holds; raises DocumentError."""
    name = f"{path}/{member}"
    with _opened(path) as archive:
        info = _members(archive).get(member)
        if info is None:
            raise DocumentError(f"{name}: 压缩包里没有这个文件")
        if member.lower().endswith(".zip"):
            raise DocumentError(f"{name}: 是压缩包里的压缩包，请解压后再收录")
        if info.flag_bits & 1:
            raise DocumentError(f"{name}: 加了密码，请去掉密码后重新压缩")
        _check_size(info, name)
        with archive.open(info) as stream:
            data = stream.read(limit_of(name) + 1)
    check_format(data, name)
    if len(data) > limit_of(name):
        raise DocumentError(f"{name}: 超过 {limit_of(name) // 2**20} MB，请先拆分")
    return data


def check_package(data: bytes, name: str) -> None:
    """Refuse a document of Office that is too large unpacked, or whose XML defines entities."""
    with broken_is_told(name, "文件"), zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > PACKAGE_LIMIT:
            raise DocumentError(f"{name}: 解压后超过 {PACKAGE_LIMIT // 2**20} MB，请先拆分")
        for info in infos:
            _check_size(info, name)
            if info.filename.lower().endswith(_XML):
                if info.file_size > PART_LIMIT:
                    raise DocumentError(f"{name}: 正文超过 {PART_LIMIT // 2**20} MB，请先拆分")
                if _defines_entities(archive.read(info)):
                    raise DocumentError(
                        f"{name}: 含有 XML 实体定义，不是 Office 存出的文件，请重新保存"
                    )


def _check_size(info: zipfile.ZipInfo, name: str) -> None:
    if info.file_size > max(RATIO_FROM, RATIO_LIMIT * info.compress_size):
        raise DocumentError(f"{name}: 压缩得太狠，可能是解压炸弹，请解压后再收录")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror or error}），请检查路径") from error
    except NotImplementedError as error:
        raise DocumentError(f"{path}: 用了不常见的压缩方法，请用普通 zip 重新压缩") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise DocumentError(f"{path}: 压缩包已损坏或不完整，请重新压缩") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {
        _name(info): info
        for info in archive.infolist()
        if info.filename and not info.filename.endswith("/")  # is_dir() fails for no name
    }


def _name(info: zipfile.ZipInfo) -> str:
    """A member's path below the archive, whatever it says of the folders above."""
    name = info.filename
    if not info.flag_bits & 0x800:  # no UTF-8 by its flag: zipfile read it as cp437
        written = name.encode("cp437", "replace")
        try:
            name = written.decode("utf-8")
        except UnicodeDecodeError:
            name = written.decode("gb18030", "replace")
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _defines_entities(xml: bytes) -> bool:
    """Whether XML has a document type, which no document of Office has, before its root."""

    class _Found(Exception):  # noqa: N818 - it ends the reading, nothing failed
        pass

    seen: list[bool] = []

    def stop(defines: bool) -> None:
        seen.append(defines)
        raise _Found

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: stop(True)
    parser.StartElementHandler = lambda *_: stop(False)
    with suppress(_Found, expat.ExpatError):  # the library that reads it says what is broken
        parser.Parse(xml, True)
    return bool(seen and seen[0])
