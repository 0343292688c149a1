"""The metrics of a run, as a table, with its misses and what changed since another."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.errors import TestSetError
from qa.evaluation.cases import Case
from qa.evaluation.scoring import Ask, Result, score

__all__ = ["Report", "evaluate", "format_recipes", "format_report"]

POINTS = ("vital_recall", "point_precision", "point_f1", "good")  # of answers of several clauses


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
            **_of_points([r for r in answerable if r.vital_recall is not None]),
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


def evaluate(cases: Iterable[Case], ask: Ask) -> Report:
    """Ask every case and score it; `ask` as `score` takes it."""
    return Report(tuple(score(case, ask) for case in cases))


def format_report(report: Report, baseline: Report | None = None, verbose: bool = False) -> str:
    """A table by type and in all, the misses, and what changed since an earlier run."""
    types = list(dict.fromkeys(r.type for r in report.results))
    overall = report.metrics()
    pointed = overall["vital_recall"] is not None
    names = [name for name in overall if pointed or name not in POINTS]
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


def format_recipes(reports: Mapping[str, Report]) -> str:
    """A line a recipe with its metrics over the same questions that several clauses answer."""
    lines = ["", "usual recipes over the same questions:"]
    for name, report in reports.items():
        metrics = report.metrics()
        told = ", ".join(f"{metric} {_shown(metric, metrics[metric])}" for metric in POINTS)
        lines.append(f"  {name}: {told}")
    return "\n".join(lines)


def _of_points(results: Sequence[Result]) -> dict[str, float | None]:
    """The metrics of answers of several clauses, F1 that of the means; None without any."""
    if not results:
        return dict.fromkeys(POINTS)
    recall = statistics.fmean(r.vital_recall or 0.0 for r in results)
    precision = statistics.fmean(r.point_precision or 0.0 for r in results)
    f1 = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    good = _share([r.good for r in results])
    return dict(zip(POINTS, (recall, precision, f1, good), strict=True))


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
