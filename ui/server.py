"""The server behind the chat page, which lets no request leave the machine."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa import answer
from ui.failures import PortError
from ui.web import example_questions, mount_page

__all__ = ["LocalOnly", "serve"]

SHUTDOWN_SECONDS = 1  # pages left open hold a connection that never ends by itself

# 'unsafe-inline' and 'unsafe-eval' are what Gradio's own page needs; nothing may come from,
# or go to, any other host.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def serve(host: str, port: int) -> None:
    """Serve the chat page until stopped; raises PortError where the address cannot be used."""
    listener = _listen(host, port)
    # Asked before the address is shown: it opens the index, and over another corpus than the
    # default one it leaves out the examples that corpus does not answer.
    examples = [q for q in example_questions() if answer(q).status == "answered"]
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mount_page(app, answer, examples)
    config = uvicorn.Config(
        LocalOnly(app),
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    print(f"问答页面已就绪：{_address(listener)}（按 Ctrl+C 停止）", flush=True)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortError(
            f"不能监听 {host}:{port}（{error.strerror}），请用 --port 另选一个端口，或检查 --host"
        ) from error


def _address(listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class LocalOnly:
    """Tells the browser to load from, and send to, this server alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = CONTENT_POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._app(scope, receive, send_with_policy)
