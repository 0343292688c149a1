"""Read files and strings into documents."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from corpus.cleaning import clean_lines
from corpus.document import Document, Span
from corpus.errors import DocumentError
from corpus.facts import find_facts
from corpus.kinds import mark_kinds
from corpus.language.places import own_place
from corpus.lines import Line, read_lines
from corpus.markup import is_html, read_html_lines
from corpus.outline import outline
from corpus.years import present_year, subject_year

__all__ = [
    "DEFAULT_CORPUS",
    "FILE_LIMIT",
    "document_paths",
    "load",
    "make_document",
    "read",
    "read_bytes",
]

DEFAULT_CORPUS = Path(__file__).parent / "dongxihu" / "article.txt"
FILE_LIMIT = 20 * 1024 * 1024  # bytes; a text longer than this is a database, not a document
LINES_LIMIT = 20_000  # that are not blank; the longest of 30 provinces' reports has 400
FIGURES_LIMIT = 40_000  # with a unit; those reports have up to 410
_SUFFIXES = (".txt", ".md", ".html", ".htm")


def read(path: Path) -> Document:
    """Read a .txt, .md or .html file (UTF-8, else GB18030); raises DocumentError."""
    return _decode(load(path), path)


def load(path: Path) -> bytes:
    """What a file of a readable format holds, as it is; raises DocumentError."""
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            next(path.iterdir(), None)  # one that cannot be listed says why
            raise DocumentError(f"{path}: 是文件夹，不是文件")
        _check_suffix(path)
        if not stat.S_ISREG(state.st_mode):  # a pipe would be waited for without end
            raise DocumentError(f"{path}: 不是普通文件，请换成文本文件")
        if state.st_size > FILE_LIMIT:
            raise DocumentError(f"{path}: 超过 {FILE_LIMIT // 2**20} MB，请先拆分")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: 读不了（{error.strerror}），请检查路径") from error


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
    document = make_document(raw, source=_name(path))
    if not document.text:
        raise DocumentError(f"{path}: 没有文字")
    return document


def _name(path: Path) -> str:
    try:
        path.name.encode()
    except UnicodeEncodeError:  # bytes that are not UTF-8: Windows packs names in GB18030
        return os.fsencode(path.name).decode("gb18030", "replace")
    return path.name


def make_document(raw: str, source: str) -> Document:
    """Read a text once: its structure, its year and place, its facts; raises DocumentError.

    Its id is made from content and source.
    """
    lines = mark_kinds(clean_lines(_read_lines(raw, source)))
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
    facts = tuple(islice(find_facts(document), FIGURES_LIMIT + 1))
    if len(facts) > FIGURES_LIMIT:
        raise DocumentError(f"{source}: 带单位的数字超过 {FIGURES_LIMIT} 个，请拆成几份")
    return replace(document, facts=facts)


def _read_lines(raw: str, source: str) -> list[Line]:
    _check_length([line for line in raw.splitlines() if line.strip()], source)
    lines = read_html_lines(raw) if is_html(raw) else read_lines(raw)
    _check_length(lines, source)  # a page may have all of its lines in one
    return lines


def _check_length(lines: Sequence[object], source: str) -> None:
    if len(lines) > LINES_LIMIT:
        raise DocumentError(f"{source}: 有 {len(lines)} 行，最多 {LINES_LIMIT} 行，请拆成几份")


def document_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named, and those of readable formats in the folders named, sorted.

    A folder that cannot be listed stands for itself: `load` says why.
    """
    found: set[Path] = set()
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - Path's raises where nothing may be seen
            found.add(path)
            continue
        for folder, _, names in os.walk(path, onerror=lambda e: found.add(Path(e.filename))):
            found.update(Path(folder, n) for n in names if Path(n).suffix.lower() in _SUFFIXES)
    return tuple(sorted(found))
