"""The index: built once, swapped whole, rebuilt when what made it differs."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from corpus import DocumentError, make_document, split
from corpus.language import find_quantities
from fakes import BigramEmbeddings
from index import (
    EncoderError,
    build_index,
    index_texts,
    load_embeddings,
    open_index,
)
from index.catalogue import Catalogue
from index.lexical import tokenize
from waiting import until

TEXT = "城东小学今年新增学位900个。\n\n城西医院新增床位120张。\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_what_was_indexed_is_found(page: Path, tmp_path: Path) -> None:
    index = build_index([page], tmp_path / "home", BigramEmbeddings())
    assert index.search("医院床位有多少", 1)[0].passage.text == "城西医院新增床位120张。"


def test_an_index_is_reused_until_its_corpus_changes(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.load_embeddings", lambda name: BigramEmbeddings())
    home = tmp_path / "home"
    first = build_index([page], home, BigramEmbeddings()).generation
    assert open_index(home).generation == first
    page.write_text(TEXT.replace("900", "800"), "utf-8")
    reopened = open_index(home)
    assert reopened.generation != first
    assert "800" in reopened.search("新增学位", 1)[0].passage.text


def test_an_index_of_another_encoder_is_rebuilt(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    first = build_index([page], home, BigramEmbeddings()).generation
    monkeypatch.setattr("index.store.load_embeddings", lambda name: BigramEmbeddings("other"))
    assert open_index(home).generation != first


def test_a_failed_build_leaves_the_index_before_it_in_use(page: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = build_index([page], home, BigramEmbeddings()).generation
    empty = tmp_path / "empty.txt"
    empty.write_text("\n", "utf-8")
    with pytest.raises(DocumentError, match="没有文字"):
        build_index([empty], home, BigramEmbeddings())
    assert (home / "current").read_text("utf-8") == first
    assert [p.name for p in (home / "generations").iterdir()] == [first]


def _build_slowly(page: Path, home: Path) -> None:
    class Slow(BigramEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            (home / "started").touch()
            signal.pause()
            return super().embed_documents(texts)

    build_index([page], home, Slow("slow"))


def test_a_build_killed_half_way_leaves_the_index_before_it_in_use(
    page: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = build_index([page], home, BigramEmbeddings()).generation
    process = multiprocessing.get_context("fork").Process(
        target=_build_slowly, args=(page, home), daemon=True
    )
    process.start()
    until((home / "started").exists)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert (home / "current").read_text("utf-8") == first
    index = build_index([page], home, BigramEmbeddings())
    assert index.generation == first
    assert index.search("床位", 1)
    rebuilt = build_index([page], home, BigramEmbeddings("third")).generation
    left = {p.name for p in (home / "generations").iterdir()}
    assert left == {first, rebuilt}, "the half-written generation is swept up by the next build"


def test_the_manifest_records_what_made_the_index(page: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    name = build_index([page], home, BigramEmbeddings()).generation
    manifest = json.loads((home / "generations" / name / "manifest.json").read_text("utf-8"))
    assert manifest["encoder"] == "bigrams"
    assert manifest["sources"] == [str(page)]


def test_texts_are_indexed_in_memory_and_empty_ones_are_passed_over() -> None:
    index = index_texts(["", TEXT, "\x00"], BigramEmbeddings())
    assert index.search("学位", 1)[0].passage.text == "城东小学今年新增学位900个。"
    assert index_texts([""], BigramEmbeddings()).search("学位", 1) == []


def test_a_document_can_be_removed_again() -> None:
    catalogue = Catalogue()
    for text in ("红山镇有茶园九百亩。", "青山镇有果园三百亩。"):
        document = make_document(text, text[:3])
        catalogue.add(document, split(document))
    gone = catalogue.document_ids()[0]
    catalogue.remove(gone)
    assert [catalogue.passages([i])[0].text for i, _ in catalogue.search("镇有", 5)] == [
        "青山镇有果园三百亩。"
    ]
    with pytest.raises(KeyError):
        catalogue.document(gone)


def test_a_stored_document_comes_back_whole() -> None:
    catalogue = Catalogue()
    document = make_document("标题一行\n\n\ud800正文，有 12 个。\n", "x")
    catalogue.add(document, split(document))
    assert catalogue.document(document.id) == document


def test_tokens_fold_width_case_and_traditional_forms() -> None:
    assert tokenize("ＡＩ企業２.2萬家") == ["ai", "企业", "2.2", "万家"]


def test_the_bundled_encoder_ranks_by_meaning() -> None:
    embeddings = load_embeddings()
    question = embeddings.embed_query("老房子装了几部电梯")
    near, far = embeddings.embed_documents(["加装既有住宅电梯20部。", "举办桃花节等活动。"])
    similarity = [sum(a * b for a, b in zip(question, v, strict=True)) for v in (near, far)]
    assert similarity[0] > similarity[1]
    assert sum(x * x for x in near) == pytest.approx(1.0, abs=1e-3)


def test_an_unknown_encoder_names_the_extra_or_the_model() -> None:
    with pytest.raises(EncoderError, match=r"dongxihu-qa\[models\]|no-such-model"):
        load_embeddings("./no-such-model")


def test_a_line_without_end_is_cut_and_read_in_time() -> None:
    document = make_document("2024年 " * 20_000, "table.txt")
    passages = split(document)
    assert max(len(passage.text) for passage in passages) <= 1000
    assert len(document.text) - sum(len(p.text) for p in passages) <= 2 * len(passages)
    began = time.thread_time()  # which others on the machine do not use up
    assert len(find_quantities("1 " * 10_000)) == 0
    assert len(find_quantities("1个 " * 10_000)) == 10_000
    assert time.thread_time() - began < 10  # as its square it would take minutes
