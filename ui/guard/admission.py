"""Who may come in, from where, and how often."""

from __future__ import annotations

import math
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from cachetools import TTLCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.faces.problems import problem
from ui.failures import AccessError
from ui.guard.access import Access, Role, Sessions
from ui.guard.outside import BELIEVED, DOUBTED
from ui.guard.protection import COSTLY, is_operators
from ui.service.service import Service
from ui.service.workers import asker

__all__ = ["COOKIE", "LOGIN", "Admission", "Rate", "crowding", "is_loopback"]

COOKIE = "dongxihu_session"
LOGIN = "/login"
OPEN_PATHS = ("/healthz", "/readyz", LOGIN)
OPEN_FOLDER = "/site/"
LOGINS_A_MINUTE = 10
VERDICTS = ("/page/feedback", "/api/feedback")
VERDICTS_A_MINUTE = 60
MINUTE = 60  # seconds
STARTING_SECONDS = 5  # after which to come again while the index is opened
CLIENTS = 100_000  # whose times are kept
OPEN_AT_ONCE = 200  # requests of one address
OPEN_IN_ALL = 1000
UNFINISHED = 500  # connections without a whole request; one more closes another
UNFINISHED_OF_ONE = 150  # of one address: fewer than the requests that it may have open
UNSERVED = (408, 429, 503)  # nothing was done, so that it does not count
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PROXY_DOUBTED = (
    "不认识转来请求的代理：请把它的地址写进设置 trusted_proxies"
    "（如 DONGXIHU_SERVER_TRUSTED_PROXIES=127.0.0.1），并让它发送 X-Forwarded-For；"
    "或运行 dongxihu token 名字 生成令牌。然后重新启动服务"
)


# What the page and Gradio's client need of Gradio. The rest reads files and fetches addresses for
# whoever asks, and its own checks hold only for an app that it has launched itself.
_GRADIO = re.compile(
    r"(?:queue/(?:join|data)|heartbeat/[^/]+|info|startup-events|theme\.css|reset|cancel"
    r"|call/answer(?:/[^/]+)?)$"
)
# What it offers for a page that is installed as an app, and cannot make of our icon; and what it
# has for its own makers.
_GRADIO_UNUSED = re.compile(
    r"(?:/operator)?(?:/en)?/(?:manifest\.json|(?:pwa_icon|monitoring|svelte)(?:/.*)?)$"
)


