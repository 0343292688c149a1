"""Scoring: what counts as right, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus import make_document, split
from qa import Answer, Citation, TestSetError
from qa.answer import Status
from qa.evaluation import (
    Case,
    Point,
    Report,
    Result,
    evaluate,
    format_report,
    load_test_set,
)
from qa.saying.text import Told, answered

DOCUMENT = make_document("全年完成投资１２００亿元,新增“小巨人”企业20家。", "x")
PASSAGE = split(DOCUMENT)[0]
CITATION = Citation.of(DOCUMENT, PASSAGE, PASSAGE.start, PASSAGE.end)


def score(text: str, *, status: Status = "answered", **fields: Any) -> Result:
    case = Case(**{"id": "q1", "type": "figure", "question": "?", "answerable": True, **fields})
    told = answered([Told(text, [CITATION])])
    found = told if status == "answered" else Answer(text, "refused", reason="not_told")
    return evaluate([case], lambda question, history: found).results[0]


def test_one_of_each_group_must_stand_in_the_text() -> None:
    assert score("1200亿元，20家", all_of=(("1200亿", "1.2千亿"), ("20家",))).right
    assert not score("1200亿元", all_of=(("1200亿",), ("20家",))).right


def test_a_forbidden_figure_counts_but_not_inside_a_longer_number() -> None:
    assert not score("1200亿元和20家", all_of=(("1200亿",),), none_of=("20",)).right
    assert score("1200亿元", all_of=(("1200亿",),), none_of=("20", "120", "200亿x")).right


def test_evidence_is_found_whatever_its_width_and_quotation_marks() -> None:
    result = score("20家", all_of=(("20家",),), evidence=("新增小巨人企业20家", "别处"))
    assert (result.evidence_found, result.evidence_asked) == (1, 2)
    assert result.citations_right == 1


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    assert score("没有", status="refused", answerable=False).right
    assert not score("没有", status="refused").right
    assert not score("1200亿元", answerable=False).right


def test_metrics_and_what_changed_are_printed() -> None:
    good = Report((score("20家", all_of=(("20家",),)),))
    bad = Report((score("12家", all_of=(("20家",),)),))
    assert good.metrics()["accuracy"] == 1.0
    text = format_report(bad, baseline=Report.from_dict(json.loads(json.dumps(good.to_dict()))))
    assert "broken q1" in text
    assert "accuracy: 1.000 -> 0.000" in text


def test_a_bad_line_is_named_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "type": "t", "question": "q", "answerable": true}\n{"id": 1}\n')
    with pytest.raises(TestSetError, match=r"set\.jsonl:2: 缺少 type"):
        load_test_set(path)


def test_the_two_halves_share_nothing(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    lines = [{"id": str(i), "type": "t", "question": "q", "answerable": True} for i in range(7)]
    path.write_text("\n".join(map(json.dumps, lines)))
    development, check = load_test_set(path, "development"), load_test_set(path, "check")
    assert {c.id for c in development} | {c.id for c in check} == set("0123456")
    assert not {c.id for c in development} & {c.id for c in check}


SOURCE = make_document(
    "政策\n对新办企业给予一次性补贴5000元，租用场地的减免租金，另设贷款贴息。"
    "会议由区长主持，各街道负责人参加，会上还通报了上半年的工作情况，并对下一步安排作了说明。",
    "x",
)
POINTS = (
    Point(True, ("补贴5000元", "五千元")),
    Point(True, ("减免租金",)),
    Point(True, ("贷款贴息",)),
    Point(False, ("租用场地",)),
)


def tell(*words: str, label: str = "", **fields: Any) -> Result:
    """The score of an answer that tells words of SOURCE, a line each, to a question with POINTS."""
    passage = split(SOURCE)[-1]
    cited = [Citation.of(SOURCE, passage, passage.start, passage.end)]
    found = answered([Told(w, cited, label) for w in words], lines=True)
    case = Case("o1", "policy", "有哪些政策?", True, points=POINTS, **fields)
    return evaluate([case], lambda question, history: found).results[0]


def test_recall_is_the_share_of_the_points_that_must_be_told() -> None:
    assert tell("给予一次性补贴5000元", "减免租金").vital_recall == pytest.approx(2 / 3)
    assert (
        tell("对新办企业给予一次性补贴5000元，租用场地的减免租金，另设贷款贴息").vital_recall == 1
    )


def test_a_clause_far_from_every_point_is_beside_the_point() -> None:
    told = tell("减免租金", "对新办企业给予一次性补贴5000元", "并对下一步安排作了说明")
    assert told.point_precision == pytest.approx(2 / 3)
    assert tell("另设贷款贴息。会议由区长主持").point_precision == 1  # near one is to the point


def test_labels_are_no_clauses() -> None:
    assert tell("减免租金", "另设贷款贴息", label="租金").point_precision == 1


def test_an_answer_is_good_that_tells_enough_and_nothing_off() -> None:
    whole = "对新办企业给予一次性补贴5000元，租用场地的减免租金，另设贷款贴息"
    assert tell(whole).good
    assert not tell(whole, off=("一次性补贴",)).good
    assert not tell("减免租金").good


def test_a_refusal_has_neither_recall_nor_precision() -> None:
    case = Case("o1", "policy", "有哪些政策?", True, points=POINTS)
    refused = Answer("没有", "refused", reason="not_told")
    report = evaluate([case], lambda question, history: refused)
    assert (report.metrics()["vital_recall"], report.metrics()["point_precision"]) == (0, 0)


def test_points_are_told_of_only_where_a_set_has_some() -> None:
    assert "vital_recall" not in format_report(Report((score("20家", all_of=(("20家",),)),)))
    assert "vital_recall" in format_report(Report((tell("减免租金"),)))
