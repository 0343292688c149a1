"""The description of the API to read in a browser, drawn by Swagger UI without the internet."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from ui.faces.problems import MANUAL

__all__ = ["add_manual"]

SWAGGER = "/site/swagger"


def add_manual(app: FastAPI, root: str) -> None:
    """Add the page, of a server that stands under `root`, and what it is drawn with."""
    drawn_with = StaticFiles(packages=[("fastapi_swagger", "resources")])
    app.mount(SWAGGER, GZipMiddleware(drawn_with))

    @app.get(f"{MANUAL}/", include_in_schema=False)
    @app.get(MANUAL, include_in_schema=False)
    async def manual() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=f"{app.title} - API",
            swagger_js_url=f"{root}{SWAGGER}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{SWAGGER}/swagger-ui.css",
            swagger_favicon_url=f"{root}/site/favicon.svg",
            swagger_ui_parameters={"validatorUrl": None},  # else it asks one on the internet
        )
