"""Seeing what the site does: a name for each request, a line in the log, a count. No personal data.

The log has the route's pattern and not the address: searches, receipts and secret links stay out of it,
and so do the sender's address and program.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.http.metrics import Metrics

HEADER = "X-Request-ID"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
request_id: ContextVar[str] = ContextVar("tualai_request", default="")
"""Of the request at work in this context, "" for none."""

_log = logging.getLogger("tualai.access")
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLog:
    """Names, times, counts and logs every request. The name is the proxy's when that sent a sane one."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(HEADER, "")
        name = sent if _SANE.fullmatch(sent) else secrets.token_hex(8)
        token = request_id.set(name)
        started, status, seconds = time.perf_counter(), 500, 0.0

        async def send_named(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - started
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        finally:
            self._note(scope, status, seconds or time.perf_counter() - started)
            request_id.reset(token)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        if self._metrics is not None:
            self._metrics.answered(route, scope["method"], status, seconds)
        if route not in QUIET or status >= 500:
            level = logging.WARNING if status >= 500 else logging.INFO
            _log.log(level, "%s %s %d %.1f ms", scope["method"], route, status, seconds * 1000)
