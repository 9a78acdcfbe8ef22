"""Calls of the timeline: an episode's segments, changes of them, the waveform."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.archive.episodes import Episode, RenditionKind, renditions_prefix
from media.errors import NotFound
from transcribe.editing.segments import SegmentConflict, overlapping
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.rendering.error_pages import PROBLEM_TYPE, told
from web.services import services_of
from web.studio.timeline.segment_json import read_changes, segment_json

_WAVEFORM_LIMIT = 8_000_000


@guarded(Action.EDIT_EPISODE)
def segments(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/segments`: all of them, also suggestions, by start."""
    episode = editable(request, signed_in)
    found = services_of(request).archive.transcripts.segments(episode.slug)
    shared = [[a.id, b.id, round(seconds, 3)] for a, b, seconds in overlapping(found)]
    return JSONResponse({"segments": [segment_json(each) for each in found], "overlaps": shared})


@guarded(Action.EDIT_EPISODE)
def change_segments(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/segments/changes`: all of them or none.

    409 with `now` (by id, null for removed) when somebody else changed one meanwhile.
    """
    episode, services = editable(request, signed_in), services_of(request)
    slugs = {topic.slug for topic in services.archive.catalogue.topics()}
    changes = read_changes(signed_in.json, duration_of(request, episode), slugs)
    try:
        saved = services.archive.transcripts.change_segments(episode.slug, changes)
    except SegmentConflict as clash:
        return _clash(request, clash)
    return JSONResponse({"saved": [segment_json(each) if each else None for each in saved]})


@guarded(Action.EDIT_EPISODE)
def waveform(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/waveform`: `per_second`, `peaks` (bytes in base64), `silences`."""
    episode, services = editable(request, signed_in), services_of(request)
    found = services.archive.catalogue.renditions(episode.recording) if episode.recording else []
    wave = next((each for each in found if each.kind is RenditionKind.WAVEFORM), None)
    if wave is None or episode.recording is None:
        raise NotFound("There is no waveform of this episode; process it again to get one.")
    key = f"{renditions_prefix(episode.recording)}/{wave.path}"
    with services.archive.storage.open(key, 0, _WAVEFORM_LIMIT) as file:
        content = file.read()
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(content, headers=headers, media_type="application/json")


def editable(request: Request, signed_in: SignedInRequest) -> Episode:
    """The episode of the address. Raises `NotFound`, and `Forbidden` for another organisation's."""
    catalogue = services_of(request).archive.catalogue
    episode = catalogue.episode(request.path_params["slug"])
    signed_in.check(Action.EDIT_EPISODE, catalogue.programme(episode.programme).organisation)
    return episode


def duration_of(request: Request, episode: Episode) -> float:
    """Of its recording in seconds, 0 when there is none."""
    if episode.recording is None:
        return 0.0
    return services_of(request).archive.catalogue.recording(episode.recording).info.duration


def _clash(request: Request, clash: SegmentConflict) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus.CONFLICT.phrase,
        "status": 409,
        "detail": told(request, clash),
        "now": {key: segment_json(each) if each else None for key, each in clash.now.items()},
    }
    return JSONResponse(body, 409, media_type=PROBLEM_TYPE)


ROUTES = [
    Route("/api/v1/episodes/{slug}/segments", segments, methods=["GET"]),
    Route("/api/v1/episodes/{slug}/segments/changes", change_segments, methods=["POST"]),
    Route("/api/v1/episodes/{slug}/waveform", waveform, methods=["GET"]),
]
