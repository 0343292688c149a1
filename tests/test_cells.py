"""Cells of tables, asked for by row and column."""

from __future__ import annotations

import pytest

from qa import answer

TABLE = (
    "2023年各街道统计表（单位：人）\n\n"
    "| 街道 | 2022年 | 2023年 | 负责人 | 有无食堂 |\n|---|---|---|---|---|\n"
    "| 东园街道 | 31200 | 32500 | 周宁 | 有 |\n"
    "| 西园街道 | 27800 | 26900 | 何晴 | 无 |\n"
    "| 合计 | 59000 | 59400 | — | — |\n"
)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("2022年西园街道有多少人?", "27800"),
        ("2023年东园街道人数是多少?", "32500"),
        ("2022年各街道合计多少人?", "59000"),
        ("西园街道的负责人是谁?", "何晴"),
    ],
)
def test_the_cell_where_row_and_column_meet(question: str, value: str) -> None:
    found = answer(question, documents=[TABLE])
    assert found.text.startswith(value)
    assert found.citations


@pytest.mark.parametrize(
    ("question", "verdict"), [("西园街道有无食堂?", "否"), ("东园街道有无食堂?", "是")]
)
def test_a_cell_answers_yes_or_no(question: str, verdict: str) -> None:
    assert answer(question, documents=[TABLE]).text.startswith(verdict)


def test_an_empty_cell_tells_nothing() -> None:
    assert answer("合计的负责人是谁?", documents=[TABLE]).status == "refused"


def test_a_column_of_units_can_be_asked_for() -> None:
    text = (
        "收费表\n\n| 项目 | 单位 | 价格 |\n|---|---|---|\n| 清洗 | 次 | 30 |\n| 搬运 | 车 | 200 |\n"
    )
    assert answer("搬运的单位是什么?", documents=[text]).status in ("answered", "refused")
    assert answer("搬运的价格是多少?", documents=[text]).text.startswith("200")
