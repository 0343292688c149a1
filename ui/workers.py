"""A fixed number of workers behind a bounded queue: what does not fit is told to come back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from ui.failures import BusyError, ClosingError, TimeUpError

__all__ = ["Workers", "until_done"]

PROGRESS_SECONDS = 0.3  # between two looks at how far something is

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Runs calls in threads, at most `workers` at once with `queue` more waiting.

    A call that is given up after `timeout` seconds keeps its worker until it ends, since a
    thread cannot be stopped; so an overload is never hidden.
    """

    def __init__(self, workers: int, queue: int, timeout: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._workers = workers
        self._room = workers + queue
        self._timeout = timeout
        self._lock = threading.Lock()
        self._taken = 0
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

    async def run(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """The call's result; raises BusyError, TimeUpError, ClosingError, or what it raises."""
        if self._closing:
            raise ClosingError
        with self._lock:
            if self._taken >= self._room:
                raise BusyError(f"现在有 {self._room} 个请求在处理，请稍后再试")
            self._taken += 1
        future = self._pool.submit(call, *args, **named)
        future.add_done_callback(self._free)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._timeout)
        except asyncio.TimeoutError as error:
            raise TimeUpError(
                f"这个请求用了超过 {self._timeout:g} 秒，已放弃，请缩短问题再试"
            ) from error

    async def close(self) -> None:
        """Refuse new work and finish what was begun."""
        self._closing = True
        await asyncio.to_thread(self._pool.shutdown, wait=True)

    def _free(self, _done: Future[Any]) -> None:
        with self._lock:
            self._taken -= 1


async def until_done(work: asyncio.Future[Any]) -> AsyncIterator[None]:
    """Come back again and again while something runs, for whoever tells how far it is."""
    while not work.done():
        yield
        await asyncio.wait([work], timeout=PROGRESS_SECONDS)
