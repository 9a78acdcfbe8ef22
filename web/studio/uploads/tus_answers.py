"""Answers in the tus protocol's form."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from media.errors import ArchiveError
from media.ingest.uploads import NoRoom, TooLarge, UploadBusy
from web.rendering.error_pages import PROBLEM_TYPE, status_of, told
from web.studio.uploads.tus_headers import VERSION

CHECKSUM_MISMATCH = 460
_STATUSES: dict[type[ArchiveError], int] = {TooLarge: 413, UploadBusy: 423, NoRoom: 507}
_PHRASES = {CHECKSUM_MISMATCH: "Checksum Mismatch"}


def http_date(at: datetime) -> str:
    """A UTC time in the form of RFC 9110, section 5.6.7."""
    return format_datetime(at.replace(tzinfo=UTC), usegmt=True)


def answer(status: int, headers: dict[str, str]) -> Response:
    """An answer without a body."""
    kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    return Response(
        status_code=status, headers={"Cache-Control": "no-store", "Tus-Resumable": VERSION, **kept}
    )


def refuse(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Problem details (RFC 9457)."""
    title = _PHRASES.get(status) or HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    more = {"Cache-Control": "no-store", "Tus-Resumable": VERSION, **(headers or {})}
    return JSONResponse(body, status, more, media_type=PROBLEM_TYPE)


def refuse_for(request: Request, error: ArchiveError) -> Response:
    """What an error is answered with."""
    known = next((_STATUSES[each] for each in type(error).__mro__ if each in _STATUSES), None)
    return refuse(known or status_of(error), told(request, error))
