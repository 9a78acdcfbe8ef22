"""Resumable uploads by the tus protocol 1.0.0 (tus.io/protocols/resumable-upload).

Core, creation, creation-with-upload, termination, expiration, checksum. Bytes are written as they arrive, in a
thread; an answer that acknowledges bytes is given after they are on the disk. Requests carry the session's
cookie and its form token in the header X-CSRF, or a bearer token.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

from starlette.concurrency import run_in_threadpool as threaded
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.errors import ArchiveError, InvalidInput, NotFound
from media.ingest.upload_service import UploadService
from media.ingest.uploads import Upload, UploadRequest, UploadState
from web.access.signed_in import SignedInRequest
from web.domain.accounts.actor import acting
from web.domain.accounts.permissions import Action
from web.services import services_of, studio_of
from web.studio.uploads.tus_access import signed_in_of
from web.studio.uploads.tus_answers import answer, http_date, refuse, refuse_for
from web.studio.uploads.tus_headers import (
    ALGORITHMS,
    CHUNK_TYPE,
    EXTENSIONS,
    VERSION,
    read_metadata,
    read_number,
)
from web.studio.uploads.tus_receiving import complete, receive
from web.studio.uploads.wanted import check_captions, check_size, kind_of, name_of, upload_request_of

BASE = "/api/v1/uploads"

Handler = Callable[[Request, SignedInRequest, UploadService], Awaitable[Response]]


async def options(request: Request) -> Response:
    """`OPTIONS`: what this server can do (section “OPTIONS”). Needs no sign-in."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(studio_of(request).upload_service.largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


async def create(request: Request, signed_in: SignedInRequest, upload_service: UploadService) -> Response:
    """`POST /api/v1/uploads` (section “Creation”); with a body, its first bytes too."""
    if "upload-defer-length" in request.headers:
        raise InvalidInput("Say the file's size in Upload-Length; it can't be said later here.")
    length = read_number(request.headers.get("upload-length"), "Upload-Length")
    values = read_metadata(request.headers.get("upload-metadata", ""))
    upload = await threaded(_begin, request, signed_in, upload_service, length, values)
    headers = {"Location": f"{BASE}/{upload.id}"}
    if request.headers.get("content-type", "") == CHUNK_TYPE:
        received = await receive(request, upload_service, upload, 0)
        return answer(
            201 if received.status_code == 204 else received.status_code, headers | dict(received.headers)
        )
    return answer(201, headers | {"Upload-Offset": "0", "Upload-Expires": http_date(upload.expires_at)})


def _begin(
    request: Request,
    signed_in: SignedInRequest,
    upload_service: UploadService,
    length: int,
    values: dict[str, str],
) -> Upload:
    """Check what is asked for and note it."""
    filename = name_of(values)
    kind = kind_of(values, filename)
    check_size(kind, length, upload_service.largest)
    catalogue = services_of(request).archive.catalogue
    upload_request: UploadRequest = upload_request_of(
        values, kind, filename, signed_in, catalogue, date.today()
    )
    captions = check_captions(upload_service, values.get("captions", ""), signed_in.account.id)
    if captions:
        upload_request = replace(upload_request, captions=captions)
    others = sum(each.length for each in upload_service.uploads.arriving())
    upload_service.files.check_room(length + others)
    upload = Upload(
        id=uuid4().hex,
        account=signed_in.account.id,
        actor=signed_in.account.login,
        filename=filename,
        length=length,
        kind=kind,
        upload_request=upload_request,
        expires_at=upload_service.expires_at(),
    )
    upload_service.files.create(
        upload.id
    )  # first: a file without a row is swept, a row without a file would mislead
    try:
        with acting(signed_in.account.login):
            upload_service.uploads.add(upload, upload_service.quota)
    except BaseException:
        upload_service.files.remove(upload.id)
        raise
    return upload


