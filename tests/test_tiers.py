"""Of values told tier by tier, the one that a case falls in."""

from __future__ import annotations

import pytest

from qa import answer

SUBSIDY = (
    "青禾市创业补贴办法\n\n"
    "企业吸纳就业5人以下的，每年补贴8000元；吸纳就业5人以上的，每年补贴20000元。\n\n"
    "购车补贴标准：车价10万元以下的，补贴2000元；车价10万元以上20万元以下的，补贴4000元；"
    "车价20万元以上的，补贴7000元。\n\n"
    "（一）租房面积不超过60平方米的，每月租金600元；\n"
    "（二）租房面积60平方米以上的，每月租金950元。\n\n"
    "签订1年期合同的，奖励比例为5%（合同期限3年以上的为12%）。\n"
)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("我们企业吸纳了12人就业，每年能拿多少补贴?", "20000元"),
        ("吸纳就业3人的企业每年补贴多少钱?", "8000元"),
        ("买一辆15万元的车补贴多少?", "4000元"),
        ("车价28万元补贴多少钱?", "7000元"),
        ("租一套80平方米的房子每月租金多少?", "950元"),
        ("租房面积45平方米每月租金是多少?", "600元"),
    ],
)
def test_a_case_gets_the_value_of_its_tier(question: str, value: str) -> None:
    assert answer(question, documents=[SUBSIDY]).text == value
