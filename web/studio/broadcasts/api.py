"""Calls for broadcasts: how one does, for scripts; and the door for a media server in front of ours."""

from __future__ import annotations

import hmac

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import Forbidden, NotFound
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.http.bodies import read_body, read_form
from web.http.origins import check_origin
from web.rendering.context import language_of
from web.services import live_of, services_of
from web.studio.broadcasts.views import plain

_FORM_BYTES = 8000


@guarded(Action.MODERATE)
def health(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/broadcast`."""
    held, broadcasts = episode_for(request, signed_in), live_of(request).broadcasts
    found = broadcasts.broadcast(held.episode.slug)
    if found is None:
        raise NotFound("This episode has no broadcast.")
    return JSONResponse(plain(found, broadcasts.health(held.episode.slug), language_of(request)))


async def authorise(request: Request) -> Response:
    """`POST /live/authorise?secret=…`, form `name`: nginx-rtmp's `on_publish`. 204 lets the encoder in."""
    check_origin(request)
    form = read_form(await read_body(request, _FORM_BYTES))
    services = services_of(request)
    given = request.query_params.get("secret", "") or form.get("secret", [""])[-1]
    wanted = services.settings.live_secret
    if services.live is None or not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Forbidden("This is for the media server that TUALAI_LIVE_SECRET was given to.")
    await run_in_threadpool(services.live.broadcasts.expect, form.get("name", [""])[-1])
    return Response(status_code=204)


ROUTES = [
    Route("/api/v1/episodes/{slug}/broadcast", health, methods=["GET"]),
    Route("/live/authorise", authorise, methods=["POST"]),
]
