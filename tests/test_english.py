"""Questions in English: the source's words under English labels, or what was understood."""

from __future__ import annotations

import pytest

from qa import answer

TEXT = (
    "河湾区2023年工作报告\n\n2023年，新增公园5座，新建学校3所。养老服务方面，新建食堂4个，改造床位200张。\n\n"
    "2024年计划\n\n2024年，计划新增公园8座。"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many parks were added in 2023?", "5座"),
        ("How many parks are planned in 2024?", "8座"),
        ("How many schools were built in 2023?", "3所"),
    ],
)
def test_a_value_is_told_in_the_words_of_the_source(question: str, told: str) -> None:
    assert answer(question, documents=[TEXT]).text.startswith(told)


def test_years_are_labelled_in_english() -> None:
    found = answer("How many parks in 2023 and 2024?", documents=[TEXT])
    assert [part.label for part in found.parts] == ["2023", "2024"]
    assert "（2023）" in found.text


@pytest.mark.parametrize(
    "question",
    [
        "What did the district do for elderly care in 2023?",
        "What has been done for elderly care in 2023?",
        "What has the district done for elderly care in 2023?",
        "What does the district do for elderly care?",
        "What was done for elderly care in 2023?",
    ],
)
def test_what_was_done_is_told_in_points(question: str) -> None:
    assert "床位200张" in answer(question, documents=[TEXT]).text


@pytest.mark.parametrize(
    "question", ["How many airports are there?", "When was the new bridge opened?"]
)
def test_a_refusal_is_in_english_and_says_what_was_understood(question: str) -> None:
    found = answer(question, documents=[TEXT])
    assert found.status == "refused"
    assert found.text.startswith("The documents")
    assert "I read the question as" in found.text


@pytest.mark.parametrize("saying", ["Who are you? please tell me", "Thank you very much!"])
def test_sayings_are_answered_in_english(saying: str) -> None:
    found = answer(saying, documents=[TEXT])
    assert found.reason == "conversation"
    assert found.text.isascii()
