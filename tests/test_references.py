"""What a question says of those before it is understood: 前者, 加起来, 我问的是…, 还有呢."""

from __future__ import annotations

import pytest

from qa import Answer, answer
from qa.asking import ask as read
from qa.asking import asks_more, recall, refer, resolve, split_item

COUNTY = (
    "青石县2023年工作报告\n\n"
    "一、2022年工作\n"
    "2022年，新增公交站亭40个。新建社区食堂12个、托育园5个、健身步道3条。\n"
    "二、2023年安排\n"
    "2023年，新增公交站亭65个。\n"
    "三、养老服务\n"
    "面向六十岁以上老人开放日间照料中心，每天供应午餐；"
    "为失能老人上门助浴，每月两次；给独居老人装上烟感报警器。"
    "照料中心由街道办管理，场地免租金。"
)


def ask(question: str, *history: str) -> Answer:
    return answer(question, history=list(history), documents=[COUNTY])


@pytest.mark.parametrize(
    "text",
    [
        "还有呢？", "还有吗", "还有别的吗", "还有其他条件没", "还有没有其他的", "详细说说",
        "具体讲讲", "继续",
        "接着说", "展开说说", "再详细一点", "另外几家呢", "其他的呢", "能多说点吗", "请继续往下讲",
    ],
)  # fmt: skip
def test_who_asks_for_more_is_understood(text: str) -> None:
    assert asks_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "还有多少家没有开业？", "还有哪些政策", "另外电梯呢", "详细地址是什么",
        "具体时间是什么时候", "继续教育学时有多少", "全区有多少学校", "更多岗位从哪里来",
        "别墅有几套", "别说了", "其他学校几所", "剩下几家", "其他补贴标准", "多", "详细规划有几个",
    ],
)  # fmt: skip
def test_a_question_of_its_own_asks_for_no_more(text: str) -> None:
    assert not asks_more(text)


@pytest.mark.parametrize(
    ("text", "before", "meant"),
    [
        ("那后者呢", "社区食堂和托育园各有多少个？", "托育园有多少个"),
        ("前者是多少来着", "社区食堂和托育园各有多少个？", "社区食堂有多少个"),
        ("后者的租金是多少", "社区食堂和托育园各有多少个？", "托育园的租金是多少"),
        ("不是，我问的是托育园", "社区食堂有多少个？", "托育园呢"),
        ("不对，我说的是2022年建了多少步道", "食堂有多少个？", "2022年建了多少步道"),
        ("我问的是托育园，不是食堂", "社区食堂有多少个？", "托育园呢"),
        ("前一年新增了多少", "2023年新增公交站亭多少个？", "2022年新增了多少"),
        ("次年呢", "2022年新增公交站亭多少个？", "2023年呢"),
    ],
)
def test_what_a_question_refers_to_is_put_in_its_place(text: str, before: str, meant: str) -> None:
    assert refer(text, [before]).rstrip("?？") == meant


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("不满60岁，能领补贴吗？", "社区食堂有多少个？"),
        ("不是本地户口，能入学吗？", "社区食堂有多少个？"),
        ("不动产登记怎么办，需要什么材料", "社区食堂有多少个？"),
        ("我想问是否需要预约", "社区食堂有多少个？"),
        ("财政收入比上年增长多少", "2024年财政收入是多少？"),
        ("2022年比上年增长多少", "2024年财政收入是多少？"),
        ("60岁以上年龄段的人有多少", "2024年财政收入是多少？"),
        ("提前一年退休可以吗", "2024年财政收入是多少？"),
        ("全区第一家社区医院在哪里", "社区食堂和托育园各有多少个？"),
    ],
)
def test_a_question_that_refers_to_nothing_stays_as_it_is(text: str, before: str) -> None:
    assert refer(text, [before]) == text


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("最高多少", ("2024年新建停车位多少个", "2024年新建公园多少个")),
        ("至少多少", ("2024年新建停车位多少个", "2024年新建公园多少个")),
        ("五年加起来多少", ("2022年新增停车位多少个", "那2023年呢")),
        ("一共几个", ("GDP是多少", "新建学校有哪些")),
        ("哪个最多", ("GDP是多少", "各街道的人口是多少")),
        ("哪年的游客多", ("2022年新增停车位多少个", "那2023年呢")),
        ("哪个公园最大", ("2022年新增停车位多少个", "那2023年呢")),
        ("共享单车多少", ("2024年新建停车位多少个", "2024年新建公园多少个")),
        ("三年相差多少", ("2022年新增停车位多少个", "那2023年呢", "那2024年呢")),
    ],
)
def test_what_is_no_calculation_over_earlier_questions(text: str, history: tuple[str, ...]) -> None:
    assert recall(text, history) is None


