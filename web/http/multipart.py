"""Forms with files (multipart/form-data, RFC 7578), as browsers send them without a script. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from media.errors import InvalidInput

PARTS_MOST = 100
_HEAD_MOST = 4_000
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))', re.IGNORECASE)
_PARAMETER = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a form, its name as the browser gave it: never a path to be used."""

    filename: str
    data: bytes


def read_multipart(content_type: str, body: bytes) -> tuple[dict[str, list[str]], dict[str, Sent]]:
    """The fields and the files of a form, of several files of a name the last.

    Raises `InvalidInput` for what is no such form, or has more than PARTS_MOST parts.
    """
    found = _BOUNDARY.search(content_type)
    if not found:
        raise _unreadable()
    fields: dict[str, list[str]] = {}
    files: dict[str, Sent] = {}
    for head, data in _parts(body, (found[1] or found[2]).encode("latin-1", "replace")):
        named = dict(_PARAMETER.findall(head))
        if "filename" in named:
            files[named.get("name", "")] = Sent(named["filename"].replace("\0", "")[:200], data)
        else:
            text = data.decode("utf-8", "replace").replace("\0", "")
            fields.setdefault(named.get("name", ""), []).append(text)
    return fields, files


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """The disposition of each part and its bytes."""
    mark = b"\r\n--" + boundary
    if not body.startswith(mark[2:]):
        raise _unreadable()
    at = len(mark) - 2
    for _ in range(PARTS_MOST):
        if body.startswith(b"--", at):
            return
        start = body.find(b"\r\n\r\n", at, at + _HEAD_MOST)
        end = body.find(mark, start)
        if start < 0 or end < 0:
            raise _unreadable()
        head = body[at:start].decode("utf-8", "replace")
        line = next(
            (each for each in head.split("\r\n") if each.lower().startswith("content-disposition")), ""
        )
        yield line, body[start + 4 : max(end, start + 4)]
        at = end + len(mark)
    raise _unreadable()


def _unreadable() -> InvalidInput:
    return InvalidInput("The form can't be read; reload the page and send it again.")
