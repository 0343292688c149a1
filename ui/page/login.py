"""Logging in with an access token or the operator's password, for those who come with a browser."""

from __future__ import annotations

import asyncio
import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from ui.guard.access import Access, Sessions
from ui.guard.admission import COOKIE, LOGIN
from ui.page.templating import Templates
from ui.page.words import words_for

__all__ = ["build_login"]

LONGEST = 500  # characters of a secret
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")  # of this server, never another's


def build_login(access: Access, sessions: Sessions, templates: Templates) -> APIRouter:
    """The routes of the login page."""
    pages = APIRouter(include_in_schema=False)
    home = f"{templates.root}/"  # others may stand on the same host

    @pages.get(LOGIN)
    async def show(request: Request, next: str = "/") -> Response:
        return _page(request, next)

    @pages.post(LOGIN)
    async def enter(request: Request, next: str = "/") -> Response:
        secret = await _secret(request)
        grant = await asyncio.to_thread(access.grant_of, secret)
        if grant is None:
            return _page(request, next, wrong=True)
        answer = RedirectResponse(_local(next), 303)
        answer.set_cookie(
            COOKIE,
            sessions.open(grant),
            httponly=True,
            samesite="lax",
            path=home,
            secure=request.url.scheme == "https",
        )
        return answer

    @pages.post("/logout")
    async def leave(request: Request) -> Response:
        sessions.close(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, path=home)
        return answer

    def _page(request: Request, next: str, wrong: bool = False) -> Response:
        words = words_for(request.headers.get("accept-language", ""))
        told = words.wrong_secret if wrong else ""
        if _local(next).startswith("/operator") and not access.has_operator:
            told = words.no_operator
        page = templates.render("login", words, title=words.login, told=told)
        return HTMLResponse(page, 401 if wrong else 200)

    return pages


async def _secret(request: Request) -> str:
    """What was typed, "" for what cannot be a secret: who came with a browser sees a page again."""
    try:
        async with request.form() as form:
            told = form.get("secret")
    except HTTPException:  # it is no form
        return ""
    return told if isinstance(told, str) and len(told) <= LONGEST else ""


def _local(address: str) -> str:
    """An address of this server, "/" for any other."""
    return address if _PATH.fullmatch(address) else "/"
