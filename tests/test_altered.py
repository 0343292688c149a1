"""The product reads, it does not remember: altered copies of the bundled article."""

from __future__ import annotations

import pytest

from benchmarks.altered import QUESTIONS, CachedEmbeddings, delete_evidence, replace_figures, score
from corpus import DEFAULT_CORPUS
from index import index_texts, load_embeddings
from qa.evaluation import load_test_set

SAMPLE = 5  # every fifth question: the whole set is measured by benchmarks/altered.py


@pytest.fixture(scope="module")
def embeddings() -> CachedEmbeddings:
    return CachedEmbeddings(load_embeddings())


def test_answers_follow_when_every_figure_is_replaced(embeddings: CachedEmbeddings) -> None:
    raw = DEFAULT_CORPUS.read_text("utf-8")
    cases = [c for c in load_test_set(QUESTIONS) if c.type == "figure"][::SAMPLE]
    altered, altered_cases = replace_figures(raw, cases)
    before = score(index_texts([raw], embeddings), cases).metrics()["accuracy"] or 0.0
    after = score(index_texts([altered], embeddings), altered_cases).metrics()["accuracy"] or 0.0
    assert altered != raw
    assert before >= 0.8
    assert after >= before - 0.1


def test_a_question_is_refused_once_its_evidence_is_deleted(embeddings: CachedEmbeddings) -> None:
    raw = DEFAULT_CORPUS.read_text("utf-8")
    cases = [c for c in load_test_set(QUESTIONS) if c.type == "figure"][::SAMPLE]
    refused = [
        score(index_texts([delete_evidence(raw, case)], embeddings), [case]).results[0].refused
        for case in cases
    ]
    assert sum(refused) / len(refused) >= 0.6
