"""Questions that ask for two things."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking.decomposition import split_pair, split_question, with_subjects


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("县医院新增了多少张床位?", ["县医院新增了多少张床位?"]),
        ("2021年和2022年各修了多少公路?", ["2021年修了多少公路?", "2022年修了多少公路?"]),
        ("男单和女单冠军分别是谁?", ["男单冠军是谁?", "女单冠军是谁?"]),
        (
            "2024年食堂、托育园和书屋各建了几个?",
            ["2024年食堂建了几个?", "2024年托育园建了几个?", "2024年书屋建了几个?"],
        ),
        ("一等奖、二等奖、三等奖分别给多少", ["一等奖给多少", "二等奖给多少", "三等奖给多少"]),
        ("公司是哪年成立的?总经理是谁?", ["公司是哪年成立的?", "总经理是谁?"]),
        ("产品卖到多少个国家和地区?", ["产品卖到多少个国家和地区?"]),
        (
            "租金补贴一年多少、最多领几年、发给谁？",
            ["租金补贴一年多少", "最多领几年", "发给谁？"],
        ),
        ("一等奖三等奖各给多少，能补几次？", ["一等奖给多少", "三等奖给多少", "能补几次？"]),
        ("合同要签多久 社保要交几个月", ["合同要签多久", "社保要交几个月"]),
        ("我是外地户口，能不能申请，要什么材料", ["我是外地户口，能不能申请", "要什么材料"]),
        ("2023年修了几座桥，2024年呢？", ["2023年修了几座桥", "2024年呢？"]),
        ("学位新增多少个、床位呢", ["学位新增多少个", "床位呢"]),
        ("你们东西湖呢，有多少公园？", ["你们东西湖呢，有多少公园？"]),
        ("什么时候、在哪里举行的", ["什么时候、在哪里举行的"]),
        ("有哪些补贴，各给多少钱？", ["有哪些补贴，各给多少钱？"]),
        ("2024年，全区新增了多少停车位？", ["2024年，全区新增了多少停车位？"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert split_question(text) == parts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("秋季运动会在哪开的？谁参加了？", "秋季运动会 谁参加了？"),
        ("小区业主想报名，什么时候去？要带哪些东西？", "小区业主想报名 要带哪些东西？"),
        ("公租房怎么申请？多久能批下来？", "公租房 多久能批下来？"),
        ("老年卡快到期了怎么续？可以让别人代办吗？", "老年卡快到期 可以让别人代办吗？"),
        ("河湾大桥总投资多少？是谁建的？", "河湾大桥总投资 是谁建的？"),
        ("二手车出口有什么安排？跨境电商怎么做？", "跨境电商怎么做？"),
        ("2021年修了几条路？2021年修了几座桥？", "2021年修了几座桥？"),
    ],
)
def test_a_later_question_without_a_subject_is_asked_of_the_one_before(
    text: str, asked: str
) -> None:
    assert with_subjects(split_question(text))[-1] == asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("红队和蓝队在哪个组", ["红队在哪个组", "蓝队在哪个组"]),
        ("甲县和乙县2023年新任县长是谁", ["甲县2023年新任县长是谁", "乙县2023年新任县长是谁"]),
        ("最佳电视剧和最佳电视动画是什么", ["最佳电视剧是什么", "最佳电视动画是什么"]),
        ("那部电影的导演和主演是谁?", ["那部电影的导演是谁?", "那部电影的主演是谁?"]),
        ("iPhone14和iPhone15的价格", ["iPhone14的价格", "iPhone15的价格"]),
        ("ChatGPT和GPT4的发布时间", ["ChatGPT的发布时间", "GPT4的发布时间"]),
        ("5G和WiFi的覆盖率", ["5G的覆盖率", "WiFi的覆盖率"]),
        ("Mate60和Mate的价格", ["Mate60的价格", "Mate的价格"]),
        ("USB和USB3的速度", ["USB的速度", "USB3的速度"]),
        ("H1N1和SARS的死亡率", ["H1N1的死亡率", "SARS的死亡率"]),
        ("县医院新增了多少张床位?", []),
        ("和谁签约?", []),
    ],
)
def test_a_pair_named_side_by_side(text: str, parts: list[str]) -> None:
    assert split_pair(text) == parts


def test_a_pair_is_answered_one_by_one_where_the_text_tells_them_apart() -> None:
    texts = ["甲县现有学校30所。", "乙县现有学校45所。"]
    found = answer("甲县和乙县有多少所学校?", documents=texts)
    assert "30所" in found.text
    assert "45所" in found.text
    assert len(found.citations) == 2


def test_both_years_are_answered_and_cited() -> None:
    texts = ["2021年全县新修公路120公里。", "2022年全县新修公路150公里。"]
    found = answer("2021年和2022年分别新修了多少公里公路?", documents=texts)
    assert "120公里" in found.text
    assert "150公里" in found.text
    assert {citation.source for citation in found.citations} == {"文档1", "文档2"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2023年甲镇修了多少座桥，2024年呢？", ["3座", "5座"]),
        ("2024年甲镇修了多少座桥，公路呢？", ["5座", "12公里"]),
        ("2024年乙镇修了多少座桥？2025年呢？", ["8座", "没有2025年的内容"]),
        ("甲镇2023年修了几座桥，2024年呢", ["3座", "5座"]),
        ("2023年甲镇修了几座桥，那2024年呢？", ["3座", "5座"]),
    ],
)
def test_the_same_is_asked_of_something_else(text: str, told: list[str]) -> None:
    report = (
        "两镇报告\n\n2023年，甲镇修了3座桥。\n\n2024年，甲镇修了5座桥，甲镇修了12公里公路。\n\n"
        "2024年，乙镇修了8座桥。\n"
    )
    found = answer(text, documents=[report]).text
    assert [one for one in told if one not in found] == [], found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("2024年修了多少座桥，2025年计划修多少座", "2025年计划修多少座桥"),
        ("甲镇2024年新增了几个公园，2025年要新增几个？", "甲镇2025年要新增几个公园"),
        ("2023年发放了多少消费券，2024年发了多少？", "2024年发了多少消费券"),
        ("2024年新增多少公共停车位，2025年将新增多少个", "2025年将新增多少个公共停车位"),
        ("2024年建了几所小学，今年打算建几所", "今年打算建几所小学"),
        ("2024年建了几所小学，2025年修路多少公里", "2025年修路多少公里"),
    ],
)
def test_what_is_counted_in_one_year_is_counted_in_the_other(text: str, asked: str) -> None:
    assert with_subjects(split_question(text))[-1] == asked


@pytest.mark.parametrize(
    ("text", "untold"),
    [
        ("2024年甲镇修了多少座桥，2025年计划修多少座", "2025年"),
        ("2024年甲镇修了多少座桥，还栽了多少棵树", "“还栽了多少棵树”"),
        ("2024年甲镇修了多少座桥，还修了多少座塔", "“还修了多少座塔”"),
        ("2024年甲镇修了多少座桥？是谁设计的？", "“是谁设计的”"),
        ("2024年甲镇修了多少座桥？谁剪的彩？", "“谁剪的彩”"),
    ],
)
def test_what_is_not_told_is_named_in_the_words_of_the_question(text: str, untold: str) -> None:
    found = answer(text, documents=["甲镇报告\n\n2024年，甲镇修了5座桥。\n"]).text
    assert found.startswith("5座")
    assert untold in found, found


@pytest.mark.parametrize(
    ("lines", "question", "told"),
    [
        ("问：在哪里申请？答：在二楼社保窗口。", "在哪里申请？", "在二楼社保窗口"),
        ("Q：在哪里申请？\nA：区政务中心二楼。", "在哪里申请？", "区政务中心二楼"),
        ("问：要带什么？ 回答：身份证和户口本。", "要带什么？", "身份证和户口本"),
        ("问：周末办理吗？答：周末不办理。", "周末办理吗？", "否，周末不办理"),
        ("最长可以申请多久？\n答复：最长申请24个月。", "最长可以申请多久？", "24个月"),
    ],
)
def test_that_a_reply_follows_is_no_part_of_it(lines: str, question: str, told: str) -> None:
    assert answer(question, documents=[f"办事问答\n\n{lines}\n"]).text == told
