"""Scoring: what counts as right, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus import make_document, split
from qa import Answer, Citation, TestSetError
from qa.answer import Status
from qa.evaluation import Case, Report, Result, evaluate, format_report, load_test_set
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
