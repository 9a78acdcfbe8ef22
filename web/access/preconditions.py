"""What a call saw before it changes something: ETag and If-Match (RFC 9110, section 13), and bodies of calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from media.errors import InvalidInput
from web.access.signed_in import SignedInRequest
from web.http.etags import matches
from web.rendering.error_pages import PROBLEM_TYPE

Plain = dict[str, Any]


def tag_of(value: object) -> str:
    """The ETag of what is answered: a hash of it (SHA-256), so that it changes exactly when the answer does."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'


def answer(
    request: Request, value: Plain, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer with its ETag; 304 to who has it already (If-None-Match)."""
    tag = tag_of(value)
    if request.method in ("GET", "HEAD") and matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(value, status, {"ETag": tag, **(headers or {})})


def made(request: Request, value: Plain, address: str) -> Response:
    """The answer to a creation: 201, where it is, and what it is."""
    return answer(request, value, 201, {"Location": address})


def refused(request: Request, current: Plain) -> Response | None:
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
    return JSONResponse({**body, **more}, status, headers, media_type=PROBLEM_TYPE)


def fields(signed_in: SignedInRequest, *names: str, needed: tuple[str, ...] = ()) -> Plain:
    """The JSON object sent, with none but these fields and all those `needed`. Raises `InvalidInput`."""
    sent = signed_in.json
    if not isinstance(sent, dict) or not sent.keys() <= {*names, *needed} or not sent.keys() >= {*needed}:
        wanted = ", ".join((*(f"{name} (needed)" for name in needed), *names))
        raise InvalidInput("Send a JSON object with: %(wanted)s.", wanted=wanted or "nothing")
    return sent


def text(sent: Plain, name: str, default: str = "") -> str:
    """A text among the fields. Raises `InvalidInput`."""
    value = sent.get(name, default)
    if not isinstance(value, str):
        raise InvalidInput("“%(name)s” must be text.", name=name)
    return value


def flag(sent: Plain, name: str, default: bool) -> bool:
    """True or false among the fields. Raises `InvalidInput`."""
    value = sent.get(name, default)
    if not isinstance(value, bool):
        raise InvalidInput("“%(name)s” must be true or false.", name=name)
    return value


def texts(sent: Plain, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A list of texts among the fields. Raises `InvalidInput`."""
    value = sent.get(name, list(default))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidInput("“%(name)s” must be a list of texts.", name=name)
    return tuple(value)


def whole(value: object, name: str, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number. Raises `InvalidInput`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInput(
            "“%(name)s” must be a whole number from %(least)s to %(most)s.",
            name=name,
            least=least,
            most=most,
        )
    return value


def number_asked(request: Request, name: str, default: int, most: int) -> int:
    """A whole number in the address. Raises `InvalidInput`."""
    sent = request.query_params.get(name, "")
    if not sent:
        return default
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise InvalidInput("“%(name)s” must be a whole number from 0 to %(most)s.", name=name, most=most)
    return whole(int(sent), name, 0, most)
