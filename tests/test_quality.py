"""The answers over the sets stay as good as they are: every third question of the test set."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.readers import DEFAULT_CORPUS
from qa import answer
from qa.evaluation import Report, evaluate, load_test_set

CASES = Path(__file__).with_name("cases")
EVERY = 3  # of the 520 questions those asked, which takes a third of a minute


@pytest.fixture(scope="module")
def article() -> Report:
    return evaluate(load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl"))[::EVERY], answer)


def test_the_article_is_answered_right_and_cited(article: Report) -> None:
    assert (article.metrics()["accuracy"] or 0) >= 0.84
    assert (article.metrics()["citation_recall"] or 0) >= 0.90


def test_what_the_article_does_not_tell_is_refused(article: Report) -> None:
    assert (article.metrics()["refused"] or 0) >= 0.95
    assert (article.metrics()["over_refused"] or 0) <= 0.07


def test_questions_written_later_over_the_article() -> None:
    """`article.jsonl`, yes/no, times and open ones, by a reader who saw no code."""
    report = evaluate(load_test_set(CASES / "article.jsonl"), answer)
    assert (report.metrics()["accuracy"] or 0) >= 0.65
    assert (report.metrics()["wrong"] or 0) <= 0.17
