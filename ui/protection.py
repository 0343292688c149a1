"""What every request passes before it is answered, and every answer before it leaves."""

from __future__ import annotations

import logging
import re
import time
import uuid
from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.log import LOGGER, request_id
from ui.metrics import Metrics
from ui.problems import problem
from ui.settings import Settings

__all__ = ["COSTLY", "BodyLimit", "RequestLog", "SecurityHeaders", "is_operators"]

COSTLY = re.compile(r"^/(?:api|v1|mcp|login|source|page)(?:/|$)")  # and whatever is posted
OPERATOR = "/operator"
UPLOAD = "/page/documents"
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
    """Refuses a body that is larger than its path may have, by its head or while it comes."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._body = settings.body_kb * 1024
        self._upload = settings.upload_kb * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = problem(413, f"请求超过 {limit // 1024} KB，请缩短", scope["path"])
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said) > limit:
            await refusal(scope, receive, send)
            return
        came = 0

        async def receive_counting() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise HTTPException(413)
            return message

        async def send_in_time(message: Message) -> None:
            if came <= limit:  # what the app makes of its broken body is not told
                await send(message)

        with suppress(HTTPException):
            await self._app(scope, receive_counting, send_in_time)
        if came > limit:
            await refusal(scope, receive, send)

    def _limit(self, path: str) -> int:
        if is_operators(path):
            return OPERATOR_BYTES
        return self._upload if path == UPLOAD else self._body
