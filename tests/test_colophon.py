"""What a document says of itself, asked in other words than it uses."""

from __future__ import annotations

import pytest

from qa import answer

NOTICE = """白沙县人民政府关于做好防汛工作的通知

白政发〔2023〕17号

来源：白沙县应急管理局 发布时间：2023-06-08 10:20

各乡镇人民政府：

一、各乡镇应当在7月1日前完成堤防检查。

二、值班电话为0712-8891234。

白沙县人民政府

2023年6月5日
"""

STORY = """白沙县建成新图书馆

2022-10-03　作者：林知秋　来源：白沙日报

9月28日，白沙县新图书馆建成开放，藏书32万册。馆长何敏说，周末开放到晚上九点。
"""

REPORT = """2024年白沙县政府工作报告

——2024年1月16日在白沙县第十八届人民代表大会第四次会议上

白沙县人民政府县长 陆远

各位代表：我代表县人民政府报告工作。2023年，全县生产总值增长6.1%。
"""


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        (NOTICE, "这份通知的文号是什么？", "白政发〔2023〕17号"),
        (NOTICE, "这份通知是第几号文？", "17号"),
        (NOTICE, "这个通知是什么时候挂到网上的？", "2023-06-08"),
        (NOTICE, "这份通知是从哪里转载来的？", "应急管理局"),
        (STORY, "这篇文章是谁写的？", "林知秋"),
        (STORY, "这篇文章哪天发表的？", "2022-10-03"),
        (STORY, "这篇报道的来源是什么？", "白沙日报"),
        (REPORT, "这份政府工作报告是哪位县长作的？", "陆远"),
    ],
)
def test_head_and_foot_can_be_asked(text: str, question: str, told: str) -> None:
    found = answer(question, documents=[text])
    assert told in found.text
    assert found.citations


def test_what_happened_is_not_taken_for_what_the_document_says_of_itself() -> None:
    assert "9月28日" in answer("新图书馆是什么时候建成开放的？", documents=[STORY]).text
    assert "何敏" in answer("馆长是谁？", documents=[STORY]).text
