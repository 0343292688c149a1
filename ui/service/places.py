"""Places for what takes memory from its first byte on: who finds none is told to come again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ui.failures import BusyError
from ui.service.workers import asker

__all__ = ["Places"]


class Places:
    """At most so many at once, of one who asks no more than half; for one thread alone.

    Else a few slow senders would keep all others out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_of_one = (most + 1) // 2
        self._taken: Counter[str] = Counter()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Keep a place; raises BusyError where there is none."""
        name = asker.get()
        if self._taken.total() >= self._most or self._taken[name] >= self._most_of_one:
            raise BusyError("现在上传的文档太多，请稍后再试")
        self._taken[name] += 1
        try:
            yield
        finally:
            self._taken[name] -= 1
            self._taken += Counter()  # forgets those that have none
