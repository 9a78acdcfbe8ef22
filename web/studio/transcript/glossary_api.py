"""The glossary's calls."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import InvalidInput
from transcribe.editing.glossary import GlossaryTerm, TermKind
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.services import studio_of
from web.studio.transcript.json_form import body_of


@guarded(Action.EDIT_EPISODE)
def terms(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/glossary`."""
    return JSONResponse({"terms": [asdict(each) for each in studio_of(request).glossary.terms()]})


@guarded(Action.KEEP_TOPICS)
def add(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/glossary`: {"written", "kind", "heard": […], "by_sound"}."""
    saved = studio_of(request).glossary.save(_term("", signed_in.json), None)
    return JSONResponse(asdict(saved), 201, {"Location": f"/api/v1/glossary/{saved.id}"})


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/glossary/{id}`: as `add`, with "seen": the term as it was."""
    term = str(request.path_params["id"])
    seen = _term(term, body_of(signed_in.json).get("seen"))
    return JSONResponse(asdict(studio_of(request).glossary.save(_term(term, signed_in.json), seen)))


@guarded(Action.KEEP_TOPICS)
def remove(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`DELETE /api/v1/glossary/{id}`."""
    studio_of(request).glossary.remove(str(request.path_params["id"]))
    return Response(status_code=204)


def _term(id: str, value: Any) -> GlossaryTerm:
    body = body_of(value)
    written, heard, by_sound = body.get("written"), body.get("heard", []), body.get("by_sound", True)
    if not isinstance(written, str) or not isinstance(by_sound, bool):
        raise InvalidInput("“written” is the right form, “by_sound” is true or false.")
    if not isinstance(heard, list) or not all(isinstance(each, str) for each in heard):
        raise InvalidInput("“heard” is a list of wrong forms.")
    try:
        kind = TermKind(body.get("kind", "name"))
    except ValueError as error:
        raise InvalidInput("“kind” is one of %(kinds)s.", kinds=", ".join(TermKind)) from error
    return replace(GlossaryTerm(id, written, kind, tuple(heard)), by_sound=by_sound)


ROUTES = [
    Route("/api/v1/glossary", terms, methods=["GET"]),
    Route("/api/v1/glossary", add, methods=["POST"]),
    Route("/api/v1/glossary/{id}", change, methods=["PUT"]),
    Route("/api/v1/glossary/{id}", remove, methods=["DELETE"]),
]
