"""The moderators' desk: an episode's, and that of questions asked to the archive itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Episode
from media.errors import ArchiveError, InvalidInput
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.domain.moderation.port import Board
from web.domain.questions.questions import Companion, Hold, Question
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import companion_of, services_of
from web.studio.moderation import api as desk_calls
from web.studio.moderation.actions import (
    MATCH_LIMIT,
    DeskNow,
    desk_episode,
    desk_now,
    health_of,
    since_of,
    state_named,
)
from web.studio.moderation.api import base_of, screen_kind
from web.studio.moderation.json_form import screen_json
from web.studio.moderation.views import (
    NEWEST,
    ON_AIR,
    REFUSED,
    VOTES,
    CardView,
    MergedView,
    column_names,
    guest_names,
    present_cards,
    present_columns,
    present_merged,
)

CARDS_LIMIT = 200
"""Cards that are looked at again in one request."""
OTHERS_LIMIT = 60
BLOCK_DAYS = (1, 7, 30, 365)


@dataclass(frozen=True, slots=True)
class PanelView:
    """One question, opened. `others` could be merged into it: (id, text, whether it seems the same);
    `blocked_until`: the day as shown until which its device is kept from asking, "" when it is not."""

    card: CardView
    stored: Question
    guests: list[str]
    merged: list[MergedView]
    others: list[tuple[str, str, bool]]
    blocked_until: str


@guarded(Action.MODERATE)
def desk(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/desk` and `/studio/questions`.

    `?edit=` opens a question, `?sort=newest` orders what came in; for scripts `?cards=a,b` gives these cards only
    and `?panel=a` what opens.
    """
    episode = desk_episode(request, signed_in)
    if "cards" in request.query_params:
        return _cards(request, signed_in, episode)
    if "panel" in request.query_params:
        now = desk_now(request, episode)
        panel = _panel(request, now, request.query_params["panel"])
        return page(request, signed_in, "desk_panel.html", 200, panel=panel, **_around(request, now))
    return _desk(request, signed_in, episode)


