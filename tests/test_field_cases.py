"""Small inputs after reports of faults, by kind: numbers, dates, tables, lists, conditions, …

`field.jsonl` came with the project's brief, `own.jsonl` was written to it by readers who had not
seen the code. `dongxihu evaluate tests/cases/field.jsonl` prints the figures by kind.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from qa import answer
from qa.evaluation import Report, Result, evaluate, load_test_set

CASES = Path(__file__).with_name("cases")
# Kinds that reading a document as it is decides: numbers, units, dates, breaks, tables, tags.
STRUCTURE = (
    "中文数字日期", "句中硬换行", "页眉页脚夹在句中", "单位被截短或不认识", "Markdown表格",
    "制表符表格", "空格对齐表格", "HTML标记与实体", "万亿与百分点", "复合数额被截",
    "中文与数字间有空格", "日期写法", "主体只在小标题里",
)  # fmt: skip


@pytest.fixture(scope="module")
def field() -> Report:
    return evaluate(load_test_set(CASES / "field.jsonl"), answer)


@pytest.fixture(scope="module")
def own() -> Report:
    return evaluate(load_test_set(CASES / "own.jsonl"), answer)


def by_type(report: Report) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for result in report.results:
        found[result.type].append(result)
    return found


def share(results: list[Result]) -> float:
    return sum(result.right for result in results) / len(results)


def missed(results: list[Result]) -> str:
    return "\n".join(f"{r.id} {r.question} -> {r.text}" for r in results if not r.right)


def test_of_small_inputs_most_are_answered_right_and_few_wrongly(field: Report) -> None:
    assert share(list(field.results)) >= 0.88
    assert (field.metrics()["wrong"] or 0.0) <= 0.06


def test_what_reading_decides_is_read(field: Report) -> None:
    found = by_type(field)
    results = [result for kind in STRUCTURE for result in found[kind]]
    assert share(results) >= 0.9, missed(results)


@pytest.mark.parametrize("kind", STRUCTURE)
def test_no_kind_of_spelling_or_layout_is_unread(kind: str, field: Report) -> None:
    results = by_type(field)[kind]
    assert share(results) >= 0.75, missed(results)


@pytest.mark.parametrize("kind", STRUCTURE)
def test_other_inputs_of_the_same_kind_are_read_too(kind: str, own: Report) -> None:
    results = by_type(own)[kind]
    assert share(results) >= 0.5, missed(results)


def test_of_others_of_all_kinds_most_are_answered_right(own: Report) -> None:
    assert share(list(own.results)) >= 0.82
    assert (own.metrics()["wrong"] or 0.0) <= 0.13
