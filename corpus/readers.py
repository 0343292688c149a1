"""Read files and strings into documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from corpus.cleaning import clean_lines
from corpus.document import Document, Span
from corpus.errors import DocumentError
from corpus.facts import find_facts
from corpus.kinds import mark_kinds
from corpus.language.places import own_place
from corpus.outline import outline
from corpus.years import present_year, subject_year

__all__ = ["DEFAULT_CORPUS", "FILE_LIMIT", "document_paths", "make_document", "read", "read_bytes"]

DEFAULT_CORPUS = Path(__file__).parent / "dongxihu" / "article.txt"
FILE_LIMIT = 20 * 1024 * 1024  # bytes; a text longer than this is a database, not a document
_SUFFIXES = (".txt", ".md", ".html", ".htm")


def read(path: Path) -> Document:
    """Read a .txt, .md or .html file (UTF-8, else GB18030); raises DocumentError."""
    _check_suffix(path)
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise DocumentError(f"{path}: 超过 {FILE_LIMIT // 2**20} MB，请先拆分")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），请检查路径") from error
    return _decode(data, path)


def read_bytes(data: bytes, name: str) -> Document:
    """Read what such a file of a name holds, as `read` does; raises DocumentError."""
    path = Path(name)
    _check_suffix(path)
    return _decode(data, path)


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in _SUFFIXES:
        raise DocumentError(f"{path}: 只能读 {'、'.join(_SUFFIXES)} 文件，请先转换格式")


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
    """Read a text once: its structure, its year and place, its facts.

    Its id is made from content and source.
    """
    lines = mark_kinds(clean_lines(raw))
    spans: list[Span] = []
    offsets: list[int] = []
    for line in lines:
        if offsets:
            offsets.append(offsets[-1])  # the line end we write stands for the gap in raw
        spans.append((len(offsets), len(offsets) + len(line.offsets)))
        offsets += line.offsets
    text = "\n".join(line.text for line in lines)
    year = subject_year(lines)
    blocks = outline(lines, spans, year)
    title = next((line.text for line in lines if line.kind == "title"), "")
    digest = hashlib.sha256(f"{source}\0{raw}".encode("utf-8", "surrogatepass")).hexdigest()
    document = Document(
        digest[:16],
        title or source,
        source,
        text,
        raw,
        tuple(offsets),
        blocks,
        year,
        present_year(lines, blocks, year),
        own_place(title, text),
    )
    return replace(document, facts=tuple(find_facts(document)))


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
