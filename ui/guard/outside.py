"""The server as its clients see it: under a path of its own, and through a proxy."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address

from pydantic import IPvAnyNetwork
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BELIEVED", "DOUBTED", "Outside"]

BELIEVED = "believed"
DOUBTED = "doubted"

READ_LATER = ("x-forwarded-for", "x-forwarded-proto")  # by uvicorn, which this is put before
FORWARDED = (*READ_LATER, "x-forwarded-host", "x-forwarded-prefix", "x-real-ip", "forwarded")
STREAMS = ("text/event-stream", "application/x-ndjson")


class Outside:
    """Turns a request as its client sends it into one to a server that stands alone, and back.

    Behind it every path begins at "/". What proxies tell of a request is believed of those that
    the operator has named and hidden from all else; `scope["proxy"]` says whether it was either.
    """

    def __init__(self, app: ASGIApp, root: str, trusted: Collection[IPvAnyNetwork]) -> None:
        self._app = app
        self._root = root
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        app = self._app
        scope["proxy"] = self._read_proxy(scope)  # not in a copy: `Connection` reads it again
        if self._root and scope["path"] == self._root:
            app = RedirectResponse(f"/?{scope['query_string'].decode('latin-1')}".rstrip("?"))
        elif scope["path"].startswith(f"{self._root}/"):  # most proxies have taken it away
            scope["path"] = scope["path"].removeprefix(self._root)

        async def send_outside(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                location = headers.get("location", "")
                if location.startswith("/"):
                    headers["location"] = f"{self._root}{location}"
                if headers.get("content-type", "").startswith(STREAMS):
                    headers["X-Accel-Buffering"] = "no"  # else nginx keeps it until it is whole
            await send(message)

        await app(scope, receive, send_outside)

    def _read_proxy(self, scope: Scope) -> str:
        headers = MutableHeaders(scope=scope)
        told = [name for name in FORWARDED if name in headers]
        believed = self._trusts(scope) and "x-forwarded-for" in headers
        if believed:
            headers["host"] = headers.get("x-forwarded-host") or headers.get("host", "")
        for name in told:
            if not (believed and name in READ_LATER):
                del headers[name]
        if believed:
            return BELIEVED
        return DOUBTED if told else ""

    def _trusts(self, scope: Scope) -> bool:
        try:
            address = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(address in network for network in self._trusted)
