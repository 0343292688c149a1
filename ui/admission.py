"""Who may come in, from where, and how often."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access import Access, Role, Sessions
from ui.failures import AccessError
from ui.problems import problem
from ui.protection import COSTLY, is_operators
from ui.settings import Settings

__all__ = ["COOKIE", "LOGIN", "Admission", "is_loopback"]

COOKIE = "dongxihu_session"
LOGIN = "/login"
OPEN_PATHS = ("/healthz", "/readyz", LOGIN)
OPEN_FOLDER = "/site/"
LOGINS_A_MINUTE = 10
OPEN_AT_ONCE = 200  # requests of one client, of the thousand that the server holds
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


# What the page and Gradio's client need of Gradio. The rest reads files and fetches addresses for
# whoever asks, and its own checks hold only for an app that it has launched itself.
_GRADIO = re.compile(
    r"(?:queue/(?:join|data)|heartbeat/[^/]+|info|startup-events|theme\.css|reset|cancel|call/.+)$"
)


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
        settings: Settings,
        local_only: bool,
        public: bool,
    ) -> None:
        self._app = app
        self._access = access
        self._sessions = sessions
        self._local_only = local_only
        self._public = public
        self._rate = RateLimitItemPerMinute(settings.rate)
        self._logins = RateLimitItemPerMinute(LOGINS_A_MINUTE)
        self._open: Counter[str] = Counter()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over a web socket
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            refusal = self._refuse(scope)
        except AccessError as error:  # nobody comes in while it cannot be told who may
            refusal = problem(503, str(error), scope["path"])
        address = _address(scope)
        if self._open[address] >= OPEN_AT_ONCE:
            refusal = problem(429, "同时打开的连接太多，请稍后再试", scope["path"])
        self._open[address] += 1
        try:
            await (refusal or self._app)(scope, receive, send)
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forgets those that have none

    def _refuse(self, scope: Scope) -> Response | None:
        """What to say to a request that may not come in, None for one that may."""
        headers, path, method = Headers(scope=scope), scope["path"], scope["method"]
        gradio = path.partition("/gradio_api/")[2]
        if gradio and not _GRADIO.match(gradio) and not is_operators(path):
            return problem(404, "没有这个地址", path)
        foreign = self._foreign(headers, method)
        if foreign:
            return problem(403, foreign, path)
        name, role = self._known(scope, headers)
        wait = self._seconds_to_wait(method, path, _address(scope), name)
        if wait:
            return problem(429, f"请求太频繁，请 {wait} 秒后再试", path, wait)
        if self._may_enter(path, role):
            return None
        if method == "GET" and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            asked = f"{path}?{query}" if query else path
            return RedirectResponse(f"{LOGIN}?next={quote(asked, safe='')}", 303)
        return problem(401, "需要访问令牌，请加上 Authorization: Bearer <令牌>", path)

    def _foreign(self, headers: Headers, method: str) -> str:
        """Why a request must come from another site's page, or "" where nothing shows it."""
        host = headers.get("host", "")
        if self._local_only and not is_loopback(host):
            return "本服务只接受以本机地址发来的请求，请用 http://127.0.0.1 打开"
        if self._local_only and any(name in headers for name in FORWARDED):
            return "经代理访问需要令牌：请先在服务器上运行 dongxihu token 名字"
        origin = headers.get("origin")
        if method in UNSAFE and origin is not None and _netloc(origin) != host:
            return "不接受来自其他网站的请求"
        if method in UNSAFE and headers.get("sec-fetch-site") == "cross-site":
            return "不接受来自其他网站的请求"
        return ""

    def _known(self, scope: Scope, headers: Headers) -> tuple[str, Role | None]:
        """Under which name a request comes and what it may do; "" and None for a stranger."""
        kind, _, token = headers.get("authorization", "").partition(" ")
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

    def _seconds_to_wait(self, method: str, path: str, address: str, name: str) -> int:
        """After how long a client may come again, 0 where it may now; counts this time.

        Logins are counted by address: each gives a name of its own.
        """
        client = name or address
        limits: list[tuple[RateLimitItem, str]] = []
        if path == LOGIN and method == "POST":
            limits.append((self._logins, f"{LOGIN} {address}"))
        if method in UNSAFE or COSTLY.search(path):
            limits.append((self._rate, client))
        for limit, key in limits:
            if not self._limiter.hit(limit, key):
                free_at = self._limiter.get_window_stats(limit, key).reset_time
                return max(1, math.ceil(free_at - time.time()))
        return 0


def is_loopback(host: str) -> bool:
    """Whether a host, with a port or without, is this machine under a name of its own."""
    try:
        bare = f"[{host}]" if host.count(":") > 1 and "[" not in host else host
        name = urlsplit(f"//{bare}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _address(scope: Scope) -> str:
    """Where a request comes from, "" where that is not known."""
    return str((scope.get("client") or ("", 0))[0])


def _netloc(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
