"""What readers think of answers: kept, exported, and completed into a test set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa import TestSetError, answer
from qa.evaluation import load_test_set
from ui.cli import main
from ui.failures import BusyError
from ui.service import feedback as feedback_module
from ui.service.feedback import Feedback, Verdict

ANSWERED = "2024年改造了多少个小区？"
REFUSED = "市里的地铁票价是多少？"


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path)


def lines_of(feedback: Feedback, *given: tuple[str, Verdict]) -> list[dict[str, object]]:
    for question, verdict in given:
        feedback.add(question, [], answer(question), verdict)
    return list(feedback.export())


def test_nothing_given_is_nothing_exported(feedback: Feedback) -> None:
    assert feedback.count() == 0
    assert list(feedback.export()) == []


def test_each_verdict_becomes_what_it_tells_of_the_answer(feedback: Feedback) -> None:
    right, evidence, wrong = lines_of(
        feedback, (ANSWERED, "right"), (ANSWERED, "evidence"), (ANSWERED, "wrong")
    )
    quote = answer(ANSWERED).citations[0].quote
    assert (right["answerable"], right["all_of"], right["evidence"]) == (True, [["25个"]], [quote])
    assert (evidence["answerable"], evidence["all_of"], evidence["evidence"]) == (
        True,
        [["25个"]],
        [],
    )
    assert (wrong["answerable"], wrong["all_of"], wrong["none_of"]) == (None, [], ["25个"])
    assert feedback.count() == 3


def test_a_refusal_called_right_is_unanswerable_and_else_nobody_knows(
    feedback: Feedback,
) -> None:
    right, missing, wrong = lines_of(
        feedback, (REFUSED, "right"), (REFUSED, "missing"), (REFUSED, "wrong")
    )
    assert (right["answerable"], right["all_of"]) == (False, [])
    assert (missing["answerable"], missing["all_of"]) == (None, [])
    assert (wrong["answerable"], wrong["none_of"]) == (None, [])


def test_the_command_line_exports_lines_that_a_test_set_takes_once_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feedback = Feedback(tmp_path)
    found = answer(ANSWERED)
    feedback.add("电梯呢？\ud800", [(ANSWERED, "25个"), "然后呢？"], found, "right", "好\ud800")
    feedback.add(ANSWERED, [], found, "wrong")
    monkeypatch.setenv("DONGXIHU_HOME", str(tmp_path))
    assert main(["feedback", "export"]) == 0
    printed = capsys.readouterr().out
    out = tmp_path / "lines.jsonl"
    assert main(["feedback", "export", "--out", str(out)]) == 0
    assert "2 条" in capsys.readouterr().out
    assert out.read_text("utf-8") == printed
    with pytest.raises(TestSetError, match="answerable 还没有填"):
        load_test_set(out)
    lines = [json.loads(line) for line in printed.splitlines()]
    lines[1]["answerable"] = False
    out.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    first, second = load_test_set(out)
    assert list(first.history) == [[ANSWERED, "25个"], "然后呢？"]
    assert (first.answerable, second.answerable) == (True, False)


def test_feedback_does_not_fill_the_disk(
    feedback: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_module, "MOST", 1)
    found = answer(ANSWERED)
    feedback.add(ANSWERED, [], found, "right")
    with pytest.raises(BusyError, match="导出"):
        feedback.add(ANSWERED, [], found, "right")


def test_entries_are_found_by_words_of_question_note_and_answer_and_by_verdict(
    feedback: Feedback,
) -> None:
    found = answer(ANSWERED)
    feedback.add(ANSWERED, [], found, "right", "Good")
    feedback.add(REFUSED, [], answer(REFUSED), "missing", "100%")
    feedback.add_given("我的文档呢？", None, "wrong", "")
    total, entries = feedback.find()
    assert (total, [one.number for one in entries]) == (3, [3, 2, 1])
    assert [one.own for one in entries] == [True, False, False]
    assert [feedback.find(words)[0] for words in ("小区", "good", "25个", "小区 票价")] == [
        1,
        1,
        1,
        0,
    ]
    assert feedback.find("%")[1][0].question == REFUSED
    assert feedback.find(verdict="missing")[1][0].number == 2
    assert [one.number for one in feedback.find(limit=1, offset=1)[1]] == [2]


def test_entries_are_deleted_but_for_those_that_came_since(feedback: Feedback) -> None:
    assert feedback.delete([1]) == feedback.delete_found("", "", 9) == 0  # there is none yet
    found = answer(ANSWERED)
    for note in ("one", "two", "three", "four"):
        feedback.add(ANSWERED, [], found, "right", note)
    assert feedback.delete([1, 99]) == 1
    assert feedback.delete_found("t", "right", 3) == 2
    assert [one.note for one in feedback.find()[1]] == ["four"]
