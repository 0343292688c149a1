"""How the server is started and stopped: ports, addresses, signals."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from gated import gated
from serving import Server, program
from waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent
ANSWERED = {"question": "2024年改造了多少个小区？"}


def ask(server: Server) -> httpx2.Response:
    return httpx2.post(f"{server.address}/api/answer", json=ANSWERED, timeout=PATIENCE)


def questions_begun(server: Server) -> bool:
    told = httpx2.get(f"{server.address}/metrics", timeout=PATIENCE).text
    return re.search(r"^dongxihu_queue 1", told, re.MULTILINE) is not None


def stopping(server: Server) -> bool:
    """Whether it takes no new questions any more."""
    return httpx2.get(f"{server.address}/readyz", timeout=PATIENCE).status_code == 503


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=lambda sent: sent.name)
def test_what_was_begun_is_answered_before_it_stops(
    home: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    with gated(home, tmp_path) as (server, gate), ThreadPoolExecutor() as pool:
        gate.close()
        begun = pool.submit(ask, server)
        until(lambda: questions_begun(server))
        server.process.send_signal(sent)
        until(lambda: stopping(server))
        assert ask(server).status_code == 503
        gate.open()
        assert begun.result().json()["text"] == "25个"
        assert server.process.wait(PATIENCE) == 0
    assert "Traceback" not in server.log.read_text("utf-8")


def test_a_second_ctrl_c_does_not_wait(home: Path, tmp_path: Path) -> None:
    with gated(home, tmp_path) as (server, gate), ThreadPoolExecutor() as pool:
        gate.close()
        begun = pool.submit(ask, server)
        until(lambda: questions_begun(server))
        server.process.send_signal(signal.SIGINT)
        until(lambda: stopping(server))
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0  # the gate is still closed
        begun.exception()
    assert "Traceback" not in server.log.read_text("utf-8")


def failed(*options: str) -> str:
    """The one line that a server says that cannot be started as a user wants it."""
    result = subprocess.run(program("serve", *options), capture_output=True, encoding="utf-8")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = failed("--port", str(port))
    assert f"127.0.0.1:{port}" in said
    assert "--port" in said


def test_what_cannot_be_is_told() -> None:
    assert "--host" in failed("--host", "203.0.113.1", "--public")  # of no machine
    assert "root_path" in failed("--port", "0", "--root-path", "/a b")
    assert "/api" in failed("--port", "0", "--root-path", "/api")


def test_it_says_where_it_is() -> None:
    command = program("serve", "--host", "localhost", "--port", "0", "--root-path", "qa/")
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/qa", process.stdout.readline())
        assert found
        page = httpx2.get(found.group(), timeout=PATIENCE, follow_redirects=True)
        assert page.status_code == 200
        assert str(page.url) == f"{found.group()}/"
        process.terminate()
        assert process.wait(PATIENCE) == 0


@pytest.mark.skipif(shutil.which("make") is None, reason="make is missing: apt-get install make")
def test_make_serve_takes_a_port(tmp_path: Path) -> None:
    told = tmp_path / "dongxihu"
    told.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    told.chmod(0o755)
    command = ["make", "-C", str(ROOT), "-s", "-o", ".venv/.default", "serve", f"RUN={tmp_path}"]
    for given, expected in (((), "serve\n"), (("PORT=8000",), "serve --port 8000\n")):
        result = subprocess.run([*command, *given], capture_output=True, encoding="utf-8")
        assert expected in result.stdout.splitlines(keepends=True), result.stderr
