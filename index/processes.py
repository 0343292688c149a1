"""Functions of ours in a process of their own, which can be ended and gives back its memory.

Not `multiprocessing`, whose children run the caller's own script again unless it is written
for that.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, ParamSpec, TypeVar, cast

from index.errors import IndexingError

__all__ = ["ChildProcess", "ProcessEndedError"]

P = ParamSpec("P")
T = TypeVar("T")

# The path is ours: a file of the folder we stand in must not take the place of a module.
_CHILD = "import sys; sys.path[:] = {}; from index.processes import serve_parent; serve_parent()"


class ProcessEndedError(IndexingError):
    """A child process was ended before it gave its result."""


class ChildProcess:
    """A child that runs functions of ours one after the other; one thread may ask it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a group of its own, with those that it starts
        )
        self._pipes = cast(
            "tuple[IO[bytes], IO[bytes]]", (self._process.stdin, self._process.stdout)
        )

    def run(self, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """The result of a function of a module; raises what it raises, or ProcessEndedError."""
        stdin, stdout = self._pipes
        try:
            pickle.dump((function, args, named), stdin)
            stdin.flush()
            failed, result = pickle.load(stdout)  # noqa: S301 - of a child that we started
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise ProcessEndedError("读文件的进程被终止，可能内存不够，请换小一些的文件") from error
        if failed:
            raise result
        found: T = result
        return found

    def kill(self) -> None:
        """End the child, in whatever it is doing, and what it has started."""
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:  # Windows has no such groups
                self._process.kill()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        for pipe in self._pipes:
            with suppress(OSError):  # what was still to be sent has nobody to take it
                pipe.close()
        self._process.wait()


def serve_parent() -> None:
    """Run what the parent sends until it closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    asked = sys.stdin.buffer
    told = io.FileIO(1, "w", closefd=False)
    sys.stdout = sys.stderr  # what a library prints is no result
    while True:
        try:
            function, args, named = pickle.load(asked)  # noqa: S301 - of the process that started us
        except EOFError:
            return
        result: tuple[bool, Any]
        try:
            result = False, function(*args, **named)
        except Exception as error:  # noqa: BLE001 - told to the parent
            result = True, error
        told.write(pickle.dumps(result))
