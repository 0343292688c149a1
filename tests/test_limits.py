"""The server before clients that send half a request, ask too often or read nothing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving import Server, serving, started
from ui.guard.admission import MINUTE, UNFINISHED, UNFINISHED_OF_ONE, Rate, crowding
from ui.guard.protection import BodyLimit
from ui.settings import Settings, allow_files
from waiting import PATIENCE, until

MANY = 1010
HOUR = 3600
QUESTION = json.dumps({"question": "2024年改造了多少个小区？"}).encode()
HALF_HEADER = b"POST /api/answer HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
HEADER = b"POST /api/answer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HALF_BODY = HEADER + b"Content-Length: 100\r\n\r\n" + b"x" * 50
CHUNKED = HEADER + b"Transfer-Encoding: chunked\r\n\r\n"
EXPECTING = HEADER + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n"
UNREAD = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 2000

# The program with two things that a test may alter while it runs: the clock of the computer goes
# wrong by the seconds in one file, and answers wait as long as the other is there.
ALTERED = """
import runpy, sys, time
from pathlib import Path
folder, tests, *sys.argv[1:] = sys.argv[1:]
sys.path[0:1] = [str(Path(tests).parent), tests]
from offline import refuse_network
refuse_network()
wrong, gate, right = Path(folder) / "wrong", Path(folder) / "gate", time.time
time.time = lambda: right() + (float(wrong.read_text() or 0) if wrong.exists() else 0)
import ui.guard.connections, ui.service.service
ui.guard.connections.STALLED_SECONDS = 1
answer_over = ui.service.service.answer_over
def wait(*arguments, **named):
    while gate.exists():
        time.sleep(0.01)
    return answer_over(*arguments, **named)
ui.service.service.answer_over = wait
runpy.run_module("ui", run_name="__main__", alter_sys=True)
"""


@pytest.fixture(scope="module")
def patient(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits so long for a request that only a crowd makes it close a connection."""
    log = tmp_path_factory.mktemp("patient") / "log"
    with serving(home, log, header_seconds="3600", body_seconds="3600") as server:
        yield server


