"""The timeline: where editors cut a programme into answers and chapters."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, InvalidInput
from transcribe.editing.segments import (
    SegmentChange,
    SegmentConflict,
    check_segment,
    edges_of,
    merge,
    snap,
    split,
    tiled,
)
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from web.access.published_episodes import PublishedEpisodes
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import services_of
from web.studio.timeline import api
from web.studio.timeline.api import duration_of, editable
from web.studio.timeline.segment_json import parse_clock
from web.studio.timeline.views import SegmentRow, present_row, present_timeline


@guarded(Action.EDIT_EPISODE)
def timeline(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/timeline`."""
    editable(request, signed_in)
    return _timeline(request, signed_in)


@guarded(Action.EDIT_EPISODE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/timeline`: one segment, for browsers without JavaScript.

    `do` is save, confirm, remove, split (at `at`) or merge (with the next of its kind).
    """
    episode, transcripts = editable(request, signed_in), services_of(request).archive.transcripts
    try:
        changes = _changes(request, signed_in, transcripts.segments(episode.slug))
        transcripts.change_segments(episode.slug, changes)
    except SegmentConflict as clash:
        return _timeline(request, signed_in, told(request, clash), 409, list(clash.now.values()))
    except ArchiveError as error:
        return _timeline(request, signed_in, told(request, error), status_of(error))
    return RedirectResponse(f"/studio/episodes/{episode.slug}/timeline?saved", 303)


def _changes(request: Request, signed_in: SignedInRequest, stored: list[Segment]) -> list[SegmentChange]:
    form = signed_in.form
    key, what = form.get("id", ""), form.get("do", "")
    old = next((each for each in stored if each.id == key), None)
    version = form.get("version", "")[:9]
    seen = int(version) if version.isdecimal() else None
    if what == "remove":
        return [SegmentChange(key, seen, None)]
    made = _checked(request, signed_in, _read(signed_in, old))
    match what:
        case "save":
            moved = tiled(stored, old, made) if old else []
            return [SegmentChange(key, seen, made), *(_as_stored(each) for each in moved)]
        case "confirm":
            return [SegmentChange(key, seen, replace(made, state=SegmentState.CONFIRMED))]
        case "split":
            first, second = split(made, parse_clock(form.get("at", "")))
            return [SegmentChange(key, seen, first), SegmentChange("", None, second)]
        case "merge":
            after = [s for s in stored if s.kind is made.kind and s.id != key and s.start >= made.start]
            if not after:
                raise InvalidInput("There is nothing after it to merge it with.")
            joined = replace(merge(made, after[0]), id=key)
            return [
                SegmentChange(key, seen, joined),
                SegmentChange(after[0].id, after[0].version, None, into=key),
            ]
    raise InvalidInput("There is nothing called “%(name)s” to do with a segment.", name=what[:40])


def _as_stored(segment: Segment) -> SegmentChange:
    return SegmentChange(segment.id, segment.version, segment)


def _read(signed_in: SignedInRequest, old: Segment | None) -> Segment:
    """The segment that the form describes; what the form does not ask stays as it was."""
    form = signed_in.form
    kind = SegmentKind.CHAPTER if form.get("kind") == "chapter" else SegmentKind.ANSWER
    base = old or Segment(kind, 0, 0, "", origin=SegmentOrigin.EDITOR, confidence=1.0)
    question = form.get("question", base.question)
    made = replace(
        base,
        kind=kind,
        start=_time(form.get("start", ""), base.start),
        end=_time(form.get("end", ""), base.end),
        title=form.get("title", base.title),
        question=question if kind is SegmentKind.ANSWER else "",
        asker=form.get("asker", base.asker),
        answerers=tuple(form.get("answerers", "").splitlines()),
        topics=tuple(signed_in.lists.get("topics", [])),
    )
    if kind is SegmentKind.ANSWER and question != base.question:
        made = replace(made, title=question[:300])
    times = (made.start, made.end, made.kind)
    moved = old is not None and times != (old.start, old.end, old.kind)
    return replace(made, origin=SegmentOrigin.EDITOR) if moved else made


def _time(text: str, before: float) -> float:
    """What was typed, unless it is what stood there, to a tenth of a second."""
    moment = parse_clock(text)
    return before if abs(moment - before) <= 0.05 + 1e-9 else moment


def _checked(request: Request, signed_in: SignedInRequest, segment: Segment) -> Segment:
    services, episode = services_of(request), editable(request, signed_in)
    if signed_in.form.get("snap"):
        transcript = services.archive.transcripts.transcript(episode.slug)
        edges = edges_of(transcript.cues if transcript else ())
        segment = replace(segment, start=snap(segment.start, edges), end=snap(segment.end, edges))
    topics = {topic.slug for topic in services.archive.catalogue.topics()}
    return check_segment(segment, duration_of(request, episode), topics)


def _timeline(
    request: Request,
    signed_in: SignedInRequest,
    problem: str = "",
    status: int = 200,
    now: list[Segment | None] | None = None,
) -> Response:
    services, language = services_of(request), language_of(request)
    slug = request.path_params["slug"]
    made = present_timeline(
        PublishedEpisodes(services).preview(slug),
        services.archive.transcripts.segments(slug),
        services.archive.transcripts.transcript(slug),
        services.archive.catalogue.topics(),
        language,
    )
    there: list[SegmentRow | None] = [present_row(each) if each else None for each in now or []]
    return page(
        request,
        signed_in,
        "timeline.html",
        status,
        page=made,
        problem=problem,
        sent=signed_in.form if problem else {},
        sent_topics=signed_in.lists.get("topics", []) if problem else [],
        there=there,
        saved="saved" in request.query_params and not problem,
    )


ROUTES = [
    Route("/studio/episodes/{slug}/timeline", timeline, methods=["GET"]),
    Route("/studio/episodes/{slug}/timeline", change, methods=["POST"]),
    *api.ROUTES,
]