@guarded(Action.MODERATE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/desk` and `/studio/questions`: one thing, for browsers without JavaScript.

    `do` is what to do (“move:later”, “begin”, …), `id` the question, `version` how it was seen.
    """
    episode = desk_episode(request, signed_in)
    try:
        _do(request, signed_in, episode)
    except ArchiveError as error:
        return _desk(request, signed_in, episode, told(request, error), status_of(error))
    key = signed_in.form.get("id", "")
    sort = "?sort=newest" if signed_in.form.get("sort") == NEWEST else ""
    return RedirectResponse(f"{_path(episode)}{sort}#{f'q-{key}' if key else 'main'}", 303)


def _do(request: Request, signed_in: SignedInRequest, episode: str | None) -> None:
    form, board = signed_in.form, companion_of(request).board
    what, _, more = form.get("do", "").partition(":")
    key, version = form.get("id", ""), form.get("version", "")[:9]
    seen = int(version) if version.isdecimal() else None
    match what:
        case "move":
            board.move(key, state_named(more), None, seen)
        case "release":
            board.release(key, seen)
        case "hold":
            board.hold(key, seen)
        case "edit":
            topics = signed_in.lists.get("topics", [])
            board.edit(key, form.get("shown", ""), topics, form.get("guest", ""), seen)
        case "merge":
            board.merge(signed_in.lists.get("with", [])[: desk_calls.MERGE_LIMIT], key)
        case "unmerge":
            board.unmerge(more)
        case "begin":
            board.begin_answer(key, form.get("guest", ""), seen)
        case "resume":
            board.resume_answer(key)
        case "undo":
            board.undo_answer(key)
        case "block" | "unblock":
            _do_to_asker(board, key, what, form.get("days", ""))
        case _ if episode is not None:
            _do_with_episode(request, signed_in, episode, what, more)
        case _:
            raise InvalidInput("There is nothing called “%(name)s” to do at the desk.", name=what[:40])


def _do_to_asker(board: Board, key: str, what: str, days: str) -> None:
    if what == "unblock":
        board.unblock(key)
    else:
        board.block(key, int(days) if days in map(str, BLOCK_DAYS) else 30)


def _do_with_episode(
    request: Request, signed_in: SignedInRequest, episode: str, what: str, more: str
) -> None:
    form = signed_in.form
    match what:
        case "done":
            companion_of(request).board.end_answer(episode)
        case "companion":
            hold, version = form.get("hold", ""), form.get("version", "")[:9]
            seen = int(version) if version.isdecimal() else 0
            if hold not in list(Hold):
                raise InvalidInput("Choose which questions wait for a moderator.")
            wanted = Companion(episode, form.get("open") == "yes", Hold(hold), seen)
            companion_of(request).questions.save_companion(wanted)
        case "screen":
            companion_of(request).screens.add(episode, screen_kind(more))
        case "revoke":
            companion_of(request).screens.revoke(episode, more)
        case _:
            raise InvalidInput("There is nothing called “%(name)s” to do at the desk.", name=what[:40])


def _desk(
    request: Request, signed_in: SignedInRequest, episode: str | None, problem: str = "", status: int = 200
) -> Response:
    services, language = services_of(request), language_of(request)
    now, sort = desk_now(request, episode), _sort(request)
    columns = present_columns(now.questions, language, services.settings.zone, now.since, sort)
    edit = request.query_params.get("edit", "")
    links = companion_of(request).screens.of_episode(episode) if episode is not None else []
    return page(
        request,
        signed_in,
        "desk.html",
        status,
        columns=[each for each in columns if each.key != "on_air" or episode is not None],
        panel=_panel(request, now, edit) if edit else None,
        problem=problem,
        sort=sort,
        last=now.last,
        companion=now.companion,
        screens=[screen_json(each, base_of(request)) for each in links],
        health=health_of(services.live, episode) if episode is not None else None,
        **_around(request, now),
    )


def _cards(request: Request, signed_in: SignedInRequest, episode: str | None) -> Response:
    """The cards that are asked for; what is merged or gone is left out."""
    services, language = services_of(request), language_of(request)
    wanted = request.query_params["cards"].split(",")[:CARDS_LIMIT]
    some = [each for each in companion_of(request).board.some(wanted) if each.episode == episode]
    cards = present_cards(
        some, language, services.settings.zone, since_of(request, episode), _sort(request)
    )
    return page(
        request,
        signed_in,
        "desk_cards.html",
        cards=[each for each in cards if each.id in wanted],
        here=_path(episode),
        sort=_sort(request),
    )


def _panel(request: Request, now: DeskNow, key: str) -> PanelView:
    services, language = services_of(request), language_of(request)
    stored = companion_of(request).questions.question(key)
    group = [each for each in now.questions if key in (each.id, each.merged_into)] or [stored]
    cards = present_cards(group, language, services.settings.zone, now.since)
    guests = services.archive.catalogue.episode(now.episode).guests if now.episode is not None else ()
    mergeable = [
        each
        for each in now.questions
        if each.merged_into is None and each.id != key and each.state not in (REFUSED, ON_AIR)
    ]
    return PanelView(
        cards[0] if cards else present_cards([stored], language, services.settings.zone, now.since)[0],
        stored,
        guest_names((guest.name for guest in guests), now.questions),
        present_merged(group),
        _could_be_same(request, stored, mergeable),
        _blocked_until(request, key),
    )


def _blocked_until(request: Request, key: str) -> str:
    until, zone = companion_of(request).board.blocked_until(key), services_of(request).settings.zone
    return language_of(request).date(until.replace(tzinfo=UTC).astimezone(zone)) if until else ""


def _could_be_same(
    request: Request, stored: Question, others: list[Question]
) -> list[tuple[str, str, bool]]:
    """Those that seem to say the same first, then those with most votes."""
    matching = companion_of(request).matching
    by_votes = sorted(others, key=lambda each: -each.votes)[:MATCH_LIMIT]
    texts = {each.id: each.shown for each in by_votes}
    found = [key for key, _ in matching.similar(stored.shown, list(texts.items()))]
    rest = [key for key in texts if key not in found][:OTHERS_LIMIT]
    return [(key, texts[key], key in found) for key in [*found, *rest]]


def _around(request: Request, now: DeskNow) -> dict[str, object]:
    """What cards and panel need beside themselves."""
    catalogue, language = services_of(request).archive.catalogue, language_of(request)
    episode: Episode | None = catalogue.episode(now.episode) if now.episode is not None else None
    return {
        "episode": episode,
        "here": _path(now.episode),
        "calls": _calls(now.episode),
        "names": column_names(language),
        "topics": catalogue.topics(),
        "block_days": BLOCK_DAYS,
    }


def _sort(request: Request) -> str:
    return NEWEST if request.query_params.get("sort") == NEWEST else VOTES


def _path(episode: str | None) -> str:
    return f"/studio/episodes/{episode}/desk" if episode is not None else "/studio/questions"


def _calls(episode: str | None) -> str:
    return f"/api/v1/studio/episodes/{episode}/desk" if episode is not None else "/api/v1/studio/questions"


ROUTES = [
    Route("/studio/episodes/{slug}/desk", desk, methods=["GET"]),
    Route("/studio/episodes/{slug}/desk", change, methods=["POST"]),
    Route("/studio/questions", desk, methods=["GET"]),
    Route("/studio/questions", change, methods=["POST"]),
    *desk_calls.ROUTES,
]