@pytest.fixture(scope="module")
def hasty(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for a second."""
    folder = tmp_path_factory.mktemp("hasty")
    with altered(home, folder, header_seconds="1", body_seconds="1") as server:
        yield server


@pytest.fixture
def connections() -> Iterator[ExitStack]:
    """Holds the connections of a test, and closes them at its end."""
    allow_files()
    with ExitStack() as stack:
        yield stack


def altered(home: Path, folder: Path, **settings: str) -> AbstractContextManager[Server]:
    """A server process that does what ALTERED says, and keeps its files in `folder`."""
    tests = str(Path(__file__).parent)
    environment = {
        **os.environ,
        "DONGXIHU_HOME": str(home),
        "PYTHONUTF8": "1",
        "DONGXIHU_SERVER_TIMEOUT": str(PATIENCE),
        **{f"DONGXIHU_SERVER_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-c", ALTERED, str(folder), tests, "serve", "--port", "0"]
    return started(command, environment, folder / "log")


def connect(server: Server, sent: bytes = b"") -> socket.socket:
    host, port = urlsplit(server.address).netloc.split(":")
    connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
    connection.sendall(sent)
    return connection


def ask(server: Server, source: str = "127.0.0.1") -> tuple[int, str, str]:
    """The status, `Retry-After` and body of one polite question."""
    client = HTTPConnection(
        urlsplit(server.address).netloc, timeout=PATIENCE, source_address=(source, 0)
    )
    try:
        client.request("POST", "/api/answer", QUESTION, {"Content-Type": "application/json"})
        response = client.getresponse()
        return response.status, response.headers.get("Retry-After", ""), response.read().decode()
    finally:
        client.close()


def numbers(server: Server) -> bytes:
    """What /metrics tells."""
    with connect(server, b"GET /metrics HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n") as connection:
        return told(connection)


def told(connection: socket.socket) -> bytes:
    """All that the server says until it closes the connection."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection that has nothing to read but its last words."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize("half", [HALF_HEADER, HALF_BODY, b""], ids=["header", "body", "nothing"])
def test_half_sent_requests_keep_nobody_out(
    patient: Server, connections: ExitStack, half: bytes
) -> None:
    crowd = [connections.enter_context(connect(patient)) for _ in range(MANY)]
    for one in crowd:
        send_all(one, half)
    assert ask(patient)[0] == 200
    until(lambda: sum(not closed(one) for one in crowd) <= UNFINISHED_OF_ONE)
    assert ask(patient)[0] == 200


def test_who_has_most_connections_without_a_request_loses_one() -> None:
    office, other = ["192.0.2.1"] * UNFINISHED_OF_ONE, "192.0.2.2"
    assert crowding([*office, other], other) is None
    assert crowding([*office, office[0]], office[0]) == office[0]
    strangers = [f"198.51.100.{number}" for number in range(UNFINISHED - len(office))]
    assert crowding([*office, *strangers], strangers[-1]) is None
    assert crowding([*office, *strangers, other], other) == office[0]


@pytest.mark.parametrize("sent", [HALF_HEADER, HALF_BODY, EXPECTING])
def test_a_request_that_is_not_sent_in_time_is_told_so(hasty: Server, sent: bytes) -> None:
    with connect(hasty, sent) as connection:
        said = told(connection)
    assert b"HTTP/1.1 408 " in said
    assert "没有按时发完" in said.decode()
    assert b"\r\nconnection: close\r\n" in said.lower()


@pytest.mark.parametrize(("begin", "piece"), [(HALF_HEADER, b"x"), (CHUNKED, b"1\r\nx\r\n")])
def test_a_request_dribbled_byte_by_byte_has_no_more_time(
    hasty: Server, begin: bytes, piece: bytes
) -> None:
    with connect(hasty, begin) as connection:

        def dribble() -> bool:
            try:
                connection.sendall(piece)
            except OSError:
                return True
            return closed(connection)

        until(dribble)


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])
def test_an_idle_connection_is_closed_without_words(hasty: Server, sent: bytes) -> None:
    with connect(hasty, sent) as connection:
        assert b" 408 " not in told(connection)


def test_a_body_that_goes_on_after_its_refusal_is_not_waited_for(hasty: Server) -> None:
    foreign = HALF_BODY.replace(b"127.0.0.1", b"evil.example")
    with connect(hasty, foreign) as connection:
        assert told(connection).count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "wrong", [b"nonsense\r\n\r\n", HALF_HEADER + b"x" * 100_000, CHUNKED + b"x\r\n"]
)
def test_what_is_not_http_is_told_so(hasty: Server, wrong: bytes) -> None:
    with connect(hasty, wrong) as connection:
        said = told(connection)
    assert b"HTTP/1.1 400 " in said
    assert "HTTP/1.1 发送" in said.decode()


def test_who_reads_nothing_of_the_answers_is_let_go(hasty: Server) -> None:
    with connect(hasty) as connection:
        sending = threading.Thread(target=send_all, args=(connection, UNREAD))
        sending.start()
        sending.join(PATIENCE)  # ends when the server has closed the connection
        assert not sending.is_alive()
    assert ask(hasty)[0] == 200


def send_all(connection: socket.socket, sent: bytes) -> None:
    try:
        connection.sendall(sent)
    except OSError:
        return


