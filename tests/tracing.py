"""What a program reaches and writes, as the system sees it.

A native library passes by the hooks of Python that `offline` uses; strace sees its system calls.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from offline import is_local

__all__ = ["Trace", "can_trace", "read_trace", "traced"]

# What one system lacks, because another call does its work there, is marked `?`.
_CALLS = (
    "?open,openat,?openat2,?creat,?mkdir,mkdirat,?rename,?renameat,?renameat2,?link,linkat,"
    "?symlink,symlinkat,?mknod,mknodat,truncate,connect,sendto,sendmsg,sendmmsg"
)
_OPENED = re.compile(r"(?:open|openat|openat2|creat)\(.* = \d+<(?P<path>.*)>$")
_FOR_WRITING = re.compile(r"^creat\(|O_WRONLY|O_RDWR|O_CREAT")
_MADE = re.compile(r"(?:mkdir|rename|link|symlink|mknod|truncate)\w*\(.* = 0$")
_NAMED = re.compile(r'(?:<(?P<folder>[^>]*)>, )?"(?P<path>[^"]*)"')  # the last is what was made
_HOST = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
# A resolver on this machine is asked of others: where a name is looked up, one of these shows.
_LOOKUP = re.compile(r'"/etc/resolv\.conf"|sun_path="[^"]*resolve|sin6?_port=htons\(53\)')
_ENDED = "+++ "  # begins the last line of every thread's file
_DEADLINE = 60  # seconds until the tracer has written all it saw


@dataclass(frozen=True, slots=True)
class Trace:
    """What was reached beyond this machine, one system call each, and every path written."""

    reached: tuple[str, ...]
    written: tuple[Path, ...]


@lru_cache(maxsize=1)
def can_trace() -> bool:
    """Whether strace is there and the system lets it look."""
    if shutil.which("strace") is None:
        return False
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        tried = subprocess.run(traced(["true"], folder), capture_output=True)
        return tried.returncode == 0 and bool(list(_lines(folder)))


def traced(command: Sequence[str], folder: Path) -> list[str]:
    """The command under strace; signals and the exit code are the command's own."""
    options = ["-D", "-ff", "--seccomp-bpf", "-y", "-q", "-s", "4096", "-e", "signal=none"]
    output = ["-o", str(folder / "thread"), "-e", f"trace={_CALLS}"]
    return ["strace", *options, *output, "--", *command]


def read_trace(folder: Path) -> Trace:
    """The trace of a command that has ended."""
    lines = list(_lines(folder))
    reached = [line for line in lines if _leaves_this_machine(line)]
    written = [path for line in lines if (path := _written(line))]
    return Trace(tuple(dict.fromkeys(reached)), tuple(dict.fromkeys(written)))


def _lines(folder: Path) -> Iterator[str]:
    until = time.monotonic() + _DEADLINE
    for file in folder.iterdir():
        lines: list[str] = []
        while not (lines and lines[-1].startswith(_ENDED)):
            assert time.monotonic() < until, f"{file.name} does not end: {lines[-1:]}"
            lines = file.read_text("utf-8", errors="replace").splitlines()
        yield from lines


def _leaves_this_machine(line: str) -> bool:
    if _LOOKUP.search(line):
        return True
    return any(not is_local(v4 or v6) for v4, v6 in _HOST.findall(line))


def _written(line: str) -> Path | None:
    opened = _OPENED.match(line)
    if opened and _FOR_WRITING.search(line):
        return Path(opened["path"])
    if _MADE.match(line):
        *_, made = _NAMED.finditer(line)
        return Path(made["folder"] or "", made["path"]).absolute()
    return None
