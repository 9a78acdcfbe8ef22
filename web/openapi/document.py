"""The description of the JSON API (OpenAPI 3.1), put together from what each noun says of itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access.operations import Operation
from web.access.signed_in import COOKIE
from web.openapi import broadcasts as openapi_broadcasts
from web.openapi import episodes as openapi_episodes
from web.openapi import events as openapi_events
from web.openapi import figures as openapi_figures
from web.openapi import questions as openapi_questions
from web.openapi import search as openapi_search
from web.openapi.vocabulary import TEXT, Schema, problem_responses
from web.rendering.context import site_of
from web.studio.episodes import jobs_api
from web.studio.moderation import api as moderation_api
from web.studio.people import account_api
from web.studio.people import api as people_api
from web.studio.taxonomy import programme_api, synonym_api, topic_api
from web.studio.timeline import api as timeline_api
from web.studio.transcript import api as transcript_api
from web.studio.transcript import glossary_api
from web.studio.uploads import pages as uploads_pages
from web.studio.uploads import tus_server

_NOUNS = (
    openapi_search,
    openapi_episodes,
    openapi_events,
    openapi_figures,
    openapi_questions,
    openapi_broadcasts,
)
_OPERATIONS: Sequence[Operation] = (
    *topic_api.OPERATIONS,
    *programme_api.OPERATIONS,
    *synonym_api.OPERATIONS,
    *people_api.OPERATIONS,
    *account_api.OPERATIONS,
    *timeline_api.OPERATIONS,
    *transcript_api.OPERATIONS,
    *glossary_api.OPERATIONS,
    *jobs_api.OPERATIONS,
    *tus_server.OPERATIONS,
    *uploads_pages.OPERATIONS,
    *moderation_api.OPERATIONS,
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
    for each in _OPERATIONS:
        item = paths.setdefault(each.address, {"parameters": each.places} if each.places else {})
        item[each.method.lower()] = each.described(schemas)
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
    """`GET /api/openapi.json`."""
    services = site_of(request).services
    return JSONResponse(describe(services.site_name, services.base_url or "/"))
