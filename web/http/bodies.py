"""What a request sends: forms and JSON, bounded, without what no database keeps."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from media.errors import InvalidInput

BODY_LIMIT = 8_000_000
"""Bytes of a form or of JSON that are read; files come another way."""
FIELD_LIMIT = 2000
PART_LIMIT = 100
"""Fields, and as many files, of a form with files."""
PART_BYTES = 1_000_000
"""Of one field of a form with files; its files may be as long as the body."""
_TYPE_LENGTH = 1000
_ODD = re.compile(rb"\\u(0000|[dD][89a-fA-F])")

Seen = Callable[[bytes], object]
"""Is given each piece of a body as it comes."""


async def read_body(request: Request, limit: int = BODY_LIMIT, seen: Seen | None = None) -> bytes:
    """The request's body. Raises `InvalidInput` for more than `limit` bytes."""
    async with aclosing(_pieces(request, limit, seen)) as pieces:
        return b"".join([each async for each in pieces])


async def _pieces(request: Request, limit: int, seen: Seen | None) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise InvalidInput(
                "More than %(most)s MB were sent; send less at once.", most=limit // 1_000_000
            )
        if seen:
            seen(piece)
        yield piece


def read_form(body: bytes) -> dict[str, list[str]]:
    """The fields of a form (application/x-www-form-urlencoded). Raises `InvalidInput`."""
    try:
        text = body.decode("ascii")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=FIELD_LIMIT, errors="replace")
    except ValueError as error:
        raise _unreadable() from error
    return {name: [value.replace("\0", "") for value in values] for name, values in fields.items()}


async def read_multipart(
    request: Request, limit: int = BODY_LIMIT, seen: Seen | None = None
) -> tuple[dict[str, list[str]], dict[str, UploadFile]]:
    """The fields and the files of a form (multipart/form-data, RFC 7578), of several files of a name the last.

    It is read as it comes: long files lie in temporary ones until the caller closes them. A file's name is as the
    browser gave it, never a path to be used.

    Raises `InvalidInput` for more than `limit` bytes, for more than PART_LIMIT fields or files, for a field of
    more than PART_BYTES, and for what is no such form or ends too early.
    """
    kind = request.headers.get("content-type", "")
    charset = parse_options_header(kind)[1].get(b"charset", b"utf-8") if len(kind) <= _TYPE_LENGTH else b""
    if charset.lower() != b"utf-8":  # our pages send nothing else, and punycode's time is quadratic
        raise _unreadable()
    async with aclosing(_pieces(request, limit, seen)) as pieces:
        parser = _WholeForm(
            request.headers,
            pieces,
            max_files=PART_LIMIT,
            max_fields=PART_LIMIT,
            max_part_size=PART_BYTES,
        )
        try:
            return _sorted(await parser.parse())
        except MultiPartException as error:
            raise _unreadable() from error


class _WholeForm(MultiPartParser):
    """Starlette's parser, which takes a form that was cut off for a whole one."""

    _ended = False

    def on_end(self) -> None:
        self._ended = True

    async def parse(self) -> FormData:
        form = await super().parse()
        if not self._ended:
            await form.close()
            raise MultiPartException("The form ends too early.")
        return form


def _sorted(form: FormData) -> tuple[dict[str, list[str]], dict[str, UploadFile]]:
    lists: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            lists.setdefault(name, []).append(value.replace("\0", ""))
            continue
        if name in files:
            files[name].file.close()
        files[name] = value
    return lists, files


def _unreadable() -> InvalidInput:
    return InvalidInput("The form can't be read; reload the page and send it again.")


def read_json(body: bytes) -> Any:
    """A JSON body (RFC 8259: no NaN, no Infinity), its texts without what no database keeps. Raises `InvalidInput`."""
    try:
        value = json.loads(body, parse_constant=_no_number)
        return _storable(value) if _ODD.search(body) else value
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The JSON can't be read (%(why)s).", why=error) from error


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
