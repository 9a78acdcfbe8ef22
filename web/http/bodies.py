"""What a request sends: forms and JSON, bounded, without what no database keeps."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from media.errors import InvalidInput

BODY_LIMIT = 8_000_000
"""Bytes of a form or of JSON that are read; files come another way."""
FIELD_LIMIT = 2000
_ODD = re.compile(rb"\\u(0000|[dD][89a-fA-F])")


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The request's body. Raises `InvalidInput` for more than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise InvalidInput(f"More than {limit // 1_000_000} MB were sent; send less at once.")
        parts.append(part)
    return b"".join(parts)


def read_form(body: bytes) -> dict[str, list[str]]:
    """The fields of a form (application/x-www-form-urlencoded). Raises `InvalidInput`."""
    try:
        text = body.decode("ascii")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=FIELD_LIMIT, errors="replace")
    except ValueError as error:
        raise InvalidInput("The form can't be read; reload the page and send it again.") from error
    return {name: [value.replace("\0", "") for value in values] for name, values in fields.items()}


def read_json(body: bytes) -> Any:
    """A JSON body (RFC 8259: no NaN, no Infinity), its texts without what no database keeps. Raises `InvalidInput`."""
    try:
        value = json.loads(body, parse_constant=_no_number)
        return _storable(value) if _ODD.search(body) else value
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The JSON can't be read ({error}).") from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _storable(value: Any) -> Any:
    """`value` without NUL (PostgreSQL's texts have none) and lone surrogates (UTF-8 has none)."""
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
        case list():
            return [_storable(each) for each in value]
        case dict():
            return {_storable(name): _storable(each) for name, each in value.items()}
    return value
