"""Searching by words and by meaning: what each adds, and what a title is worth."""

from __future__ import annotations

import numpy as np
import pytest

from corpus import make_document, split
from fakes import BigramEmbeddings
from index import index_texts, load_embeddings
from index.catalogue import Catalogue
from index.framed import embed_framed, embed_question, framed_text
from index.langchain import HybridRetriever
from index.retriever import fuse
from index.vectors import MatrixVectors

TOWNS = ("红山镇", "青山镇", "白山镇", "黑山镇", "金山镇", "银山镇")
TEXTS = [
    f"{town}图书馆开放规则\n\n周末开放时间为上午{hour}点到下午五点。\n\n每人最多借阅{hour}本图书。\n"
    for hour, town in enumerate(TOWNS, 3)
]


@pytest.fixture
def vectors() -> MatrixVectors:
    made = MatrixVectors()
    passages = [p for text in TEXTS for p in split(make_document(text, "x.txt"))]
    rows = range(10, 10 + 3 * len(passages), 3)
    made.add([*rows], embed_framed(BigramEmbeddings(), [framed_text(p) for p in passages]))
    return made


def test_passages_asked_for_have_the_cosine_they_would_be_found_with(
    vectors: MatrixVectors,
) -> None:
    question = embed_question(BigramEmbeddings(), "白山镇周末开放时间")
    every = vectors.search(question, 100)
    assert list(every.values()) == sorted(every.values(), reverse=True)
    also = [*every][::-1]
    few = vectors.search(question, 2, [*also, 11, 10_000])
    assert few == pytest.approx(every, abs=1e-4)
    assert [*few.values()][:2] == [*every.values()][:2]


def test_only_what_is_within_is_found(vectors: MatrixVectors) -> None:
    question = embed_question(BigramEmbeddings(), "白山镇周末开放时间")
    every = vectors.search(question, 100)
    half = sorted(every)[::2]
    assert [*vectors.search(question, 3, [*every], half)][:3] == [k for k in every if k in half][:3]
    assert {*vectors.search(question, 100, [*every], half)} == {*half}
    assert vectors.search(question, 100, [*every], []) == {}


def test_a_chain_of_langchain_can_take_it() -> None:
    retriever = HybridRetriever(index=index_texts(TEXTS, BigramEmbeddings()), limit=3)
    found = retriever.invoke("白山镇图书馆周末几点开放？")
    assert len(found) == 3
    assert any("周末开放时间" in one.page_content for one in found)
    assert found[0].metadata["document_id"]


@pytest.mark.parametrize("town", TOWNS)
def test_a_passage_is_found_by_what_only_its_title_says(town: str) -> None:
    found = index_texts(TEXTS, load_embeddings()).search(f"{town}图书馆周末几点开放？", 2)
    hour = TOWNS.index(town) + 3
    assert f"上午{hour}点" in "".join(one.passage.text for one in found)


def test_under_a_long_title_passages_still_differ() -> None:
    title = "“新”潮澎湃，新质生产力加快培育 串珠成“链”，高质量发展扎实推进 奋力谱写新篇章"
    bodies = ("城西医院新增床位120张。", "举办桃花节等活动。", "加装既有住宅电梯20部。")
    document = make_document(f"{title}\n\n" + "\n\n".join(bodies), "x.txt")
    encoder = load_embeddings()
    texts = [framed_text(p) for p in split(document) if p.text in bodies]
    framed = embed_framed(encoder, texts)
    cosines = framed @ np.asarray(encoder.embed_query("老房子装了几部电梯"))
    assert bodies[int(cosines.argmax())] == bodies[2]
    assert np.linalg.norm(framed, axis=1) == pytest.approx([1.0] * 3)


def test_a_text_without_a_title_has_the_vector_of_itself() -> None:
    encoder = BigramEmbeddings()
    (framed,) = embed_framed(encoder, ["\n某镇新建了37座桥。\n另有一条路。"])
    assert framed == pytest.approx(
        encoder.embed_query("某镇新建了37座桥。\n另有一条路。"), abs=1e-4
    )


def test_what_both_find_goes_before_what_one_finds() -> None:
    fused = fuse({1: 0.9, 2: 0.88, 3: 0.5}, {2: 7.0, 4: 6.0})
    assert next(iter(fused)) == 2
    assert [*fused.values()] == sorted(fused.values(), reverse=True)
    assert [*fuse({1: 0.9, 2: 0.8}, {2: 7.0}, words=0)] == [1, 2]
    assert [*fuse({1: 0.9, 2: 0.8}, {2: 7.0}, words=1)] == [2, 1]
    assert fuse({}, {}) == {}


@pytest.mark.parametrize(
    "asked",
    [
        "茶园有多少亩",
        "请问茶园是多少亩啊？",
        "茶园的亩数是多少呢",
        "红山镇有没有茶园",
        "如何管理茶园",
        "为什么要种茶园的茶",
    ],
)
def test_words_of_asking_find_nothing(asked: str) -> None:
    catalogue = Catalogue()
    texts = ("请问多少钱？是多少呢，有没有，为什么，如何是好。", "红山镇茶园九百亩，种茶。")
    for text in texts:
        document = make_document(text, text[:4])
        catalogue.add(document, split(document))
    best, _ = catalogue.search(asked, 5)[0]
    assert catalogue.passages([best])[0].text == texts[1]


@pytest.mark.parametrize("asked", ["是什么", "多少？", "为什么", "有没有", "怎么样"])
def test_a_question_of_asking_alone_is_still_looked_up(asked: str) -> None:
    catalogue = Catalogue()
    document = make_document(f"他说：“{asked}”。", "x")
    catalogue.add(document, split(document))
    assert catalogue.search(asked, 5)
