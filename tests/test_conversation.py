"""Greetings, thanks and questions about the service are met with what can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index import load_embeddings
from qa import answer
from qa.asking.conversation import VECTORS, read_conversation, read_sayings

SAYINGS = Path(__file__).parent / "cases" / "conversation.jsonl"
MISTAKEN = 0.06  # of lines written by somebody who had not seen the sayings

TEXT = "某镇2023年报告\n\n2023年，某镇新增停车位600个，您好超市开业，生意很好，镇长到场。"


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
    assert answer(text, documents=[TEXT]).reason != "conversation"


def test_sayings_are_told_from_questions_at_any_turn() -> None:
    lines = [json.loads(line) for line in SAYINGS.read_text("utf-8").splitlines()]
    wrong = [
        line["question"]
        for line in lines
        if (answer(line["question"], line["history"]).reason == "conversation")
        != line["conversation"]
    ]
    assert len(wrong) <= MISTAKEN * len(lines), wrong


def test_each_kind_of_saying_has_its_reply() -> None:
    thanks, who = (answer(text, documents=[TEXT]).text for text in ("谢谢", "你是谁"))
    assert thanks.startswith("不客气")
    assert "程序" in who


def test_what_documents_speak_of_is_asked() -> None:
    assert read_conversation("你能做什么生意", lambda words: False)
    assert not read_conversation("你能做什么生意", lambda words: "生意" in words)


@pytest.mark.parametrize(
    "text", ["靠什么做到", "怎么做到的", "凭什么办成", "用什么方法实现", "还能做些什么"]
)
def test_what_is_asked_of_nobody_is_asked_of_the_documents(text: str) -> None:
    assert not read_conversation(text, lambda words: False)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("版本号是多少", "3.2"),
        ("使用要收费吗", "不收费"),
        ("怎么清空对话", "右上角"),
        ("收费吗", "不收费"),
        ("有没有使用说明", "官网"),
    ],
)
def test_what_the_documents_tell_is_no_talk_of_us(question: str, told: str) -> None:
    text = (
        "智答手册\n\n智答是一款聊天软件。点击右上角即可清空对话。软件免费使用，不收费。版本号为3.2。"
        "使用说明见官网。聊天记录可在设置里导出。"
    )
    found = answer(question, documents=[text])
    assert found.reason != "conversation"
    assert told in found.text


@pytest.mark.parametrize("text", ["你能做什么？谢谢！", "你是谁，你好"])
def test_what_is_asked_of_us_is_answered_before_thanks(text: str) -> None:
    assert "不客气" not in answer(text, documents=[TEXT]).text
    assert not answer(text, documents=[TEXT]).text.startswith("你好")


def test_the_vectors_kept_of_the_sayings_are_theirs() -> None:
    _, sayings, digest = read_sayings()
    with np.load(VECTORS) as kept:
        assert kept["digest"] == digest, "run training/sayings.py"
        fresh = np.array(load_embeddings().embed_queries(sayings))
        cosines = (kept["vectors"].astype(np.float32) * fresh).sum(axis=1)
    assert cosines.min() > 0.99
