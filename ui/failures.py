"""Which errors are a user's to mend, and the words for them; both faces ask here."""

from __future__ import annotations

__all__ = ["BAD_INPUT", "INTERNAL", "PortError", "explain"]

INTERNAL = 1
BAD_INPUT = 2


class PortError(Exception):
    """The chat page cannot be served at the address asked for."""


def explain(error: Exception) -> tuple[str, int] | None:
    """One Chinese line and an exit code for an expected error, None for one that is a bug."""
    if isinstance(error, ImportError):
        return f"安装不完整（{_one_line(str(error))}），请重新安装 dongxihu-qa", INTERNAL

    from corpus import CorpusError  # only once something went wrong: 0.4 s
    from index import IndexingError
    from qa import QaError

    if isinstance(error, (ValueError, CorpusError, QaError, PortError)):
        return _one_line(str(error)), BAD_INPUT
    if isinstance(error, IndexingError):
        return _one_line(str(error)), INTERNAL
    if isinstance(error, OSError):
        place = f"{error.filename}：" if error.filename else ""
        return _one_line(f"{place}{error.strerror or error}"), INTERNAL
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
