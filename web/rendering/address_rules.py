"""Addresses without NUL: no database keeps one in a text (PostgreSQL refuses it), and nobody types one."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.rendering.error_pages import http_problem


class PlainAddresses:
    """Answers 404 to a path with NUL; in a query of the studio or a call each is a space."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if "\0" in scope["path"]:
                await http_problem(Request(scope, receive), HTTPException(404))(scope, receive, send)
                return
            if scope["path"].startswith(("/api/", "/studio")):  # the public pages tidy what they are asked
                scope["query_string"] = scope["query_string"].replace(b"%00", b"%20")
        await self._app(scope, receive, send)
