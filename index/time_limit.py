"""How long work may take: looked at between its steps, since no thread can be stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import IndexingError

__all__ = ["OutOfTimeError", "check_time", "limited"]

Clock = Callable[[], float]

_ends: ContextVar[tuple[tuple[Clock, float], ...]] = ContextVar("ends", default=())


class OutOfTimeError(IndexingError):
    """Work was given up since it took longer than it may."""


@contextmanager
def limited(seconds: float | None, clock: Clock = time.monotonic) -> Iterator[None]:
    """Let what runs within, in this thread, take so many seconds of a clock; None for no limit.

    `time.thread_time` counts those that the thread has worked.
    """
    end = clock() + (math.inf if seconds is None else seconds)
    token = _ends.set((*_ends.get(), (clock, end)))
    try:
        yield
    finally:
        _ends.reset(token)


def check_time() -> None:
    """Raise OutOfTimeError once the time is up."""
    for clock, end in _ends.get():
        if clock() > end:
            raise OutOfTimeError("用时太久，已放弃，请缩短问题或减少资料再试")
