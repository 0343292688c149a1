"""The Chroma server that keeps vectors and texts for several machines, and patience with it.

A server that is restarted answers again after some seconds, so each call is tried again until
then; all that is sent may be sent twice. Only calls are used that Distributed Chroma has too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

from index.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

__all__ = ["ChromaStore", "chosen_store"]

PATIENCE = 10  # seconds for a server that is being restarted
READ_SECONDS = 30  # for one answer; thousands of vectors are written in less
INTERFACE = "1."  # of the server's HTTP interface, whose version is not the program's

T = TypeVar("T")


@lru_cache(maxsize=4)
def _store(url: str, token: str, name: str) -> ChromaStore:
    return ChromaStore(url, token, name)


def chosen_store() -> ChromaStore | None:
    """The store that $DONGXIHU_CHROMA_URL names, one for all threads; None without it.

    Raises StoreError where it is no address.
    """
    url = os.environ.get("DONGXIHU_CHROMA_URL", "").strip()
    token = os.environ.get("DONGXIHU_CHROMA_TOKEN", "").strip()
    name = os.environ.get("DONGXIHU_CHROMA_NAME", "").strip() or "dongxihu"
    return _store(url, token, name) if url else None


class ChromaStore:
    """The collections of one name on one server; may be shared between threads.

    Every method raises StoreError where the server cannot be used.
    """

    def __init__(self, url: str, token: str = "", name: str = "dongxihu") -> None:
        self.url = url.rstrip("/")
        self.name = name
        self._headers = (
            {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        )
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}
        self._lock = threading.Lock()
        try:
            parts = urlsplit(self.url)
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number
            sound = False
        if not sound:
            raise StoreError(f"DONGXIHU_CHROMA_URL {url!r} 不是地址，请写成 http://主机:端口")

    def claim(self, kind: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Make a collection of a kind, in one step, and its metadata: those of another one who
        was first, none where that one has dropped it again.
        """
        from chromadb.errors import ChromaError

        def make(client: ClientAPI) -> None:
            try:
                client.create_collection(
                    self._named(kind), metadata={**metadata}, embedding_function=None
                )
            except ChromaError as error:
                if "already exists" not in str(error):
                    raise

        self.call(make)
        return self.metadata(kind)

    def metadata(self, kind: str) -> dict[str, Any]:
        """The metadata of a collection as they are now; none where there is no such collection."""
        from chromadb.errors import NotFoundError

        def look(client: ClientAPI) -> dict[str, Any]:
            try:
                found = client.get_collection(self._named(kind), embedding_function=None)
            except NotFoundError:
                return {}
            return dict(found.metadata or {})

        return self.call(look)

    def drop(self, kind: str) -> None:
        """Remove a collection, if there is one."""
        from chromadb.errors import NotFoundError

        def remove(client: ClientAPI) -> None:
            try:
                client.delete_collection(self._named(kind))
            except NotFoundError:
                return

        self.call(remove)
        self._collections.pop(kind, None)

    def use(self, kind: str, ask: Callable[[Collection], T]) -> T:
        """What a collection answers."""
        from chromadb.errors import NotFoundError

        def with_client(client: ClientAPI) -> T:
            try:
                return ask(self._found(client, kind))
            except NotFoundError:  # the server's data were put aside while this process ran
                self._collections.pop(kind, None)
                return ask(self._found(client, kind))

        return self.call(with_client)

    def call(self, ask: Callable[[ClientAPI], T]) -> T:
        """What the server answers, asked again while it is away."""
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=wait_exponential(multiplier=0.05, max=1),
            stop=stop_after_delay(PATIENCE),
            reraise=True,
        )
        try:
            return retrying(lambda: ask(self._connected()))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - chromadb raises bare Exceptions, too
            self._explain(error)

    def _named(self, kind: str) -> str:
        return f"{self.name}-{kind}"

    def _found(self, client: ClientAPI, kind: str) -> Collection:
        if kind not in self._collections:
            self._collections[kind] = client.get_or_create_collection(
                self._named(kind),
                configuration={"hnsw": {"space": "cosine"}},
                embedding_function=None,
            )
        return self._collections[kind]

    def _connected(self) -> ClientAPI:
        import chromadb
        import httpx

        with self._lock:
            if self._client is None:
                self._greet()
                client: Any = chromadb.HttpClient(
                    self.url, ssl=self.url.startswith("https"), headers={**self._headers}
                )
                # It would wait without end for a server that hangs, and has no setting for it.
                client._server._session.timeout = httpx.Timeout(READ_SECONDS)  # noqa: SLF001
                self._client = client
            return self._client

    def _greet(self) -> None:
        """Look who is there, which chromadb's own errors do not tell."""
        import httpx

        with httpx.Client(headers=self._headers, timeout=READ_SECONDS) as client:
            answer = client.get(f"{self.url}/api/v2/auth/identity")
            if answer.status_code in (401, 403):
                raise StoreError(
                    f"向量服务 {self.url} 不接受令牌，请检查 DONGXIHU_CHROMA_TOKEN 是否正确"
                )
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise httpx.ConnectError(answer.reason_phrase)
            told = _json_of(answer)
            version = _json_of(client.get(f"{self.url}/api/v2/version"))
        if not isinstance(told, dict) or "tenant" not in told or not isinstance(version, str):
            raise StoreError(f"{self.url} 不是 Chroma 服务，或版本太旧，请检查 DONGXIHU_CHROMA_URL")
        if not version.startswith(INTERFACE):
            raise StoreError(
                f"向量服务 {self.url} 的接口是 {version} 版，这里要 {INTERFACE}x 版，"
                "请更换服务的版本"
            )

    def _explain(self, error: Exception) -> NoReturn:
        import httpx
        from chromadb.errors import ChromaError

        if not (_may_pass(error) or isinstance(error, (ChromaError, ValueError, httpx.HTTPError))):
            raise error
        with suppress(httpx.HTTPError):
            self._greet()  # it may be somebody else who answers there now
        if isinstance(error, ChromaError) or not _may_pass(error):
            raise StoreError(f"向量服务 {self.url} 出错（{error}），请检查它的日志") from error
        raise StoreError(
            f"向量服务 {self.url} 没有回应，请检查它是否在运行，或去掉 DONGXIHU_CHROMA_URL"
        ) from error


def _may_pass(error: BaseException) -> bool:
    """Whether an error is of the way to the server or of a server that is not ready."""
    import httpx
    from chromadb.errors import ChromaError

    if isinstance(error, httpx.TransportError):
        return True
    if isinstance(error, ChromaError):
        return error.code() >= 500 or error.code() == httpx.codes.TOO_MANY_REQUESTS
    if isinstance(error, ValueError) and error.__context__:  # as its client wraps them at first
        return _may_pass(error.__context__)
    return type(error) is Exception  # what a server before Chroma says that has lost it


def _json_of(answer: Any) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
