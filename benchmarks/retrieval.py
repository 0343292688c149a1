"""Is the evidence found: recall of the retriever, by the weight of words against meaning.

    python -m benchmarks.retrieval [district written cmrc rgb chrono reports] [--news 0 1000 9171]

Which passages hold a question's evidence is known; told is for how many questions one of them is
the first found, and one among the first eight (for the article also: one for each piece of the
evidence), of each half of the questions too. Evidence and passages are compared folded, as
`dongxihu evaluate` does.

`district`: the answerable questions of the test set that lean on no earlier one, over the
article among so many articles of news.txt (one a line), taken from all over the file; beside all
those that name their subject: they share three characters in a row with their article that few
other passages hold (新增就业多少人 does not say whose). `written`: 500 questions written over
news that training holds out (--held-out, of training/data.py), over all of news.txt, and those
of them that name their subject. `cmrc`: 1,000 questions over the whole paragraphs of CMRC 2018
dev. `rgb`: RGB's Chinese refine questions over all their texts. `chrono`: 1,000 questions of
ChronoQA about one text, over all its texts.
`reports`: figures of provinces' reports, asked by province and indicator; many a report names
its province in the title alone. The files are not part of the project, see benchmarks/reading.py.

Words are looked up in SQLite as always, vectors are compared exactly. The first run embeds
50,000 passages in half an hour of one core; vectors are kept in --cache as they come, so that a
run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from benchmarks.kept import CACHE, KeptEmbeddings
from benchmarks.naming import names_subject, runs
from corpus import DEFAULT_CORPUS, Document, Passage, make_document, read, split
from index.embedding import MODEL_FOLDER
from index.framed import embed_framed, embed_question, framed_text
from index.lexical import LexicalIndex
from index.retriever import CANDIDATES, fuse
from qa.evaluation import fold, load_test_set

EIGHT = 8  # passages that answer() reads
MOST = 1000  # questions of one set
OF_A_REPORT = 20  # questions
WRITTEN = 500  # questions
FIRST_NEWS = 100_000  # number of the first line of news.txt in training/data.py
RANK_OFFSET = 60  # of reciprocal ranks, as their authors have it

Scores = dict[int, float]
Fusion = Callable[[Scores, Scores], Scores]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and for each piece of its evidence the passages that hold it, by number."""

    question: str
    evidence: tuple[frozenset[int], ...]


