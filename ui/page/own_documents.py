"""Documents that a visitor brings along: read while the page is told how far, listed, dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ui.page.progress import LINES, tell_progress
from ui.page.words import words_in
from ui.service.service import Service
from ui.telemetry.log import explain_or_log

__all__ = ["build_own_documents"]

Name = Annotated[str, Query(max_length=255)]  # the longest that file systems take


def build_own_documents(service: Service) -> APIRouter:
    """The routes under /page/documents."""
    pages = APIRouter(prefix="/page", include_in_schema=False)

    @pages.post("/documents")
    async def bring(
        request: Request,
        name: Name,
        visit: Annotated[str, Query(max_length=64)] = "",
        lang: str = "",
    ) -> StreamingResponse:
        """Read a document into a visit: lines of JSON with how far it is, at last with its key."""
        with ExitStack() as taking:
            taking.enter_context(service.receiving.take())  # before any of it is in memory
            data = await request.body()
            place = taking.pop_all()
        progress = _Progress()
        reading = asyncio.ensure_future(service.bring(data, name, visit, progress.tell))
        reading.add_done_callback(lambda _: place.close())
        internal = words_in(lang).internal
        lines = tell_progress(
            reading,
            lambda: {"percent": progress.percent},
            lambda key: {"visit": key},
            lambda error: explain_or_log(error, "a document could not be read", internal),
        )
        return _Reading(reading, lines)

    @pages.get("/documents/{visit}")
    async def brought(visit: str) -> list[str]:
        """Which documents a visit asks, for a page that was loaded anew."""
        return await asyncio.to_thread(service.visits.titles, visit)

    @pages.delete("/documents/{visit}", status_code=204)
    async def forget(visit: str, name: Name = "") -> None:
        """Drop the documents of a visit, or the one of a name."""
        await asyncio.to_thread(service.visits.forget, visit, name)  # it is taken apart, too

    return pages


class _Progress:
    """How far a reading is."""

    def __init__(self) -> None:
        self.percent = 0

    def tell(self, done: int, total: int) -> None:
        """Note how many passages of all have been read."""
        self.percent = 100 * done // total


class _Reading(StreamingResponse):
    """What is told of a reading while it goes on; a client that leaves ends it."""

    def __init__(self, reading: asyncio.Future[str], lines: AsyncIterator[str]) -> None:
        super().__init__(lines, media_type=LINES)
        self._reading = reading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:  # also where the client has left before the first line
            self._reading.cancel()
