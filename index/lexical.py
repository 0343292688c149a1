"""BM25 over Chinese character bigrams, Latin words and numbers, kept in SQLite's FTS5.

FTS5 grows and shrinks a row at a time, stays on disk, and ranks 100,000 passages without
loading them, which in-memory BM25 packages do not. Beside it stands how many rows hold each
token, which FTS5 would have to count anew for every question.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from corpus.language import simplify

__all__ = ["LEXICAL", "LexicalIndex", "tokenize"]

# Recorded in an index; a change rebuilds it. Words are removed as they were once put in, so that
# other tables of old and new characters would leave some behind.
LEXICAL = f"bigrams-v2-{version('opencc')}"
QUERY_TOKENS = 64  # more tokens than a question of 100 characters holds
# Rows that the tokens of a question may stand in, all taken together: FTS5 reads every one of
# them, and tokens that stand in thousands of passages tell least. `python -m benchmarks.scale`.
POSTINGS = 6_000

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
            "CREATE VIRTUAL TABLE lexical USING"
            " fts5(tokens, content='', tokenize=\"unicode61 tokenchars '.'\")"
        )
        self._connection.execute(
            "CREATE TABLE terms (term TEXT PRIMARY KEY, rows INTEGER) WITHOUT ROWID"
        )

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index (row number, text) pairs."""
        told = [(row, tokenize(text)) for row, text in rows]
        self._connection.executemany(
            "INSERT INTO lexical(rowid, tokens) VALUES (?, ?)",
            ((row, " ".join(tokens)) for row, tokens in told),
        )
        self._count(tokens for _, tokens in told)

    def remove(self, rows: Iterable[tuple[int, str]]) -> None:
        """Forget (row number, text) pairs, which must be as they were added."""
        told = [(row, tokenize(text)) for row, text in rows]
        self._connection.executemany(
            "INSERT INTO lexical(lexical, rowid, tokens) VALUES ('delete', ?, ?)",
            ((row, " ".join(tokens)) for row, tokens in told),
        )
        self._count((tokens for _, tokens in told), -1)

    def _count(self, told: Iterable[Sequence[str]], sign: int = 1) -> None:
        found = Counter(token for tokens in told for token in set(tokens))
        self._connection.executemany(
            "INSERT INTO terms VALUES (?, ?)"
            " ON CONFLICT(term) DO UPDATE SET rows = rows + excluded.rows",
            ((token, sign * count) for token, count in found.items()),
        )
        if sign < 0:
            self._connection.executemany(
                "DELETE FROM terms WHERE term = ? AND rows <= 0", ((token,) for token in found)
            )

    def search(
        self, text: str, limit: int, within: str = "", given: Sequence[object] = ()
    ) -> list[tuple[int, float]]:
        """The best (row, BM25 score) pairs for a question, larger is better, best first.

        `within` is a query of row numbers that alone are looked at, `given` its parameters.
        """
        asked = tokenize(_ASKING.sub(" ", text)) or tokenize(text)
        tokens = self._telling(list(dict.fromkeys(asked))[:QUERY_TOKENS])
        if not tokens:
            return []
        query = " OR ".join(f'"{token}"' for token in tokens)
        # The sign keeps SQLite from asking FTS5 for each row by itself.
        held = f" AND +rowid IN ({within})" if within else ""
        found = self._connection.execute(
            f"SELECT rowid, -bm25(lexical) AS score FROM lexical WHERE lexical MATCH ?{held}"
            " ORDER BY score DESC, rowid LIMIT ?",
            (query, *given, limit),
        )
        return [(row, score) for row, score in found]

    def _telling(self, tokens: list[str]) -> list[str]:
        """The tokens that are in the index, the rarest of them where all are in too many rows."""
        counted = [(self._rows(token), token) for token in tokens]
        kept: list[str] = []
        postings = 0
        for rows, token in sorted(pair for pair in counted if pair[0]):
            postings += rows
            if kept and postings > POSTINGS:
                break
            kept.append(token)
        return kept

    def _rows(self, token: str) -> int:
        found = self._connection.execute(
            "SELECT rows FROM terms WHERE term = ?", (token,)
        ).fetchone()
        return int(found[0]) if found else 0

    def holds(self, phrase: str) -> bool:
        """Whether a text holds a phrase, in whatever width, case or form of characters."""
        tokens = tokenize(phrase)
        if len(tokens) < 2:
            return bool(tokens) and self._rows(tokens[0]) > 0
        query = "SELECT 1 FROM lexical WHERE lexical MATCH ? LIMIT 1"
        asked = f'"{" ".join(tokens)}"'
        return all(map(self._rows, tokens)) and bool(
            self._connection.execute(query, (asked,)).fetchone()
        )

    def count(self, phrase: str) -> int:
        """How many texts hold a phrase."""
        tokens = tokenize(phrase)
        if len(tokens) < 2:
            return self._rows(tokens[0]) if tokens else 0
        query = "SELECT count(*) FROM lexical WHERE lexical MATCH ?"
        return int(self._connection.execute(query, (f'"{" ".join(tokens)}"',)).fetchone()[0])

    def is_pair(self, pair: str) -> bool:
        """Whether two Chinese characters stand side by side in a text."""
        return self._rows(pair) > 0

    def following(self, character: str) -> Iterator[str]:
        """The characters that stand after one, in order."""
        found = self._connection.execute(
            "SELECT substr(term, 2) FROM terms WHERE term > ? AND term < ? AND length(term) = 2",
            (character, chr(ord(character) + 1)),
        )
        return (follower for (follower,) in found.fetchall())

    def characters(self) -> list[str]:
        """All Chinese characters that stand beside another one, in order."""
        found = self._connection.execute("SELECT term FROM terms WHERE length(term) = 2")
        return sorted({c for (term,) in found if not term.isascii() for c in term})