async def head(request: Request, signed_in: SignedInRequest, upload_service: UploadService) -> Response:
    """`HEAD /api/v1/uploads/{id}`: how many bytes there are (section “HEAD”)."""
    upload = await threaded(_own, request, signed_in, upload_service)
    offset = await threaded(_offset, upload_service, upload)
    if offset == upload.length and upload.state is UploadState.ARRIVING:
        await threaded(complete, upload_service, upload)  # killed between the last byte and noting it
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Length": str(upload.length),
        "Cache-Control": "no-store",
    }
    if upload.state is UploadState.ARRIVING:
        headers["Upload-Expires"] = http_date(upload.expires_at)
    return answer(200, headers)


async def patch(request: Request, signed_in: SignedInRequest, upload_service: UploadService) -> Response:
    """`PATCH /api/v1/uploads/{id}`: the next bytes (sections “PATCH” and “Checksum”)."""
    if request.headers.get("content-type", "") != CHUNK_TYPE:
        return refuse(415, f"Send the bytes as Content-Type: {CHUNK_TYPE}.")
    offset = read_number(request.headers.get("upload-offset"), "Upload-Offset")
    upload = await threaded(_own, request, signed_in, upload_service)
    return await receive(request, upload_service, upload, offset)


async def remove(request: Request, signed_in: SignedInRequest, upload_service: UploadService) -> Response:
    """`DELETE /api/v1/uploads/{id}` (section “Termination”)."""
    upload = await threaded(_own, request, signed_in, upload_service)

    def forget() -> None:
        if upload.state is UploadState.ARRIVING:
            upload_service.files.remove(upload.id)  # first: refuses while a request writes
        upload_service.uploads.remove(upload.id)
        upload_service.files.remove(upload.id)

    with acting(signed_in.account.login):
        await threaded(forget)
    return answer(204, {})


def _own(request: Request, signed_in: SignedInRequest, upload_service: UploadService) -> Upload:
    """The upload, when it is the visitor's own. Raises `NotFound`."""
    upload = upload_service.uploads.upload(request.path_params["id"])
    if upload.account != signed_in.account.id or upload.link:
        raise NotFound("There is no such upload; it may have expired. Choose the file again.")
    return upload


def _offset(upload_service: UploadService, upload: Upload) -> int:
    return upload_service.files.size(upload.id) if upload.state is UploadState.ARRIVING else upload.length


def _spoken(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler for who is signed in and speaks this version; errors as problem details."""

    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        if request.headers.get("tus-resumable") != VERSION:
            return refuse(
                412, f"Speak tus {VERSION}: send “Tus-Resumable: {VERSION}”.", {"Tus-Version": VERSION}
            )
        try:
            signed_in = await signed_in_of(request, Action.UPLOAD)
            if isinstance(signed_in, Response):
                signed_in.headers["Tus-Resumable"] = VERSION
                return signed_in
            return await handler(request, signed_in, studio_of(request).upload_service)
        except ArchiveError as error:
            return refuse_for(request, error)

    return endpoint


async def _overridden(request: Request) -> Response:
    """`POST` to an upload: a client that can send nothing else says its method in a header (“X-HTTP-Method-Override”)."""
    method = request.headers.get("x-http-method-override", "").upper()
    handlers: dict[str, Handler] = {"HEAD": head, "PATCH": patch, "DELETE": remove}
    if method not in handlers:
        return refuse(
            405, "Send PATCH, HEAD or DELETE to an upload.", {"Allow": "HEAD, PATCH, DELETE, OPTIONS"}
        )
    return await _spoken(handlers[method])(request)


ROUTES = [
    Route(BASE, options, methods=["OPTIONS"]),
    Route(BASE, _spoken(create), methods=["POST"]),
    Route(BASE + "/{id}", options, methods=["OPTIONS"]),
    Route(BASE + "/{id}", _spoken(head), methods=["HEAD"]),
    Route(BASE + "/{id}", _spoken(patch), methods=["PATCH"]),
    Route(BASE + "/{id}", _spoken(remove), methods=["DELETE"]),
    Route(BASE + "/{id}", _overridden, methods=["POST"]),
]
