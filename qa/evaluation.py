"""Score a test set: accuracy, citations, refusals, brevity and speed, and what changed."""

from __future__ import annotations

import json
import re
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from qa.answer import Answer
from qa.errors import TestSetError

__all__ = ["Case", "Report", "Result", "evaluate", "fold", "format_report", "load_test_set"]

Ask = Callable[..., Answer]
Half = Literal["all", "development", "check"]

_IGNORED = frozenset("\"'“”‘’「」『』")
_FIELDS = ("id", "type", "question", "answerable")
MUST = 0.8  # share of the points an answer of several clauses must tell to be right


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


@dataclass(frozen=True, slots=True)
class Result:
    """How one case went; `seconds` is the time of one warm `answer()`."""

    id: str
    type: str
    question: str
    answerable: bool
    refused: bool
    right: bool
    evidence_found: int
    evidence_asked: int
    citations: int
    citations_right: int
    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """All results of a run, and the metrics drawn from them."""

    results: tuple[Result, ...]

    def metrics(self, type: str | None = None) -> dict[str, float | None]:
        """The contract's metrics over all cases or those of one type; None where none applies."""
        chosen = [r for r in self.results if type in (None, r.type)]
        answerable = [r for r in chosen if r.answerable]
        unanswerable = [r for r in chosen if not r.answerable]
        answered = [r for r in answerable if not r.refused]
        seconds = sorted(r.seconds for r in chosen)
        return {
            "cases": len(chosen),
            "accuracy": _share([r.right for r in answerable]),
            "wrong": _share([not r.right and not r.refused for r in chosen]),
            "citation_recall": _ratio(
                sum(r.evidence_found for r in answerable), sum(r.evidence_asked for r in answerable)
            ),
            "citation_precision": _ratio(
                sum(r.citations_right for r in answered), sum(r.citations for r in answered)
            ),
            "refused": _share([r.refused for r in unanswerable]),
            "over_refused": _share([r.refused for r in answerable]),
            "median_length": statistics.median(len(r.text) for r in answered) if answered else None,
            "p50_ms": 1000 * seconds[len(seconds) // 2] if seconds else None,
            "p95_ms": 1000 * seconds[int(len(seconds) * 0.95)] if seconds else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` reads it back."""
        return {"metrics": self.metrics(), "results": [asdict(r) for r in self.results]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The report of an earlier run; raises TestSetError where the data is not one."""
        try:
            return cls(tuple(Result(**r) for r in data["results"]))
        except (KeyError, TypeError) as error:
            raise TestSetError(f"不是 dongxihu evaluate --json 存下的结果：{error}") from error


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


def evaluate(cases: Iterable[Case], ask: Ask) -> Report:
    """Ask every case and score it.

    `ask(question, history)` gives an Answer, `ask(question, history, documents)` one over texts.
    """
    return Report(tuple(_score(case, ask) for case in cases))


def format_report(report: Report, baseline: Report | None = None, verbose: bool = False) -> str:
    """A table by type and in all, the misses, and what changed since an earlier run."""
    types = list(dict.fromkeys(r.type for r in report.results))
    names = [
        "cases",
        "accuracy",
        "wrong",
        "citation_recall",
        "citation_precision",
        "refused",
        "over_refused",
        "median_length",
        "p50_ms",
        "p95_ms",
    ]
    rows = [["type", *names]]
    for type in [*sorted(types), None]:
        metrics = report.metrics(type)
        rows.append([type or "all", *(_shown(name, metrics[name]) for name in names)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(names) + 1)]
    lines = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    lines += _misses(report, verbose)
    if baseline is not None:
        lines += _changes(report, baseline)
    return "\n".join(lines)


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


def _score(case: Case, ask: Ask) -> Result:
    started = time.perf_counter()
    over = (case.documents,) if case.documents else ()
    answer = ask(case.question, case.history, *over)
    seconds = time.perf_counter() - started
    refused = answer.status == "refused"
    text = fold(answer.text)
    quotes = [fold(citation.quote) for citation in answer.citations]
    evidence = [fold(e) for e in case.evidence]
    right = not refused and all(any(fold(a) in text for a in group) for group in case.all_of)
    right = right and _tells_enough(case.points, text)
    right = right and not any(_stands_in(fold(word), text) for word in (*case.none_of, *case.off))
    return Result(
        case.id,
        case.type,
        case.question,
        case.answerable,
        refused,
        right if case.answerable else refused,
        0 if refused else sum(any(e in quote for quote in quotes) for e in evidence),
        len(evidence),
        len(quotes),
        sum(any(e in quote for e in evidence) for quote in quotes),
        answer.text,
        seconds,
    )


def _tells_enough(points: Sequence[Point], text: str) -> bool:
    """Whether a folded text tells as many as it should of the points it must tell."""
    told = [any(fold(a) in text for a in point.any) for point in points if point.must]
    return sum(told) >= MUST * len(told)


def fold(text: str) -> str:
    """A text as the metrics compare it: no white space, quotation marks, width or case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if not c.isspace() and c not in _IGNORED)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text other than inside a longer number."""
    before = r"(?<![\d.])" if word[:1].isdigit() else ""
    after = r"(?!\.?\d)" if word[-1:].isdigit() else ""
    return bool(re.search(before + re.escape(word) + after, text))


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return (
        f"{value:.0f}"
        if name in ("cases", "median_length")
        else (f"{value:.1f}" if name.endswith("_ms") else f"{value:.3f}")
    )


def _misses(report: Report, verbose: bool) -> list[str]:
    shown = [r for r in report.results if verbose or not r.right]
    if not shown:
        return []
    return ["", "all answers:" if verbose else "misses:"] + [
        f"  {'ok  ' if r.right else 'MISS'} {r.id} {r.type}: {r.question} -> "
        f"{'[refused] ' if r.refused else ''}{r.text}"
        for r in shown
    ]


def _changes(report: Report, baseline: Report) -> list[str]:
    now, before = report.metrics(), baseline.metrics()
    lines = ["", "against the baseline:"]
    for name, value in now.items():
        old = before[name]
        if value is not None and old is not None:
            lines.append(f"  {name}: {_shown(name, old)} -> {_shown(name, value)}")
    earlier = {r.id: r for r in baseline.results}
    for result in report.results:
        old_result = earlier.get(result.id)
        if old_result is not None and old_result.right != result.right:
            lines.append(
                f"  {'mended' if result.right else 'broken'} {result.id}: {result.question}"
                f" | {old_result.text} -> {result.text}"
            )
    return lines
