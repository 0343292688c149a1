"""A page or file of the web that the operator names: of public hosts only, within limits."""

from __future__ import annotations

import contextlib
import html
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from corpus.errors import DocumentError
from corpus.readers.formats import FILE_LIMIT, is_readable
from corpus.readers.text import decode

__all__ = ["fetch", "is_public", "resolve"]

SECONDS = 30.0  # in all, however slowly the host sends
REDIRECTS = 5
CHUNK = 65_536
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # to IPv4, by NAT64
_MOVED = (301, 302, 303, 307, 308)
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
_PACKED = ("gzip", "x-gzip", "deflate")
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})</title>", re.IGNORECASE)
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')

_HEADERS = {
    "User-Agent": "dongxihu-qa",
    "Accept": "text/html,application/pdf,text/plain,*/*;q=0.5",
    "Accept-Encoding": "identity, gzip;q=0.5, deflate;q=0.5",  # some sites pack unasked
    "Connection": "close",
}


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also within an IPv6 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system finds them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    address: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    resolver: Callable[[str, int], list[str]] = resolve,
    limit: int = FILE_LIMIT,
    seconds: float = SECONDS,
) -> tuple[str, bytes]:
    """A name that tells the format, and the content, of a http(s) address; raises DocumentError.

    Every address that a host resolves to must be `allowed`, and it is one of those that is
    connected to; redirects are followed a few times, each looked at in the same way.
    """
    end = time.monotonic() + seconds
    there = address
    for _ in range(REDIRECTS + 1):
        target = _checked(there, address)
        host = _host_address(target, address, allowed, _within(resolver, end))
        with _told(address), _connected(target, host, end) as connection:
            connection.request("GET", _path(target), headers=_HEADERS)
            response = connection.getresponse()
            moved = response.getheader("Location") if response.status in _MOVED else None
            if not moved:
                data = _content(response, address, limit)
                return _name(target, response, data), data
        there = urljoin(there, moved)
    raise DocumentError(f"{address}: 转了 {REDIRECTS} 次还没到，请换成最后的网址")


class _Pinned(http.client.HTTPConnection):
    """A connection to the IP address that was checked, whatever its host resolves to by now."""

    def __init__(self, target: SplitResult, address: str, timeout: float) -> None:
        port = target.port or (443 if target.scheme == "https" else 80)
        super().__init__(str(target.hostname).encode("idna").decode(), port, timeout=timeout)
        self._address = address
        self._secure = target.scheme == "https"
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        """Connect to that address, and to the host by its certificate."""
        self.sock = self._socket = socket.create_connection(
            (self._address, self.port), self.timeout
        )
        if self._secure:
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self._socket = secured
            secured.do_handshake()

    def cut_off(self) -> None:
        """End whatever is being sent, also what `sock` no longer holds."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _checked(there: str, address: str) -> SplitResult:
    """An address in its parts, where it is one that may be asked for."""
    try:
        target = urlsplit(there.strip())
        port_is_fit = target.port != 0
    except ValueError as error:
        raise DocumentError(f"{address}: 不是网址，请检查") from error
    if target.scheme not in ("http", "https") or not target.hostname or not port_is_fit:
        raise DocumentError(f"{address}: 只能读 http:// 或 https:// 开头的网址")
    if target.username is not None or target.password is not None:
        raise DocumentError(f"{address}: 网址里不能带用户名和密码，请去掉")
    return target


def _host_address(
    target: SplitResult,
    address: str,
    allowed: Callable[[str], bool],
    resolver: Callable[[str, int], list[str]],
) -> str:
    """The IP address to connect to; all that a host has must be allowed."""
    try:
        found = resolver(str(target.hostname), target.port or 80)
    except TimeoutError as error:
        raise DocumentError(f"{address}: 等了太久还没找到主机，请稍后再试或下载后上传") from error
    except (OSError, UnicodeError) as error:
        raise DocumentError(f"{address}: 找不到主机 {target.hostname}，请检查网址和网络") from error
    if not found or not all(map(allowed, found)):
        raise DocumentError(f"{address}: 是内网或本机的地址，只能读公网上的网页")
    return found[0]


def _within(
    resolver: Callable[[str, int], list[str]], end: float
) -> Callable[[str, int], list[str]]:
    """A resolver that raises TimeoutError at an end; the system's own may take minutes."""

    def resolved(host: str, port: int) -> list[str]:
        found: list[list[str] | Exception] = []

        def look_up() -> None:
            try:
                found.append(resolver(host, port))
            except Exception as error:  # noqa: BLE001 - raised below, in the thread that asked
                found.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(max(0.0, end - time.monotonic()))
        if not found:
            raise TimeoutError
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    return resolved


