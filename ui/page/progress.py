"""How far something is, as lines of JSON until it is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from ui.service.workers import until_done

__all__ = ["LINES", "tell_progress"]

LINES = "application/x-ndjson"

T = TypeVar("T")
Told = Mapping[str, object]


async def tell_progress(
    work: asyncio.Future[T],
    how_far: Callable[[], Told],
    outcome: Callable[[T], Told],
    explained: Callable[[Exception], str],
) -> AsyncIterator[str]:
    """Lines that tell `how_far` work is, and at last its `outcome` or an `error` in words."""
    told: dict[str, Any]
    try:
        async for _ in until_done(work):
            yield _line(how_far())
        told = {**outcome(work.result())}
    except Exception as error:  # noqa: BLE001 - the answer has begun; it ends in words
        told = {"error": explained(error)}
    yield _line(told)


def _line(told: Told) -> str:
    return json.dumps(told) + "\n"
