"""What is being done to the index: one thing at a time, for whoever looks how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, NamedTuple

from index import Progress
from ui.failures import BusyError, explain
from ui.telemetry.log import LOGGER

__all__ = ["Change", "Changes", "Step"]

_log = logging.getLogger(LOGGER)


class Step(NamedTuple):
    """What is being done, and how far; `total` is 0 where that cannot be told."""

    what: str = ""
    done: int = 0
    total: int = 0


class Change:
    """Something that is done to the index in a thread of its own."""

    def __init__(self, about: str = "") -> None:
        self.about = about
        self.outcome: Future[Any] = Future()
        self.outcome.set_running_or_notify_cancel()  # whoever looks cannot end it
        self.step = Step()
        self.ended: datetime | None = None

    def run(self, call: Callable[[Progress], object]) -> None:
        """Do it."""
        try:
            done, error = call(self._tell), None
        except BaseException as raised:  # noqa: BLE001 - told to whoever looks
            done, error = None, raised
            if not (isinstance(raised, Exception) and explain(raised)):
                _log.error("a change of the index failed", exc_info=raised)
        self.ended = datetime.now().astimezone()
        if error:
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(done)

    def _tell(self, what: str, done: int, total: int) -> None:
        self.step = Step(what, done, total)


class Changes:
    """The change that goes on, or the last one until it is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.last: Change | None = None

    def begin(self, call: Callable[[Progress], object], about: str = "") -> None:
        """Do something that goes on whoever leaves; raises BusyError while something else does.

        `about` names what it takes, for `is_about`.
        """
        with self._lock:
            if self.last and not self.last.outcome.done():
                raise BusyError("已有一项在进行，请等它结束再试")
            self.last = Change(about)
        # Not a thread that Python waits for: a build may take hours, and one that is ended
        # meanwhile leaves the index before it.
        threading.Thread(target=self.last.run, args=(call,), daemon=True).start()

    def is_about(self, about: str) -> bool:
        """Whether the change that goes on, or the last one, takes that."""
        with self._lock:
            return self.last is not None and self.last.about == about

    def forget(self) -> None:
        """Forget the last one, if it has ended."""
        with self._lock:
            if self.last and self.last.outcome.done():
                self.last = None
