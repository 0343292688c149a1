"""An app of others within ours: what breaks in it is told as we tell it, and in our log."""

from __future__ import annotations

import logging
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.faces.problems import problem
from ui.telemetry.log import LOGGER

__all__ = ["Mounted"]

WHY = 200  # characters of an error that are logged: a client may have written them

_log = logging.getLogger(LOGGER)


class Mounted:
    """Takes what breaks in an app for what its client asked wrongly.

    Gradio does not look at what comes before it uses it, so that anybody could have it answer 500
    and fill the log with tracebacks. An answer that has begun is ended as if it were whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        begun = broken = False

        async def send_unless_broken(message: Message) -> None:
            nonlocal begun, broken
            if message["type"] == "http.response.start":
                broken = message["status"] == HTTPStatus.INTERNAL_SERVER_ERROR
                begun = not broken
            if not broken:
                await send(message)

        try:
            await self._app(scope, receive, send_unless_broken)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is none of ours
            broken = True
            _log.warning("a mounted app broke off", extra={"why": repr(error)[:WHY]})
        if not broken:
            return
        if begun:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif scope["method"] in ("GET", "HEAD"):
            await problem(404, "没有这个地址，请检查拼写", scope["path"])(scope, receive, send)
        else:
            told = problem(400, "请求读不了，请检查地址和正文里的每一项", scope["path"])
            await told(scope, receive, send)
