"""An episode at the desk: its facts, publishing and the marks on its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.editing import EpisodeChanged, Facts, facts_of
from media.archive.episodes import Episode, EpisodeState, Topic
from media.archive.publishing import FOLLOWERS, ready
from media.archive.taxonomy import Subject
from media.errors import ArchiveError, InvalidInput, NotFound
from transcribe.editing.review_marks import MarksChanged, Placed
from transcribe.segments import Segment
from web.access.published_episodes import PublishedEpisodes
from web.access.signed_in import SignedInRequest, guarded, page
from web.access.visibility import Held, episode_for, programmes_for
from web.domain.accounts.permissions import Action
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.rendering.links import play_url
from web.services import services_of, studio_of
from web.studio.episodes import actions
from web.studio.episodes.forms import facts_from_form, marks_in, read_moment, read_version
from web.studio.episodes.list import limited, live_views
from web.studio.episodes.views import (
    FactConflict,
    differences,
    local_time,
    present_checks,
)
from web.text.times import clock


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with its marks. `newer_title` is the question of the one that supersedes it."""

    segment: Segment
    title: str
    clock: str
    url: str
    newer_title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What went wrong with what was sent, and what it was: to be shown again."""

    problem: str = ""
    status: int = 200
    facts: Facts | None = None
    different: Sequence[FactConflict] = ()
    at: str = ""
    reason: str = ""
    segment: str = ""
    marks_sent: dict[str, str] | None = None
    found: Sequence[Placed] = ()
    searched: bool = False


@guarded(Action.SEE_STUDIO)
def episode(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}`; an old address leads to the new one."""
    slug, taxonomy = str(request.path_params["slug"]), studio_of(request).taxonomy
    try:
        held = episode_for(request, signed_in)
    except NotFound:
        moved = taxonomy.moved(Subject.EPISODE, slug)
        if moved is None:
            raise
        return RedirectResponse(f"/studio/episodes/{moved}", 302)
    return _episode(request, signed_in, held, Shown())


def _episode(request: Request, signed_in: SignedInRequest, held: Held, shown: Shown) -> Response:
    services, language, current = services_of(request), language_of(request), held.episode
    organisation = held.programme.organisation
    checks = actions.checks_of(services, current)
    transcript = services.archive.transcripts.transcript(current.slug)
    facts = shown.facts or facts_of(current)
    return page(
        request,
        signed_in,
        "episode.html",
        shown.status,
        episode=current,
        programme=held.programme,
        facts=facts,
        sent=shown,
        saved="saved" in request.query_params and not shown.problem,
        may_edit=signed_in.may(Action.EDIT_EPISODE, organisation),
        may_publish=signed_in.may(Action.PUBLISH, organisation),
        live=live_views(request, [current])[current.slug],
        checks=present_checks(checks, current, language),
        is_ready=ready(checks),
        can_publish=EpisodeState.PUBLISHED in FOLLOWERS[current.state],
        can_withdraw=EpisodeState.WITHDRAWN in FOLLOWERS[current.state],
        scheduled=local_time(current.publish_at, services.settings.zone, language)
        if current.publish_at
        else "",
        zone=str(services.settings.zone),
        programmes=[
            each
            for each in programmes_for(services.archive, signed_in.account)
            if signed_in.may(Action.EDIT_EPISODE, each.organisation)
        ],
        topics=_topics(services.archive.catalogue.topics(), facts),
        documents=services.archive.documents.of_episode(current.slug),
        transcript_version=transcript.version if transcript else 0,
        answers=_answers(request, current),
    )


def _topics(topics: Sequence[Topic], facts: Facts) -> list[Topic]:
    """All topics, the chosen ones first in their order."""
    by_slug = {each.slug: each for each in topics}
    chosen = [by_slug[slug] for slug in facts.topics if slug in by_slug]
    return chosen + [each for each in topics if each not in chosen]


def _answers(request: Request, current: Episode) -> list[AnswerView]:
    details = PublishedEpisodes(services_of(request)).preview(current.slug)
    found = []
    for each in details.answers:
        newer = studio_of(request).marking.answer(each.superseded_by) if each.superseded_by else None
        title = (newer.segment.question or newer.segment.title) if newer else each.superseded_by
        found.append(
            AnswerView(
                each,
                each.question or each.title,
                clock(each.start),
                play_url(current.slug, each.start, each.end)
                .replace("/episodes/", "/studio/episodes/", 1)
                .replace("?", "/preview?", 1),
                title,
            )
        )
    return found


