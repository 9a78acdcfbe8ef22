"""Broadcasts in the studio: planning one, its stream key, how it does, its end."""

from __future__ import annotations

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Episode, slugify
from media.errors import ArchiveError, Forbidden, InvalidInput
from media.live.broadcast import Broadcast, Health, OnAir
from media.live.srt_ports import srt_port
from web.access.signed_in import SignedInRequest, guarded, page
from web.access.visibility import Held, episode_for, programmes_for
from web.domain.accounts.permissions import Action, may
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import live_of, services_of
from web.studio.broadcasts import api
from web.studio.broadcasts.views import moment, present, public_address


@guarded(Action.EDIT_EPISODE)
def broadcasts(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/broadcasts`."""
    return _list(request, signed_in)


@guarded(Action.EDIT_EPISODE)
def plan(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/broadcasts`: title, programme, day, time."""
    try:
        made = live_of(request).broadcasts.plan(_episode(request, signed_in), _starts(request, signed_in))
    except ArchiveError as error:
        return _list(request, signed_in, told(request, error), status_of(error))
    return RedirectResponse(f"/studio/episodes/{made.episode}/broadcast", 303)


@guarded(Action.SEE_STUDIO)
def broadcast(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/broadcast`, for who sets it up or moderates."""
    return _page(request, signed_in, _held(request, signed_in))


@guarded(Action.EDIT_EPISODE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/broadcast`; `do` is set-up, save, new-key, begin, end, record or shift."""
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    try:
        done = _do(request, signed_in, held.episode.slug)
    except ArchiveError as error:
        return _page(request, signed_in, held, told(request, error), status_of(error))
    return RedirectResponse(f"/studio/episodes/{held.episode.slug}/broadcast?done={done}", 303)


def _do(request: Request, signed_in: SignedInRequest, slug: str) -> str:
    form, broadcasts = signed_in.form, live_of(request).broadcasts
    what = form.get("do", "")
    match what:
        case "set-up":
            broadcasts.set_up(slug)
        case "save":
            broadcasts.change(
                slug,
                segment_seconds=_number(form.get("seconds", "")),
                captions="captions" in form,
                announced="announced" in form,
                starts_at=_starts(request, signed_in),
                elsewhere_url=form.get("elsewhere", "").strip(),
                marks_offset=_number(form["offset"] or "0") if "offset" in form else None,
            )
            if companion := services_of(request).companion:
                companion.board.settle(
                    slug
                )  # answers marked beside a broadcast elsewhere move with its offset
        case "new-key":
            broadcasts.new_key(slug)
        case "begin":
            broadcasts.begin_elsewhere(slug)
        case "end":
            if form.get("sure") != "yes":
                raise InvalidInput("Tick the box to say that the broadcast is over.")
            broadcasts.end(slug)
        case "record":
            broadcasts.record_again(slug)
        case "shift":
            broadcasts.shift(slug, _number(form.get("by", "")))
        case _:
            raise InvalidInput("The form can't be read; reload the page.")
    return what


def _held(request: Request, signed_in: SignedInRequest) -> Held:
    held = episode_for(request, signed_in)
    # By their role, not by a token's scopes: reading shows no secret.
    account, organisation = signed_in.account, held.programme.organisation
    if not (may(account, Action.MODERATE) or may(account, Action.EDIT_EPISODE, organisation)):
        raise Forbidden("Only editors and moderators see how a broadcast does.")
    return held


def _page(
    request: Request, signed_in: SignedInRequest, held: Held, problem: str = "", status: int = 200
) -> Response:
    services, episode = services_of(request), held.episode
    found = live_of(request).broadcasts.broadcast(episode.slug)
    may_edit = signed_in.may(Action.EDIT_EPISODE, held.programme.organisation)
    view = None
    if found is not None:
        segments = live_of(request).broadcasts.segments(episode.slug)
        view = present(
            found,
            live_of(request).broadcasts.health(episode.slug),
            segments[-1].end if segments else 0.0,
            language_of(request),
            services.settings.zone,
            _secrets(request, found) if may_edit else ("", "", ""),
        )
    return page(
        request,
        signed_in,
        "broadcast.html",
        status,
        episode=episode,
        broadcast=view,
        may_edit=may_edit,
        problem=problem,
        done=request.query_params.get("done", "") if not problem else "",
    )


def _secrets(request: Request, found: Broadcast) -> tuple[str, str, str]:
    services, host = services_of(request), request.url.hostname or ""
    if found.state is OnAir.ENDED:
        return "", "", ""
    srt = public_address(services.settings.srt_address, host)
    if srt:
        srt = f"{srt.rpartition(':')[0]}:{srt_port(services.settings.srt_address, found)}"
    return (
        public_address(services.settings.live_address, host),
        srt,
        live_of(request).broadcasts.stream_key(found.episode),
    )


def _list(request: Request, signed_in: SignedInRequest, problem: str = "", status: int = 200) -> Response:
    services, language = services_of(request), language_of(request)
    programmes = programmes_for(services.archive, signed_in.account)
    seen = {each.slug for each in programmes}
    planned = live_of(request).broadcasts.broadcasts()
    episodes = services.archive.catalogue.episodes_named([each.episode for each in planned])
    rows = [
        (episodes[each.episode], present(each, Health(), 0, language, services.settings.zone, ("", "", "")))
        for each in planned
        if each.episode in episodes and episodes[each.episode].programme in seen
    ]
    return page(
        request,
        signed_in,
        "broadcasts.html",
        status,
        programmes=programmes,
        rows=rows,
        problem=problem,
        sent=signed_in.form if problem else {},
    )


def _episode(request: Request, signed_in: SignedInRequest) -> Episode:
    form, services = signed_in.form, services_of(request)
    programme = services.archive.catalogue.programme(form.get("programme", ""))
    signed_in.check(Action.EDIT_EPISODE, programme.organisation)
    title = " ".join(form.get("title", "").split())
    if not 1 <= len(title) <= 300:
        raise InvalidInput("Give the broadcast a title of at most 300 characters.")
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError as error:
        raise InvalidInput("Give the day on which it is broadcast.") from error
    return Episode(slugify(title), programme.slug, title, day, programme.language, publish_when_ready=True)


def _starts(request: Request, signed_in: SignedInRequest) -> datetime | None:
    try:
        return moment(
            signed_in.form.get("day", ""),
            signed_in.form.get("time", ""),
            services_of(request).settings.zone,
        )
    except ValueError as error:
        raise InvalidInput(
            "The day or the time can't be read; write them as 2026-12-31 and 19:30."
        ) from error


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as error:
        raise InvalidInput("“%(text)s” is no number of seconds.", text=text[:20]) from error


ROUTES = [
    Route("/studio/broadcasts", broadcasts, methods=["GET"]),
    Route("/studio/broadcasts", plan, methods=["POST"]),
    Route("/studio/episodes/{slug}/broadcast", broadcast, methods=["GET"]),
    Route("/studio/episodes/{slug}/broadcast", change, methods=["POST"]),
    *api.ROUTES,
]
