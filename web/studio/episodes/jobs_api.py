"""Calls for processing (list, retry, cancel), and for an episode's documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from media.archive.documents import document_key
from media.errors import Forbidden
from media.jobs import Job
from web.access.operations import Operation, asked, tagged, whole
from web.access.preconditions import number_asked
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for, programmes_for, visible
from web.domain.accounts.permissions import Action
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, like
from web.services import services_of
from web.studio.episodes.json_form import JobJson

AT = "/api/v1/jobs"
DOCUMENTS = "/api/v1/episodes/{slug}/documents"


@dataclass(frozen=True, slots=True)
class DocumentJson:
    """A document of an episode."""

    id: Annotated[str, said("SHA-256 of its bytes")]
    filename: str
    size_bytes: int


@guarded(Action.SEE_STUDIO)
def jobs(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/jobs?limit=`: newest first, of the programmes one sees."""
    services = services_of(request)
    found = services.archive.jobs.jobs(max(1, number_asked(request, "limit", 100, 500)))
    seen = {each.slug for each in programmes_for(services.archive, signed_in.account)}
    episodes = services.archive.catalogue.episodes_named({each.episode for each in found})
    kept = [job for job in found if job.episode in episodes and episodes[job.episode].programme in seen]
    return JsonAnswer({"jobs": [_plain(each) for each in kept]})


@guarded(Action.SEE_STUDIO)
def job(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/jobs/{id}`."""
    return JsonAnswer(_plain(_job(request, signed_in, Action.SEE_STUDIO)))


@guarded(Action.EDIT_EPISODE)
def retry(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/jobs/{id}/retry`: on from the step that failed."""
    found = _job(request, signed_in, Action.EDIT_EPISODE)
    return JsonAnswer(_plain(services_of(request).archive.jobs.retry(found.id)))


@guarded(Action.EDIT_EPISODE)
def cancel(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/jobs/{id}/cancel`: finished steps stay."""
    found = _job(request, signed_in, Action.EDIT_EPISODE)
    return JsonAnswer(_plain(services_of(request).archive.jobs.cancel(found.id)))


@guarded(Action.SEE_STUDIO)
def documents(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/documents`."""
    slug = episode_for(request, signed_in).episode.slug
    rows = [like(DocumentJson, each) for each in services_of(request).archive.documents.of_episode(slug)]
    return JsonAnswer({"documents": rows})


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


def _plain(found: Job) -> JobJson:
    return like(JobJson, found, error=str(found.error) if found.error else None)


OPERATIONS = [
    *tagged(
        "jobs",
        Operation(
            "GET", AT, jobs, "jobs", "Processing, newest first", {"jobs": list[JobJson]},
            parameters=[asked("limit", whole(500, default=100))], problems=(400,),
        ),
        Operation("GET", f"{AT}/{{id}}", job, "job", "One of them", JobJson),
        Operation("POST", f"{AT}/{{id}}/retry", retry, "retryJob", "On from the step that failed", JobJson, problems=(409,)),
        Operation("POST", f"{AT}/{{id}}/cancel", cancel, "cancelJob", "Stop; finished steps stay", JobJson, problems=(409,)),
    ),
    *tagged(
        "episodes",
        Operation("GET", DOCUMENTS, documents, "documents", "An episode's documents", {"documents": list[DocumentJson]}),
        Operation(
            "DELETE", f"{DOCUMENTS}/{{id}}", remove_document, "removeDocument", "Take a document off an episode"
        ),
    ),
]  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
