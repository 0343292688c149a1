"""A server whose answers, and readings of documents, wait as long as a gate is closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from serving import Server, started
from waiting import PATIENCE

__all__ = ["Gate", "gated"]

WAITING = """
import asyncio, runpy, sys, time
from pathlib import Path
gate, tests, *sys.argv[1:] = sys.argv[1:]
sys.path[0:1] = [str(Path(tests).parent), tests]
from offline import refuse_network
refuse_network()
from ui.service.service import Service
answer, bring = Service._answer, Service.bring
def answer_later(*given):
    while Path(gate).exists():
        time.sleep(0.01)
    return answer(*given)
async def bring_later(*given):
    while Path(gate).exists():
        await asyncio.sleep(0.01)
    return await bring(*given)
Service._answer, Service.bring = answer_later, bring_later
runpy.run_module("ui", run_name="__main__", alter_sys=True)
"""


@dataclass
class Gate:
    """What answers wait for; open at first."""

    file: Path

    def close(self) -> None:
        """From now on let none through."""
        self.file.touch()

    def open(self) -> None:
        """Let all through."""
        self.file.unlink(missing_ok=True)


@contextmanager
def gated(
    home: Path, folder: Path, *options: str, **settings: str
) -> Iterator[tuple[Server, Gate]]:
    """A server process with its gate, that keeps its files in `folder`."""
    gate = Gate(folder / "gate")
    environment = {
        **os.environ,
        "DONGXIHU_HOME": str(home),
        "PYTHONUTF8": "1",
        "DONGXIHU_SERVER_TIMEOUT": str(PATIENCE),
        **{f"DONGXIHU_SERVER_{name.upper()}": value for name, value in settings.items()},
    }
    tests = str(Path(__file__).parent)
    command = [sys.executable, "-c", WAITING, str(gate.file), tests, "serve", "--port", "0"]
    with started([*command, *options], environment, folder / "log") as server:
        try:
            yield server, gate
        finally:
            gate.open()