@pytest.mark.parametrize("text", ["前后多少天", "上一年度报告是谁写的", "不是所有人都能领吗"])
def test_without_earlier_questions_a_text_stays_as_it_is(text: str) -> None:
    assert refer(text, []) == text


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("两年加起来多少个", "sum"),
        ("这两年一共多少", "sum"),
        ("哪年更多", "choice"),
        ("哪年的公交站亭多", "choice"),
        ("相差多少", "difference"),
        ("后一年比前一年多多少", "difference"),
    ],
)
def test_earlier_questions_are_counted_with(text: str, operation: str) -> None:
    asked = recall(text, ["2022年新增公交站亭多少个？", "那2023年呢？"])
    assert asked
    assert asked.operation == operation
    assert all("公交站亭" in question for question in asked.questions)


def test_a_sum_with_a_name_of_its_own_is_none_of_earlier_ones() -> None:
    assert recall("一共招了多少名教师", ["食堂有多少个？", "步道有多少条？"]) is None


@pytest.mark.parametrize(
    ("question", "history", "told"),
    [
        ("两年加起来多少个", ("2022年新增公交站亭多少个？", "那2023年呢？"), "105个"),
        ("哪年多", ("2022年新增公交站亭多少个？", "那2023年呢？"), "2023年多"),
        ("差多少", ("2022年新增公交站亭多少个？", "那2023年呢？"), "25个"),
        ("前一年呢", ("2023年新增公交站亭多少个？",), "40个"),
        ("后者有几个", ("社区食堂和托育园各建了多少个？",), "5个"),
        ("前者比后者多多少", ("社区食堂和托育园各建了多少个？",), "7个"),
        ("不是，我问的是托育园", ("新建了多少个社区食堂？",), "5个"),
        ("多了多少", ("2022年新增公交站亭多少个？", "那2023年呢？"), "25个"),
        ("后一年比前一年多多少", ("2022年新增公交站亭多少个？", "那2023年呢？"), "25个"),
        ("前一年？", ("2023年新增公交站亭多少个？",), "40个"),
        ("次年？", ("2022年新增公交站亭多少个？",), "65个"),
        ("那22年呢，新增了多少公交站亭", ("2023年新增公交站亭多少个？",), "40个"),
        ("那托育园呢，建了几个", ("新建了多少个社区食堂？",), "5个"),
        ("它跟托育园哪个数量多", ("社区食堂建了多少个？",), "社区食堂多"),
    ],
)
def test_turns_are_answered_in_the_light_of_earlier_ones(
    question: str, history: tuple[str, ...], told: str
) -> None:
    assert told in ask(question, *history).text


def test_more_is_what_was_not_told_yet() -> None:
    first = "为独居老人做了什么"
    told = {part.text for part in ask(first).parts}
    more = ask("详细说说", first)
    assert more.parts
    assert not [p.text for p in more.parts if any(p.text in one or one in p.text for one in told)]
    for part in more.parts:
        assert part.text in more.citations[part.citations[0]].passage


def test_who_asks_for_more_without_end_is_told_that_there_is_none() -> None:
    history = ["养老服务做了哪些工作？", *["还有呢"] * 5]
    found = ask("还有呢", *history)
    assert found.status == "refused"
    assert "都列出来了" in found.text


@pytest.mark.parametrize("number", ["第一条", "第二条", "第三项", "最后一条", "第二个"])
def test_more_of_an_item_tells_no_other_items(number: str) -> None:
    items = ("在本区登记注册满一年。", "职工不少于五人。", "按时缴纳社会保险。", "无重大违法记录。")
    numbered = "\n".join(f"（{'一二三四'[i]}）{item}" for i, item in enumerate(items))
    text = f"河湾区企业扶持办法\n\n申请企业应当符合下列条件：\n{numbered}"
    before = ["申请企业要符合哪些条件？", f"{number}是什么"]
    item = answer(before[1], before[:1], [text]).text
    more = answer("详细说说", before, [text]).text
    assert any(one.strip("。") in item for one in items)
    assert not [one for one in items if one.strip("。") in more and one.strip("。") not in item]


