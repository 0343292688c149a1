"""Which errors are a user's to mend, and the words for them; both faces ask here."""

from __future__ import annotations

import errno
import sqlite3

__all__ = [
    "BAD_INPUT",
    "INTERNAL",
    "AccessError",
    "BusyError",
    "ClosingError",
    "FeedbackError",
    "NotFoundError",
    "PortError",
    "ServiceError",
    "SettingsError",
    "TimeUpError",
    "UiError",
    "explain",
    "explain_to_visitor",
]

INTERNAL = 1
BAD_INPUT = 2

UNUSABLE = "索引暂时用不了，请稍后再试；运维人员可看服务器日志"

_FULL = "磁盘满了，请腾出空间再试"
_CHECK = "请运行 dongxihu index --check 检查"
_SAID = {
    errno.ENOSPC: _FULL,
    errno.EROFS: "这个文件夹只能读，不能写；请用 DONGXIHU_HOME 指定能写的文件夹",
    errno.EACCES: "没有权限，请检查文件夹的权限",
}


class UiError(Exception):
    """What goes wrong between people and the answers; its words say what to do."""


class PortError(UiError):
    """The server cannot be reached at the address asked for, or not safely."""


class SettingsError(UiError):
    """A setting of the server is wrong or unknown."""


class AccessError(UiError):
    """A token or password cannot be made, changed or read."""


class ServiceError(UiError):
    """A request that the server does not answer; `status` is HTTP's."""

    status = 500


class NotFoundError(ServiceError):
    """What is asked for is not there, or not there any more."""

    status = 404


class BusyError(ServiceError):
    """More is asked at once, or kept, than there is room for."""

    status = 429


class FeedbackError(ServiceError):
    """What readers think cannot be kept or read."""

    status = 503


class ClosingError(ServiceError):
    """The server is stopping and takes no new work."""

    status = 503

    def __init__(self) -> None:
        super().__init__("服务正在停止，请稍后再试")


class TimeUpError(ServiceError):
    """A request took longer than it may."""

    status = 504


def explain(error: Exception) -> tuple[str, int] | None:
    """One Chinese line and an exit code for an expected error, None for one that is a bug."""
    if isinstance(error, ImportError):
        return f"安装不完整（{_one_line(str(error))}），请重新安装 dongxihu-qa", INTERNAL

    from corpus import CorpusError  # only once something went wrong: 0.4 s
    from index import IndexingError
    from qa import QaError

    if isinstance(error, (ValueError, CorpusError, QaError, UiError)):
        return _one_line(str(error)), BAD_INPUT
    if isinstance(error, IndexingError):
        return _one_line(str(error)), INTERNAL
    if isinstance(error, OSError):
        place = f"{error.filename}：" if error.filename else ""
        told = _SAID.get(error.errno or 0, error.strerror or str(error))
        return _one_line(f"{place}{told}"), INTERNAL
    if isinstance(error, sqlite3.Error):
        full = "full" in str(error)
        return (_FULL if full else f"索引读写失败（{error}），{_CHECK}"), INTERNAL
    return None


def explain_to_visitor(error: Exception) -> tuple[str, int] | None:
    """As `explain`, without what is nobody's business but the operator's.

    That is how the server is set up: folders of its disk, the address of a vector store and
    the password in it.
    """
    from index import ProcessEndedError
    from qa.errors import ModelError

    expected = explain(error)
    if expected is None or expected[0] == _FULL or isinstance(error, ProcessEndedError):
        return expected
    if expected[1] == INTERNAL or isinstance(error, ModelError):
        return UNUSABLE, INTERNAL
    return expected


def _one_line(text: str) -> str:
    return " ".join(text.split())