@guarded(Action.EDIT_EPISODE)
def save(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}`: the facts."""
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    before = facts_of(held.episode)
    facts = before
    try:
        facts = facts_from_form(signed_in.form, signed_in.lists, before)
        actions.check_move(request, signed_in, facts.programme)
        version = read_version(signed_in.form.get("version", ""))
        stored = studio_of(request).editing.save_facts(held.episode.slug, facts, version)
    except EpisodeChanged as error:
        language = language_of(request)
        different = differences(facts, facts_of(error.current), language)
        shown = Shown(told(request, error), 409, facts, different)
        return _episode(request, signed_in, replace(held, episode=error.current), shown)
    except ArchiveError as error:
        return _again(request, signed_in, held, error, facts=facts)
    return RedirectResponse(f"/studio/episodes/{stored.slug}?saved", 303)


def _again(
    request: Request, signed_in: SignedInRequest, held: Held, error: ArchiveError, **sent: Any
) -> Response:
    shown = Shown(told(request, error), status_of(error), **sent)
    return _episode(request, signed_in, held, shown)


@guarded(Action.EDIT_EPISODE)
def work(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/work`: `do` is retry, cancel or captions-read."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    match signed_in.form.get("do", ""):
        case "retry":
            actions.work_again(request, signed_in)
        case "cancel":
            actions.stop_work(request, signed_in)
        case "captions-read":
            version, read = read_version(signed_in.form.get("transcript", "")), "read" in signed_in.form
            studio_of(request).editing.note_captions_read(slug, version, read)
        case other:
            raise InvalidInput("There is nothing called “%(name)s” to do with an episode.", name=other[:40])
    back = "/studio" if signed_in.form.get("back") == "list" else f"/studio/episodes/{slug}?saved#publish"
    return RedirectResponse(back, 303)


@guarded(Action.PUBLISH)
def publish(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/publish`: `do` is publish, schedule, unschedule or withdraw."""
    held = episode_for(request, signed_in, Action.PUBLISH)
    form, zone = signed_in.form, services_of(request).settings.zone
    deeds: dict[str, Callable[[], Episode]] = {
        "publish": lambda: actions.publish(request, signed_in),
        "schedule": lambda: actions.schedule(request, signed_in, read_moment(form.get("at", ""), zone)),
        "unschedule": lambda: actions.schedule(request, signed_in, None),
        "withdraw": lambda: actions.withdraw(request, signed_in, form.get("reason", "")),
    }
    deed = deeds.get(form.get("do", ""))
    if deed is None:
        raise InvalidInput("Choose what to do: publish, schedule, unschedule or withdraw.")
    try:
        deed()
    except ArchiveError as error:
        sent = {"at": form.get("at", "")[:40], "reason": form.get("reason", "")[:5000]}
        return _again(request, signed_in, episode_for(request, signed_in), error, **sent)
    return RedirectResponse(f"/studio/episodes/{held.episode.slug}?saved#publish", 303)


@guarded(Action.EDIT_EPISODE)
def mark(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/marks/{segment}`: marks of an answer, or a search for the newer one."""
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    segment, form, marking = (
        str(request.path_params["segment"]),
        signed_in.form,
        studio_of(request).marking,
    )
    sent = {name: value[:2000] for name, value in form.items() if name != "csrf"}
    again: dict[str, Any] = {"segment": segment, "marks_sent": sent}
    if form.get("do") == "find":
        seen = {each.slug for each in programmes_for(services_of(request).archive, signed_in.account)}
        found = marking.find(form.get("newer", ""), seen if limited(signed_in) else None)
        others = [each for each in found if each.segment.id != segment]
        return _episode(request, signed_in, held, Shown(**again, found=others, searched=True))
    try:
        marks, before = marks_in(form), marks_in(form, "seen_")
        if marks.superseded_by != before.superseded_by:
            actions.check_newer(request, signed_in, marks.superseded_by)
        marking.mark(held.episode.slug, segment, marks, before)
    except MarksChanged as error:
        again["marks_sent"] = sent | {
            f"seen_{name}": str(getattr(error.current, name) or "")
            for name in ("law_changed", "law_note", "superseded_by", "review_on")
        }
        return _again(request, signed_in, held, error, **again)
    except ArchiveError as error:
        return _again(request, signed_in, held, error, **again)
    return RedirectResponse(f"/studio/episodes/{held.episode.slug}?saved#{segment}", 303)


ROUTES = [
    Route("/studio/episodes/{slug}", episode, methods=["GET"]),
    Route("/studio/episodes/{slug}", save, methods=["POST"]),
    Route("/studio/episodes/{slug}/work", work, methods=["POST"]),
    Route("/studio/episodes/{slug}/publish", publish, methods=["POST"]),
    Route("/studio/episodes/{slug}/marks/{segment}", mark, methods=["POST"]),
]
