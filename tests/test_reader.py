"""What the bundled reader tells of a passage beside spans: clauses, and what its headings say."""

from __future__ import annotations

import pytest

from qa import answer
from qa.reading import SpanModel

NOTICE = (
    "申请人应当年满十八周岁，在本区连续缴纳社会保险满两年，名下没有住房。"
    "申请时提交身份证和社保缴费证明，由社区核对后送街道办事处。"
    "补贴每月发放八百元，最多发放三十六个月。"
)


@pytest.fixture(scope="module")
def model() -> SpanModel:
    return SpanModel()


@pytest.mark.parametrize(
    ("question", "clause", "other"),
    [
        ("申请要符合什么条件？", "在本区连续缴纳社会保险满两年", "最多发放三十六个月"),
        ("申请需要交哪些材料？", "申请时提交身份证和社保缴费证明", "名下没有住房"),
        ("补贴怎么发？", "补贴每月发放八百元", "名下没有住房"),
        ("申请以后怎么办理？", "由社区核对后送街道办事处", "最多发放三十六个月"),
        ("对申请人有哪些要求？", "申请人应当年满十八周岁", "最多发放三十六个月"),
    ],
)
def test_a_clause_that_answers_is_marked_above_one_that_does_not(
    model: SpanModel, question: str, clause: str, other: str
) -> None:
    (reading,) = model.read([(question, NOTICE)])
    right, wrong = (NOTICE.index(text) for text in (clause, other))
    assert reading.mark(right, right + len(clause)) > reading.mark(wrong, wrong + len(other))


@pytest.mark.parametrize(
    ("heading", "other", "unit"),
    [
        ("甲区", "乙区", "项目"),
        ("工业", "农业", "项目"),
        ("城镇职工", "城乡居民", "补贴"),
        ("首套住房", "二套住房", "贷款"),
        ("小学", "中学", "新建学校"),
    ],
)
def test_a_passage_is_read_under_its_heading(heading: str, other: str, unit: str) -> None:
    text = f"# {heading}\n{unit}共计120个。\n\n# {other}\n{unit}共计340个。\n"
    assert answer(f"{other}{unit}有多少个？", documents=[text]).text == "340个"
    assert answer(f"{heading}{unit}有多少个？", documents=[text]).text == "120个"
