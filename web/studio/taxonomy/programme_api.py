"""Calls for programmes and organisations."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Organisation, Programme, slugify
from media.archive.taxonomy import Subject
from media.errors import Forbidden, InvalidInput, NotFound
from web.access.preconditions import Plain, answer, fields, made, refused, text
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import programmes_for, visible
from web.domain.accounts.permissions import Action
from web.services import services_of, studio_of
from web.studio.taxonomy.pages import LANGUAGES

PROGRAMMES = "/api/v1/programmes"
ORGANISATIONS = "/api/v1/organisations"


@guarded(Action.SEE_STUDIO)
def programmes(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/programmes`: those one sees, by title."""
    seen = programmes_for(services_of(request).archive, signed_in.account)
    return answer(request, {"programmes": [asdict(each) for each in seen]})


@guarded(Action.SEE_STUDIO)
def programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/programmes/{slug}`; one merged away leads to the other."""
    slug, services = str(request.path_params["slug"]), services_of(request)
    moved = studio_of(request).taxonomy.moved(Subject.PROGRAMME, slug)
    if moved is not None and all(each.slug != slug for each in services.archive.catalogue.programmes()):
        return RedirectResponse(f"{PROGRAMMES}/{moved}", 308)
    found = services.archive.catalogue.programme(slug)
    if not visible(signed_in.account, found):
        raise Forbidden("This programme is another organisation's; ask an editor.")
    return answer(request, asdict(found))


@guarded(Action.KEEP_TOPICS)
def add_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/programmes`: {"title", "language", "description", "organisation", "slug"}."""
    sent = fields(signed_in, "language", "description", "organisation", "slug", needed=("title",))
    slug = text(sent, "slug") or slugify(text(sent, "title"))
    studio_of(request).taxonomy.save_programme(_read(sent, Programme(slug, "")), None)
    return made(request, _stored(request, slug), f"{PROGRAMMES}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/programmes/{slug}` with If-Match: some of the fields, but not the slug."""
    stored = services_of(request).archive.catalogue.programme(str(request.path_params["slug"]))
    if refusal := refused(request, asdict(stored)):
        return refusal
    sent = fields(signed_in, "title", "language", "description", "organisation")
    studio_of(request).taxonomy.save_programme(_read(sent, stored), stored)
    return answer(request, _stored(request, stored.slug))


@guarded(Action.KEEP_TOPICS)
def merge_programmes(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/programmes/{slug}/merge`: {"into"}."""
    into = text(fields(signed_in, needed=("into",)), "into")
    episodes = studio_of(request).taxonomy.merge_programmes(str(request.path_params["slug"]), into)
    return answer(request, {"into": into, "episodes": episodes})


@guarded(Action.SEE_STUDIO)
def organisations(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/organisations`: by name."""
    listed = [asdict(each) for each in studio_of(request).taxonomy.organisations()]
    return answer(request, {"organisations": listed})


@guarded(Action.SEE_STUDIO)
def organisation(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/organisations/{slug}`."""
    return answer(request, asdict(_organisation(request, str(request.path_params["slug"]))))


@guarded(Action.KEEP_TOPICS)
def add_organisation(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/organisations`: {"name", "slug"}."""
    sent = fields(signed_in, "slug", needed=("name",))
    slug = text(sent, "slug") or slugify(text(sent, "name"))
    studio_of(request).taxonomy.save_organisation(Organisation(slug, text(sent, "name")), None)
    return made(request, asdict(_organisation(request, slug)), f"{ORGANISATIONS}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change_organisation(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/organisations/{slug}` with If-Match: {"name"}."""
    stored = _organisation(request, str(request.path_params["slug"]))
    if refusal := refused(request, asdict(stored)):
        return refusal
    new = Organisation(stored.slug, text(fields(signed_in, needed=("name",)), "name"))
    studio_of(request).taxonomy.save_organisation(new, stored)
    return answer(request, asdict(_organisation(request, stored.slug)))


def _read(sent: Plain, before: Programme) -> Programme:
    language = text(sent, "language", before.language)
    if language not in (*LANGUAGES, before.language):
        raise InvalidInput("Choose the programme's language: vi or en.")
    title, description = text(sent, "title", before.title), text(sent, "description", before.description)
    return Programme(
        before.slug, title, language, description, text(sent, "organisation", before.organisation)
    )


def _stored(request: Request, slug: str) -> Plain:
    return asdict(services_of(request).archive.catalogue.programme(slug))


def _organisation(request: Request, slug: str) -> Organisation:
    found = next((each for each in studio_of(request).taxonomy.organisations() if each.slug == slug), None)
    if found is None:
        raise NotFound("There is no organisation “%(organisation)s”.", organisation=slug[:80])
    return found


ROUTES = [
    Route(PROGRAMMES, programmes, methods=["GET"]),
    Route(PROGRAMMES, add_programme, methods=["POST"]),
    Route(f"{PROGRAMMES}/{{slug}}", programme, methods=["GET"]),
    Route(f"{PROGRAMMES}/{{slug}}", change_programme, methods=["PATCH"]),
    Route(f"{PROGRAMMES}/{{slug}}/merge", merge_programmes, methods=["POST"]),
    Route(ORGANISATIONS, organisations, methods=["GET"]),
    Route(ORGANISATIONS, add_organisation, methods=["POST"]),
    Route(f"{ORGANISATIONS}/{{slug}}", organisation, methods=["GET"]),
    Route(f"{ORGANISATIONS}/{{slug}}", change_organisation, methods=["PATCH"]),
]
