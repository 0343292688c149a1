"""Counts and times for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ui.failures import NotFoundError

__all__ = ["Metrics"]

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class Metrics:
    """The numbers of one server; nothing in them tells what was asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "dongxihu_questions", "Questions by outcome", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "dongxihu_question_seconds",
            "Time of a question in a worker",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "dongxihu_stage_seconds",
            "Time of a question by stage",
            ["stage"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._requests = Counter(
            "dongxihu_http_requests",
            "HTTP requests by route and status",
            ["route", "status"],
            registry=self._registry,
        )
        self._queue = Gauge(
            "dongxihu_queue", "Requests that run or wait for a worker", registry=self._registry
        )

    def watch_queue(self, taken: Callable[[], int]) -> None:
        """Ask `taken` for the length of the queue whenever the numbers are read."""
        self._queue.set_function(taken)

    @contextmanager
    def question(self) -> Iterator[Callable[[str, Mapping[str, float]], None]]:
        """Time one question; what it yields is told the outcome and the seconds by stage."""
        outcome = "error"

        def told(status: str, seconds: Mapping[str, float]) -> None:
            nonlocal outcome
            outcome = status
            for name, taken in seconds.items():
                self._stages.labels(name).observe(taken)

        began = time.perf_counter()
        try:
            yield told
        except (ValueError, NotFoundError):  # what was asked is at fault
            outcome = "invalid"
            raise
        finally:
            self._questions.labels(outcome).inc()
            self._seconds.observe(time.perf_counter() - began)

    def request(self, route: str, status: int) -> None:
        """Count one HTTP request."""
        self._requests.labels(route, str(status)).inc()

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self._registry)
