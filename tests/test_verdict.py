"""Yes or no: a case against a rule's bound, and one value of several in a sentence."""

from __future__ import annotations

import pytest

from qa import answer

RULES = """白沙县惠民办法

年满65周岁的老年人，可以免费乘坐公交车。

年龄不超过45周岁的，可以报名参加技能培训。

家庭人均月收入低于1200元的，可以申请临时救助。

注册资本不少于50万元的企业，可以申请贴息。

住房面积在90平方米以上的，不得申请购房补贴。

行李重量不超过15公斤的，免费托运。

谢绝14岁以下儿童入场参观矿井。
"""

BANKS = """白沙县金融报告

年末全县存款余额730亿元，同比增长8.2%；贷款余额410亿元，同比增长6.5%。

全县小学在校生12000人，初中在校生7000人。
"""


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("我68周岁，可以免费乘坐公交车吗？", "是"),
        ("我60周岁，可以免费乘坐公交车吗？", "否"),
        ("52周岁能不能报名参加技能培训", "否"),
        ("30周岁可以报名参加技能培训吗", "是"),
        ("家庭人均月收入900元可以申请临时救助吗？", "是"),
        ("家庭人均月收入1200元可以申请临时救助吗？", "否"),
        ("注册资本80万元的企业可以申请贴息吗？", "是"),
        ("注册资本20万元的企业可以申请贴息吗？", "否"),
        ("住房面积120平方米可以申请购房补贴吗？", "否"),
        ("行李重量10公斤托运要收费吗？", "否"),
        ("12岁的儿童可以入场参观矿井吗？", "否"),
    ],
)
def test_a_case_is_put_to_the_bound_of_a_rule(question: str, verdict: str) -> None:
    assert answer(question, documents=[RULES]).text.startswith(verdict)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("存款余额是730亿元吗？", "是"),
        ("存款余额是410亿元吗？", "否"),
        ("贷款余额是410亿元吗？", "是"),
        ("贷款余额是730亿元吗？", "否"),
        ("初中在校生是12000人吗？", "否"),
        ("小学在校生是12000人吗？", "是"),
    ],
)
def test_of_two_values_in_a_sentence_the_one_asked_about_is_judged(
    question: str, verdict: str
) -> None:
    assert answer(question, documents=[BANKS]).text.startswith(verdict)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [("失业率超过5%了吗？", "否"), ("失业率在6%以内吗？", "是"), ("失业率低于6%吗？", "是")],
)
def test_a_bound_is_no_proof_of_its_opposite(question: str, verdict: str) -> None:
    text = "白沙县公报\n\n全县失业率控制在5%以内，物价总体稳定。\n"
    assert answer(question, documents=[text]).text.startswith(verdict)
