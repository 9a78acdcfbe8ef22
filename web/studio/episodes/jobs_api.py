"""Calls for processing (list, retry, cancel), and for an episode's documents."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.archive.documents import document_key
from media.errors import Forbidden
from media.jobs import Job
from web.access.preconditions import Plain, number_asked
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for, programmes_for, visible
from web.domain.accounts.permissions import Action
from web.services import services_of

AT = "/api/v1/jobs"
DOCUMENTS = "/api/v1/episodes/{slug}/documents"


@guarded(Action.SEE_STUDIO)
def jobs(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/jobs?limit=`: newest first, of the programmes one sees."""
    services = services_of(request)
    found = services.archive.jobs.jobs(max(1, number_asked(request, "limit", 100, 500)))
    seen = {each.slug for each in programmes_for(services.archive, signed_in.account)}
    episodes = services.archive.catalogue.episodes_named({each.episode for each in found})
    kept = [job for job in found if job.episode in episodes and episodes[job.episode].programme in seen]
    return JSONResponse({"jobs": [_plain(job) for job in kept]})


@guarded(Action.SEE_STUDIO)
def job(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/jobs/{id}`."""
    return JSONResponse(_plain(_job(request, signed_in, Action.SEE_STUDIO)))


@guarded(Action.EDIT_EPISODE)
def retry(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/jobs/{id}/retry`: on from the step that failed."""
    found = _job(request, signed_in, Action.EDIT_EPISODE)
    return JSONResponse(_plain(services_of(request).archive.jobs.retry(found.id)))


@guarded(Action.EDIT_EPISODE)
def cancel(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/jobs/{id}/cancel`: finished steps stay."""
    found = _job(request, signed_in, Action.EDIT_EPISODE)
    return JSONResponse(_plain(services_of(request).archive.jobs.cancel(found.id)))


@guarded(Action.SEE_STUDIO)
def documents(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/documents`."""
    slug = episode_for(request, signed_in).episode.slug
    rows = [
        {"id": each.id, "filename": each.filename, "size_bytes": each.size_bytes}
        for each in services_of(request).archive.documents.of_episode(slug)
    ]
    return JSONResponse({"documents": rows})


@guarded(Action.EDIT_EPISODE)
def remove_document(request: Request, signed_in: SignedInRequest) -> Response:
    """`DELETE /api/v1/episodes/{slug}/documents/{id}`."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    key = str(request.path_params["id"])
    if services_of(request).archive.documents.remove(slug, key):
        services_of(request).archive.storage.delete(document_key(key))
    return Response(status_code=204)


def _job(request: Request, signed_in: SignedInRequest, action: Action) -> Job:
    services = services_of(request)
    found = services.archive.jobs.job(str(request.path_params["id"]))
    programme = services.archive.catalogue.programme(
        services.archive.catalogue.episode(found.episode).programme
    )
    if not visible(signed_in.account, programme):
        raise Forbidden("This episode is another organisation's; ask an editor.")
    signed_in.check(action, programme.organisation)
    return found


def _plain(found: Job) -> Plain:
    """Times in UTC."""
    return {
        name: f"{value.isoformat()}Z" if isinstance(value, datetime) else value
        for name, value in asdict(found).items()
    }


ROUTES = [
    Route(AT, jobs, methods=["GET"]),
    Route(f"{AT}/{{id}}", job, methods=["GET"]),
    Route(f"{AT}/{{id}}/retry", retry, methods=["POST"]),
    Route(f"{AT}/{{id}}/cancel", cancel, methods=["POST"]),
    Route(DOCUMENTS, documents, methods=["GET"]),
    Route(f"{DOCUMENTS}/{{id}}", remove_document, methods=["DELETE"]),
]