@contextlib.contextmanager
def _connected(target: SplitResult, host: str, end: float) -> Iterator[_Pinned]:
    """A connection that is cut off at an end, however little it sends at a time."""
    connection = _Pinned(target, host, max(0.01, end - time.monotonic()))
    watch = threading.Timer(max(0.0, end - time.monotonic()), connection.cut_off)
    watch.daemon = True
    watch.start()
    try:
        yield connection
        if time.monotonic() >= end:
            raise TimeoutError
    except (OSError, http.client.HTTPException) as error:
        raise TimeoutError if time.monotonic() >= end else error from error
    finally:
        watch.cancel()
        connection.close()


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise DocumentError(f"{address}: 等了太久还没传完，请稍后再试或下载后上传") from error
    except ssl.SSLError as error:
        raise DocumentError(f"{address}: 证书有问题，请用浏览器下载后上传") from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise DocumentError(f"{address}: 连不上，请检查网址和网络") from error


def _path(target: SplitResult) -> str:
    path = quote(target.path or "/", safe="/%:@!$&'()*+,;=~")
    return f"{path}?{quote(target.query, safe='/%:@!$&()*+,;=~?')}" if target.query else path


def _content(response: http.client.HTTPResponse, address: str, limit: int) -> bytes:
    if response.status != http.client.OK:
        raise DocumentError(f"{address}: 网站答复 {response.status}，请检查网址")
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in (*_PACKED, "identity", ""):
        raise DocumentError(f"{address}: 网站给的是 {coding} 压缩过的内容，请用浏览器下载后上传")
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in _unpacked(response) if coding in _PACKED else _sent(response):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise DocumentError(f"{address}: 超过 {limit // 2**20} MB，请下载后拆分")
    except (zlib.error, EOFError) as error:
        raise DocumentError(
            f"{address}: 网站给的压缩过的内容已损坏或不完整，请用浏览器下载后上传"
        ) from error
    return b"".join(chunks)


def _sent(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read(CHUNK):
        yield chunk


def _unpacked(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """What was sent, unpacked a little at a time; raises zlib.error, or EOFError where it ends
    too early.

    Of deflate there are two kinds: some sites leave out the head that zlib writes. Parts of
    gzip may follow one another; anything else that follows is passed over.
    """
    unpacker = None
    for sent in _sent(response):
        packed = sent
        while packed:
            if unpacker is not None and unpacker.eof and packed[:1] != b"\x1f":
                return
            if unpacker is None or unpacker.eof:
                headless = unpacker is None and packed[:1] != b"\x1f" and packed[0] & 15 != 8
                unpacker = zlib.decompressobj(-zlib.MAX_WBITS if headless else zlib.MAX_WBITS | 32)
            yield unpacker.decompress(packed, CHUNK)
            packed = unpacker.unconsumed_tail or unpacker.unused_data
    while unpacker is not None and not unpacker.eof:
        rest = unpacker.decompress(b"", CHUNK)
        if not rest:
            raise EOFError
        yield rest


def _name(target: SplitResult, response: http.client.HTTPResponse, data: bytes) -> str:
    """A name for what came: of the path, else of the page's title, with a suffix that fits."""
    name = PurePosixPath(unquote(target.path)).name
    suffix = _SUFFIXES.get(response.headers.get_content_type(), "")
    if is_readable(name) and suffix in ("", PurePosixPath(name).suffix, ".txt"):
        return _UNFIT.sub("_", name)
    stem = PurePosixPath(name).stem if is_readable(name) else name
    titled = _TITLE.search(data)
    if titled and suffix == ".html":
        with contextlib.suppress(DocumentError):
            stem = " ".join(html.unescape(decode(titled[1], name)).split()) or stem
    return _UNFIT.sub("_", stem or str(target.hostname)) + (suffix or PurePosixPath(name).suffix)
