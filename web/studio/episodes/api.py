"""The desk for scripts: each change as a JSON call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.archive.editing import EpisodeChanged, facts_of
from media.archive.episodes import Episode
from media.errors import InvalidInput
from transcribe.editing.review_marks import Marks, MarksChanged, Placed, marks_of, plain
from transcribe.segments import Segment
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for, programmes_for
from web.domain.accounts.permissions import Action
from web.rendering.error_pages import PROBLEM_TYPE, told
from web.services import services_of, studio_of
from web.studio.episodes import actions
from web.studio.episodes.forms import facts_from_json, marks_from, read_moment, text_of
from web.studio.episodes.list import PAGE, limited, params_of, wanted_of

_LONGEST_QUERY = 300


@guarded(Action.SEE_STUDIO)
def episodes(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes?state=&programme=&q=&page=`: a page of them, newest first."""
    seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
    asked = params_of(request)
    found, total = studio_of(request).editing.listed(wanted_of(asked, signed_in, seen))
    body = {"total": total, "page": asked.page, "limit": PAGE, "episodes": [_episode(e) for e in found]}
    return JSONResponse(body)


@guarded(Action.SEE_STUDIO)
def episode(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}`: facts, state and check list."""
    return _answer(request, episode_for(request, signed_in).episode)


@guarded(Action.EDIT_EPISODE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/episodes/{slug}` with If-Match: some of the facts. 412 when another version is stored."""
    stored = episode_for(request, signed_in, Action.EDIT_EPISODE).episode
    matched = request.headers.get("if-match", "").strip()
    if not matched:
        return _problem(428, "Precondition Required", "Send the ETag you saw as If-Match.")
    try:
        facts = facts_from_json(signed_in.json, facts_of(stored))
        actions.check_move(request, signed_in, facts.programme)
        if matched not in ("*", _tag(stored)):
            raise EpisodeChanged(stored)
        saved = studio_of(request).editing.save_facts(stored.slug, facts, stored.version)
    except EpisodeChanged as error:
        theirs = _episode(error.current)
        return _problem(
            412, "Precondition Failed", told(request, error), _tag(error.current), current=theirs
        )
    return _answer(request, saved)


@guarded(Action.PUBLISH)
def publish(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/publish`."""
    return _answer(request, actions.publish(request, signed_in))


