"""Serving renditions of published episodes: playlists, segments, pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from media.episodes import EpisodeState, renditions_prefix
from media.errors import InvalidInput, NotFound
from media.playlist import HLS_KINDS, MASTER, master_playlist
from media.storage import Storage
from web.byte_ranges import Unsatisfiable, parse_range
from web.site import site_of
from web.studio.visible import may_preview

CHUNK_BYTES = 256 * 1024
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
TYPES = {
    ".m3u8": PLAYLIST_TYPE,
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".ts": "video/mp2t",
    ".aac": "audio/aac",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_TEXTS = (".m3u8", ".vtt")
_TEXT_LIMIT = 8_000_000
_IMMUTABLE = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=10, must-revalidate"


def media_file(request: Request) -> Response:
    """`/media/{recording}/{path}`: a rendition's file; 404 for anything not public, but for who may preview it."""
    recording, path = request.path_params["recording"], request.path_params["path"]
    services = site_of(request).services
    episode = services.catalogue.episode_of(recording)
    if episode is None or (episode.state != EpisodeState.PUBLISHED and not may_preview(request, episode)):
        raise NotFound("There is no published recording at this address.")
    response = _file(request, recording, path)
    if episode.state != EpisodeState.PUBLISHED:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _file(request: Request, recording: str, path: str) -> Response:
    services = site_of(request).services
    if path == MASTER:
        return _master(request, recording)
    key = f"{renditions_prefix(recording)}/{path}"
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in TYPES:
        raise NotFound("There is no file at this address.")
    try:
        size = services.storage.size(key)
        if suffix in _TEXTS:
            return _text(request, _read(services.storage, key), TYPES[suffix])
        return _bytes(request, services.storage, key, size, TYPES[suffix])
    except InvalidInput as error:
        raise NotFound("There is no file at this address.") from error


def _master(request: Request, recording: str) -> Response:
    """The master playlist, made from the renditions that are there now."""
    found = site_of(request).services.catalogue.renditions(recording)
    renditions = [each for each in found if each.kind in HLS_KINDS]
    if not renditions:
        raise NotFound("This recording cannot be played yet; it is being processed.")
    return _text(request, master_playlist(renditions).encode(), PLAYLIST_TYPE)


def _read(storage: Storage, key: str) -> bytes:
    with storage.open(key, 0, _TEXT_LIMIT) as file:
        return file.read()


def _text(request: Request, content: bytes, media_type: str) -> Response:
    """A small text that may change: always whole, checked again after a few seconds."""
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": _SHORT}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def _bytes(request: Request, storage: Storage, key: str, size: int, media_type: str) -> Response:
    """A file that never changes under its name, whole or one range of it."""
    tag = f'"{hashlib.sha256(f"{key} {size}".encode()).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": _IMMUTABLE, "Accept-Ranges": "bytes"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    same = request.headers.get("if-range", tag) == tag
    try:
        part = parse_range(request.headers.get("range") if same else None, size)
    except Unsatisfiable:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    start, length = part or (0, size)
    headers["Content-Length"] = str(length)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    return StreamingResponse(_chunks(storage, key, start, length), status, headers, media_type)


def _chunks(storage: Storage, key: str, start: int, length: int) -> Iterator[bytes]:
    """Read in pieces; Starlette runs this in threads."""
    with storage.open(key, start, length) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def matches(header: str | None, tag: str) -> bool:
    """Whether If-None-Match names `tag`, compared weakly (RFC 9110, section 13.1.2)."""
    if header is None:
        return False
    plain = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (plain, "*") for each in header.split(","))
