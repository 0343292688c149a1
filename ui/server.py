"""The server: the page, the REST API, the OpenAI protocol and MCP in one app, kept to itself."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from types import FrameType
from typing import Annotated, Any, cast

import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import StringConstraints
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from index import default_home, share_cores
from ui.faces.manual import add_manual
from ui.faces.mcp_tools import build_mcp, mcp_app
from ui.faces.openai_chat import build_openai_api
from ui.faces.problems import add_unknown, handle_problems
from ui.faces.rest import build_api
from ui.failures import PortError, SettingsError
from ui.guard.access import Access, Sessions
from ui.guard.admission import Admission, is_loopback
from ui.guard.connections import Connection
from ui.guard.outside import Outside
from ui.guard.protection import BodyLimit, OwnLanguage, RequestLog, SecurityHeaders
from ui.page.figures import build_figures
from ui.page.login import build_login
from ui.page.operations import build_operations
from ui.page.own_documents import build_own_documents
from ui.page.source import render_source
from ui.page.templating import Templates
from ui.page.turns import build_turns
from ui.page.words import CHINESE, ENGLISH, words_in
from ui.service.feedback import Feedback
from ui.service.service import Service
from ui.settings import allow_files, load_settings
from ui.telemetry.log import start_log

__all__ = ["build_app", "serve"]

POLL_SECONDS = 0.2  # between two looks at a second Ctrl+C
SHUTDOWN_SECONDS = 1  # pages left open hold a connection that never ends by itself
Span = Annotated[str, StringConstraints(pattern=r"^\d{1,9}-\d{1,9}$")]
Place = Annotated[int, Query(ge=0, le=999_999_999)]  # as in a span
HEADER_BYTES = 64 * 1024  # of one request
CHECK_TICKS = 10  # uvicorn's, of 0.1 s
STATIC = Path(__file__).parent / "page" / "static"


def serve(host: str, port: int, public: bool = False, root_path: str | None = None) -> None:
    """Serve until stopped.

    Raises PortError where the address cannot be used, or is open to others and neither a token
    nor `public` is given; SettingsError for a wrong setting; what `Service.warm` raises.
    """
    home = default_home()
    told = {} if root_path is None else {"root_path": root_path}
    settings = load_settings(home, **told)
    access = Access(home)
    local = is_loopback(host)
    if not local and not public and not access.needed:
        raise PortError(
            f"{host} 会让别的电脑也能访问：请先用 dongxihu token 名字 生成访问令牌，"
            "或加 --public 表示对所有人开放"
        )
    listener = _listen(host, port)
    os.environ["GRADIO_TEMP_DIR"] = _gradio_folder(home)
    start_log()
    allow_files()
    share_cores(settings.workers)
    service = Service(settings)
    local_only = local and not access.needed and not public
    app = build_app(service, access, Feedback(home), local_only, public)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # they are read in `build_app`
        http=Connection,
        ws="none",
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=settings.header_seconds,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = _Server(config, service)
    server.run(sockets=[listener])
    if server.failure:
        raise server.failure


def _gradio_folder(home: Path) -> str:
    """Where Gradio may make what it makes at its start, and we have no use for.

    Its own default is a temporary folder that belongs to whichever user came first.
    """
    folder = (home / "gradio").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # an index that was made before is served from a read-only folder, too
        made = mkdtemp(prefix="dongxihu-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        return made
    return str(folder)


class _Server(uvicorn.Server):
    """Finishes what it began before it stops, and takes nothing new meanwhile.

    It is warmed while it already answers how it is: the first index may take minutes to make.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self.failure: Exception | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and tell where as soon as questions are answered."""
        await super().startup(sockets)
        # Not a thread that Python waits for: it may be stopped in the middle of its first index.
        threading.Thread(target=self._warm, args=(sockets or (),), daemon=True).start()

    def _warm(self, listeners: Sequence[socket.socket]) -> None:
        try:
            self._service.warm()
        except Exception as error:  # noqa: BLE001 - raised where the server was started
            self.failure = error
            self.should_exit = True
            return
        for listener in listeners:
            address = f"{_address(listener)}{self._service.settings.root_path}"
            print(f"问答页面已就绪：{address} （按 Ctrl+C 停止）", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a signal kept for later, as uvicorn does, would end the process with its code."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections once a second."""
        if counter % CHECK_TICKS == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.check()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is being asked, then close the connections."""
        closing = asyncio.ensure_future(self._service.close())
        until = time.monotonic() + self._service.settings.timeout  # nobody waits any longer
        while not (closing.done() or self.force_exit or time.monotonic() > until):
            await asyncio.wait([closing], timeout=POLL_SECONDS)
        finished = closing.done() and self._service.warmed
        await super().shutdown(sockets)
        if not finished and self.failure is None:
            os._exit(0)  # a thread cannot be stopped, and asyncio would wait for it


def build_app(
    service: Service,
    access: Access,
    feedback: Feedback,
    local_only: bool,
    public: bool,
) -> ASGIApp:
    """All faces of the service behind what protects them."""
    # Gradio: it reads where to keep files when it is imported.
    from ui.page.gradio_page import MODULES, build_page, mount_page

    root, proxies = service.settings.root_path, service.settings.trusted_proxies
    templates = Templates(root)
    from ui.page.operator_page import MODULES as OPERATOR_MODULES
    from ui.page.operator_page import build_operator_page

    mcp = build_mcp(service)
    mcp_routes = mcp_app(mcp).routes

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with mcp.session_manager.run():
            yield

    app = FastAPI(
        title="Dongxihu QA",
        version=version("dongxihu-qa"),
        description="Short answers to Chinese questions with verbatim citations, or a refusal.",
        docs_url=None,  # they load from another host
        redoc_url=None,
        servers=[{"url": root}] if root else None,
        lifespan=lifespan,
    )
    handle_problems(app, root)
    sessions = Sessions(access)
    app.include_router(build_api(service, feedback))
    app.include_router(build_openai_api(service))
    app.include_router(build_own_documents(service))
    app.include_router(build_figures(service, templates))
    app.include_router(build_turns(service, feedback, templates))
    app.include_router(build_login(access, sessions, templates))
    app.include_router(build_operations(feedback, templates))
    app.router.routes.extend(mcp_routes)
    add_manual(app, root)
    app.mount("/site", GZipMiddleware(StaticFiles(directory=STATIC)))
    add_unknown(app, ("/api", "/v1", "/page", "/operator/do"))
    _add_pages(app, service, templates)
    for words, operator, page in ((ENGLISH, "/operator/en", "/en"), (CHINESE, "/operator", "/")):
        operators = build_operator_page(templates, words)
        mount_page(app, operators, operator, root, OPERATOR_MODULES)
        mount_page(app, build_page(service, templates, words), page, root, MODULES)
    limited = BodyLimit(OwnLanguage(app), service.settings)
    admitted = Admission(limited, access, sessions, service, local_only, public)
    if root and _first(root) in {_first(getattr(route, "path", "")) for route in app.routes}:
        raise SettingsError(f"{root} 是本服务自己的地址，root_path 请另取一个")
    guarded = SecurityHeaders(RequestLog(admitted, service.metrics))
    # The types of uvicorn and starlette differ, though not what they mean.
    proxied: Any = ProxyHeadersMiddleware(cast("Any", guarded), [str(one) for one in proxies])
    return Outside(proxied, root, proxies)


def _first(path: str) -> str:
    """The first part of a path."""
    return path.strip("/").partition("/")[0]


def _add_pages(app: FastAPI, service: Service, templates: Templates) -> None:
    """What is neither the API nor drawn by Gradio."""

    @app.get("/en", include_in_schema=False)
    @app.get("/operator", include_in_schema=False)
    async def mounted(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.url.path}/{query}", 307)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        ready = service.ready
        return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")

    @app.get("/source/{document_id}", include_in_schema=False)
    async def source(
        document_id: str,
        start: Place = 0,
        end: Place = 0,
        also: Annotated[list[Span] | None, Query(max_length=50)] = None,
        visit: Annotated[str, Query(max_length=64)] = "",
        lang: str = "",
    ) -> Response:
        document = await service.document(document_id, visit)
        others = [one.split("-") for one in also or ()]
        quotes = sorted({(start, end), *((int(first), int(last)) for first, last in others)})
        current = quotes.index((start, end))
        words = words_in(lang)
        page = await asyncio.to_thread(render_source, document, quotes, current, templates, words)
        return HTMLResponse(page)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortError(
            f"不能监听 {host}:{port}（{error.strerror}），请用 --port 另选一个端口，或检查 --host"
        ) from error


def _address(listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
