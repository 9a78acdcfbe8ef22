"""Calls for programmes and organisations."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from media.archive.episodes import Organisation, Programme, slugify
from media.archive.taxonomy import Subject
from media.errors import Forbidden, NotFound
from web.access.operations import Operation, tagged
from web.access.preconditions import answer, made, refused
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import programmes_for, visible
from web.domain.accounts.permissions import Action
from web.http.json_schema import said
from web.http.typed_json import closed, read
from web.services import services_of, studio_of
from web.studio.taxonomy.merging import MERGING, MOVED, Into, Merged, NewSlug

PROGRAMMES = "/api/v1/programmes"
ORGANISATIONS = "/api/v1/organisations"


@closed
class ProgrammeFields(TypedDict, total=False):
    """What a programme may have."""

    language: Literal["vi", "en"]
    description: str
    organisation: Annotated[str, said("whose it is; empty: the archive's own")]


@closed
class ProgrammeChange(ProgrammeFields, total=False):
    """Some of a programme."""

    title: str


@closed
class NewProgramme(ProgrammeFields):
    """A programme that is added."""

    title: str
    slug: NotRequired[NewSlug]


@closed
class OrganisationChange(TypedDict):
    """An organisation's name."""

    name: str


@closed
class NewOrganisation(OrganisationChange, total=False):
    """An organisation that is added."""

    slug: NewSlug


@guarded(Action.SEE_STUDIO)
def programmes(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/programmes`: those one sees, by title."""
    seen = programmes_for(services_of(request).archive, signed_in.account)
    return answer(request, {"programmes": seen})


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
    return answer(request, found)


@guarded(Action.KEEP_TOPICS)
def add_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/programmes`: {"title", "language", "description", "organisation", "slug"}."""
    sent = read(NewProgramme, signed_in.json)
    slug = sent.pop("slug", "") or slugify(sent["title"])
    studio_of(request).taxonomy.save_programme(replace(Programme(slug, ""), **sent), None)
    return made(request, _stored(request, slug), f"{PROGRAMMES}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/programmes/{slug}` with If-Match: some of the fields, but not the slug."""
    stored = services_of(request).archive.catalogue.programme(str(request.path_params["slug"]))
    if refusal := refused(request, stored):
        return refusal
    new = replace(stored, **read(ProgrammeChange, signed_in.json))
    studio_of(request).taxonomy.save_programme(new, stored)
    return answer(request, _stored(request, stored.slug))


@guarded(Action.KEEP_TOPICS)
def merge_programmes(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/programmes/{slug}/merge`: {"into"}."""
    into = read(Into, signed_in.json)["into"]
    episodes = studio_of(request).taxonomy.merge_programmes(str(request.path_params["slug"]), into)
    return answer(request, Merged(into, episodes))


@guarded(Action.SEE_STUDIO)
def organisations(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/organisations`: by name."""
    return answer(request, {"organisations": studio_of(request).taxonomy.organisations()})


@guarded(Action.SEE_STUDIO)
def organisation(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/organisations/{slug}`."""
    return answer(request, _organisation(request, str(request.path_params["slug"])))


@guarded(Action.KEEP_TOPICS)
def add_organisation(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/organisations`: {"name", "slug"}."""
    sent = read(NewOrganisation, signed_in.json)
    slug = sent.get("slug") or slugify(sent["name"])
    studio_of(request).taxonomy.save_organisation(Organisation(slug, sent["name"]), None)
    return made(request, _organisation(request, slug), f"{ORGANISATIONS}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change_organisation(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/organisations/{slug}` with If-Match: {"name"}."""
    stored = _organisation(request, str(request.path_params["slug"]))
    if refusal := refused(request, stored):
        return refusal
    new = Organisation(stored.slug, read(OrganisationChange, signed_in.json)["name"])
    studio_of(request).taxonomy.save_organisation(new, stored)
    return answer(request, _organisation(request, stored.slug))


def _stored(request: Request, slug: str) -> Programme:
    return services_of(request).archive.catalogue.programme(slug)


def _organisation(request: Request, slug: str) -> Organisation:
    found = next((each for each in studio_of(request).taxonomy.organisations() if each.slug == slug), None)
    if found is None:
        raise NotFound("There is no organisation “%(organisation)s”.", organisation=slug[:80])
    return found


OPERATIONS = [
    *tagged(
        "programmes",
        Operation("GET", PROGRAMMES, programmes, "programmes", "All that one sees", {"programmes": list[Programme]}, etag=True),
        Operation(
            "POST", PROGRAMMES, add_programme, "addProgramme", "Add a programme", Programme, body=NewProgramme,
            status=201, etag=True, problems=(404,),
        ),
        Operation("GET", f"{PROGRAMMES}/{{slug}}", programme, "programme", "One of them", Programme, etag=True, extra=MOVED),
        Operation(
            "PATCH", f"{PROGRAMMES}/{{slug}}", change_programme, "changeProgramme", "Change some of it", Programme,
            body=ProgrammeChange, match=True, etag=True,
        ),
        Operation(
            "POST", f"{PROGRAMMES}/{{slug}}/merge", merge_programmes, "mergeProgramme", MERGING, Merged, body=Into,
            etag=True,
        ),
    ),
    *tagged(
        "organisations",
        Operation(
            "GET", ORGANISATIONS, organisations, "organisations", "All that one sees",
            {"organisations": list[Organisation]}, etag=True,
        ),
        Operation(
            "POST", ORGANISATIONS, add_organisation, "addOrganisation", "Add a organisation", Organisation,
            body=NewOrganisation, status=201, etag=True, problems=(404,),
        ),
        Operation("GET", f"{ORGANISATIONS}/{{slug}}", organisation, "organisation", "One of them", Organisation, etag=True),
        Operation(
            "PATCH", f"{ORGANISATIONS}/{{slug}}", change_organisation, "changeOrganisation", "Change some of it",
            Organisation, body=OrganisationChange, match=True, etag=True,
        ),
    ),
]  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