def test_a_full_queue_takes_nothing_from_a_clients_rate(home: Path, tmp_path: Path) -> None:
    with altered(home, tmp_path, workers="1", queue="0", rate="3") as server:
        gate = tmp_path / "gate"
        gate.touch()
        first: list[tuple[int, str, str]] = []
        asking = threading.Thread(target=lambda: first.append(ask(server)))
        asking.start()
        until(lambda: b"dongxihu_queue 1.0" in numbers(server))
        for _ in range(10):
            status, retry, words = ask(server)
            assert (status, "现在有 1 个请求" in words) == (429, True)
            assert int(retry) >= 1
        gate.unlink()
        asking.join(PATIENCE)
        assert [status for status, _, _ in first] == [200]
        assert until(lambda: ask(server)[0] == 200)
        assert until(lambda: ask(server)[0] == 200)
        status, _, words = ask(server)
        assert (status, "太频繁" in words) == (429, True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is 127.0.0.2 as well")
def test_one_address_does_not_fill_the_queue_of_all(home: Path, tmp_path: Path) -> None:
    with altered(home, tmp_path, workers="1", queue="4") as server:
        gate = tmp_path / "gate"
        gate.touch()
        statuses: dict[str, list[int]] = {"127.0.0.1": [], "127.0.0.2": []}

        def put(source: str) -> threading.Thread:
            asking = threading.Thread(
                target=lambda: statuses[source].append(ask(server, source)[0])
            )
            asking.start()
            return asking

        rude = [put("127.0.0.2") for _ in range(6)]
        until(lambda: statuses["127.0.0.2"] == [429])  # one runs and four wait
        polite = put("127.0.0.1")
        until(lambda: statuses["127.0.0.2"] == [429, 429])
        gate.unlink()
        for asking in (*rude, polite):
            asking.join(PATIENCE)
        assert statuses["127.0.0.1"] == [200]
        assert sorted(statuses["127.0.0.2"]) == [200] * 4 + [429] * 2


def test_a_clock_that_is_set_locks_nobody_out(home: Path, tmp_path: Path) -> None:
    with altered(home, tmp_path, rate="3") as server:
        assert ask(server)[0] == 200
        for seconds in (-HOUR, HOUR):
            (tmp_path / "wrong").write_text(str(seconds))
            assert ask(server)[0] == 200
        status, retry, _ = ask(server)
        assert status == 429
        assert 1 <= int(retry) <= MINUTE


def test_a_client_comes_again_when_its_oldest_time_is_a_minute_ago() -> None:
    now = 0.0
    rate = Rate(2, lambda: now)
    assert (rate.take("a"), rate.take("b")) == (0, 0)
    now = 20.0
    assert [rate.take("a") for _ in range(3)] == [0, 40, 40]
    rate.give_back("a")
    rate.give_back("nobody")
    assert [rate.take("a") for _ in range(2)] == [0, 40]
    now = 60.0
    assert [rate.take("a") for _ in range(2)] == [0, 20]


def test_uploads_are_turned_away_before_they_come_and_a_client_that_leaves_makes_room(
    home: Path, tmp_path: Path
) -> None:
    half = b"POST /page/documents?name=a.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    half += b"Content-Length: 100\r\n\r\n"
    with serving(home, tmp_path / "log", queue="0") as server:
        first = connect(server, half + b"x" * 50)
        until(lambda: b" 429 " in refused(server, half))
        first.close()
        whole = half + "某镇报告。".encode().ljust(100) + b"GET"

        def taken() -> bool:
            with connect(server, whole) as connection:
                return b" 200 " in connection.recv(1000)

        until(taken)


def refused(server: Server, sent: bytes) -> bytes:
    """What the server says to a request of which no body comes, within a second."""
    with connect(server, sent) as connection:
        connection.settimeout(1)
        try:
            return connection.recv(1000)
        except TimeoutError:
            return b""


def pass_through(app: ASGIApp, message: Message) -> None:
    """A GET without a body, of which a message comes."""

    async def receive() -> Message:
        return message

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope = {"type": "http", "method": "GET", "path": "/api/figures", "headers": []}
    asyncio.run(BodyLimit(app, Settings())(scope, receive, send))


def test_a_stream_is_told_that_its_client_has_gone() -> None:
    told: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(await receive())

    pass_through(app, {"type": "http.disconnect"})
    assert told == [{"type": "http.disconnect"}]


def test_what_has_no_body_may_be_asked_for_it_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("ui.guard.protection.time", SimpleNamespace(monotonic=lambda: now[0]))
    empty: Message = {"type": "http.request", "body": b"", "more_body": False}
    told: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        now[0] += 10_000
        told.append(await receive())

    pass_through(app, empty)
    assert told == [empty]
