"""The log: one JSON object a line on stderr, with the id of the request it is about."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from ui.failures import explain, explain_to_visitor

__all__ = ["LOGGER", "explain_and_log", "explain_or_log", "request_id", "start_log"]

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


def explain_and_log(error: Exception) -> tuple[str, int] | None:
    """What a visitor is told of an expected error, and an exit code; the rest is logged."""
    expected, told = explain(error), explain_to_visitor(error)
    if expected and told != expected:
        logging.getLogger(LOGGER).error("the index cannot be used", extra={"why": expected[0]})
    return told


def explain_or_log(error: Exception, what: str, otherwise: str) -> str:
    """Words for an error; one that nobody expected is logged as `what`, and `otherwise` told."""
    expected = explain_and_log(error)
    if expected:
        return expected[0]
    logging.getLogger(LOGGER).error(what, exc_info=error)
    return otherwise


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True
