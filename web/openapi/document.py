"""The description of the JSON API (OpenAPI 3.1)."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.access.operations import TEXT
from web.access.signed_in import COOKIE
from web.http.json_schema import Schema
from web.openapi.operations import OPERATIONS
from web.rendering.error_pages import PROBLEM_TYPE
from web.services import services_of

_PHRASES = {460: "Checksum Mismatch"}
"""Of statuses that HTTP does not have."""
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


@cache  # the types are read for half a second, and the answer is the same for everybody
def describe(name: str, server: str) -> Schema:
    """Return the OpenAPI document of a site called `name` at the address `server`; not to be changed."""
    paths, schemas = _operations()
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{name} API", "version": "1", "description": _ABOUT},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {f"Problem{status}": _problem(status) for status in _STATUSES},
            "securitySchemes": _SECURITY,
        },
    }


@cache
def _operations() -> tuple[Schema, Schema]:
    """The paths, and the schemas that they refer to."""
    paths: Schema = {}
    schemas: Schema = {"Problem": _PROBLEM}
    for each in OPERATIONS:
        item = paths.setdefault(each.address, {"parameters": each.places} if each.places else {})
        item[each.method.lower()] = each.described(schemas)
    return paths, schemas


def openapi(request: Request) -> Response:
    """`GET /api/openapi.json`."""
    settings = services_of(request).settings
    return JSONResponse(describe(settings.site_name, settings.base_url or "/"))


def _problem(status: int) -> Schema:
    """The answer of an error."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _PHRASES.get(status) or HTTPStatus(status).phrase, "content": content}
