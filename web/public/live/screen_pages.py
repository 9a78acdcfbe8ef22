"""Screens under secret links: the presenter's view and the hall's. They show what anybody may see, and no more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.archive.episodes import Episode
from web.domain.moderation.board import QUEUE_LENGTH
from web.domain.moderation.marks import asker_of
from web.domain.moderation.screens import Screen, ScreenKind
from web.domain.questions.questions import Question
from web.public.live.qr_code import qr_svg
from web.rendering.context import language_of
from web.rendering.templating import render
from web.services import Services, companion_of, services_of

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""The address is the secret: it is neither kept nor passed on."""


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question on a screen, in words. `guest` is who answers, "" when nobody was named."""

    id: str
    text: str
    asker: str
    guest: str
    votes: str


@dataclass(frozen=True, slots=True)
class ScreenView:
    """What a screen shows. Moments are UTC (ISO 8601): `at` is now, `since` when the answer began, "" for none.
    `count` says how many questions were asked. `open`: questions are taken."""

    now: ShownQuestion | None
    since: str
    next: list[ShownQuestion]
    count: str
    open: bool
    at: str
    last: int


def screen(request: Request) -> Response:
    """`GET /screens/{secret}`."""
    services = services_of(request)
    found = _screen(request)
    episode = services.archive.catalogue.episode(found.episode)
    ask = f"{_base(request)}/ask?episode={episode.slug}"
    page = render(
        request,
        f"screen_{found.kind}.html",
        view=_view(request, services, episode),
        episode=episode,
        here=f"/screens/{found.secret}",
        ask=ask,
        ask_shown=ask.partition("://")[2],
        qr=qr_svg(ask) if found.kind is ScreenKind.HALL else "",
        zone=services.settings.zone.key,
    )
    page.headers.update(HEADERS)
    return page


def state(request: Request) -> Response:
    """`GET /screens/{secret}/state`: what the screen shows now, for its script."""
    services, found = services_of(request), _screen(request)
    made: dict[str, Any] = asdict(
        _view(request, services, services.archive.catalogue.episode(found.episode))
    )
    return JSONResponse(made, headers=HEADERS)


def _screen(request: Request) -> Screen:
    return companion_of(request).screens.screen(str(request.path_params["secret"]))


def _view(request: Request, services: Services, episode: Episode) -> ScreenView:
    companion = companion_of(request)
    language = language_of(request)
    last = services.live.events.newest() if services.live else 0
    standing = companion.board.standing(episode.slug, QUEUE_LENGTH)

    def shown(question: Question) -> ShownQuestion:
        votes = language.many("%(num)s người hỏi", question.votes)
        return ShownQuestion(question.id, question.shown, asker_of(question), question.guest, votes)

    return ScreenView(
        now=shown(standing.now) if standing.now else None,
        since=_utc(standing.since) if standing.since else "",
        next=[shown(each) for each in standing.next],
        count=language.many("%(num)s câu hỏi", standing.count),
        open=companion.questions.companion(episode.slug).open,
        at=_utc(datetime.now(UTC)),
        last=last,
    )


def _utc(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _base(request: Request) -> str:
    return (services_of(request).settings.base_url or str(request.base_url)).rstrip("/")


ROUTES = [
    Route("/screens/{secret}", screen, methods=["GET"]),
    Route("/screens/{secret}/state", state, methods=["GET"]),
]
