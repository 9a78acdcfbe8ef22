"""Progress of processing, as server-sent events and as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from media.errors import NotFound
from web.access.published_episodes import PublishedEpisodes
from web.access.visibility import shown
from web.rendering.context import language_of
from web.services import Services, services_of
from web.text.language import Language
from web.views.progress import ProgressView, present_progress

SECONDS_BETWEEN = 1.0
LONGEST_SECONDS = 300.0
"""A stream ends after this long; browsers connect again by themselves."""


async def progress(request: Request) -> Response:
    """`/api/v1/episodes/{slug}/progress`: one snapshot as JSON, or a stream for `text/event-stream`."""
    services, language = services_of(request), language_of(request)
    slug = request.path_params["slug"]
    first = await run_in_threadpool(_snapshot, request, slug, language)
    if "text/event-stream" not in request.headers.get("accept", ""):
        return JSONResponse(asdict(first), headers={"Cache-Control": "no-store"})
    events = _events(services, slug, language, first)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


def _snapshot(request: Request, slug: str, language: Language) -> ProgressView:
    """Raises `NotFound` for an episode that is not public (nor may be previewed) or has no job."""
    services = services_of(request)
    shown(request, PublishedEpisodes(services), slug)
    job = services.archive.jobs.job_of(slug)
    if job is None:
        raise NotFound("Nothing is being made of episode “%(slug)s”; it is as it will be.", slug=slug)
    return present_progress(job, language)


async def _events(
    services: Services, slug: str, language: Language, view: ProgressView
) -> AsyncIterator[str]:
    """One event for each change, a comment while nothing changes, until the job has ended."""
    deadline = monotonic() + LONGEST_SECONDS
    yield _event(view)
    while not view.ended and monotonic() < deadline:
        await asyncio.sleep(SECONDS_BETWEEN)
        job = await run_in_threadpool(services.archive.jobs.job_of, slug)
        newer = present_progress(job, language) if job else view
        yield _event(newer) if newer != view else ": still here\n\n"
        view = newer


def _event(view: ProgressView) -> str:
    return f"data: {json.dumps(asdict(view), ensure_ascii=False)}\n\n"
