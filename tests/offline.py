"""Refuse every connection that would leave this machine, in this process.

Run as a program, `python tests/offline.py ARGUMENT ...` is `python -m ui ARGUMENT ...` under
that refusal; what was refused is named on stderr, so a test can see a try that was swallowed.
"""

from __future__ import annotations

import ipaddress
import runpy
import sys
from pathlib import Path

__all__ = ["REFUSED", "refuse_network"]

REFUSED = "refused to reach"

_ADDRESS_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAME_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname")


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
    if not _is_local(host):
        print(f"{REFUSED} {host!r}", file=sys.stderr, flush=True)
        raise ConnectionRefusedError(f"tests may not reach {host!r}")


def _is_local(host: object) -> bool:
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
    # A script's own folder leads the path; `python -m` would put the checkout there.
    sys.path[0] = str(Path(__file__).parent.parent)
    runpy.run_module("ui", run_name="__main__", alter_sys=True)
