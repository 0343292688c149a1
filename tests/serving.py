"""The service as its users meet it: a process of its own, or in this one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from ui.guard.access import Access
from ui.server import build_app
from ui.service.feedback import Feedback
from ui.service.service import Service
from ui.settings import Settings
from waiting import PATIENCE

__all__ = ["LOOPBACK", "Server", "app_client", "program", "serving", "started"]

LOOPBACK = "http://127.0.0.1"


@dataclass
class Server:
    """A server process: where it answers, and where its stderr goes."""

    address: str
    log: Path
    process: subprocess.Popen[str]

    def told(self, message: str) -> list[dict[str, Any]]:
        """The log's lines of one kind so far; every line has to be a JSON object."""
        whole = self.log.read_bytes().rpartition(b"\n")[0]  # the last may be half written
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["message"] == message]

    def stop(self) -> int:
        """The exit code of stopping it as a service manager does."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


def program(*arguments: str) -> list[str]:
    """The command line with the network blocked."""
    return [sys.executable, str(Path(__file__).with_name("offline.py")), *arguments]


def serving(
    home: Path, log: Path, *options: str, **settings: str
) -> AbstractContextManager[Server]:
    """A server process on a free port; `settings` go into its environment."""
    environment = {
        **os.environ,
        "DONGXIHU_HOME": str(home),
        "PYTHONUTF8": "1",
        "DONGXIHU_SERVER_TIMEOUT": str(PATIENCE),
        **{f"DONGXIHU_SERVER_{name.upper()}": value for name, value in settings.items()},
    }
    return started(program("serve", "--port", "0", *options), environment, log)


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """The server process of a command that starts one."""
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            encoding="utf-8",
        ) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, said + log.read_text("utf-8")
            yield Server(found.group(), log, process)
        finally:
            process.terminate()


@contextmanager
def app_client(
    folder: Path, address: str = LOOPBACK, public: bool = False, **limits: Any
) -> Iterator[tuple[TestClient, Service]]:
    """A client of the whole app in this process; access and feedback are kept in `folder`."""
    service = Service(Settings(**{"rate": 1_000_000, "timeout": PATIENCE, **limits}))
    service.warm()
    local_only = address == LOOPBACK

    async def build() -> ASGIApp:  # Gradio would leave event loops behind outside of one
        return build_app(service, Access(folder), Feedback(folder), local_only, public)

    app = asyncio.run(build())
    client = TestClient(app, address, raise_server_exceptions=False, follow_redirects=False)
    try:
        with client:
            yield client, service
    finally:
        asyncio.run(service.close())