@pytest.mark.parametrize("earlier", ["", "？？？", "你好", "2021年有几座机场？"])
def test_of_nothing_there_is_no_more(earlier: str) -> None:
    assert ask("还有呢", earlier).status == "refused"


def test_after_thanks_more_goes_on_where_it_was() -> None:
    first = "养老服务做了哪些工作？"
    once, again = ask("还有呢", first), ask("还有呢", first, "还有呢", "谢谢")
    assert not {part.text for part in once.parts} & {part.text for part in again.parts}


def test_a_question_after_a_correction_is_asked_of_what_was_meant() -> None:
    asked = resolve([("社区食堂有多少个？", "12个"), ("不是，我问的是托育园", "5个")])
    assert asked[-1][0].startswith("托育园")


def test_a_difference_that_is_asked_of_the_later_one_is_not_said_to_be_less() -> None:
    found = ask("多了多少", "2022年新增公交站亭多少个？", "那2023年呢？")
    assert not found.text.startswith("少")


def test_more_after_an_endless_question_is_no_fault() -> None:
    assert ask("还有呢", "问" * 3000).text


def test_all_earlier_questions_of_one_kind_are_compared() -> None:
    years = ("2022年新增公交站亭多少个？", "那2023年呢？")
    asked = recall("哪年最多", (*years, "那2021年呢？"))
    assert asked
    assert asked.names == ("2022年", "2023年", "2021年")


def test_sums_of_several_things_cite_each() -> None:
    text = "某区2024年报告\n\n2024年，建成食堂12个。\n\n新增托育园5个。\n\n改造书屋3个。"
    found = answer("食堂、托育园和书屋一共多少个？", documents=[text])
    assert found.text.startswith("20个")
    assert len(found.parts[0].operands) == 3


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("武汉市2024年GDP是多少？", "我问的是区里的", "区里2024年GDP是多少?"),
        ("洪湖市2024年GDP是多少", "武汉市呢", "武汉市2024年GDP是多少"),
        ("十五五城镇化率要提升到多少", "十四五末是多少", "十四五末城镇化率要提升到多少"),
        ("2024年新增停车位多少个", "上半年呢", "2024年上半年新增停车位多少个"),
        ("澄光仪表每年研发投入占营收多少", "这家公司有多少员工", "澄光仪表有多少员工"),
        ("澄光仪表成立于哪一年", "它获得过哪些荣誉", "澄光仪表获得过哪些荣誉"),
        ("晨星软件落户在哪里", "这家公司做什么的", "晨星软件做什么的"),
        ("返乡人员指的是什么", "他们能领多少补贴", "返乡人员能领多少补贴"),
        ("银桥计划累计资助多少人", "这个项目是什么时候开始的", "银桥计划是什么时候开始的"),
        ("2025年转移就业多少人", "2024年实际转移了多少？", "转移就业 2024年实际转移了多少?"),
    ],
)
def test_another_time_or_place_or_what_is_asked_on_is_asked_of_the_same(
    before: str, question: str, standalone: str
) -> None:
    history = [(before, "")]
    assert read(refer(question, history), history).standalone.strip() == standalone


KINDS = (
    "青石县创业扶持办法\n\n扶持分为四类：贷款贴息、场地补贴、培训资助、岗位奖励。\n\n"
    "贷款贴息按利息的一半给，最长三年。\n\n场地补贴每年6000元。\n\n培训资助每人1500元。\n\n岗位奖励每个岗位2000元。"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("第二类一年多少钱？", "6000元"),
        ("第三个每人多少钱", "1500元"),
        ("第3个每人多少钱", "1500元"),
        ("第四项每个岗位给多少？", "2000元"),
    ],
)
def test_an_item_is_called_by_its_place_in_what_was_told(question: str, told: str) -> None:
    found = answer(question, history=["扶持分为哪几类？"], documents=[KINDS])
    assert found.text == told


@pytest.mark.parametrize("text", ["第二季度增长多少", "第二届比赛在哪办", "第一年给多少"])
def test_what_has_a_number_of_its_own_is_no_item(text: str) -> None:
    assert split_item(text) is None
