"""What readers think of answers, kept in the data folder; it becomes lines of a test set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, NamedTuple

from qa import Answer
from ui.failures import BusyError, FeedbackError
from ui.service.given import Given

__all__ = ["Entry", "Feedback", "Verdict"]

Verdict = Literal["right", "wrong", "evidence", "missing"]

FILE = "feedback.sqlite"
MOST = 100_000  # entries; beyond them somebody fills the disk

_UNKNOWN = Answer("", "refused", reason="not_told")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, at TEXT, verdict TEXT, note TEXT,
    question TEXT, history TEXT, answer TEXT)
"""

_COLUMNS = "id, at, verdict, note, question, history, answer"


class Entry(NamedTuple):
    """A verdict with what it is about; `said` is `Answer.to_dict`."""

    number: int
    at: datetime
    verdict: Verdict
    note: str
    question: str
    history: list[str | list[str]]
    said: dict[str, Any]

    @property
    def own(self) -> bool:
        """Whether a visitor's own documents were asked, so that the answer was not kept."""
        return not self.said["text"]


class Feedback:
    """A table of verdicts, one connection a use, so that threads and processes may share it."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE

    def add(
        self,
        question: str,
        history: Sequence[str | tuple[str, str]],
        answer: Answer,
        verdict: Verdict,
        note: str = "",
    ) -> int:
        """Keep a verdict on an answer, and its number; raises BusyError when there are too many."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection, connection:
            connection.execute(_SCHEMA)
            (count,) = connection.execute("SELECT count(*) FROM feedback").fetchone()
            if count >= MOST:
                raise BusyError(f"已有 {MOST} 条反馈，请先导出并清空 {FILE}")
            added = connection.execute(
                "INSERT INTO feedback(at, verdict, note, question, history, answer)"
                " VALUES (?,?,?,?,?,?)",
                (
                    datetime.now(timezone.utc).isoformat(timespec="seconds"),
                    verdict,
                    _clean(note),
                    _clean(question),
                    json.dumps(list(history)),
                    json.dumps(answer.to_dict()),
                ),
            )
            return added.lastrowid or 0

    def add_given(self, question: str, given: Given | None, verdict: Verdict, note: str) -> int:
        """Keep a verdict on an answer as it was given, and its number.

        Of a visitor's own documents, and where it is not known any more, only the question is
        kept: what was answered is their words. Raises BusyError.
        """
        known = given and not given.own
        history, answer = (given.history, given.answer) if given and known else ((), _UNKNOWN)
        return self.add(question, history, answer, verdict, note)

    def count(self) -> int:
        """How many verdicts there are."""
        if not self._file.exists():
            return 0
        with self._open() as connection:
            (count,) = connection.execute("SELECT count(*) FROM feedback").fetchone()
        return int(count)

    def find(
        self, words: str = "", verdict: str = "", limit: int = -1, offset: int = 0
    ) -> tuple[int, list[Entry]]:
        """How many entries have all words in question, note or answer, and some of them, the
        latest first; of one verdict, or of any.
        """
        if not self._file.exists():
            return 0, []
        where, given = _condition(words, verdict)
        with self._open() as connection:
            (total,) = connection.execute(
                f"SELECT count(*) FROM feedback WHERE {where}", given
            ).fetchone()
            found = connection.execute(
                f"SELECT {_COLUMNS} FROM feedback WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?",
                (*given, limit, offset),
            ).fetchall()
        return total, [_entry(*row) for row in found]

    def delete(self, numbers: Sequence[int]) -> int:
        """Forget entries, and how many there were of them."""
        if not self._file.exists():
            return 0
        with self._open() as connection, connection:
            found = connection.executemany(
                "DELETE FROM feedback WHERE id = ?", [(number,) for number in numbers]
            )
            return found.rowcount

    def delete_found(self, words: str, verdict: str, last: int) -> int:
        """Forget all that `find` finds, but for what came after an entry, and how many it was."""
        if not self._file.exists():
            return 0
        where, given = _condition(words, verdict)
        with self._open() as connection, connection:
            return connection.execute(
                f"DELETE FROM feedback WHERE id <= ? AND {where}", (last, *given)
            ).rowcount

    def export(self) -> Iterator[dict[str, Any]]:
        """Lines for a test set, oldest first; `verdict`, `note` and `said` help to complete them.

        What was called right lacks only its type. Else `answerable` is null until somebody has
        filled in what is right.
        """
        for number, at, verdict, note, question, history, answer in self._rows():
            said = json.loads(answer)
            answered = said["status"] == "answered"
            sure = verdict == "right" or (answered and verdict == "evidence")
            answerable = answered if sure else None
            yield {
                "id": f"feedback-{number}",
                "type": "",
                "question": question,
                "history": json.loads(history),
                "answerable": answerable,
                "all_of": [[said["text"]]] if sure and answered else [],
                "none_of": [said["text"]] if verdict == "wrong" and answered else [],
                "evidence": [c["quote"] for c in said["citations"]]
                if verdict == "right" and answered
                else [],
                "verdict": verdict,
                "note": note,
                "said": said["text"],
                "at": at,
            }

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise FeedbackError(f"{FILE} 不能用（{error}），请检查数据文件夹") from error

    def _rows(self) -> list[tuple[Any, ...]]:
        if not self._file.exists():
            return []
        with self._open() as connection:
            return connection.execute(f"SELECT {_COLUMNS} FROM feedback ORDER BY id").fetchall()


def _clean(text: str) -> str:
    """Text that SQLite takes: a lone surrogate does not encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _condition(words: str, verdict: str) -> tuple[str, list[str]]:
    """What SQL finds entries by."""
    held = (
        "instr(lower(question || char(10) || note || char(10) || json_extract(answer, '$.text')),"
        " lower(?))"
    )
    given = [_clean(word) for word in words.split()]
    conditions = [held] * len(given)
    if verdict:
        conditions.append("verdict = ?")
        given.append(verdict)
    return " AND ".join(conditions) or "TRUE", given


def _entry(
    number: int, at: str, verdict: Verdict, note: str, question: str, history: str, answer: str
) -> Entry:
    when = datetime.fromisoformat(at).astimezone()
    return Entry(number, when, verdict, note, question, json.loads(history), json.loads(answer))
