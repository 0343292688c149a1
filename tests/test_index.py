"""The index: what was indexed is found, on disk and in memory, by the encoder that read it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from corpus import make_document, split
from corpus.language import find_quantities
from fakes import BigramEmbeddings
from index import (
    BUNDLED,
    EncoderError,
    StaleIndexError,
    build_index,
    current_generation,
    describe_index,
    index_texts,
    list_documents,
    load_embeddings,
    open_index,
    sync_index,
)
from index.catalogue import Catalogue
from index.files import FileTable
from index.lexical import tokenize

TEXT = "城东小学今年新增学位900个。\n\n城西医院新增床位120张。\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_what_was_indexed_is_found(page: Path, home: Path) -> None:
    index = build_index([page], home, BigramEmbeddings())
    assert index.search("医院床位有多少", 1)[0].passage.text == "城西医院新增床位120张。"


def test_asking_does_not_look_at_the_files(page: Path, home: Path) -> None:
    first = build_index([page], home, BigramEmbeddings()).generation
    page.write_text(TEXT.replace("900", "800"), "utf-8")
    assert open_index(home, BigramEmbeddings()).generation == first
    page.unlink()
    index = open_index(home, BigramEmbeddings())
    assert index.generation == first
    assert "900" in index.search("新增学位", 1)[0].passage.text


def test_an_index_of_another_encoder_is_made_anew_on_purpose(page: Path, home: Path) -> None:
    first = build_index([page], home, BigramEmbeddings()).generation
    with pytest.raises(StaleIndexError, match="运行 dongxihu index"):
        open_index(home, BigramEmbeddings("other"))
    assert current_generation(home) == first
    assert build_index((), home, BigramEmbeddings("other")).generation != first
    with pytest.raises(StaleIndexError):
        open_index(home, BigramEmbeddings())


def test_an_index_of_another_splitter_is_made_anew_on_purpose(
    page: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index([page], home, BigramEmbeddings())
    monkeypatch.setattr("index.version.CUT", "another splitter")
    monkeypatch.setattr("index.writing.CUT", "another splitter")
    with pytest.raises(StaleIndexError, match="运行 dongxihu index"):
        open_index(home, BigramEmbeddings())
    page.unlink()
    index = build_index((), home, BigramEmbeddings())
    assert "120张" in index.search("医院床位", 1)[0].passage.text


def test_the_default_article_is_indexed_when_nothing_else_is(
    page: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_index(home, BigramEmbeddings())
    assert [head.source for head in list_documents(home)] == ["article.txt"]
    assert open_index(home, BigramEmbeddings()).generation == first.generation
    # Of another encoder it is made anew, since nobody asked for it in the first place.
    second = open_index(home, BigramEmbeddings("other"))
    assert second.generation != first.generation
    # And it gives way to what is asked for, but for who wants both.
    sync_index([page], home, BigramEmbeddings("other"))
    assert [head.source for head in list_documents(home)] == ["page.txt"]
    with pytest.raises(StaleIndexError):
        open_index(home, BigramEmbeddings())


def test_the_default_article_may_be_kept(page: Path, home: Path) -> None:
    open_index(home, BigramEmbeddings())
    sync_index([page], home, BigramEmbeddings(), keep=True)
    assert [head.source for head in list_documents(home)] == ["article.txt", "page.txt"]


def test_what_is_indexed_is_told_without_an_encoder(page: Path, home: Path, tmp_path: Path) -> None:
    assert describe_index(home) is None
    assert list_documents(home) == []
    bad = tmp_path / "bad.txt"
    bad.write_text("", "utf-8")
    sync_index([page, bad], home, BigramEmbeddings())
    info = describe_index(home)
    assert info is not None
    assert (info.encoder, info.documents, info.passages) == ("bigrams", 1, 2)
    assert info.roots == (str(bad), str(page))
    assert [file.path for file in info.unread] == ["bad.txt"]
    assert info.size == sum(
        path.stat().st_size for path in info.folder.iterdir() if path.name != "manifest.json"
    )


def test_a_file_whose_document_is_not_known_takes_it_by_its_name(page: Path, home: Path) -> None:
    """As of a version that did not note which file it was; and names of files stay apart."""
    sync_index([page], home, BigramEmbeddings())
    with closing(sqlite3.connect(_catalogue(home))) as connection:
        files = FileTable(connection)
        root, path = str(page), "page.txt"
        assert files.left_over(root, path) is None
        assert files.name_for(root, path) == "page.txt"
        assert files.name_for("/else", path) == "else/page.txt"
        known = files.find(root, path)
        assert known is not None
        files.forget(known)
        left = files.left_over(root, f"inner/{path}")
        assert left is not None
        assert left.document == known.document


def _catalogue(home: Path) -> Path:
    return home / "generations" / current_generation(home) / "catalogue.sqlite"


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
    rows = [row for row, _ in catalogue.search("镇有", 5)]
    assert [passage.text for passage in catalogue.passages(rows)] == ["青山镇有果园三百亩。"]
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


def test_many_texts_of_all_lengths_have_the_vectors_that_each_has_alone() -> None:
    embeddings = load_embeddings()
    texts = ["加装既有住宅电梯20部。" * times for times in (1, 40, 3, 9, 1, 22, 2, 80, 5)]
    together = embeddings.embed_documents(texts)
    for text, vector in zip(texts, together, strict=True):
        alone = embeddings.embed_documents([text])[0]
        assert sum(a * b for a, b in zip(alone, vector, strict=True)) > 0.99  # 8 bits, rounded


def test_the_encoder_is_loaded_once_however_it_is_named() -> None:
    assert load_embeddings() is load_embeddings(BUNDLED) is load_embeddings(name=BUNDLED)


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
