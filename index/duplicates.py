"""Documents that say what another one says already: reposts, copies with another head or foot.

Two yearly reports of one form are alike in nearly all their words and differ in what is asked
for, two notices of appointment in the names; so a document is a duplicate only where what it
says beyond the other is a head or a foot without a figure or a date. Candidates are found by the
smallest hashes of their sentences (bottom-k sketches).
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
EDGE = 2  # first and last sentences in which the head and the foot of a repost stand

_PLAIN = re.compile(r"[\W_]+")
_MARKS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")  # 1.5 is not 15
_ENDS = ("。", "！", "？", "；", ".", "!", "?", ";")
_SITE = re.compile(
    r"^(?:信息|稿件|文章|新闻)?来源|^(?:责任|本期|网络)?编辑|^责编|^转载|^转自|^分享|^打印|^字号"
    r"|^(?:上|下)一篇|^版权|^完$|(?:日报|晚报|新闻网|政府网|门户网站|融媒体中心)$"
)
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

    def find(self, document: Document, but: str = "") -> tuple[str, str] | None:
        """Id and source of the document that says all that one does, None where there is none
        `but` the one of an id.
        """
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
            if key != but and _says_no_more(document.text, text):
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


def _says_no_more(text: str, other: str) -> bool:
    """Whether a text says nothing that another does not, but for the head or foot of a repost.

    A name that was replaced is another fact, however alike all the rest is.
    """
    mine, theirs = _lines(text), _lines(other)
    ours, known = {plain for plain, _ in mine}, {plain for plain, _ in theirs}
    order = iter([plain for plain, _ in theirs])
    if not all(plain in order for plain, _ in mine if plain in known):
        return False  # what stands in lines of its own, as names and posts, is told by their order
    beyond = [at for at, (plain, _) in enumerate(mine) if plain not in known]
    lacking = [at for at, (plain, _) in enumerate(theirs) if plain not in ours]
    if not beyond:
        return True
    size = sum(len(mine[at][0]) for at in beyond)
    if size > BEYOND * sum(len(plain) for plain, _ in mine):
        return False
    replaced = bool(lacking)
    return all(_is_of_repost(mine, at, replaced) for at in beyond) and all(
        _is_of_repost(theirs, at, replaced) for at in lacking
    )


def _is_of_repost(lines: list[tuple[str, str]], at: int, replaced: bool) -> bool:
    """Whether what stands at a place is of the head or foot that a site puts around a text.

    In a short text the names it is about stand there too: so it is no sentence, and where it
    was `replaced` it tells that it is of a site.
    """
    plain, line = lines[at]
    outside = at < EDGE or at >= len(lines) - EDGE
    if not outside or _DIGIT.search(plain):
        return False
    return bool(_SITE.search(plain)) or not (replaced or line.endswith(_ENDS))


def _lines(text: str) -> list[tuple[str, str]]:
    """What the sentences of a text say, with the marks between digits, and as they stand."""
    found = (text[a:b].strip() for a, b in sentence_spans(text, 0, len(text)))
    return [(plain, one) for one in found if (plain := _MARKS.sub("", one))]
