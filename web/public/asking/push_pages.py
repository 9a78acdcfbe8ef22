"""Web push: the browser's worker, and keeping where an asker is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from media.errors import NotFound
from web.access.asker import asker_of, asking_of, private, sent_json, texts_in
from web.domain.sending.push import read_subscription
from web.services import services_of

_WORKER = Path(__file__).parents[2] / "static/companion/sw.js"


async def worker(request: Request) -> Response:  # noqa: ARG001 - Starlette's form
    """`GET /sw.js`: it stands at the root, so that it may speak for the whole site."""
    return FileResponse(_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def subscribe(request: Request) -> Response:
    """`POST /api/v1/receipts/push`: tell this browser when the question of a code is answered."""
    sent = await sent_json(request)
    return await run_in_threadpool(_subscribe, request, sent)


def _subscribe(request: Request, sent: Mapping[str, object]) -> Response:
    if not services_of(request).settings.push_key:
        raise NotFound("This site sends no push messages.")
    subscription = read_subscription(sent.get("subscription"))
    code = texts_in(sent, ("code",))["code"]
    asking_of(request).add_contact(code, asker_of(request), "push", subscription)
    return private(Response(status_code=204))


ROUTES = [
    Route("/sw.js", worker, methods=["GET"]),
    Route("/api/v1/receipts/push", subscribe, methods=["POST"]),
]