class Pool:
    """Texts to search, by number: their words in a table, their vectors in a matrix."""

    def __init__(self, framed: Sequence[str], words: Sequence[str], embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._lexical = LexicalIndex(sqlite3.connect(":memory:"))
        self._lexical.create()
        self._lexical.add(enumerate(words))
        self._matrix = embed_framed(embeddings, framed)

    def search(self, question: str) -> tuple[Scores, Scores]:
        """What meaning finds, with the cosines of what words find; and what words find."""
        lexical = dict(self._lexical.search(question, CANDIDATES))
        cosines = self._matrix @ embed_question(self._embeddings, question)
        nearest = np.argsort(-cosines, kind="stable")[:CANDIDATES].tolist()
        return {key: float(cosines[key]) for key in [*nearest, *lexical]}, lexical


def by_ranks(dense: Scores, lexical: Scores) -> Scores:
    """Reciprocal rank fusion of both."""
    fused: Scores = dict.fromkeys(dense, 0.0)
    for part in (list(dense)[:CANDIDATES], lexical):
        for rank, key in enumerate(part, 1):
            fused[key] += 1 / (RANK_OFFSET + rank)
    return dict(sorted(fused.items(), key=lambda pair: -pair[1]))


def measure(name: str, pool: Pool, asked: Sequence[Asked]) -> None:
    """A line for each weight of words, and one for ranks."""
    print(f"{name}, {len(asked)} questions")
    print("words   first  eight  (halves)       all pieces")
    found = [pool.search(one.question) for one in asked]
    fusions: dict[str, Fusion] = {
        f"{w / 20:.2f}": partial(fuse, words=w / 20) for w in (*range(0, 21, 2), 7, 9)
    }
    for label, fusion in [*sorted(fusions.items()), ("ranks", by_ranks)]:
        ranked = [list(fusion(*scores)) for scores in found]
        first = [_holds(one, keys[:1])[0] for one, keys in zip(asked, ranked, strict=True)]
        eight = [_holds(one, keys[:EIGHT]) for one, keys in zip(asked, ranked, strict=True)]
        any_, every = [one for one, _ in eight], [one for _, one in eight]
        halves = f"{np.mean(any_[::2]):.3f} {np.mean(any_[1::2]):.3f}"
        print(
            f"{label:7} {np.mean(first):.3f}  {np.mean(any_):.3f}  ({halves})  {np.mean(every):.3f}"
        )
    print(flush=True)


def _holds(one: Asked, keys: Iterable[int]) -> tuple[bool, bool]:
    held = [bool(piece & {*keys}) for piece in one.evidence]
    return any(held), all(held)


def measure_passages(
    documents: Iterable[Document],
    questions: Mapping[str, Callable[[Sequence[Passage]], Iterator[Asked]]],
    embeddings: Embeddings,
) -> None:
    """As `measure`, over documents cut into passages, for several sets of questions by name."""
    passages = [passage for document in documents for passage in split(document)]
    framed, words = [framed_text(p) for p in passages], [p.indexed for p in passages]
    pool = Pool(framed, words, embeddings)
    for name, ask in questions.items():
        measure(f"{name}, {len(passages)} passages", pool, list(ask(passages)))


def ask_district(passages: Sequence[Passage]) -> Iterator[Asked]:
    """The answerable questions that lean on no earlier one."""
    folded = [fold(passage.text) for passage in passages]
    for case in load_test_set(DEFAULT_CORPUS.with_name("questions.jsonl")):
        if case.answerable and case.evidence and not case.history:
            pieces = [fold(piece) for piece in case.evidence]
            holding = (
                frozenset(i for i, text in enumerate(folded) if piece in text) for piece in pieces
            )
            yield Asked(case.question, tuple(holding))


def ask_named(passages: Sequence[Passage]) -> Iterator[Asked]:
    """Those of the article's questions that say which of many articles they are about."""
    article = runs(read(DEFAULT_CORPUS).text)
    count = _count_runs(passages)
    for asked in ask_district(passages):
        if names_subject(asked.question, article, count):
            yield asked


def _count_runs(passages: Sequence[Passage]) -> Callable[[str], int]:
    counts = Counter(run for passage in passages for run in runs(passage.indexed))
    return counts.__getitem__


def ask_written(
    lines: Sequence[dict[str, Any]],
    documents: Sequence[Document],
    passages: Sequence[Passage],
    named: bool = False,
) -> Iterator[Asked]:
    """Written questions, each with the passages of its article that hold its answer.

    With `named` those only that say which of the articles they are about.
    """
    count = _count_runs(passages) if named else None
    places: dict[str, list[int]] = defaultdict(list)
    for i, passage in enumerate(passages):
        places[passage.document_id].append(i)
    for line in lines:
        answer = fold(line["passage"][line["start"] : line["end"]])
        article = documents[line["document"] - FIRST_NEWS]
        own = places[article.id]
        holding = frozenset(i for i in own if answer in fold(passages[i].text))
        if holding and (not count or names_subject(line["question"], runs(article.text), count)):
            yield Asked(line["question"], (holding,))


def ask_texts(
    cases: Sequence[tuple[str, Sequence[str], Sequence[str]]],
    documents: Sequence[Document],
    passages: Sequence[Passage],
) -> Iterator[Asked]:
    """Questions of (question, texts that answer it, forms of which the passage must hold one)."""
    ids = {document.raw: document.id for document in documents}
    for question, texts, forms in cases:
        right = {ids[text] for text in texts}
        wanted = [fold(form) for form in forms]
        holding = frozenset(
            i
            for i, passage in enumerate(passages)
            if passage.document_id in right and any(w in fold(passage.text) for w in wanted)
        )
        if holding:
            yield Asked(question, (holding,))


def ask_reports(documents: Sequence[Document], passages: Sequence[Passage]) -> Iterator[Asked]:
    """Figures of each report, asked for as 上海市城镇调查失业率是多少."""
    generator = random.Random(1)
    for document in documents:
        facts = [f for f in document.facts if len(f.indicator) >= 5 and f.figure.unit]
        for fact in generator.sample(facts, min(OF_A_REPORT, len(facts))):
            start, end = fact.figure.start, fact.figure.end
            holding = frozenset(
                i
                for i, p in enumerate(passages)
                if p.document_id == document.id and p.start <= start and end <= p.end
            )
            if holding:
                asked = f"{document.source.partition('.')[0]}{fact.indicator}是多少？"
                yield Asked(asked, (holding,))


def measure_cmrc(data: Path, embeddings: Embeddings) -> None:
    """Whole paragraphs, as the model card has it."""
    articles = json.loads((data / "cmrc2018_dev.json").read_text("utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    asked = [
        Asked(qa["question"], (frozenset({i}),))
        for i, paragraph in enumerate(paragraphs)
        for qa in paragraph["qas"]
    ]
    texts = [paragraph["context"] for paragraph in paragraphs]
    pool = Pool([f"\n{text}" for text in texts], texts, embeddings)
    measure(f"CMRC 2018 dev, {len(texts)} paragraphs", pool, _spread(asked, MOST))


def measure_texts(name: str, data: Path, embeddings: Embeddings) -> None:
    """RGB's or ChronoQA's questions over all the texts of the set."""
    file = "rgb_zh_refine_dev.jsonl" if name == "rgb" else "chronoqa_train.jsonl"
    lines = [json.loads(line) for line in (data / file).read_text("utf-8").splitlines()]
    if name == "rgb":
        texts = [text for line in lines for text in line["positive"] + line["negative"]]
        cases = [(line["query"], line["positive"], _flat(line["answer"])) for line in lines]
    else:
        texts = [text for line in lines for text in line["documents"]]
        single = [line for line in lines if len(line["documents"]) == 1]
        cases = [(one["question"], one["documents"], [""]) for one in _spread(single, MOST)]
    documents = [make_document(text, f"文档{n}") for n, text in enumerate(dict.fromkeys(texts))]
    measure_passages(documents, {name: partial(ask_texts, cases, documents)}, embeddings)


def _spread(items: Sequence[Any], count: int) -> list[Any]:
    places = np.linspace(0, len(items) - 1, min(count, len(items)))
    return [items[int(place)] for place in places]


def _flat(nested: Any) -> list[str]:
    return [form for one in nested for form in _flat(one)] if isinstance(nested, list) else [nested]


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = ("district", "cmrc", "rgb", "chrono", "reports")
    parser.add_argument("what", choices=(*names, "written"), nargs="*", default=names)
    parser.add_argument("--news", type=int, nargs="+", default=[0, 1000, 9171])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--held-out", type=Path, default=Path("training/out/held_out.jsonl"))
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="of the retriever")
    options = parser.parse_args()
    embeddings = KeptEmbeddings(options.cache, options.model)
    for what in options.what:
        if what == "district":
            lines = (options.data / "news.txt").read_text("utf-8").splitlines()
            article = read(DEFAULT_CORPUS)
            for count in options.news:
                news = _spread(lines, count) if count else []
                documents = (make_document(text, f"新闻{n}") for n, text in enumerate(news, 1))
                among = f"district among {len(news)} articles"
                questions = {among: ask_district, f"{among}, subject named": ask_named}
                measure_passages([article, *documents], questions, embeddings)
        elif what == "written":
            rows = map(json.loads, options.held_out.read_text("utf-8").splitlines())
            written = _spread([r for r in rows if r["kind"] == "written"], WRITTEN)
            texts = (options.data / "news.txt").read_text("utf-8").splitlines()
            news_read = [make_document(text, f"新闻{n}") for n, text in enumerate(texts, 1)]
            over_news = partial(ask_written, written, news_read)
            asked_of = {what: over_news, f"{what}, subject named": partial(over_news, named=True)}
            measure_passages(news_read, asked_of, embeddings)
        elif what == "cmrc":
            measure_cmrc(options.data, embeddings)
        elif what == "reports":
            files = sorted((options.data / "policy" / "reports").glob("*.txt"))
            reports = [read(file) for file in files]
            measure_passages(reports, {what: partial(ask_reports, reports)}, embeddings)
        else:
            measure_texts(what, options.data, embeddings)


if __name__ == "__main__":
    main()
