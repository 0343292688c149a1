"""What every request passes before it is answered, and every answer before it leaves."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.faces.problems import problem
from ui.page.words import ENGLISH, words_for
from ui.settings import Settings
from ui.telemetry.log import LOGGER, request_id
from ui.telemetry.metrics import Metrics

__all__ = [
    "COSTLY",
    "OPERATOR_BYTES",
    "BodyLimit",
    "OwnLanguage",
    "RequestLog",
    "SecurityHeaders",
    "is_operators",
    "late",
    "raw",
]

COSTLY = re.compile(r"^/(?:api|v1|mcp|login|source|page)(?:/|$)")  # and whatever is posted
OPERATOR = "/operator"
UPLOAD = "/page/documents"
ENGLISH_PAGES = {"/": "/en/", "/operator/": "/operator/en/"}
BYTES_A_SECOND = 16 * 1024  # of a body; a slower one has no more time than a small one
OPERATOR_BYTES = 64 * 2**20  # of one request to the operator's page; a file has 20 MB at most

# 'unsafe-inline' and 'unsafe-eval' are what Gradio's own page needs; nothing may come from,
# or go to, any other host.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_REQUEST_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_log = logging.getLogger(f"{LOGGER}.requests")


def is_operators(path: str) -> bool:
    """Whether a path is the operator's page or something of it."""
    return path == OPERATOR or path.startswith(f"{OPERATOR}/")


class SecurityHeaders:
    """Tells the browser to load from, and send to, this server alone, and nobody to read along."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                for name in [n for n in headers if n.startswith("access-control-")]:
                    del headers[name]  # Gradio opens itself to other pages of this machine
            await send(message)

        await self._app(scope, receive, send_with_policy)


class RequestLog:
    """Gives each request an id, counts it, and writes one line about it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        key = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(key)
        began = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = key
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.request(route, status)
            told = COSTLY.search(scope["path"]) or status >= HTTPStatus.BAD_REQUEST
            _log.log(
                logging.INFO if told else logging.DEBUG,  # a page is made of some fifty files
                "request",
                extra={
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "ms": round(1000 * (time.perf_counter() - began), 1),
                },
            )
            request_id.reset(token)


class BodyLimit:
    """Refuses a body that is larger than its path may have, or takes longer to come than it may."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._body = settings.body_kb * 1024
        self._upload = settings.upload_kb * 1024
        self._seconds = settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, setting = self._limit(scope["path"])
        mend = f"请缩短，或由运维人员调大设置 {setting}" if setting else "请缩短"
        too_large = problem(413, f"请求超过 {limit // 1024} KB，{mend}", scope["path"])
        headers = Headers(scope=scope)
        said = headers.get("content-length", "0")
        if not said.isdecimal() or int(said) > limit:
            await too_large(scope, receive, send)
            return
        none = said == "0" and "transfer-encoding" not in headers
        body = _Body(receive, limit, self._seconds, whole=none)
        started = False

        async def send_unless_broken(message: Message) -> None:
            nonlocal started
            if not body.broken:  # what the app makes of it is not told
                started = True
                await send(message)

        with suppress(HTTPException):
            await self._app(scope, body.receive, send_unless_broken)
        if body.broken and not started:
            refusal = too_large if body.came > limit else late(scope["path"])
            await refusal(scope, receive, send)

    def _limit(self, path: str) -> tuple[int, str]:
        """How many bytes a body may have, and the setting that says so, "" where none does."""
        if is_operators(path):
            return OPERATOR_BYTES, ""
        return (self._upload, "upload_kb") if path == UPLOAD else (self._body, "body_kb")


class _Body:
    """A body that is counted and timed while it comes, from when it is first asked for.

    One that is `whole` at once, as of most GETs, is neither: a stream that is answered with waits
    for the client to go.
    """

    def __init__(self, receive: Receive, limit: int, seconds: float, whole: bool) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._until = 0.0
        self._whole = whole
        self.came = 0
        self.broken = False

    async def receive(self) -> Message:
        """The next message; raises HTTPException where no whole body comes."""
        if self._whole:  # what comes now is that the client has gone
            return await self._receive()
        message = await self._next()
        self.came += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self.came > self._limit:
            self.broken = True
            raise HTTPException(413)
        return message

    async def _next(self) -> Message:
        self._until = self._until or time.monotonic() + self._seconds
        until = self._until + self.came / BYTES_A_SECOND
        try:
            message = await asyncio.wait_for(self._receive(), until - time.monotonic())
            if message["type"] == "http.request":
                return message
        except asyncio.TimeoutError:
            pass
        self.broken = True
        raise HTTPException(408)


class OwnLanguage:
    """Sends a browser that prefers another language than Chinese to the English page.

    A choice in the address (`?lang=`) is left alone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        app = self._app
        path = scope.get("path")
        if scope["type"] == "http" and scope["method"] == "GET" and path in ENGLISH_PAGES:
            headers = Headers(scope=scope)
            query = scope["query_string"].decode("latin-1")
            wants = words_for(headers.get("accept-language", ""))
            page = "text/html" in headers.get("accept", "")
            if wants is ENGLISH and page and "lang" not in QueryParams(query):
                app = RedirectResponse(f"{ENGLISH_PAGES[path]}?{query}", 307)
        await app(scope, receive, send)


def late(path: str = "") -> Response:
    """What to say to a client that does not send the whole of its request."""
    response = problem(408, "请求没有按时发完，请检查网络后重试", path)
    response.headers["Connection"] = "close"
    return response


def raw(response: Response) -> bytes:
    """A response as it is sent where no app answers, the last of its connection."""
    response.headers["Connection"] = "close"
    head = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}\r\n"
    lines = [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
    return b"".join([head.encode(), *lines, b"\r\n", bytes(response.body)])
