"""Serving broadcasts: playlists made from what is noted, segments from the store."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.errors import NotFound
from media.live.broadcast import LiveRendition
from media.live.broadcast_store import Broadcasts
from media.storage.content_types import PLAYLIST_TYPE
from web.access.visibility import live_episode_of, may_preview
from web.http.etags import matches
from web.http.file_delivery import IMMUTABLE
from web.public.files.live_playlists import LivePlaylists
from web.public.files.media_files import serve_bytes
from web.services import live_of, services_of

_NAME = re.compile(r"[a-z0-9]{1,20}")


def master(request: Request) -> Response:
    """`GET /live/{slug}/master.m3u8`."""
    slug = _seen(request)
    return _playlist(request, _kept(request).playlists.master(slug))


def media(request: Request) -> Response:
    """`GET /live/{slug}/{rendition}/index.m3u8`, `?_HLS_skip=YES` for what is new."""
    slug, rendition = _seen(request), _rendition(request)
    delta = request.query_params.get("_HLS_skip", "").upper() in ("YES", "V2")
    text = _kept(request).playlists.media(slug, rendition, delta=delta)
    return _playlist(request, text)


def file(request: Request) -> Response:
    """`GET /live/{slug}/{rendition}/{number}.m4s`: never changes."""
    slug, rendition = _seen(request), _rendition(request)
    folder = _kept(request).playlists.broadcast(slug).folder
    number, services = int(request.path_params["number"]), services_of(request)
    segment = _kept(request).broadcasts.segment(slug, rendition, number)
    if segment.removed:
        raise NotFound("This part of the broadcast was given up for room.")
    return serve_bytes(
        request, services.archive.storage, segment.key(folder), "video/iso.segment", IMMUTABLE
    )


def init(request: Request) -> Response:
    """`GET /live/{slug}/{rendition}/init-{take}.mp4`: never changes."""
    slug, rendition = _seen(request), _rendition(request)
    folder = _kept(request).playlists.broadcast(slug).folder
    key = LiveRendition(int(request.path_params["take"]), rendition, "", "").key(folder)
    return serve_bytes(request, services_of(request).archive.storage, key, "video/mp4", IMMUTABLE)


def _seen(request: Request) -> str:
    """The episode, when whoever asks may follow it. Raises `NotFound`, `Withdrawn`."""
    slug = str(request.path_params["slug"])
    try:
        live_episode_of(request, slug)
    except NotFound:
        if not may_preview(request, services_of(request).archive.catalogue.episode(slug)):
            raise
    return slug


def _rendition(request: Request) -> str:
    name = str(request.path_params["rendition"])
    if not _NAME.fullmatch(name):
        raise NotFound("There is no such rendition of the broadcast.")
    return name


def _playlist(request: Request, text: str) -> Response:
    tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    # Half a segment at most, or players would be told of what is new too late.
    short = "TARGETDURATION:1\n" in text
    headers = {"ETag": tag, "Cache-Control": "no-cache" if short else "public, max-age=1"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type=PLAYLIST_TYPE)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one process keeps of broadcasts, for the store it was read from."""

    broadcasts: Broadcasts
    playlists: LivePlaylists


def _kept(request: Request) -> _Kept:
    broadcasts = live_of(request).broadcasts
    found: _Kept | None = getattr(request.app.state, "live", None)
    if found is None or found.broadcasts is not broadcasts:
        found = _Kept(broadcasts, LivePlaylists(broadcasts))
        request.app.state.live = found
    return found


ROUTES = [
    Route("/live/{slug}/master.m3u8", master),
    Route("/live/{slug}/{rendition}/index.m3u8", media),
    Route("/live/{slug}/{rendition}/{number:int}.m4s", file),
    Route("/live/{slug}/{rendition}/init-{take:int}.mp4", init),
]
