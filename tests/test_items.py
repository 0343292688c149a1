"""第二块, 最后一条, 哪几部分: parts of a whole, and items of what was told."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking import (
    asks_only_of_item,
    read_calculation,
    read_multiple,
    recall,
    split_item,
    split_question,
)

PLAN = (
    "青石县2025年工作安排\n\n"
    "一、稳定工业\n\n今年完成工业投资30亿元，新建标准厂房12万平方米。\n\n"
    "二、做活商贸\n\n建设冷链仓库5座，培育电商企业20家，改造农贸市场8个。\n\n"
    "三、改善民生\n\n新增学位1500个，建成社区食堂9个。\n"
)
RULES = (
    "青石县租房补贴办法\n\n申请人应当同时符合下列条件：\n\n"
    "（一）在本县就业满6个月，并签订劳动合同。\n\n"
    "（二）本人和配偶在本县没有自有住房。\n\n"
    "（三）毕业未满5年，具有大专以上学历。\n\n"
    "补贴标准：每连续租满1年补贴4800元。招用1人的企业，按每人1500元给予奖励。\n"
)
WHOLE = "2025年工作安排写了哪几块？"


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        (WHOLE, ("一、稳定工业", "二、做活商贸", "三、改善民生")),
        ("青石县2025年工作安排有哪几部分", ("一、稳定工业", "二、做活商贸", "三、改善民生")),
        ("青石县2025年工作安排分哪几个方面？", ("一、稳定工业", "三、改善民生")),
    ],
)
def test_the_parts_of_a_whole_are_its_headings(question: str, headings: tuple[str, ...]) -> None:
    found = answer(question, documents=[PLAN])
    assert all(heading in found.text for heading in headings)
    assert "30亿元" not in found.text


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("第二块具体怎么说的", "改造农贸市场8个", "新增学位"),
        ("第一部分讲讲", "工业投资30亿元", "冷链仓库"),
        ("最后一块呢", "社区食堂9个", "冷链仓库"),
        ("那第3块的内容是什么？", "新增学位1500个", "标准厂房"),
        ("请详细说说第二个", "培育电商企业20家", "标准厂房"),
    ],
)
def test_a_part_is_told_by_its_place(question: str, told: str, other: str) -> None:
    found = answer(question, [WHOLE], [PLAN])
    assert told in found.text
    assert other not in found.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("第二条是什么", "没有自有住房"),
        ("第三条具体怎么规定的？", "大专以上学历"),
        ("最后一条的原话呢", "毕业未满5年"),
        ("第1条是啥", "签订劳动合同"),
    ],
)
def test_an_item_of_a_list_is_told_as_it_stands(question: str, told: str) -> None:
    found = answer(question, ["申请租房补贴要符合哪几条条件？"], [RULES])
    assert told in found.text
    assert len(found.parts) == 1


def test_an_item_after_an_item_is_of_the_same_list() -> None:
    asked = ["申请租房补贴要符合哪几条条件？", "第三条是什么"]
    assert "签订劳动合同" in answer("那第一条呢", asked, [RULES]).text


@pytest.mark.parametrize("text", ["最后一天是几号", "最后一年多少", "最后怎么样了"])
def test_the_last_of_other_things_is_no_item(text: str) -> None:
    assert split_item(text) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("租满三年一共能拿多少补贴？", "14400元"),
        ("连续租满2年总共补贴多少", "9600元"),
        ("企业招用3个人一共奖励多少", "4500元"),
    ],
)
def test_a_rate_is_told_as_often_as_is_asked_with_its_own_words(question: str, told: str) -> None:
    found = answer(question, documents=[RULES])
    assert found.text.startswith(told)
    assert found.parts[0].operands[0][0] in found.citations[0].quote


@pytest.mark.parametrize(
    "text", ["2024年一共修了多少条路", "三年级一共多少人", "租满三年给多少", "一共多少钱"]
)
def test_other_totals_are_no_multiples(text: str) -> None:
    assert read_multiple(text) is None


@pytest.mark.parametrize(
    ("question", "operation", "other"),
    [
        ("跟农贸市场比哪个多", "choice", "2025年农贸市场有多少"),
        ("加上社区食堂一共呢", "sum", "2025年社区食堂有多少"),
        ("比社区食堂多多少？", "difference", "2025年社区食堂有多少"),
        ("和农贸市场的8个加一块是多少", "sum", "2025年农贸市场有多少"),
        ("它跟2024年比多多少", "difference", "2024年建设冷链仓库多少座?"),
    ],
)
def test_what_was_asked_for_is_reckoned_with_what_is_named(
    question: str, operation: str, other: str
) -> None:
    asked = recall(question, [("2025年建设冷链仓库多少座？", "")])
    assert asked
    assert (asked.operation, asked.questions[1]) == (operation, other)


@pytest.mark.parametrize("text", ["和谁签约的", "跟踪检查了多少次", "比赛在哪办", "和学校有关吗"])
def test_other_questions_are_reckoned_with_nothing(text: str) -> None:
    assert recall(text, [("2025年建设冷链仓库多少座？", "")]) is None


def test_the_larger_of_two_is_told_with_both() -> None:
    found = answer("跟农贸市场比哪个多", ["2025年改造社区食堂多少个？"], [PLAN])
    assert "9个" in found.text
    assert "8个" in found.text


def test_two_years_are_added_up() -> None:
    asked = read_calculation("2023年和2024年学位合计多少个")
    assert asked
    assert asked.questions == ("2023年学位有多少个", "2024年学位有多少个")


GOALS = (
    "青石县报告\n\n一、2024年工作回顾\n\n2024年，完成工业投资28亿元，新建学校3所。\n\n"
    "二、2025年工作安排\n\n"
    "推动工业升级，力争完成工业投资30亿元，新建标准厂房12万平方米。\n\n"
    "计划新增学位1500个，建成社区食堂9个，改造农贸市场8个。\n"
)


@pytest.mark.parametrize(
    "question",
    ["2025年主要目标有哪些？", "2025年的各项指标是多少", "2025年定了哪些目标", "明年目标有哪些"],
)
def test_the_targets_of_a_year_are_its_figures_aimed_at(question: str) -> None:
    text = GOALS.replace("青石县报告", "青石县报告\n\n2024年12月30日")
    found = answer(question, documents=[text])
    assert "力争完成工业投资30亿元" in found.text
    assert "新增学位1500个" in found.text
    assert "28亿元" not in found.text


@pytest.mark.parametrize(
    "question",
    [
        "总结一下2025年的工作安排",
        "2025年有哪些重点任务",
        "2025年的计划讲一讲",
        "说一说2025年的工作部署",
        "2025年的任务请介绍一下",
    ],
)
def test_what_is_planned_in_a_year_is_the_section_of_that_year(question: str) -> None:
    found = answer(question, documents=[GOALS])
    assert "工业投资30亿元" in found.text
    assert "28亿元" not in found.text


@pytest.mark.parametrize("question", ["那2025年呢？", "2025年新增学位多少个", "2025年工业怎么样"])
def test_one_thing_of_a_year_is_no_overview(question: str) -> None:
    found = answer(question, ["2024年完成工业投资多少？"], [GOALS])
    assert "社区食堂" not in found.text


SUBSIDY = (
    "青石县住房工作简报\n\n2024年，落实购房补贴，共兑现资金860万元。\n\n"
    "发放租房补贴320万元。引进人才可以申请安家补助，标准为每人2万元。\n"
)


@pytest.mark.parametrize(
    "question",
    ["购房补贴每套多少钱？", "我买房能拿多少补贴", "租房补贴人均多少钱", "个人租房可以领多少补贴"],
)
def test_what_all_got_is_not_what_one_gets(question: str) -> None:
    assert answer(question, documents=[SUBSIDY]).status == "refused"


@pytest.mark.parametrize(
    ("question", "told"),
    [("安家补助每人多少钱", "2万元"), ("购房补贴兑现了多少资金", "860万元")],
)
def test_what_one_gets_and_what_all_got_are_told(question: str, told: str) -> None:
    assert told in answer(question, documents=[SUBSIDY]).text


TOWN = (
    "青石县产业简报\n\n三大主导产业电子信息、生物医药、绿色食品占工业产值七成。\n\n"
    "云溪小镇位于县城东郊，聚集民宿40家，成为周末游的去处。\n\n星海基地主攻新材料研发，建有中试车间6座。\n"
)


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("云溪小镇是什么？", "民宿40家", "新材料"),
        ("介绍一下星海基地", "新材料研发", "民宿"),
        ("什么是“星海基地”？", "新材料研发", "民宿"),
        ("云溪小镇是个什么样的地方", "县城东郊", "中试车间"),
    ],
)
def test_who_asks_what_something_is_is_told_of_it_alone(
    question: str, told: str, other: str
) -> None:
    found = answer(question, documents=[TOWN])
    assert told in found.text
    assert other not in found.text


@pytest.mark.parametrize("question", ["三大主导产业是哪几个", "有哪三大主导产业？"])
def test_a_list_of_as_many_as_are_asked_for_is_the_answer(question: str) -> None:
    assert answer(question, documents=[TOWN]).text == "电子信息、生物医药、绿色食品"


def test_many_calculations_one_after_the_other_end() -> None:
    asked = ["2024年建设冷链仓库多少座？", "2024年建设停车场多少座？"]
    sums = [(text, "") for text in [*asked, *["两个加起来多少"] * 4]]
    assert recall("两个加起来多少", sums)
    assert recall("两个加起来多少", [*sums, *sums[-1:] * 46]) is None  # too long ago


def test_words_around_an_item_are_read_in_linear_time() -> None:
    assert not asks_only_of_item(f"第二条{'下' * 300}X")


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("华为投资多少", "比亚迪一共投资多少"),
        ("东湖小区有多少户", "和平小区总共有多少户"),
        ("市二医院有多少床位", "同济医院一共有多少床位"),
        ("2024年学校完成多少所", "比去年多多少"),
    ],
)
def test_names_that_begin_like_words_of_reckoning_are_whole(before: str, question: str) -> None:
    assert recall(question, [(before, "")]) is None


@pytest.mark.parametrize("question", ["那2025年目标呢", "2025年目标是多少"])
def test_the_target_of_what_was_asked_is_one_thing(question: str) -> None:
    found = answer(question, ["2024年完成工业投资多少？"], [GOALS])
    assert "社区食堂" not in found.text


def test_a_label_of_ours_is_not_told_as_an_item() -> None:
    asked = ["2024年和2025年各新建学校多少所？"]
    text = "青石县报告\n\n2024年，新建学校3所。\n\n2025年，计划新建学校5所。"
    assert answer("第二个是什么", asked, [text]).text != "2025年，计"


@pytest.mark.parametrize(
    "text", ["第0个呢", "最后项目投资多少", "最后点评说了什么", "最后种植了多少亩"]
)
def test_what_only_looks_like_an_item_is_none(text: str) -> None:
    assert split_item(text) is None


@pytest.mark.parametrize(
    "text", ["3月一共发放补贴多少", "25年一共招用多少人", "第3年一共给多少", "2024年一共多少"]
)
def test_times_are_no_multiples(text: str) -> None:
    assert read_multiple(text) is None


def test_a_rate_of_several_is_not_multiplied_as_one_of_one() -> None:
    text = "补贴办法\n\n补贴标准：每连续租满3年补贴4800元。"
    assert not answer("租满6年一共多少补贴", documents=[text]).text.startswith("28800")


def test_public_housing_is_no_total() -> None:
    text = "补贴办法\n\n公共租赁住房租金补贴300元。"
    assert "300元" in answer("我能领多少公共租赁住房租金补贴", documents=[text]).text


def test_a_figure_of_what_is_asked_about_is_told() -> None:
    text = "青石县简报\n\n建成社区食堂9个。改造农贸市场8个。"
    assert "9个" in answer("社区食堂建设情况怎么样", documents=[text]).text


@pytest.mark.parametrize(
    "question", ["无论在哪里工作，能不能申请补贴？", "不管是谁，可不可以报名？"]
)
def test_what_holds_whatever_is_one_question(question: str) -> None:
    assert split_question(question) == [question]


@pytest.mark.parametrize(
    "question",
    [
        "河湾区GDP增长多少？",
        "公园面积增加了多少",
        "登记失业人数下降多少",
        "全区常住人口减少了多少",
        "公交线路提高了多少",
    ],
)
def test_how_much_there_is_does_not_tell_by_how_much_it_grew(question: str) -> None:
    text = (
        "河湾区简报\n\n河湾区地区生产总值完成310亿元。公园面积达42公顷。登记失业人数为1200人。"
        "全区常住人口48万人。公交线路共36条。"
    )
    found = answer(question, documents=[text])
    assert found.status == "refused"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("河湾区GDP增长多少？", "6.5%"),
        ("公园面积增加了多少", "5公顷"),
        ("登记失业人数下降多少", "300人"),
        ("常住人口减少了多少", "0.6万人"),
        ("公交线路增加了几条", "4条"),
    ],
)
def test_by_how_much_it_grew_is_told(question: str, told: str) -> None:
    text = (
        "河湾区简报\n\n河湾区地区生产总值增长6.5%。公园面积扩大5公顷。登记失业人数下降300人。"
        "常住人口减少0.6万人。公交线路增加4条。"
    )
    assert told in answer(question, documents=[text]).text


AWARDS = (
    "河湾区赛事简报\n\n11月3日，河湾创新大赛决赛举行。澄光仪表有限公司斩获制造赛道金奖，"
    "晨星软件有限公司以“云眼”项目斩获数字赛道金奖，百川农业有限公司获得银奖。"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("谁斩获金奖？", ["澄光仪表有限公司", "晨星软件有限公司"]),
        ("金奖是谁", ["澄光仪表有限公司", "晨星软件有限公司"]),
        ("制造赛道金奖是谁？", ["澄光仪表有限公司"]),
        ("谁获得了银奖？", ["百川农业有限公司"]),
        ("获得银奖的是哪家公司", ["百川农业有限公司"]),
    ],
)
def test_all_of_whom_the_same_is_told_are_named(question: str, told: list[str]) -> None:
    assert [part.text for part in answer(question, documents=[AWARDS]).parts] == told


@pytest.mark.parametrize(
    "question",
    ["房价现在多少", "人均工资是多少", "停车费多少钱", "门票价格多少", "外卖起送价多少"],
)
def test_a_figure_of_what_the_documents_do_not_name_is_not_told(question: str) -> None:
    text = (
        "河湾区简报\n\n盘活厂房面积14.8万平方米，腾出用地320亩。建成泊位900个，服务居民12万人次。"
    )
    assert answer(question, documents=[text]).status == "refused"


def test_a_place_named_before_in_the_paragraph_is_the_one_asked_for() -> None:
    text = (
        "河湾区简报\n\n河湾区全力招商。6月2日，河湾区产业推介会在深圳举行，各界代表出席，气氛热烈。"
        "会上播放了宣传片，介绍了全区产业规划、园区布局、要素保障与人才服务等内容，与会企业反响积极，"
        "纷纷表示将到实地考察。现场签约晨星软件有限公司、百川农业有限公司等企业。"
    )
    found = answer("深圳那场推介会签约了哪些企业？", documents=[text])
    assert "晨星软件有限公司" in found.text


@pytest.mark.parametrize(
    "question", ["深圳地区生产总值是多少", "深圳常住人口多少", "深圳的区长是谁"]
)
def test_what_is_told_after_another_place_is_not_of_that_place(question: str) -> None:
    text = (
        "河湾区简报\n\n河湾区全力招商。6月2日，河湾区产业推介会在深圳举行，各界代表出席。签约项目32个。"
        "河湾区实现地区生产总值310亿元，常住人口48万人。区长李强表示感谢。"
    )
    assert answer(question, documents=[text]).reason == "other_place"
    assert "32个" in answer("深圳那场推介会签约项目多少个", documents=[text]).text


@pytest.mark.parametrize(
    "text",
    [
        "赛事简报\n\n决赛中，金奖由澄光仪表有限公司获得，银奖由晨星软件有限公司获得。",
        "赛事简报\n\n澄光仪表有限公司获得金奖，晨星软件有限公司没有获得金奖。",
    ],
)
def test_who_is_told_something_else_is_not_named_beside(text: str) -> None:
    assert answer("哪家公司获得了金奖", documents=[text]).text == "澄光仪表有限公司"


def test_what_it_rose_to_is_not_by_how_much_it_rose() -> None:
    text = "河湾区简报\n\n绿化覆盖率提升到45%。公交线路由12条增加到15条。"
    assert "45" not in answer("绿化覆盖率提升了多少", documents=[text]).text
    assert answer("公交线路增加了几条", documents=[text]).text.startswith("3条")


@pytest.mark.parametrize(
    ("question", "told"),
    [("教师增加了多少名", "80名"), ("充电桩增加了多少个", "500个")],
)
def test_what_is_new_is_by_how_much_it_grew(question: str, told: str) -> None:
    text = "河湾区简报\n\n招聘教师80名。新建充电桩500个。"
    assert told in answer(question, documents=[text]).text
