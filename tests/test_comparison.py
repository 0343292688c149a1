"""How two things or two years differ is answered with a group each."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking import read_comparison

LOANS = (
    "河湾区创业贷款办法\n\n"
    "一、个人贷款\n"
    "个人贷款额度最高30万元，期限不超过3年，由社区推荐申请。\n"
    "二、企业贷款\n"
    "企业贷款额度最高500万元，期限不超过2年，向合作银行申请。\n"
)
REPORT = (
    "青石县2024年工作报告\n\n"
    "一、2024年工作\n"
    "2024年，新建社区食堂12个，改造养老院3家。\n"
    "二、2025年安排\n"
    "2025年，发展老年助餐，新增养老床位600张。\n"
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("个人贷款和企业贷款有什么区别？", ("个人贷款", "企业贷款")),
        ("公办园跟民办园的报名时间有什么不一样", ("公办园", "民办园")),
        ("资格分与排名分的区别", ("资格分", "排名分")),
        ("2023年和2024年的养老工作有什么变化？", ("2023年", "2024年")),
        ("托育 2023 2024 变化", ("2023年", "2024年")),
        ("医疗方面前后两年有啥不一样", ("2023年", "2024年")),
    ],
)
def test_a_comparison_is_of_two_things(text: str, names: tuple[str, ...]) -> None:
    found = read_comparison(text, lambda: (2022, 2023, 2024))
    assert found
    assert found.names == names
    assert all(name in q for name, q in zip(names, found.questions, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "劳动合同怎么签",
        "缩小城乡和区域差别的措施有哪些",
        "不同年龄段的老人和残疾人能领多少补贴",
        "2023年和2024年相比增长了多少",
        "差异化电价和普通电价是多少",
        "满两年和满三年的补贴多少",
        "修路和公交出行在2024年有哪些变化？",
        "吞吐量同比变化多少",
        "消除性别差异和歧视的办法",
    ],
)
def test_other_questions_are_no_comparisons(text: str) -> None:
    assert read_comparison(text, lambda: (2023, 2024)) is None


def test_each_thing_has_its_group() -> None:
    found = answer("个人贷款和企业贷款有什么区别？", documents=[LOANS])
    labels = [part.label for part in found.parts]
    assert list(dict.fromkeys(labels)) == ["个人贷款", "企业贷款"]
    told = {label: "".join(p.text for p in found.parts if p.label == label) for label in labels}
    assert "30万元" in told["个人贷款"]
    assert "500万元" not in told["个人贷款"]
    assert "500万元" in told["企业贷款"]
    assert "30万元" not in told["企业贷款"]


def test_each_year_has_its_group() -> None:
    found = answer("2024年和2025年养老工作有什么变化？", documents=[REPORT])
    labels = [part.label for part in found.parts]
    assert list(dict.fromkeys(labels)) == ["2024年", "2025年"]
    told = {label: "".join(p.text for p in found.parts if p.label == label) for label in labels}
    assert any(words in told["2025年"] for words in ("助餐", "600张"))
    assert not any(words in told["2024年"] for words in ("助餐", "600张"))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2024年和2025年社区食堂有什么变化？", ("12个", "20个", "8个")),
        ("社区食堂前后两年有什么不同", ("12个", "20个", "8个")),
        ("养老床位 2024 2025 变化", ("450张", "600张", "150张")),
        ("2024和2025年养老床位有什么区别？", ("450张", "600张", "150张")),
        ("改造养老院2024年和2025年相比", ("3家", "5家", "2家")),
    ],
)
def test_two_figures_are_told_with_their_difference(question: str, told: tuple[str, ...]) -> None:
    text = (
        "青石县2024年工作报告\n\n一、2024年工作\n2024年，新建社区食堂12个，改造养老院3家，新增养老床位450张。\n"
        "二、2025年安排\n2025年，新建社区食堂20个，改造养老院5家，新增养老床位600张。\n"
    )
    found = answer(question, documents=[text])
    assert [part.label[:5] for part in found.parts] == ["2024年", "2025年", "相差"]
    assert all(
        words in part.text.replace("约", "") for words, part in zip(told, found.parts, strict=True)
    )


@pytest.mark.parametrize(
    ("before", "after", "question"),
    [
        ("新建小学2所", "撤并小学5所", "2024年和2025年小学有什么变化"),
        ("新增养老护理床位120张", "新增养老床位600张", "2024年和2025年养老有什么变化"),
    ],
)
def test_unlike_figures_are_not_set_off(before: str, after: str, question: str) -> None:
    text = f"青石县报告\n\n一、2024年工作\n2024年，{before}。\n二、2025年安排\n2025年，{after}。"
    assert "相差" not in answer(question, documents=[text]).text
