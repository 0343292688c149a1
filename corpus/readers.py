"""Read files and strings into documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from corpus.cleaning import repair
from corpus.document import Document
from corpus.errors import DocumentError

__all__ = ["DEFAULT_CORPUS", "FILE_LIMIT", "document_paths", "make_document", "read", "read_bytes"]

DEFAULT_CORPUS = Path(__file__).parent / "dongxihu" / "article.txt"
FILE_LIMIT = 20 * 1024 * 1024  # bytes; a text longer than this is a database, not a document
_SUFFIXES = (".txt", ".md")


def read(path: Path) -> Document:
    """Read a .txt or .md file (UTF-8, else GB18030); raises DocumentError."""
    _check_suffix(path)
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise DocumentError(f"{path}: 超过 {FILE_LIMIT // 2**20} MB，请先拆分")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），请检查路径") from error
    return _decode(data, path)


def read_bytes(data: bytes, name: str) -> Document:
    """Read what a .txt or .md file of a name holds, as `read` does; raises DocumentError."""
    path = Path(name)
    _check_suffix(path)
    return _decode(data, path)


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in _SUFFIXES:
        raise DocumentError(f"{path}: 只能读 {' 和 '.join(_SUFFIXES)} 文件，请先转换格式")


def _decode(data: bytes, path: Path) -> Document:
    try:
        raw = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            raw = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise DocumentError(f"{path}: 不是 UTF-8 或 GB18030 文本，请另存为 UTF-8") from error
    document = make_document(raw, source=path.name)
    if not document.text:
        raise DocumentError(f"{path}: 没有文字")
    return document


def make_document(raw: str, source: str) -> Document:
    """Clean a text and give it an id made from its content and source."""
    repaired = repair(raw)
    digest = hashlib.sha256(f"{source}\0{raw}".encode("utf-8", "surrogatepass")).hexdigest()
    return Document(
        digest[:16],
        repaired.title or source,
        source,
        repaired.text,
        raw,
        repaired.offsets,
        repaired.blocks,
        repaired.year,
    )


def document_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named, and those of readable formats in the folders named, sorted."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(
                p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file()
            )
        else:
            found.add(path)
    return tuple(sorted(found))
