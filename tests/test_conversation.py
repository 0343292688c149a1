"""Greetings, thanks and questions about the service are met with what can be asked."""

from __future__ import annotations

import pytest

from qa import answer
from qa.asking import is_conversation

TEXT = "某镇2023年报告\n\n2023年，某镇新增停车位600个，您好超市开业。"


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "您好！",
        "谢谢啦",
        "hello",
        "你能做什么？",
        "你好，在吗",
        "好的，谢谢",
        "你是谁",
        "我可以问什么？",
        "再见",
    ],
)
def test_conversation_is_told_what_can_be_asked(text: str) -> None:
    found = answer(text, documents=[TEXT])
    assert (found.status, found.reason) == ("refused", "conversation")
    assert "可以问" in found.text
    after = answer(text, history=["新增停车位多少个？"], documents=[TEXT])
    assert after.reason == "conversation"


@pytest.mark.parametrize(
    "text",
    [
        "你好超市什么时候开业？",
        "好的政策有哪些",
        "谢谢镇长是谁",
        "能做什么生意",
        "您好，新增停车位多少个？",
        "怎么用社保卡",
    ],
)
def test_a_question_with_such_words_is_a_question(text: str) -> None:
    assert not is_conversation(text)
