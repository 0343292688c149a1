"""Refuse every connection that would leave this machine, in this process, or list its writes.

Run as a program, `python tests/offline.py ARGUMENT ...` is `python -m ui ARGUMENT ...` under
that refusal; what was refused is named on stderr, so a test can see a try that was swallowed.
With $OFFLINE_WRITTEN, a file, what Python writes is listed there.
"""

from __future__ import annotations

import ipaddress
import os
import runpy
import sys
from pathlib import Path

__all__ = ["REFUSED", "WRITTEN", "is_local", "list_writes", "refuse_network"]

REFUSED = "refused to reach"
WRITTEN = "OFFLINE_WRITTEN"

_ADDRESS_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAME_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname")
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Which argument of an event is the path that is made.
_MADE = {"os.mkdir": 0, "os.truncate": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1}


def refuse_network() -> None:
    """From now on raise ConnectionRefusedError for any host but this machine itself."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event in _ADDRESS_EVENTS:
        address = arguments[1]
        if not isinstance(address, tuple):  # a path of this machine, or nothing
            return
        host = address[0]
    elif event in _NAME_EVENTS:
        host = arguments[0]
    else:
        return
    if not is_local(host):
        print(f"{REFUSED} {host!r}", file=sys.stderr, flush=True)
        raise ConnectionRefusedError(f"tests may not reach {host!r}")


def list_writes(file: Path) -> None:
    """From now on add to a file, one a line, each path that is opened for writing or made."""
    listed = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and bool(flags & _FOR_WRITING)
        else:
            writes = event in _MADE
            path = arguments[_MADE.get(event, 0)] if writes else None
        if writes and isinstance(path, (str, bytes, os.PathLike)):
            os.write(listed, os.fsencode(Path(os.fsdecode(path)).resolve()) + b"\n")

    sys.addaudithook(audit)


def is_local(host: object) -> bool:
    """Whether a name or an address is this machine's own."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


if __name__ == "__main__":
    refuse_network()
    if WRITTEN in os.environ:
        list_writes(Path(os.environ[WRITTEN]))
    # A script's own folder leads the path; `python -m` would put the checkout there.
    sys.path[0] = str(Path(__file__).parent.parent)
    runpy.run_module("ui", run_name="__main__", alter_sys=True)
