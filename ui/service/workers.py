"""A fixed number of workers behind a bounded queue: what does not fit is told to come back."""

from __future__ import annotations

import asyncio
import math
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from typing import Any, ParamSpec, TypeVar

from index import OutOfTimeError, limited
from ui.failures import BusyError, ClosingError, TimeUpError

__all__ = ["Workers", "asker", "until_done"]

PROGRESS_SECONDS = 0.3  # between two looks at how far something is
FIRST_SECONDS = 0.1  # taken for those of a call before one has been timed
WEIGHT = 0.1  # of one more call in their mean
SPREAD = (1.0, 3.0)  # times the whole queue, after which those turned away come again

P = ParamSpec("P")
T = TypeVar("T")

asker: ContextVar[str] = ContextVar("asker", default="")
"""On whose behalf something is done; each has a line of its own in a queue."""


class Workers:
    """Runs calls in threads, at most `workers` at once with `queue` more waiting.

    Those who ask take turns, and where the queue is full the last call of the longest line gives
    its place to one of a shorter line; so nobody keeps the others out. A call that is given up
    after `timeout` seconds keeps its worker until its next step, where `check_time` ends it; so
    an overload is never hidden. Without a `timeout` the calls look after their own time.
    """

    def __init__(self, workers: int, queue: int, timeout: float | None) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._workers = workers
        self._room = workers + queue
        self._timeout = timeout
        self._lock = threading.Lock()
        self._lines: dict[str, dict[Future[Any], Callable[[], Any]]] = {}
        self._taken = 0
        self._seconds = FIRST_SECONDS
        self._closing = False

    @property
    def taken(self) -> int:
        """How many calls run or wait."""
        return self._taken

    @property
    def calm(self) -> bool:
        """Whether no more calls wait than run, so that what nobody asked for may join them."""
        return not self._closing and self._taken < 2 * self._workers

    @property
    def closing(self) -> bool:
        """Whether new work is refused."""
        return self._closing

    def retry_seconds(self) -> int:
        """After how long to come again; another time for each, so that not all come at once."""
        whole = self._taken * self._seconds / self._workers
        return max(1, math.ceil(whole * random.uniform(*SPREAD)))  # noqa: S311 - no secret

    async def run(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """The call's result; raises BusyError, TimeUpError, ClosingError, or what it raises."""
        if self._closing:
            raise ClosingError
        name = asker.get()
        future: Future[T] = Future()
        with self._lock:
            displaced = self._make_room(name)
            self._lines.setdefault(name, {})[future] = partial(call, *args, **named)
            self._taken += 1
        future.add_done_callback(partial(self._free, name))
        if displaced:
            displaced.set_exception(self._busy())
        self._pool.submit(self._run_next)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._timeout)
        except (asyncio.TimeoutError, OutOfTimeError) as error:
            raise TimeUpError(
                f"这个请求用了超过 {self._timeout:g} 秒，已放弃，请缩短问题或减少资料再试"
            ) from error

    async def close(self) -> None:
        """Refuse new work and finish what was begun."""
        self._closing = True
        await asyncio.to_thread(self._pool.shutdown, wait=True)

    def _make_room(self, name: str) -> Future[Any] | None:
        """What has to go for one more call; raises BusyError where nothing has to."""
        if self._taken < self._room:
            return None
        longest = max(self._lines.values(), key=len, default={})
        if len(longest) <= len(self._lines.get(name, ())) + 1:
            raise self._busy()
        return longest.popitem()[0]

    def _busy(self) -> BusyError:
        return BusyError(f"现在有 {self._room} 个请求在处理，请稍后再试")

    def _run_next(self) -> None:
        """Run the first call of the line whose turn it is."""
        with self._lock:
            if not self._lines:  # all that waited was given up
                return
            name = next(iter(self._lines))
            line = self._lines.pop(name)
            future = next(iter(line))
            call = line.pop(future)
            if line:
                self._lines[name] = line  # behind the others
        if not future.set_running_or_notify_cancel():
            return
        began = time.monotonic()
        try:
            with limited(self._timeout):
                done = call()
            future.set_result(done)
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            future.set_exception(error)
        self._seconds += WEIGHT * (time.monotonic() - began - self._seconds)

    def _free(self, name: str, done: Future[Any]) -> None:
        with self._lock:
            self._taken -= 1
            line = self._lines.get(name, {})
            line.pop(done, None)  # where it was given up before its turn
            if not line:
                self._lines.pop(name, None)


async def until_done(work: asyncio.Future[Any]) -> AsyncIterator[None]:
    """Come back again and again while something runs, for whoever tells how far it is."""
    while not work.done():
        yield
        await asyncio.wait([work], timeout=PROGRESS_SECONDS)
