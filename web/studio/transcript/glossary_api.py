"""The glossary's calls."""

from __future__ import annotations

from typing import Annotated, NotRequired

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from transcribe.editing.glossary import GlossaryTerm, TermKind
from web.access.operations import Operation, tagged
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, read
from web.services import studio_of


class NewTerm(TypedDict):
    """A term that is added."""

    written: Annotated[str, said("the right form")]
    kind: NotRequired[TermKind]
    heard: NotRequired[Annotated[tuple[str, ...], said("wrong forms, put right at once")]]
    by_sound: NotRequired[Annotated[bool, said("what sounds alike is offered too")]]


class TermChange(NewTerm):
    """A term as it shall be, and as it was seen."""

    seen: NewTerm


@guarded(Action.EDIT_EPISODE)
def terms(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/glossary`."""
    return JsonAnswer({"terms": studio_of(request).glossary.terms()})


@guarded(Action.KEEP_TOPICS)
def add(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/glossary`: {"written", "kind", "heard": […], "by_sound"}."""
    saved = studio_of(request).glossary.save(_term("", read(NewTerm, signed_in.json)), None)
    return JsonAnswer(saved, 201, {"Location": f"/api/v1/glossary/{saved.id}"})


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/glossary/{id}`: as `add`, with "seen": the term as it was."""
    key, sent = str(request.path_params["id"]), read(TermChange, signed_in.json)
    saved = studio_of(request).glossary.save(_term(key, sent), _term(key, sent["seen"]))
    return JsonAnswer(saved)


@guarded(Action.KEEP_TOPICS)
def remove(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`DELETE /api/v1/glossary/{id}`."""
    studio_of(request).glossary.remove(str(request.path_params["id"]))
    return Response(status_code=204)


def _term(key: str, sent: NewTerm) -> GlossaryTerm:
    kind, heard = sent.get("kind", TermKind.NAME), sent.get("heard", ())
    return GlossaryTerm(key, sent["written"], kind, heard, sent.get("by_sound", True))


_AT = "/api/v1/glossary"
OPERATIONS = tagged(
    "glossary",
    Operation("GET", _AT, terms, "glossary", "Terms by their right form", {"terms": list[GlossaryTerm]}),
    Operation("POST", _AT, add, "addTerm", "Add a term", GlossaryTerm, body=NewTerm, status=201),
    Operation(
        "PUT", f"{_AT}/{{id}}", change, "changeTerm",
        "Change a term, with `seen` as it was; 409 when it was changed meanwhile",
        GlossaryTerm, body=TermChange, problems=(409,),
    ),
    Operation("DELETE", f"{_AT}/{{id}}", remove, "removeTerm", "Remove a term"),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
