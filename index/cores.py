"""The cores of the machine, divided among those who work at the same time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["core_share", "map_on_cores", "share_cores"]

Part = TypeVar("Part")
Result = TypeVar("Result")

_calls = 1


def share_cores(calls: int) -> None:
    """Divide the cores among as many calls at a time.

    Two calls of one thread each are done sooner than two that contend for the same two cores.
    """
    global _calls
    _calls = calls


def core_share() -> int:
    """How many cores one call may use."""
    usable = getattr(os, "sched_getaffinity", None)  # fewer than there are, under taskset
    return max(1, (len(usable(0)) if usable else os.cpu_count() or 1) // _calls)


def map_on_cores(function: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """The results of a function that lets go of Python's lock, one a part, in their order."""
    share = min(core_share(), len(parts))
    if share < 2:
        return [*map(function, parts)]
    with ThreadPoolExecutor(share) as pool:
        try:
            results = pool.map(function, parts)
        except RuntimeError:  # the main thread has ended: no thread is begun any more
            return [*map(function, parts)]
        return [*results]
