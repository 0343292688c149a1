"""The way of a question for one thing: search, read, check and say; it knows the order of rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus import Document
from index import Index
from qa.answer import Answer
from qa.asking import QUESTION_LIMIT, History, Query, ask, in_words_of
from qa.checking import Judged, check, near_name, unsupported_figures
from qa.reading import Reader, Reading
from qa.saying import compose, offer, rank, refuse, tell_points
from qa.stages import stage

__all__ = ["PASSAGES_READ", "Pipeline"]

PASSAGES_READ = 8  # 5 hold the evidence for 97 % of the test set; with 8 the reader loses less
# z-scores below the best passage, from which one is not read: of 260 questions among 50,000
# passages as many were answered rightly (.864) as within 2; .38 of what was found lay below.
READ_WITHIN = 1.5
FEW = 1000  # passages, among which a z-score tells too little to leave one unread


class Pipeline:
    """Answers questions for one thing from an index with a reader."""

    def __init__(self, index: Index, reader: Reader) -> None:
        self.index = index
        self.reader = reader

    def answer(self, query: Query) -> Answer:
        """Search, read, check and say; no answer leaves with a figure its quotes do not hold."""
        reading, documents = self.read(query)
        catalogue = self.index.catalogue
        with stage("checking"):
            texts = [document.text for document in documents.values()]
            near = near_name(query, catalogue.pairs, texts)
            if near:
                return offer(near, documents.values())
            judged = check(query, reading.spans, documents)
            held = [one for one in judged if not one.lack]
            points = _held(query, reading, documents)
        with stage("saying"):
            ways: tuple[Callable[[], Answer | None], ...] = (
                lambda: rank(query, held, documents.values()),
                lambda: tell_points(query, points, held, reading.several),
                lambda: compose(query, held),
            )
            for way in ways:
                told = way()
                if told and not unsupported_figures(told, documents):
                    return told
            nearest = judged[0] if judged else None
            seen = query.seen_from(nearest.document.present) if nearest else query
            return refuse(seen, judged, catalogue)

    def each(self, parts: Sequence[str], history: History) -> list[Answer]:
        """An answer a question, the later ones leaning on those before."""
        return [
            self.answer(ask(part[:QUESTION_LIMIT], [*history, *parts[:place]]))
            for place, part in enumerate(parts)
        ]

    def points(self, query: Query) -> list[Judged]:
        """The points that answer a query and pass their checks."""
        return _held(query, *self.read(query))

    def read(self, query: Query) -> tuple[Reading, dict[str, Document]]:
        """What is read for a query in the passages found, and their documents by id."""
        with stage("search"):
            found = self.index.search(query.search_text, PASSAGES_READ, query.years)
            _, passages = self.index.catalogue.sizes()
            within = READ_WITHIN if passages > FEW else float("inf")
            hits = [hit for hit in found if hit.score >= found[0].score - within]
            keys = dict.fromkeys(hit.passage.document_id for hit in hits)
            documents = {key: self.index.document(key) for key in keys}
        with stage("reading"):
            return self.reader.read(query, hits, documents), documents

    def worded(self, text: str) -> str:
        """A question in the words of the documents."""
        with stage("wording"):
            return in_words_of(self.index.catalogue, text, self.reader.words)[:QUESTION_LIMIT]


def _held(query: Query, reading: Reading, documents: dict[str, Document]) -> list[Judged]:
    return [one for one in check(query, reading.points, documents) if not one.lack]
