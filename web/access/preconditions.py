"""What a call saw before it changes something: ETag and If-Match (RFC 9110, section 13), and bodies of calls."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from media.errors import InvalidInput
from web.http.etags import matches
from web.http.typed_json import JsonAnswer, written
from web.rendering.error_pages import PROBLEM_TYPE

Plain = dict[str, Any]


def tag_of(value: object) -> str:
    """The ETag of what is answered: a hash of it (SHA-256), so that it changes exactly when the answer does."""
    text = written(value, sort_keys=True)
    return f'"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'


def answer(
    request: Request, value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer with its ETag; 304 to who has it already (If-None-Match)."""
    tag = tag_of(value)
    if request.method in ("GET", "HEAD") and matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JsonAnswer(value, status, {"ETag": tag, **(headers or {})})


def made(request: Request, value: object, address: str) -> Response:
    """The answer to a creation: 201, where it is, and what it is."""
    return answer(request, value, 201, {"Location": address})


def refused(request: Request, current: object) -> Response | None:
    """Why a change of `current` is not made: 428 without If-Match, 412 when what was seen is no longer so."""
    sent = request.headers.get("if-match", "").strip()
    if not sent:
        return problem(428, "Read it first and send its ETag as If-Match; nothing was changed.")
    tag = tag_of(current)
    if sent == "*" or tag in (each.strip() for each in sent.split(",")):
        return None
    detail = "Somebody else changed this meanwhile; look at it again, nothing was changed."
    return problem(412, detail, {"ETag": tag}, current=current)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """Problem details (RFC 9457) with members of one's own."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonAnswer({**body, **more}, status, headers, media_type=PROBLEM_TYPE)


def number_asked(request: Request, name: str, default: int, most: int) -> int:
    """A whole number in the address. Raises `InvalidInput`."""
    sent = request.query_params.get(name, "")
    if not sent:
        return default
    if not (sent.isascii() and sent.isdigit() and len(sent) < 11 and int(sent) <= most):
        raise InvalidInput("“%(name)s” must be a whole number from 0 to %(most)s.", name=name, most=most)
    return int(sent)
