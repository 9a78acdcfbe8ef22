"""Calls of the timeline: an episode's segments, changes of them, the waveform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from media.archive.episodes import Episode, RenditionKind, renditions_prefix
from media.errors import NotFound
from transcribe.editing.segments import SegmentConflict, overlapping
from web.access.operations import Operation, tagged
from web.access.preconditions import problem
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.http.json_schema import Seconds, said
from web.http.typed_json import JsonAnswer, like
from web.rendering.error_pages import told
from web.services import services_of
from web.studio.timeline.segment_json import SentChanges, TimelineSegment, read_changes

_WAVEFORM_LIMIT = 8_000_000
Pair = Annotated[list[Seconds], Field(min_length=2, max_length=2)]


@dataclass(frozen=True, slots=True)
class Waveform:
    """Levels of sound, as they are stored."""

    per_second: float
    peaks: Annotated[str, said("bytes in Base64")]
    silences: list[Pair]


@guarded(Action.EDIT_EPISODE)
def segments(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/segments`: all of them, also suggestions, by start."""
    episode = editable(request, signed_in)
    found = services_of(request).archive.transcripts.segments(episode.slug)
    shared = [[a.id, b.id, round(seconds, 3)] for a, b, seconds in overlapping(found)]
    return JsonAnswer({"segments": [like(TimelineSegment, each) for each in found], "overlaps": shared})


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
    return JsonAnswer({"saved": [like(TimelineSegment, each) if each else None for each in saved]})


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
    now = {key: like(TimelineSegment, each) if each else None for key, each in clash.now.items()}
    return problem(409, told(request, clash), now=now)


_AT = "/api/v1/episodes/{slug}"
_OVERLAPS = Annotated[
    list[tuple[str, str, float]], said("ids of two that overlap, and by how many seconds")
]
OPERATIONS = tagged(
    "segments",
    Operation(
        "GET", f"{_AT}/segments", segments, "segments", "All segments, also suggestions, by start",
        {"segments": list[TimelineSegment], "overlaps": _OVERLAPS},
    ),
    Operation(
        "POST", f"{_AT}/segments/changes", change_segments, "changeSegments",
        "Make, change, merge and remove segments: all or none; 409 with `now` when one was changed",
        {"saved": list[TimelineSegment | None]}, body=SentChanges, problems=(409,),
    ),
    Operation("GET", f"{_AT}/waveform", waveform, "waveform", "Levels of sound, and silences", Waveform),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
