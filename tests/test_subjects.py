"""The asked subject is the told one: another of its kind does not answer for it."""

from __future__ import annotations

import pytest

from qa import answer
from qa.checking.subjects import other_name


@pytest.mark.parametrize(
    ("asked", "told", "name"),
    [
        ("供电公司有多少员工?", "青山供水公司共有员工320人。", "青山供水公司"),
        ("市教育局办了多少场招聘会?", "市人社局举办招聘会126场。", "市人社局"),
        ("2号线有多少座车站?", "1号线设车站24座。", "1号线"),
        ("CX-5的零售价是多少?", "云杉CX-1建议零售价5980元。", "CX-1"),
        ("B小区停车费多少?", "A小区停车费每月200元。", "A小区"),
        ("会展西站首班车几点?", "会展东站首班车6:05。", "会展东站"),
    ],
)
def test_another_of_the_same_kind_is_named(asked: str, told: str, name: str) -> None:
    assert other_name(asked, told, told) == name


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("市人社局办了多少场招聘会?", "市人力资源和社会保障局举办招聘会126场。"),
        ("省三院有多少张床位?", "省第三人民医院开放床位1850张。"),
        ("哪家医院新增了床位?", "县人民医院新增床位200张。"),
        ("全市有多少公园?", "青山区共有樱花公园等31个公园。"),
        ("城市道路完工了几条?", "全区12个城市道路项目完工。"),
        ("夜校每学期多少钱?", "夜校学费500元/学期。"),
        ("上海市新任市长是谁?", "龚正当选上海市市长。"),
        ("县长是谁?", "青山县县长王某。"),
        ("CX-1保修几年?", "CX-1与CX-2均保修6年。"),
    ],
)
def test_the_same_thing_in_other_words_is_no_other(asked: str, told: str) -> None:
    assert other_name(asked, told, told) == ""


def test_a_refusal_says_whose_figure_it_is() -> None:
    text = "青山供水公司2023年报告\n\n公司共有员工320人，全年供水1.2亿吨。"
    refused = answer("青山供电公司有多少员工?", documents=[text])
    assert (refused.status, refused.reason) == ("refused", "other_subject")
    assert "供水公司" in refused.text


def test_of_several_documents_the_one_whose_title_names_the_subject_answers() -> None:
    texts = [f"云杉CX-{n}净水器说明\n\n整机保修{n + 4}年，水箱容积{n}00升。" for n in (1, 2)]
    assert answer("CX-2保修几年?", documents=texts).text == "6年"
    assert answer("CX-1的水箱容积是多少?", documents=texts).text == "100升"
    assert answer("CX-9保修几年?", documents=texts).status == "refused"


@pytest.mark.parametrize(
    ("name", "other", "sentence"),
    [
        ("云帆科技", "海棠技术有限公司", "本县与云帆科技、海棠技术有限公司签订协议。"),
        ("海棠技术", "云帆科技有限公司", "本县与云帆科技有限公司、海棠技术公司签订协议。"),
        ("青石锂电", "科技股份有限公司", "海州青石锂电科技股份有限公司车间里，产线开足马力。"),
        ("云帆科技", "人才服务中心", "云帆科技大厦旁的人才服务中心开张。"),
        ("白马航空", "红松精密有限公司", "红松精密有限公司获一等奖，白马航空获二等奖。"),
    ],
)
def test_what_stands_beside_a_name_does_not_say_what_it_is(
    name: str, other: str, sentence: str
) -> None:
    assert answer(f"{name}是什么公司？", documents=[f"简报\n\n{sentence}\n"]).text != other


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("云帆科技是什么公司？", "云帆科技是一家软件公司，成立于2009年。", "软件公司"),
        ("白马航空是什么企业？", "无人机龙头企业白马航空落户本县。", "无人机龙头企业"),
        ("红松精密是什么企业", "红松精密被认定为国家级高新技术企业。", "高新技术企业"),
        ("蓝岸公司是什么机构？", "蓝岸公司属于科技服务机构。", "科技服务机构"),
        ("智谷小镇是什么？", "智谷小镇是电子信息产业集聚区。", "电子信息产业集聚区"),
    ],
)
def test_what_is_said_of_a_name_says_what_it_is(question: str, text: str, told: str) -> None:
    assert told in answer(question, documents=[f"简报\n\n{text}\n"]).text
