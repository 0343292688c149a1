"""A server of our own for a benchmark; apart from locust, which changes how threads wait."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

__all__ = ["server"]


@contextmanager
def server(
    settings: dict[str, str], home: Path | None = None
) -> Iterator[tuple[str, psutil.Process]]:
    """The address and process of a server over a data folder, by default one of its own."""
    with tempfile.TemporaryDirectory() as own:
        environment = {**os.environ, "DONGXIHU_HOME": str(home or own), "PYTHONUTF8": "1"}
        with subprocess.Popen(
            [sys.executable, "-m", "ui", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | settings,
            encoding="utf-8",
        ) as process:
            assert process.stdout is not None
            try:
                said = process.stdout.readline()
                yield (
                    "http://" + said.split("http://")[1].split("（")[0].strip(),
                    psutil.Process(process.pid),
                )
            finally:
                process.terminate()
