"""Answers as they were given, for those who say afterwards whether they were right."""

from __future__ import annotations

import secrets
import threading
from typing import NamedTuple

from cachetools import TTLCache

from qa import Answer

__all__ = ["Given", "GivenAnswers"]

KEPT = 2000  # answers; some 10 KB each
SECONDS = 12 * 3600


class Given(NamedTuple):
    """A question with those before it, what was answered, and whether from a visitor's own."""

    question: str
    history: tuple[str | tuple[str, str], ...]
    answer: Answer
    own: bool


class GivenAnswers:
    """The latest answers, each under a key that only who got it knows."""

    def __init__(self) -> None:
        self._given: TTLCache[str, Given] = TTLCache(KEPT, SECONDS)
        self._judged: TTLCache[str, int] = TTLCache(KEPT, SECONDS)
        self._lock = threading.Lock()

    def keep(self, given: Given) -> str:
        """Keep an answer for a while, and its key."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._given[key] = given
        return key

    def find(self, key: str) -> Given | None:
        """The answer of a key, None where it is not kept any more."""
        with self._lock:
            return self._given.get(key)

    def judged(self, key: str, number: int) -> int | None:
        """Note the number of the verdict on an answer; that of the verdict before it, or None."""
        with self._lock:
            before = self._judged.get(key)
            if key in self._given:
                self._judged[key] = number
            return before
