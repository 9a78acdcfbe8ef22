"""How far episodes are and who works on them: one stream of events for a whole list."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Collection
from dataclasses import asdict
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from media.archive.editing import EpisodeFilter
from media.errors import Unavailable
from web.access.signed_in import SignedInRequest, guarded, signed_in_by
from web.access.visibility import programmes_for
from web.domain.accounts.permissions import Action
from web.services import services_of, studio_of
from web.studio.episodes.list import live_views, params_of, wanted_of

SECONDS_BETWEEN = 1.5
LONGEST_SECONDS = 300.0
"""A stream ends after this long; browsers connect again by themselves."""
SESSION_SECONDS = 10.0
"""So often it is looked whether the session is still good."""
STREAMS_LIMIT = 60
STREAMS_OF_SESSION = 4
RETRY_MS = 5000

_open: Counter[str] = Counter()  # by session; touched on the event loop's thread only

Rows = dict[str, dict[str, object]]


@guarded(Action.SEE_STUDIO)
def live(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/live?state=&programme=&q=&page=`: what changes of the list that `/studio` shows with the
    same address. JSON once, or for `text/event-stream` an event for each change.

    Raises:
        Unavailable: too many streams are open, here or in this session; ask for JSON now and then instead.
    """
    rows = _rows(request, signed_in)
    if "text/event-stream" not in request.headers.get("accept", ""):
        return JSONResponse({"episodes": rows})
    check_room(signed_in.session.id)
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _events(request, signed_in, rows), headers=headers, media_type="text/event-stream"
    )


def check_room(session: str) -> None:
    """Raise `Unavailable` when no further stream may be opened."""
    if _open.total() >= STREAMS_LIMIT or _open[session] >= STREAMS_OF_SESSION:
        raise Unavailable("Too many pages follow the progress at once; close some, or reload now and then.")


def _rows(request: Request, signed_in: SignedInRequest, slugs: Collection[str] | None = None) -> Rows:
    """Of the list's page; or of `slugs`, wherever they would be in the list now."""
    seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
    wanted = wanted_of(params_of(request), signed_in, seen)
    if slugs is not None:
        wanted = EpisodeFilter(slugs=slugs, programmes=wanted.programmes)
    found, _ = studio_of(request).editing.listed(wanted)
    return {slug: asdict(view) for slug, view in live_views(request, found).items()}


async def _events(request: Request, signed_in: SignedInRequest, rows: Rows) -> AsyncIterator[str]:
    """All rows, then those that have changed; a comment while nothing does."""
    session = signed_in.session.id
    _open[session] += 1
    try:
        started = checked = monotonic()
        yield f"retry: {RETRY_MS}\n{_event(rows)}"
        while monotonic() - started < LONGEST_SECONDS:
            await asyncio.sleep(SECONDS_BETWEEN)
            if monotonic() - checked >= SESSION_SECONDS:
                checked = monotonic()
                fresh = await run_in_threadpool(signed_in_by, request)
                if fresh is None:
                    return
                signed_in = fresh
            newer = await run_in_threadpool(_rows, request, signed_in, list(rows))
            changed = {slug: row for slug, row in newer.items() if row != rows.get(slug)}
            yield _event(changed) if changed else ": still here\n\n"
            rows = newer
    finally:
        _open[session] -= 1
        if not _open[session]:
            del _open[session]


def _event(rows: Rows) -> str:
    return f"data: {json.dumps(rows, ensure_ascii=False)}\n\n"


ROUTES = [Route("/api/v1/studio/live", live, methods=["GET"])]