@guarded(Action.PUBLISH)
def schedule(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/schedule` with `at`: a time, in the archive's zone without an offset; or null."""
    at = _value(signed_in, "at")
    moment = None if at is None else read_moment(text_of(at, "at"), services_of(request).settings.zone)
    return _answer(request, actions.schedule(request, signed_in, moment))


@guarded(Action.PUBLISH)
def withdraw(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/withdraw` with `reason`."""
    return _answer(
        request, actions.withdraw(request, signed_in, text_of(_value(signed_in, "reason"), "reason"))
    )


@guarded(Action.EDIT_EPISODE)
def captions_read(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/episodes/{slug}/captions-read` with `version` of the transcript and `read`."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    version, read = _value(signed_in, "version"), signed_in.json.get("read", True)
    if type(version) is not int or not 0 <= version < 2**31 or type(read) is not bool:
        raise InvalidInput(
            "Send the transcript's “version” as a whole number, and “read” as true or false."
        )
    return _answer(request, studio_of(request).editing.note_captions_read(slug, version, read))


@guarded(Action.EDIT_EPISODE)
def retry(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/retry`."""
    return _work(request, signed_in, actions.work_again)


@guarded(Action.EDIT_EPISODE)
def cancel(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/cancel`."""
    return _work(request, signed_in, actions.stop_work)


def _work(
    request: Request, signed_in: SignedInRequest, do: Callable[[Request, SignedInRequest], None]
) -> Response:
    do(request, signed_in)
    job = services_of(request).archive.jobs.job_of(str(request.path_params["slug"]))
    return JSONResponse({"job": job.id if job else None, "state": job.state.value if job else None})


@guarded(Action.EDIT_EPISODE)
def mark(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/episodes/{slug}/segments/{segment}/marks`: all marks, with `seen` as they were."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    sent = dict(signed_in.json) if isinstance(signed_in.json, dict) else {}
    seen = marks_from(sent.pop("seen", {}))
    marks = marks_from(sent)
    if marks.superseded_by != seen.superseded_by:
        actions.check_newer(request, signed_in, marks.superseded_by)
    try:
        segment = studio_of(request).marking.mark(slug, str(request.path_params["segment"]), marks, seen)
    except MarksChanged as error:
        return _problem(409, "Conflict", told(request, error), current=_marks(error.current))
    return JSONResponse(_marked(segment))


@guarded(Action.SEE_STUDIO)
def answers(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/answers?q=`: answers whose question has these words."""
    seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
    text = request.query_params.get("q", "")[:_LONGEST_QUERY]
    found = studio_of(request).marking.find(text, seen if limited(signed_in) else None)
    return JSONResponse({"answers": [_placed(each) for each in found]})


@guarded(Action.SEE_STUDIO)
def presence(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/presence` with `what`: I am still here; who else is."""
    slug = episode_for(request, signed_in).episode.slug
    actions.be_present(request, signed_in, slug, text_of(_value(signed_in, "what"), "what"))
    present = studio_of(request).presences.present([slug]).get(slug, [])
    others = [each for each in present if each.account != signed_in.account.id]
    people = [{"name": p.name, "what": p.what, "since": p.since.isoformat() + "Z"} for p in others]
    return JSONResponse({"people": people})


def _value(signed_in: SignedInRequest, name: str) -> Any:
    if not isinstance(signed_in.json, dict) or name not in signed_in.json:
        raise InvalidInput("Send a JSON object with “%(name)s”.", name=name)
    return signed_in.json[name]


def _tag(stored: Episode) -> str:
    return f'"{stored.version}"'


def _answer(request: Request, stored: Episode) -> Response:
    checks = actions.checks_of(services_of(request), stored)
    listed = [{"need": c.need.value, "met": c.met, "blocking": c.blocking} for c in checks]
    return JSONResponse(_episode(stored) | {"checks": listed}, headers={"ETag": _tag(stored)})


def _episode(stored: Episode) -> dict[str, object]:
    at = stored.publish_at
    return {
        **asdict(facts_of(stored)),
        "date": stored.date.isoformat(),
        "state": stored.state.value,
        "version": stored.version,
        "publish_at": at.replace(tzinfo=UTC).isoformat() if at else None,
        "withdrawn_reason": stored.withdrawn_reason,
        "captions_read": stored.captions_read,
    }


def _marks(marks: Marks) -> dict[str, object]:
    days = {"law_changed": marks.law_changed, "review_on": marks.review_on}
    return asdict(marks) | {name: day.isoformat() if day else None for name, day in days.items()}


def _marked(segment: Segment) -> dict[str, object]:
    return _marks(marks_of(segment)) | {"outdated": segment.outdated}


def _placed(placed: Placed) -> dict[str, object]:
    segment = plain(placed.segment)
    kept = {name: segment[name] for name in ("id", "question", "title", "start", "end")}
    return kept | {"episode": placed.episode, "episode_title": placed.episode_title}


def _problem(status: int, title: str, detail: str, tag: str = "", **more: object) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, {"ETag": tag} if tag else None, media_type=PROBLEM_TYPE)


_HERE = "/api/v1/episodes/{slug}"
ROUTES = [
    Route("/api/v1/studio/episodes", episodes, methods=["GET"]),
    Route("/api/v1/studio/episodes/{slug}", episode, methods=["GET"]),
    Route("/api/v1/studio/answers", answers, methods=["GET"]),
    Route(_HERE, change, methods=["PATCH"]),
    Route(f"{_HERE}/publish", publish, methods=["POST"]),
    Route(f"{_HERE}/schedule", schedule, methods=["POST"]),
    Route(f"{_HERE}/withdraw", withdraw, methods=["POST"]),
    Route(f"{_HERE}/captions-read", captions_read, methods=["PUT"]),
    Route(f"{_HERE}/retry", retry, methods=["POST"]),
    Route(f"{_HERE}/cancel", cancel, methods=["POST"]),
    Route(f"{_HERE}/presence", presence, methods=["POST"]),
    Route(f"{_HERE}/segments/{{segment}}/marks", mark, methods=["PUT"]),
]