class Rate:
    """How often each client has come in the last minute, by a clock that nobody sets."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._times: TTLCache[str, deque[float]] = TTLCache(CLIENTS, MINUTE, timer=clock)

    def take(self, client: str) -> int:
        """Count one time and give 0, or after how many seconds to come again instead."""
        now = self._clock()
        times = self._times.get(client, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= self._limit:
            return max(1, math.ceil(times[0] + MINUTE - now))
        times.append(now)
        self._times[client] = times  # for another minute
        return 0

    def give_back(self, client: str) -> None:
        """Count one time less, since nothing came of it."""
        times = self._times.get(client)
        if times:
            times.pop()


class Admission:
    """Lets in who may come in: same origin, a known name, a token where one is needed, a fair rate.

    `local_only` servers answer to the names of this machine alone, so that no page of another
    site can reach them under a name of its own.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        sessions: Sessions,
        service: Service,
        local_only: bool,
        public: bool,
    ) -> None:
        self._app = app
        self._access = access
        self._sessions = sessions
        self._service = service
        self._local_only = local_only
        self._public = public
        self._rate = Rate(service.settings.rate)
        self._logins = Rate(LOGINS_A_MINUTE)
        self._verdicts = Rate(VERDICTS_A_MINUTE)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over a web socket
            await send({"type": "websocket.close", "code": 1008})
            return
        address = _address(scope)
        client = address
        try:
            name, role = self._known(scope)
            client = name or address
            refusal = self._crowded(scope["path"], address) or self._refuse(scope, client, role)
            refusal = refusal or self._starting(scope["path"])
        except AccessError as error:  # nobody comes in while it cannot be told who may
            refusal = problem(503, str(error), scope["path"])

        async def send_counting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in UNSERVED:
                if _is_counted(scope):
                    self._rate.give_back(client)
                if message["status"] == HTTPStatus.TOO_MANY_REQUESTS:
                    retry = str(self._service.workers.retry_seconds())
                    MutableHeaders(scope=message)["Retry-After"] = retry
            await send(message)

        self._open[address] += 1
        token = asker.set(client)
        try:
            if refusal:
                await refusal(scope, receive, send)
            else:
                await self._app(scope, receive, send_counting)
        finally:
            asker.reset(token)
            self._open[address] -= 1
            self._open += Counter()  # forgets those that have none

    def _crowded(self, path: str, address: str) -> Response | None:
        """What to say where too much is asked at once, None where it is not."""
        if self._open[address] >= OPEN_AT_ONCE:
            return problem(429, "同时打开的连接太多，请稍后再试", path)
        if self._open.total() >= OPEN_IN_ALL:
            return problem(503, "现在打开的连接太多，请稍后再试", path)
        return None

    def _starting(self, path: str) -> Response | None:
        """What to say to a question that would wait for the index to be opened or made."""
        if self._service.warmed or path == LOGIN or not COSTLY.search(path):
            return None
        return problem(503, "服务正在启动，请稍后再试", path, STARTING_SECONDS)

    def _refuse(self, scope: Scope, client: str, role: Role | None) -> Response | None:
        """What to say to a request that may not come in, None for one that may."""
        headers, path, method = Headers(scope=scope), scope["path"], scope["method"]
        gradio = path.partition("/gradio_api/")[2]
        if (gradio and not _GRADIO.match(gradio)) or _GRADIO_UNUSED.match(path):
            return problem(404, "没有这个地址", path)
        foreign = self._foreign(headers, method, scope["proxy"])
        if foreign:
            return problem(403, foreign, path)
        wait = self._seconds_to_wait(scope, client)
        if wait:
            return problem(429, f"请求太频繁，请 {wait} 秒后再试", path, wait)
        if self._may_enter(path, role):
            return None
        if method == "GET" and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            asked = f"{path}?{query}" if query else path
            return RedirectResponse(f"{LOGIN}?next={quote(asked, safe='')}", 303)
        return problem(401, "需要访问令牌，请加上 Authorization: Bearer <令牌>", path)

    def _foreign(self, headers: Headers, method: str, proxy: str) -> str:
        """Why a request must come from another site's page, or "" where nothing shows it."""
        host = headers.get("host", "")
        if self._local_only and proxy == DOUBTED:
            return PROXY_DOUBTED
        if self._local_only and proxy != BELIEVED and not is_loopback(host):
            return "本服务只接受以本机地址发来的请求，请用 http://127.0.0.1 打开"
        origin = headers.get("origin")
        if method in UNSAFE and origin is not None and _netloc(origin) != host:
            return "不接受来自其他网站的请求"
        if method in UNSAFE and headers.get("sec-fetch-site") == "cross-site":
            return "不接受来自其他网站的请求"
        return ""

    def _known(self, scope: Scope) -> tuple[str, Role | None]:
        """Under which name a request comes and what it may do; "" and None for a stranger."""
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            name = self._access.owner_of(token.strip())
            return (name, "visitor") if name else ("", None)
        key = HTTPConnection(scope).cookies.get(COOKIE, "")
        role = self._sessions.role_of(key)
        return (key, role) if role else ("", None)

    def _may_enter(self, path: str, role: Role | None) -> bool:
        if is_operators(path):
            return role == "operator"
        if path in OPEN_PATHS or path.startswith(OPEN_FOLDER) or role:
            return True
        # Revoking the last token must not open what others can reach.
        return self._public or (self._local_only and not self._access.needed)

    def _seconds_to_wait(self, scope: Scope, client: str) -> int:
        """After how long a client may come again, 0 where it may now; counts this time.

        Logins are counted by address: each gives a name of its own. So are verdicts, of which each
        is kept: an operator reads them.
        """
        wait = 0
        if scope["path"] == LOGIN and scope["method"] == "POST":
            wait = self._logins.take(_address(scope))
        elif scope["path"] in VERDICTS and scope["method"] == "POST":
            wait = self._verdicts.take(_address(scope))
        if not wait and _is_counted(scope):
            wait = self._rate.take(client)
        return wait


def crowding(addresses: Sequence[str], newcomer: str) -> str | None:
    """Which address has more connections without a whole request than it may, None for none."""
    counts = Counter(addresses)
    if counts[newcomer] > UNFINISHED_OF_ONE:
        return newcomer
    return counts.most_common(1)[0][0] if counts.total() > UNFINISHED else None


def is_loopback(host: str) -> bool:
    """Whether a host, with a port or without, is this machine under a name of its own."""
    try:
        bare = f"[{host}]" if host.count(":") > 1 and "[" not in host else host
        name = urlsplit(f"//{bare}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _is_counted(scope: Scope) -> bool:
    return scope["method"] in UNSAFE or bool(COSTLY.search(scope["path"]))


def _address(scope: Scope) -> str:
    """Where a request comes from, "" where that is not known."""
    return str((scope.get("client") or ("", 0))[0])


def _netloc(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
