"""Documents that say what another one says already: reposts, copies with another head or foot.

Two yearly reports of one form are alike in nearly all their words and differ in what is asked
for; so a document is a duplicate only where what it says beyond the other holds no figure and
no date. Candidates are found by the smallest hashes of their sentences (bottom-k sketches).
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

from xxhash import xxh3_64_intdigest

from corpus import Document
from corpus.language import sentence_spans

__all__ = ["SKETCHES", "Twins"]

SKETCHES = """
CREATE TABLE sketches (hash INTEGER, document INTEGER);
CREATE INDEX sketches_by_hash ON sketches(hash);
CREATE INDEX sketches_by_document ON sketches(document);
"""
SKETCH = 16  # hashes kept of a document
SHARED = 0.5  # of a sketch, from which two documents are compared
SHORTEST = 8  # characters of a sentence that says something
FEWEST = 3  # sentences of a text; of fewer only the same text is a copy
BEYOND = 0.1  # of a document's characters that may stand beside what the other says

_PLAIN = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d|[一二三四五六七八九十百千万亿]+(?=[年月日%个人户家元吨])")


class Twins:
    """Which documents of a catalogue say the same; not locked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, document: Document) -> None:
        """Remember a document that is in the catalogue."""
        self._connection.executemany(
            "INSERT INTO sketches VALUES (?, (SELECT number FROM documents WHERE id = ?))",
            ((one, document.id) for one in _sketch(_sentences(document.text))),
        )

    def remove(self, document_id: str) -> None:
        """Forget a document before it is removed from the catalogue."""
        self._connection.execute(
            "DELETE FROM sketches WHERE document = (SELECT number FROM documents WHERE id = ?)",
            (document_id,),
        )

    def find(self, document: Document) -> tuple[str, str] | None:
        """Id and source of the document that says all that one does, None where there is none."""
        sentences = _sentences(document.text)
        sketch = _sketch(sentences)
        if not sketch:
            return None
        marks = ",".join("?" * len(sketch))
        found = self._connection.execute(
            f"SELECT document FROM sketches WHERE hash IN ({marks})", sketch
        )
        for number, shared in Counter(n for (n,) in found).most_common(3):
            if shared < SHARED * len(sketch):
                break
            key, source, text = self._connection.execute(
                "SELECT id, source, text FROM documents WHERE number = ?", (number,)
            ).fetchone()
            if _says_no_more(sentences, text):
                return key, source
        return None


def _sentences(text: str) -> list[str]:
    """What the sentences of a text say, without marks and spaces."""
    plain = (_PLAIN.sub("", text[a:b]) for a, b in sentence_spans(text, 0, len(text)))
    return [one for one in plain if one]


def _sketch(sentences: list[str]) -> list[int]:
    long = {one for one in sentences if len(one) >= SHORTEST}
    told = long if len(long) >= FEWEST else {"".join(sentences)}
    # SQLite's integers have a sign.
    return sorted(xxh3_64_intdigest(one.encode()) - 2**63 for one in told)[:SKETCH]


def _says_no_more(sentences: list[str], other: str) -> bool:
    """Whether sentences say nothing that another text does not, but for some words."""
    known = set(_sentences(other))
    beyond = [one for one in sentences if one not in known]
    size = sum(map(len, beyond))
    little = size <= BEYOND * sum(map(len, sentences))
    return little and not any(_DIGIT.search(one) for one in beyond)
