"""BM25 over Chinese character bigrams, Latin words and numbers, kept in SQLite's FTS5.

FTS5 grows and shrinks a row at a time, stays on disk, and ranks 100,000 passages without
loading them, which in-memory BM25 packages do not.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from corpus.language import simplify

__all__ = ["LexicalIndex", "tokenize"]

QUERY_TOKENS = 64  # more tokens than a question of 100 characters holds

# Words of asking and particles: the evidence need not hold them, and other texts do. Without
# them it is in the first eight among 1,000 news for .989 instead of .984.
_ASKING = re.compile(
    r"请问|多少|哪[些个家里年天几]?|什么|怎么样?|怎样|如何|为什么|为何|是否|是不是|有没有|几[个家]?|[吗呢吧啊的了是]"
)
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+|\d+(?:\.\d+)?")


def tokenize(text: str) -> list[str]:
    """Bigrams of each Chinese run (a lone character as it is), Latin words, numbers.

    Width, case and traditional forms are folded.
    """
    tokens: list[str] = []
    for run in _RUN.findall(simplify(unicodedata.normalize("NFKC", text).lower())):
        if run[0].isascii() or len(run) == 1:
            tokens.append(run)
        else:
            tokens += [run[i : i + 2] for i in range(len(run) - 1)]
    return tokens


class LexicalIndex:
    """The BM25 table of one SQLite connection; its rows are numbered as the caller numbers them.

    Not locked: the owner of the connection serialises calls.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        """Make the tables in an empty database."""
        # One token a word: numbers keep their point, so "2.2" and "22" stay apart.
        self._connection.execute(
            "CREATE VIRTUAL TABLE lexical USING fts5(tokens, tokenize=\"unicode61 tokenchars '.'\")"
        )

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index (row number, text) pairs."""
        self._connection.executemany(
            "INSERT INTO lexical(rowid, tokens) VALUES (?, ?)",
            ((row, " ".join(tokenize(text))) for row, text in rows),
        )

    def remove(self, rows: Iterable[int]) -> None:
        """Forget rows; unknown numbers are ignored."""
        self._connection.executemany("DELETE FROM lexical WHERE rowid = ?", ((r,) for r in rows))

    def search(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The best (row, BM25 score) pairs for a question, larger is better, best first."""
        asked = tokenize(_ASKING.sub(" ", text)) or tokenize(text)
        tokens = list(dict.fromkeys(asked))[:QUERY_TOKENS]
        if not tokens:
            return []
        query = " OR ".join(f'"{token}"' for token in tokens)
        found = self._connection.execute(
            "SELECT rowid, -bm25(lexical) AS score FROM lexical WHERE lexical MATCH ?"
            " ORDER BY score DESC, rowid LIMIT ?",
            (query, limit),
        )
        return [(row, score) for row, score in found]

    def holds(self, phrase: str) -> bool:
        """Whether a text holds a phrase, in whatever width, case or form of characters."""
        tokens = " ".join(tokenize(phrase))
        query = "SELECT 1 FROM lexical WHERE lexical MATCH ? LIMIT 1"
        return bool(tokens) and bool(self._connection.execute(query, (f'"{tokens}"',)).fetchone())

    def count(self, phrase: str) -> int:
        """How many texts hold a phrase."""
        tokens = " ".join(tokenize(phrase))
        query = "SELECT count(*) FROM lexical WHERE lexical MATCH ?"
        return int(self._connection.execute(query, (f'"{tokens}"',)).fetchone()[0])

    def bigrams(self) -> frozenset[str]:
        """All pairs of Chinese characters that stand side by side in a text."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary"
            " USING fts5vocab('main', 'lexical', 'row')"
        )
        terms = self._connection.execute("SELECT term FROM temp.vocabulary WHERE length(term) = 2")
        return frozenset(term for (term,) in terms if not term.isascii())
