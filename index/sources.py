"""The files an index is made of: whether they changed, and what cannot be read of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from corpus import Document, DocumentError, document_paths, load, read

__all__ = ["digest_of", "read_sources"]

NAMED = 3  # files whose fault is told where all of a folder are bad

_UNCHANGED = "索引没有改动，请检查后再收录"


def digest_of(sources: Sequence[Path]) -> str:
    """What the files hold now, in one word; those that cannot be read count by name."""
    digest = hashlib.sha256()
    for path in document_paths(sources):
        try:
            data = load(path)
        except DocumentError:
            digest.update(b"%s\0-\0" % os.fsencode(path.name))
            continue
        digest.update(b"%s\0%d\0" % (os.fsencode(path.name), len(data)))
        digest.update(data)
    return digest.hexdigest()


def read_sources(sources: Sequence[Path]) -> tuple[dict[Path, Document], dict[Path, str]]:
    """The documents by file, and why each file that was passed over could not be read.

    Raises DocumentError where a source is missing or gives no document at all: it may be a
    disk that is not there just now.
    """
    documents: dict[Path, Document] = {}
    skipped: dict[Path, str] = {}
    for source in sources:
        _check_is_there(source)
    for path in document_paths(sources):
        try:
            documents[path] = read(path)
        except DocumentError as error:  # noqa: PERF203 - each file is to fail alone
            skipped[path] = str(error)
    if not documents:
        raise DocumentError(_told(skipped))
    for source in sources:
        if source.is_dir() and not any(path.is_relative_to(source) for path in documents):
            within = {p: why for p, why in skipped.items() if p.is_relative_to(source)}
            raise DocumentError(_told(within))
    return documents, skipped


def _check_is_there(source: Path) -> None:
    try:
        source.stat()
    except FileNotFoundError as error:
        raise DocumentError(f"{source}: 没有这个文件或文件夹，{_UNCHANGED}") from error
    except OSError as error:
        raise DocumentError(f"{source}: 读不了（{error.strerror}），{_UNCHANGED}") from error
    if source.is_dir() and not document_paths([source]):
        others = (name for _, _, names in os.walk(source) for name in names)
        named = "、".join(islice(others, NAMED))
        found = f"只有其他格式的文件，如 {named}" if named else "是空的，可能没有挂载"
        raise DocumentError(f"{source}: 没有能读的文件（{found}），{_UNCHANGED}")


def _told(skipped: Mapping[Path, str]) -> str:
    """One line for files of which none could be read."""
    first = "；".join(islice(skipped.values(), NAMED))
    return first if len(skipped) == 1 else f"{len(skipped)} 个文件都读不了，{_UNCHANGED}：{first}"
