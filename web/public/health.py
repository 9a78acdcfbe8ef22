"""What monitoring and load balancers ask: alive, ready, figures."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from media.errors import Forbidden, NotFound
from web.services import services_of

_FRESH = {"Cache-Control": "no-store"}


async def alive(request: Request) -> Response:  # noqa: ARG001 - Starlette's form
    """`/healthz`: the process answers. Restart it when it does not."""
    return PlainTextResponse("ok\n", headers=_FRESH)


def ready(request: Request) -> Response:
    """`/readyz`: 200 when requests can be served, else 503; each part by name, without its address."""
    readiness = services_of(request).readiness
    checks = readiness() if readiness else []
    ok = all(check.ok for check in checks if check.needed)
    parts = {check.name: "ok" if check.ok else "away" for check in checks}
    return JSONResponse({"ready": ok, "parts": parts}, 200 if ok else 503, headers=_FRESH)


def metrics(request: Request) -> Response:
    """`/metrics` for Prometheus, with the token that is set; without one there is no such page."""
    services = services_of(request)
    if services.metrics is None or not services.settings.metrics_token:
        raise NotFound("Figures are not served here; set TUALAI_METRICS_TOKEN to serve them.")
    sent = request.headers.get("authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {services.settings.metrics_token}".encode()):
        raise Forbidden("Send the token that is set: Authorization: Bearer …")
    body, content_type = services.metrics.written()
    return Response(body, media_type=content_type, headers=_FRESH)


ROUTES = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
