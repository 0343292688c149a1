"""Waiting for what a test needs as long as it may take on a machine that is busy with others."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["PATIENCE", "until"]

PATIENCE = 60  # seconds; nothing but a fault is waited for so long
LOOK_SECONDS = 0.02  # between two looks

T = TypeVar("T")


def until(look: Callable[[], T], pause: Callable[[float], object] = time.sleep) -> T:
    """What `look` finds, as soon as it finds something."""
    last = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < last, f"waited {PATIENCE} s in vain"
        pause(LOOK_SECONDS)
    return found
