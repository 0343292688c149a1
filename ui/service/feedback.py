"""What readers think of answers, kept in the data folder; it becomes lines of a test set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from qa import Answer
from ui.failures import BusyError, FeedbackError

__all__ = ["Feedback", "Verdict"]

Verdict = Literal["right", "wrong", "evidence", "missing"]

FILE = "feedback.sqlite"
MOST = 100_000  # entries; beyond them somebody fills the disk

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, at TEXT, verdict TEXT, note TEXT,
    question TEXT, history TEXT, answer TEXT)
"""


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
    ) -> None:
        """Keep a verdict on an answer; raises BusyError when there are too many."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection, connection:
            connection.execute(_SCHEMA)
            (count,) = connection.execute("SELECT count(*) FROM feedback").fetchone()
            if count >= MOST:
                raise BusyError(f"已有 {MOST} 条反馈，请先导出并清空 {FILE}")
            connection.execute(
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

    def count(self) -> int:
        """How many verdicts there are."""
        if not self._file.exists():
            return 0
        with self._open() as connection:
            (count,) = connection.execute("SELECT count(*) FROM feedback").fetchone()
        return int(count)

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
            return connection.execute(
                "SELECT id, at, verdict, note, question, history, answer FROM feedback ORDER BY id"
            ).fetchall()


def _clean(text: str) -> str:
    """Text that SQLite takes: a lone surrogate does not encode."""
    return text.encode("utf-8", "replace").decode("utf-8")
