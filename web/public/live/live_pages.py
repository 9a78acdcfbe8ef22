"""The workers' live page: an episode that is announced, on air, or over and not yet the replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from starlette.requests import Request
from starlette.responses import Response

from media.errors import InvalidInput, NotFound
from media.live.broadcast import Broadcast, OnAir
from web.access.asker import device_of
from web.access.visibility import live_episode_of
from web.domain.programme.embeds import FRAMES
from web.domain.programme.live_episode import LiveEpisode
from web.domain.questions.questions import PublicQuestion, QuestionState
from web.http.headers import CONTENT_SECURITY_POLICY
from web.public import episode_pages
from web.public.episode_pages import GuestView
from web.rendering.context import language_of
from web.rendering.links import Link, topic_link
from web.rendering.templating import render
from web.services import Services, services_of
from web.text.language import Language
from web.text.times import address_time, parse_time
from web.views.live import (
    SHOWN_QUESTIONS,
    STATES,
    LiveView,
    QuestionView,
    listed,
    places,
    starting,
)

HOME_BROADCASTS = 3


@dataclass(frozen=True, slots=True)
class LivePage:
    """Everything on a live page. `after` is the id of the newest event that it has in it, `answering` what is being
    answered, `start` seconds from the address as text ("" for none), `more` how many questions there are beyond those on the page, `open` whether questions are taken."""

    live: LiveView
    description: str
    guests: tuple[GuestView, ...]
    topics: tuple[Link, ...]
    answering: QuestionView | None
    questions: tuple[QuestionView, ...]
    more: int
    open: bool
    after: int
    start: str


def episode(request: Request) -> Response:
    """`/episodes/{slug}`: the episode's page, or before it is published its live page. Raises `NotFound`, `Withdrawn`."""
    try:
        return episode_pages.episode(request)
    except NotFound:
        live = live_page(request, str(request.path_params["slug"]))
        if live is None:
            raise
        return live


def live_page(request: Request, slug: str) -> Response | None:
    """The live page of `slug`; None for an episode that has none."""
    services = services_of(request)
    try:
        found = live_episode_of(request, slug)
    except NotFound:
        return None
    if found.published or found.broadcast is None:
        return None
    page = _page(request, services, found, found.broadcast)
    response = render(request, "live.html", page=page)
    response.headers["Cache-Control"] = "private, no-cache"  # it knows what this device has voted for
    if page.live.elsewhere and page.live.elsewhere.frame:
        policy = f"{CONTENT_SECURITY_POLICY}; frame-src {' '.join(FRAMES)}"
        response.headers["Content-Security-Policy"] = policy
    return response


def on_home(request: Request) -> list[LiveView]:
    """What is on air, then what is announced, the next one first."""
    services = services_of(request)
    if services.live is None:
        return []
    found = [each for each in services.live.broadcasts.broadcasts() if each.announced]
    found.sort(key=lambda each: (each.state is OnAir.WAITING, each.starts_at or datetime.max))
    views = []
    for each in found:
        try:
            airs = live_episode_of(request, each.episode)
        except NotFound:
            continue
        if not airs.published:
            views.append(_view(services, airs, each, language_of(request)))
    return views[:HOME_BROADCASTS]


def _page(request: Request, services: Services, found: LiveEpisode, broadcast: Broadcast) -> LivePage:
    language, episode = language_of(request), found.episode
    # Before the questions: nothing between is missed.
    after = services.live.events.newest() if services.live else 0
    asking = services.companion.asking() if services.companion else None
    questions = asking.open(episode.slug) if asking else []
    voted = asking.voted([each.id for each in questions], device_of(request)) if asking else set()
    views = listed(questions, voted, language)
    topics = {each.slug: each for each in services.archive.catalogue.topics()}
    return LivePage(
        live=_view(services, found, broadcast, language),
        description=episode.description,
        guests=tuple(
            GuestView(each.name, ", ".join(filter(None, (each.role, each.organisation))))
            for each in episode.guests
        ),
        topics=tuple(topic_link(topics[each], language) for each in episode.topics if each in topics),
        answering=_answering(questions, views),
        questions=tuple(views[:SHOWN_QUESTIONS]),
        more=max(0, len(views) - SHOWN_QUESTIONS),
        open=asking is not None and asking.questions.companion(episode.slug).open,
        after=after,
        start=_moment(request.query_params.get("t", "")),
    )


def _moment(text: str) -> str:
    """A time of the broadcast from the address, in seconds; "" for none and one that cannot be read."""
    try:
        return address_time(parse_time(text)) if text else ""
    except InvalidInput:
        return ""


def _answering(questions: list[PublicQuestion], views: list[QuestionView]) -> QuestionView | None:
    running = {each.id for each in questions if each.state is QuestionState.ON_AIR}
    return next((each for each in views if each.id in running), None)


def _view(services: Services, found: LiveEpisode, broadcast: Broadcast, language: Language) -> LiveView:
    episode = found.episode
    programme = services.archive.catalogue.programme(episode.programme)
    day = datetime.combine(episode.date, time(), UTC)
    begun = broadcast.state is not OnAir.WAITING
    video, sound, other = places(broadcast)
    return LiveView(
        slug=episode.slug,
        title=episode.title,
        url=f"/episodes/{episode.slug}",
        language=episode.language,
        programme=Link(programme.title, f"/programmes/{programme.slug}"),
        state=STATES[broadcast.state],
        starting=starting(broadcast, day, services.settings.zone, language),
        video=video if begun else "",
        sound=sound if begun else "",
        elsewhere=other,
    )
