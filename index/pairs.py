"""Which characters stand side by side in the documents."""

from __future__ import annotations

import threading
from functools import lru_cache

from index.lexical import LexicalIndex

__all__ = ["Pairs"]

CACHED_PAIRS = 20_000  # pairs of characters asked for lately


class Pairs:
    """The pairs of Chinese characters that stand side by side in a passage."""

    def __init__(self, lexical: LexicalIndex, lock: threading.Lock) -> None:
        self._is_pair = lru_cache(maxsize=CACHED_PAIRS)(lexical.is_pair)
        self._following = lru_cache(maxsize=1024)(lambda one: tuple(lexical.following(one)))
        self._characters = lru_cache(maxsize=1)(lambda: tuple(lexical.characters()))
        self._lock = lock

    def __contains__(self, pair: object) -> bool:
        with self._lock:
            return self._is_pair(pair)

    def following(self, character: str) -> tuple[str, ...]:
        """The characters that stand after one, in order."""
        with self._lock:
            return self._following(character)

    def characters(self) -> tuple[str, ...]:
        """All characters of pairs, in order."""
        with self._lock:
            return self._characters()
