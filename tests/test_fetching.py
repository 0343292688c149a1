"""Pages of the web: of public hosts only, within limits, under a name that tells the format."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus import DocumentError, fetch, read_bytes
from corpus.readers.fetching import is_public

PAGE = "<html><head><title>某镇报告（一）</title></head><body><p>新建桥梁37座。</p></body></html>"


class Site(BaseHTTPRequestHandler):
    """A site with pages, files, redirects and bad manners."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", path.removeprefix("/to/"))
            self.end_headers()
        elif path == "/circle":
            self.send_response(302)
            self.send_header("Location", "/circle")
            self.end_headers()
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            self.drip()
        elif path == "/slow-head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            self.drip()
        elif path == "/missing":
            self.send_error(404)
        elif path == "/nonsense":
            self.wfile.write(b"nonsense\r\n\r\n")
        elif path == "/packed":
            self.answer("text/html", b"\x1f\x8b", ("Content-Encoding", "gzip"))
        elif path == "/large":
            self.answer("text/plain", b"a" * 100_000)
        elif path.endswith("pdf") or path == "/download":
            self.answer("application/pdf", b"%PDF-1.4")
        else:
            self.answer("text/html; charset=utf-8", PAGE.encode())

    def answer(self, kind: str, content: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def drip(self) -> None:
        for _ in range(200):
            try:
                self.wfile.write(b"a")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def anyone(address: str) -> bool:
    return True


def nowhere(host: str, port: int) -> list[str]:
    raise socket.gaierror


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "某镇报告（一）.html"),
        ("/news/t123", "某镇报告（一）.html"),
        ("/news/report.html", "report.html"),
        ("/%E6%8A%A5%E5%91%8A.html?a=1", "报告.html"),
        ("/news/show.php?id=3", "某镇报告（一）.html"),
        ("/files/年报.pdf", "年报.pdf"),
        ("/download", "download.pdf"),
        ("/to//news/report.html", "report.html"),
    ],
)
def test_what_is_fetched_has_a_name_that_tells_its_format(site: str, path: str, name: str) -> None:
    found, data = fetch(site + path, allowed=anyone)
    assert found == name
    if name.endswith("html"):
        assert "新建桥梁37座" in read_bytes(data, found).text


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - one to be refused
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_within_a_network_are_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(DocumentError, match="内网或本机"):
        fetch("http://example.com/", resolver=lambda host, port: ["93.184.215.14", address])


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]"],
)
def test_names_and_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(DocumentError, match=r"内网或本机|找不到主机"):
        fetch(f"http://{host}/")


def test_a_redirect_into_a_network_is_refused(site: str) -> None:
    asked: list[str] = []

    def outside(address: str) -> bool:
        asked.append(address)
        return len(asked) == 1

    with pytest.raises(DocumentError, match="内网或本机"):
        fetch(f"{site}/to/http://127.0.0.1/", allowed=outside)
    assert len(asked) == 2


def test_the_address_that_was_checked_is_connected_to(site: str) -> None:
    port = site.rpartition(":")[2]
    name, _ = fetch(
        f"http://example.com:{port}/a.html",
        allowed=anyone,
        resolver=lambda host, port: ["127.0.0.1"],
    )
    assert name == "a.html"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.com/a.txt", "http://"),
        ("file:///etc/passwd", "http://"),
        ("example.com", "http://"),
        ("http://", "http://"),
        ("http://user:secret@example.com/", "用户名和密码"),
        ("http://example.com:99999/", "不是网址"),
        ("http://[::1/", "不是网址"),
        ("http://example.com/", "找不到主机"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(address: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        fetch(address, resolver=nowhere)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "答复 404"),
        ("/nonsense", "连不上"),
        ("/circle", "转了 5 次"),
        ("/packed", "压缩过的"),
        ("/to/ftp://127.0.0.1/", "http://"),
        ("/to/http://a:b@127.0.0.1/", "用户名和密码"),
    ],
)
def test_what_a_site_does_wrong_is_told(site: str, path: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        fetch(site + path, allowed=anyone)


def test_what_is_too_large_is_refused(site: str) -> None:
    with pytest.raises(DocumentError, match="超过"):
        fetch(f"{site}/large", allowed=anyone, limit=50_000)


@pytest.mark.parametrize("path", ["/slow", "/slow-head"])
def test_what_is_sent_drop_by_drop_is_cut_off(site: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(DocumentError, match="等了太久"):
        fetch(site + path, allowed=anyone, seconds=0.5)
    assert time.monotonic() - started < 5


def test_a_host_that_does_not_answer_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(DocumentError, match="连不上"):
            fetch(f"http://127.0.0.1:{port}/", allowed=anyone)
