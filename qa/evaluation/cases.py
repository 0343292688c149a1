"""The lines of a test set: what is asked, and what an answer to it must tell."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from qa.errors import TestSetError

__all__ = ["Case", "Half", "Point", "fold", "load_test_set"]

Half = Literal["all", "development", "check"]

_IGNORED = frozenset("\"'“”‘’「」『』")
_FIELDS = ("id", "type", "question", "answerable")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that an answer of several clauses must or may tell, by any of its wordings."""

    must: bool
    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a test set; it is asked over `documents` where it has some, else the index."""

    id: str
    type: str
    question: str
    answerable: bool
    history: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    off: tuple[str, ...] = ()


def load_test_set(path: Path, half: Half = "all") -> list[Case]:
    """Read a JSON Lines test set, or one half of it; raises TestSetError with the line number.

    The development half holds the odd lines, the check half the even ones.
    """
    cases: list[Case] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TestSetError(f"{path}: 读不了（须是 UTF-8 文本）：{error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            cases.append(_case(line, f"{path}:{number}", path.parent))
    if half == "all":
        return cases
    return cases[0::2] if half == "development" else cases[1::2]


def fold(text: str) -> str:
    """A text as the metrics compare it: no white space, quotation marks, width or case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if not c.isspace() and c not in _IGNORED)


def _case(line: str, place: str, folder: Path) -> Case:
    try:
        data = json.loads(line)
        if "kind" in data:  # as small inputs made after reports of faults are sorted
            data.setdefault("type", data["kind"])
        missing = [name for name in _FIELDS if name not in data]
    except (ValueError, TypeError) as error:
        raise TestSetError(f"{place}: 不是 JSON 对象：{error}") from error
    if missing:
        raise TestSetError(f"{place}: 缺少 {', '.join(missing)}")
    if not isinstance(data["answerable"], bool):
        raise TestSetError(f"{place}: answerable 还没有填，请写 true 或 false")
    named = data.get("document")
    documents = (_read_text(folder / str(named), place),) if named else ()
    return Case(
        str(data["id"]),
        str(data["type"]),
        str(data["question"]),
        bool(data["answerable"]),
        tuple(data.get("history", ())),
        tuple(tuple(group) for group in data.get("all_of", ())),
        tuple(data.get("none_of", ())),
        tuple(data.get("evidence", ())),
        documents or tuple(data.get("documents", ())),
        tuple(Point(bool(p["must"]), tuple(p["any"])) for p in data.get("points", ())),
        tuple(data.get("off", ())),
    )


@lru_cache(maxsize=64)
def _read_text(path: Path, place: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TestSetError(f"{place}: 读不了 {path}（须是 UTF-8 文本）：{error}") from error
