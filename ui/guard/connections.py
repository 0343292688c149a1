"""A client's connection: how long it may take to ask, and to take its answer."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from ui.faces.problems import problem
from ui.guard.admission import crowding
from ui.guard.protection import late, raw

__all__ = ["Connection"]

STALLED_SECONDS = 20  # in which a client takes nothing of its answer


class Connection(H11Protocol):  # httptools would read a header without end
    """Has a limited time to send the whole head of a request, and to go on taking the answer.

    Where too many wait for a request, the one that has waited longest is closed: who means to
    ask has asked long before it would be his.
    """

    def __init__(self, config: uvicorn.Config, server_state: ServerState, **more: Any) -> None:
        super().__init__(config, server_state, **more)
        self.since = self._taken_at = self.loop.time()
        self._untaken = 0

    @property
    def address(self) -> str:
        """Who is answered, perhaps through a proxy; while nobody is, who has connected."""
        client = self.client if self.idle else self.scope["client"]
        return client[0] if client else ""

    @property
    def idle(self) -> bool:
        """Whether nothing is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def unfinished(self) -> bool:
        """Whether a whole request is still to come."""
        return not self.transport.is_closing() and (self.idle or self.cycle.more_body)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and close another where too many wait."""
        super().connection_made(transport)
        waiting = [c for c in self.connections if isinstance(c, Connection) and c.unfinished]
        address = crowding([one.address for one in waiting], self.address)
        crowd = [one for one in waiting if one.address == address]
        if crowd:
            min(crowd, key=lambda one: one.since).give_up()

    def on_response_complete(self) -> None:
        """From now on wait for the next request."""
        self.since = self.loop.time()
        super().on_response_complete()

    def check(self) -> None:
        """Close it where its client is overdue."""
        now = self.loop.time()
        overdue = now > self.since + self.timeout_keep_alive
        if overdue and self.idle and not self.transport.is_closing():
            self.give_up()
        untaken = self.transport.get_write_buffer_size()
        if not untaken or untaken < self._untaken:
            self._taken_at = now
        self._untaken = untaken
        if now > self._taken_at + STALLED_SECONDS:
            self.transport.abort()

    def give_up(self) -> None:
        """Close it, with words where its request has begun."""
        if self.idle and not self.conn.trailing_data[0]:
            self.transport.close()
        else:
            self._end(late())

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; uvicorn's own would come amid an answer as well."""
        self._end(problem(400, "请求读不了，请按 HTTP/1.1 发送"))

    def _end(self, response: Response) -> None:
        if self.idle or not self.cycle.response_started:
            self.transport.write(raw(response))
        if not self.idle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
