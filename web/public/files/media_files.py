"""Serving renditions of published episodes: playlists, segments, pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from media.archive.episodes import EpisodeState, renditions_prefix
from media.errors import NotFound
from media.hls.playlist import HLS_KINDS, MASTER, master_playlist, parse_segments, with_addresses
from media.storage.content_types import INDEXES, PLAYLIST_TYPE, SERVED, suffix_of
from media.storage.keys import is_key
from media.storage.port import Storage
from web.access.visibility import may_preview
from web.http.byte_ranges import Unsatisfiable, parse_range
from web.http.etags import matches
from web.http.file_delivery import Delivery, Streaming
from web.services import services_of

CHUNK_BYTES = 256 * 1024
SEGMENTS = (".m4s", ".mp4", ".m4a", ".ts", ".aac")
"""What may be fetched from elsewhere than the site. Pictures are not: they are few, and no page need load pictures
from other hosts."""
_TEXT_LIMIT = 8_000_000
_SHORT = "public, max-age=10, must-revalidate"


def media_file(request: Request) -> Response:
    """`/media/{recording}/{path}`: a rendition's file; 404 for anything not public, but for who may preview it."""
    recording, path = request.path_params["recording"], request.path_params["path"]
    services = services_of(request)
    episode = services.archive.catalogue.episode_of(recording)
    if episode is None or (episode.state != EpisodeState.PUBLISHED and not may_preview(request, episode)):
        raise NotFound("There is no published recording at this address.")
    public = episode.state == EpisodeState.PUBLISHED
    delivery = services.delivery if public and services.delivery else Streaming()
    response = _file(request, recording, path, delivery)
    if not public:
        response.headers["Cache-Control"] = "private, no-store"
    elif delivery.shared:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _file(request: Request, recording: str, path: str, delivery: Delivery) -> Response:
    storage = services_of(request).archive.storage
    if path == MASTER:
        return _master(request, recording)
    key = f"{renditions_prefix(recording)}/{path}"
    suffix = suffix_of(path)
    if suffix not in SERVED or not is_key(key):
        raise NotFound("There is no file at this address.")
    if suffix in INDEXES:
        content = _read(storage, key)
        if suffix == ".m3u8":
            content = _addressed(content.decode("utf-8", "replace"), recording, path, delivery).encode()
        return _text(request, content, SERVED[suffix])
    if suffix in SEGMENTS and request.method == "GET" and (answer := delivery.answer(recording, path)):
        return answer
    return serve_bytes(request, storage, key, SERVED[suffix], delivery.caching)


def _addressed(playlist: str, recording: str, path: str, delivery: Delivery) -> str:
    """The playlist with its segments where browsers are to fetch them."""
    folder = path.rpartition("/")[0]
    seconds = sum(segment.seconds for segment in parse_segments(playlist))

    def address(name: str) -> str | None:
        place = f"{folder}/{name}".lstrip("/")
        return delivery.address(recording, place, seconds) if is_key(place) else None

    return with_addresses(playlist, address)


def _master(request: Request, recording: str) -> Response:
    """The master playlist, made from the renditions that are there now."""
    found = services_of(request).archive.catalogue.renditions(recording)
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


def serve_bytes(request: Request, storage: Storage, key: str, media_type: str, caching: str) -> Response:
    """A file that never changes under its name, whole or one range of it."""
    size = storage.size(key)
    tag = f'"{hashlib.sha256(f"{key} {size}".encode()).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": caching, "Accept-Ranges": "bytes"}
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
