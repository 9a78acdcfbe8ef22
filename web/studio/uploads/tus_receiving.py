"""Receiving bytes: written as they come, in a thread; acknowledged when they are on the disk."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool as threaded
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from media.ingest.upload_files import Arrival
from media.ingest.upload_service import UploadService
from media.ingest.uploads import NoRoom, Upload, UploadState
from web.domain.accounts.actor import acting
from web.studio.uploads.tus_answers import CHECKSUM_MISMATCH, answer, http_date, refuse, refuse_for
from web.studio.uploads.tus_headers import ALGORITHMS, Checksum, read_checksum


async def receive(request: Request, upload_service: UploadService, upload: Upload, offset: int) -> Response:
    """Append the request's body at `offset`."""
    checksum = read_checksum(request.headers.get("upload-checksum"))
    if upload.state is not UploadState.ARRIVING:
        if offset == upload.length and request.headers.get("content-length", "0") == "0":
            return answer(
                204, {"Upload-Offset": str(offset)}
            )  # a client whose last answer was lost asks so
        return refuse(409, "This file is complete; nothing can be added to it.")
    arrival: Arrival = await threaded(upload_service.files.open, upload.id)
    try:
        if offset != arrival.offset:
            return refuse(409, f"Upload-Offset must be {arrival.offset}: that is what has arrived.")
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > upload.length - offset:
            return refuse(413, "More bytes were sent than Upload-Length says; nothing was added.")
        if checksum is not None:
            await threaded(arrival.expect_checksum)
        ended = await _append(request, upload_service, upload, arrival, checksum)
        if ended is None:
            await threaded(upload_service.uploads.touch, upload.id, upload_service.expires_at())
            if arrival.offset == upload.length:
                await threaded(complete, upload_service, upload)
        return ended or answer(
            204,
            {
                "Upload-Offset": str(arrival.offset),
                "Upload-Expires": http_date(upload_service.expires_at()),
            },
        )
    finally:
        await threaded(arrival.close)


async def _append(
    request: Request,
    upload_service: UploadService,
    upload: Upload,
    arrival: Arrival,
    checksum: Checksum | None,
) -> Response | None:
    """Write what arrives; None when it is whole and on the disk. What arrived of a chunk that was cut short is
    kept, unless it had a checksum, which then can't be looked at."""
    digest = ALGORITHMS[checksum.algorithm]() if checksum else None
    problem: Response | None = None
    try:
        async for piece in _pieces(request, upload_service.stall_seconds):
            if arrival.offset + len(piece) > upload.length:
                problem = refuse(413, "More bytes were sent than Upload-Length says.")
                break
            await threaded(_write, arrival, digest, piece)
    except (ClientDisconnect, TimeoutError):
        problem = refuse(503, "The line broke; what arrived is kept.", {"Retry-After": "1"})
    except NoRoom as error:
        problem = refuse_for(request, error)
    if checksum is None or (problem is None and hmac.compare_digest(digest.digest(), checksum.digest)):  # type: ignore[union-attr]
        await threaded(arrival.keep)
        return problem
    await threaded(arrival.discard)
    return problem or refuse(CHECKSUM_MISMATCH, "These bytes changed on their way; send them again.")


async def _pieces(request: Request, stall_seconds: float) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `ClientDisconnect`; `TimeoutError` after a while without a byte."""
    stream = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), stall_seconds)
        except StopAsyncIteration:
            return
        if piece:
            yield piece


def _write(arrival: Arrival, digest: Any, piece: bytes) -> None:
    arrival.write(piece)
    if digest is not None:
        digest.update(piece)


def complete(upload_service: UploadService, upload: Upload) -> None:
    """All bytes are there."""
    with acting(upload.actor):
        upload_service.uploads.complete(upload.id)
