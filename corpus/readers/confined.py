"""A reader in a process of its own, with limits of time and memory that end it.

A library cannot be stopped from within, nor can it be told how much memory it may take; a file of
2 KB can ask it for hours and for all there is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from corpus.errors import DocumentError

__all__ = ["read_confined", "serve"]

MEMORY = 2 * 2**30  # bytes; a yearbook of 2 million characters takes 1 GB
PATIENCE = 3  # times the seconds of work that it may take where others are at work, too
WATCH_SECONDS = 0.5  # between two looks at whether the parent is still there
_ROOT = str(Path(__file__).parents[2])  # where the child finds this package
_CHILD = (
    "import sys; sys.path[0] = sys.argv[1]; from corpus.readers import confined as c; c.serve()"
)
_READ, _REFUSED = b"+", b"-"


def read_confined(
    reader: Callable[[bytes, str], str], data: bytes, name: str, seconds: float
) -> str:
    """What a reader of a module makes of a file; raises DocumentError, also where it takes more
    than so many `seconds` of work, or too much memory.
    """
    if not sys.executable or hasattr(sys, "frozen"):  # another program's: no Python to start
        return reader(data, name)
    command = [sys.executable, "-c", _CHILD, _ROOT, reader.__module__, reader.__name__]
    command += [str(int(seconds)), str(MEMORY)]
    asked = name.replace("\0", "").encode("utf-8", "surrogatepass") + b"\0" + data
    try:
        done = subprocess.run(
            command, input=asked, capture_output=True, timeout=PATIENCE * seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(name, PATIENCE * seconds) from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_long(name, seconds)
    told = done.stdout[1:].decode("utf-8", "surrogatepass")
    if done.returncode == 0 and done.stdout.startswith(_READ):
        return told
    if done.returncode == 0 and done.stdout.startswith(_REFUSED):
        raise DocumentError(told)
    raise DocumentError(f"{name}: 太复杂或已损坏，读不下去，请重新导出或拆成几份")


def _too_long(name: str, seconds: float) -> DocumentError:
    return DocumentError(f"{name}: 太复杂，{seconds:.0f} 秒没有读完，请拆成几份")


def serve() -> None:
    """Read the file that the parent sends, within its limits, and tell it what came out."""
    _, module, function, seconds, memory = sys.argv[1:]
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    told = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no result
    _set_limits(int(seconds), int(memory))
    name, _, data = sys.stdin.buffer.read().partition(b"\0")
    reader: Callable[[bytes, str], str] = getattr(import_module(module), function)
    try:
        mark, result = _READ, reader(data, name.decode("utf-8", "surrogatepass"))
    except DocumentError as error:
        mark, result = _REFUSED, str(error)
    told.write(mark + result.encode("utf-8", "surrogatepass"))
    told.flush()


def _watch(parent: int) -> None:
    """End with the parent, which may have been killed: nobody else would."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def _set_limits(seconds: int, memory: int) -> None:
    """What a system has of limits for a process; the parent ends it in time in any case."""
    with suppress(ImportError, ValueError, OSError):  # no such thing on Windows
        import resource

        for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds + 1)):
            _, hard = resource.getrlimit(kind)
            lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (lower, hard))
