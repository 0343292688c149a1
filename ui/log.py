"""The log: one JSON object a line on stderr, with the id of the request it is about."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from ui.failures import explain

__all__ = ["LOGGER", "explain_or_log", "request_id", "start_log"]

LOGGER = "dongxihu"  # above all our own that tell what is not a fault

request_id: ContextVar[str] = ContextVar("request_id", default="")


def start_log() -> None:
    """Write our own requests, and whatever goes wrong anywhere, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            ["asctime", "levelname", "name", "message", "request_id"],
            rename_fields={"asctime": "at", "levelname": "level"},
            json_ensure_ascii=False,
        )
    )
    handler.addFilter(_add_request_id)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def explain_or_log(error: Exception, what: str, otherwise: str) -> str:
    """Words for an error; one that nobody expected is logged as `what`, and `otherwise` told."""
    expected = explain(error)
    if expected:
        return expected[0]
    logging.getLogger(LOGGER).error(what, exc_info=error)
    return otherwise


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True
