"""The index in use, opened once and again when another has been put in its place."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from index.generations import current_generation
from index.store import Index, default_home, open_index, renew_index

__all__ = ["CurrentIndex"]

_log = logging.getLogger(__name__)


class CurrentIndex:
    """The index of the data folder; who asks it holds it as long as the question takes.

    Where somebody `watches`, it is that one who opens a new generation, and no question waits
    for it; else each question looks whether there is one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._home: Path | None = None
        self._watched = False
        self._complaint = ""

    def get(self) -> Index:
        """The index in use; raises IndexingError and CorpusError where it cannot be opened."""
        index, home = self._index, default_home()
        if index and self._watched and self._home == home:
            return index
        with self._lock:
            if self._index is None or self._home != home:
                self._index, self._home = open_index(home), home
            elif not self._watched:
                self._renew(home)
            return self._index

    def renew(self) -> None:
        """Take a new generation now, where there is one."""
        with self._lock:
            if self._home == default_home():  # else the next question opens the other one
                self._renew(self._home)

    def _renew(self, home: Path) -> None:
        """Take a new generation; one that cannot be opened leaves the old one in use."""
        try:
            if self._index:
                renew_index(home)
            # None at all is no new one: the folder may be on a disk that is not there just now.
            if self._index and current_generation(home) not in ("", self._index.generation):
                self._index = open_index(home)
            self._complaint = ""
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new one
            if str(error) != self._complaint:  # once, not with every look
                _log.warning("%s；先用原来的索引", error)
            self._complaint = str(error)

    def watch(self, ended: threading.Event, seconds: float) -> None:
        """Look for a new generation every so many seconds until `ended` is set."""
        self.get()
        self._watched = True
        try:
            while not ended.wait(seconds):
                self.renew()
        finally:
            self._watched = False
