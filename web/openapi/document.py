"""The description of the JSON API (OpenAPI 3.1), put together from what each noun says of itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access.signed_in import COOKIE
from web.openapi import broadcasts as openapi_broadcasts
from web.openapi import episodes as openapi_episodes
from web.openapi import events as openapi_events
from web.openapi import figures as openapi_figures
from web.openapi import moderation as openapi_board
from web.openapi import people as openapi_people
from web.openapi import questions as openapi_questions
from web.openapi import search as openapi_search
from web.openapi import segments as openapi_segments
from web.openapi import taxonomy as openapi_subjects
from web.openapi import transcripts as openapi_transcripts
from web.openapi import uploads as openapi_uploads
from web.openapi.vocabulary import TEXT, Schema, problem_responses
from web.services import services_of

_NOUNS = (
    openapi_search,
    openapi_episodes,
    openapi_events,
    openapi_segments,
    openapi_transcripts,
    openapi_uploads,
    openapi_figures,
    openapi_subjects,
    openapi_people,
    openapi_questions,
    openapi_board,
    openapi_broadcasts,
)
_STATUSES = (400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 423, 428, 429, 460, 503, 507)
_ABOUT = """What the site and its studio do. Errors are problem details (RFC 9457); their `detail` is a sentence
that names the cure. Times within recordings are seconds.

Programs send a token made on the studio's account page (`Authorization: Bearer …`); it does what its scopes and
its account's role both allow. The site's own pages send the session's cookie, and with every change `X-CSRF`.
"""
_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457; some problems have members of their own, such as `current`",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
    },
    "required": ["type", "title", "status", "detail"],
}
_SECURITY: Schema = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF"},
}


def describe(name: str, server: str) -> Schema:
    """Return the OpenAPI document of a site called `name` at the address `server`."""
    paths: Schema = {}
    schemas: Schema = {"Problem": _PROBLEM}
    for noun in _NOUNS:
        paths |= noun.PATHS
        schemas |= noun.SCHEMAS
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{name} API", "version": "1", "description": _ABOUT},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": problem_responses(_STATUSES),
            "securitySchemes": _SECURITY,
        },
    }


def openapi(request: Request) -> Response:
    """`/api/openapi.json`."""
    settings = services_of(request).settings
    return JSONResponse(describe(settings.site_name, settings.base_url or "/"))
