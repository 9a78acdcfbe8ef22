"""The desk for scripts: each change as a JSON call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from media.archive.editing import EpisodeChanged, facts_of
from media.archive.episodes import Episode
from transcribe.editing.review_marks import MarksChanged
from web.access.operations import TEXT, Operation, asked, tagged
from web.access.preconditions import problem
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for, programmes_for
from web.domain.accounts.permissions import Action
from web.http.typed_json import JsonAnswer, like, read
from web.rendering.error_pages import told
from web.services import services_of, studio_of
from web.studio.episodes import actions
from web.studio.episodes.forms import marks_from, read_moment
from web.studio.episodes.json_form import (
    CaptionsRead,
    EpisodePage,
    FactsChange,
    MarksChange,
    MarksJson,
    PlacedAnswer,
    Presence,
    PresentPerson,
    Schedule,
    StudioEpisode,
    Withdrawal,
    Work,
    listed_episode,
    placed_answer,
    studio_episode,
)
from web.studio.episodes.list import PAGE, limited, params_of, wanted_of

_LONGEST_QUERY = 300


@guarded(Action.SEE_STUDIO)
def episodes(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes?state=&programme=&q=&page=`: a page of them, newest first."""
    seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
    shown = params_of(request)
    found, total = studio_of(request).editing.listed(wanted_of(shown, signed_in, seen))
    return JsonAnswer(EpisodePage(total, shown.page, PAGE, [listed_episode(each) for each in found]))


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
        return problem(428, "Send the ETag you saw as If-Match.")
    try:
        facts = replace(facts_of(stored), **read(FactsChange, signed_in.json))
        actions.check_move(request, signed_in, facts.programme)
        if matched not in ("*", _tag(stored)):
            raise EpisodeChanged(stored)
        saved = studio_of(request).editing.save_facts(stored.slug, facts, stored.version)
    except EpisodeChanged as error:
        headers, theirs = {"ETag": _tag(error.current)}, listed_episode(error.current)
        return problem(412, told(request, error), headers, current=theirs)
    return _answer(request, saved)


@guarded(Action.PUBLISH)
def publish(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/publish`."""
    return _answer(request, actions.publish(request, signed_in))


@guarded(Action.PUBLISH)
def schedule(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/schedule` with `at`: a time, in the archive's zone without an offset; or null."""
    at = read(Schedule, signed_in.json)["at"]
    moment = None if at is None else read_moment(at, services_of(request).settings.zone)
    return _answer(request, actions.schedule(request, signed_in, moment))


@guarded(Action.PUBLISH)
def withdraw(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/withdraw` with `reason`."""
    reason = read(Withdrawal, signed_in.json)["reason"]
    return _answer(request, actions.withdraw(request, signed_in, reason))


@guarded(Action.EDIT_EPISODE)
def captions_read(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/episodes/{slug}/captions-read` with `version` of the transcript and `read`."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    sent, editing = read(CaptionsRead, signed_in.json), studio_of(request).editing
    return _answer(request, editing.note_captions_read(slug, sent["version"], sent.get("read", True)))


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
    return JsonAnswer(Work(job.id if job else None, job.state if job else None))


@guarded(Action.EDIT_EPISODE)
def mark(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/episodes/{slug}/segments/{segment}/marks`: all marks, with `seen` as they were."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    sent = read(MarksChange, signed_in.json)
    seen, marks = marks_from(sent.get("seen", {})), marks_from(sent)
    if marks.superseded_by != seen.superseded_by:
        actions.check_newer(request, signed_in, marks.superseded_by)
    try:
        segment = studio_of(request).marking.mark(slug, str(request.path_params["segment"]), marks, seen)
    except MarksChanged as error:
        return problem(409, told(request, error), current=error.current)
    return JsonAnswer(like(MarksJson, segment))


@guarded(Action.SEE_STUDIO)
def answers(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/answers?q=`: answers whose question has these words."""
    seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
    text = request.query_params.get("q", "")[:_LONGEST_QUERY]
    found = studio_of(request).marking.find(text, seen if limited(signed_in) else None)
    return JsonAnswer({"answers": [placed_answer(each) for each in found]})


@guarded(Action.SEE_STUDIO)
def presence(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/presence` with `what`: I am still here; who else is."""
    slug = episode_for(request, signed_in).episode.slug
    actions.be_present(request, signed_in, slug, read(Presence, signed_in.json)["what"])
    present = studio_of(request).presences.present([slug]).get(slug, [])
    others = [like(PresentPerson, each) for each in present if each.account != signed_in.account.id]
    return JsonAnswer({"people": others})


def _tag(stored: Episode) -> str:
    return f'"{stored.version}"'


def _answer(request: Request, stored: Episode) -> Response:
    checks = actions.checks_of(services_of(request), stored)
    return JsonAnswer(studio_episode(stored, checks), headers={"ETag": _tag(stored)})


LIST = (
    asked("state", TEXT, "one of the states; others are left out"),
    asked("programme", TEXT),
    asked("q", TEXT),
    asked("page", TEXT, "from 1"),
)
_HERE, _STUDIO = "/api/v1/episodes/{slug}", "/api/v1/studio/episodes"


def _change(
    name: str, handler: Callable[..., Any], operation: str, summary: str, body: Any = None
) -> Operation:
    method = "PUT" if name == "captions-read" else "POST"
    return Operation(
        method, f"{_HERE}/{name}", handler, operation, summary, StudioEpisode, body=body, problems=(404, 409), etag=True
    )  # fmt: skip


OPERATIONS = [
    *tagged(
        "episodes",
        Operation(
            "GET", _STUDIO, episodes, "episodes", "A page of all episodes one sees, newest first", EpisodePage,
            parameters=LIST,
        ),
        Operation(
            "GET", f"{_STUDIO}/{{slug}}", episode, "studioEpisode", "Facts, state and check list", StudioEpisode,
            etag=True,
        ),
        Operation(
            "PATCH", _HERE, change, "changeEpisode",
            "Change some of the facts; its address leads on when it changes",
            StudioEpisode, body=FactsChange, match=True, etag=True,
        ),
        _change("publish", publish, "publishEpisode", "Make public now"),
        _change(
            "schedule", schedule, "scheduleEpisode", "Make public at a time, or with null no longer by itself", Schedule
        ),
        _change("withdraw", withdraw, "withdrawEpisode", "Take from the public, which is told the reason", Withdrawal),
        _change(
            "captions-read", captions_read, "noteCaptionsRead",
            "A person has read this version of the transcript, or has not after all", CaptionsRead,
        ),
        Operation(
            "POST", f"{_HERE}/retry", retry, "retryEpisode", "Process on from the step that failed", Work, problems=(409,)
        ),
        Operation(
            "POST", f"{_HERE}/cancel", cancel, "cancelEpisode", "Stop processing; finished steps stay", Work,
            problems=(409,),
        ),
        Operation(
            "POST", f"{_HERE}/presence", presence, "bePresent", "I am still here (every 10 s); who else is",
            {"people": list[PresentPerson]}, body=Presence,
        ),
    ),
    *tagged(
        "segments",
        Operation(
            "GET", "/api/v1/studio/answers", answers, "findAnswers", "Answers whose question has these words",
            {"answers": list[PlacedAnswer]}, parameters=[asked("q", TEXT)],
        ),
        Operation(
            "PUT", f"{_HERE}/segments/{{segment}}/marks", mark, "markAnswer",
            "All marks on an answer, with `seen` as they were; 409 with `current` when they were changed",
            MarksJson, body=MarksChange, problems=(409,),
        ),
    ),
]  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
