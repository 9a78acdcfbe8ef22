"""What the site's own pages report: answers and seconds played, searches that stand. Counts only, nothing about who."""

from __future__ import annotations

import re
from typing import Annotated, NotRequired

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from media.errors import Forbidden, InvalidInput
from web.access.operations import Operation, tagged
from web.access.published_episodes import PublishedEpisodes
from web.domain.statistics.watching import RANGES_MOST, read_report
from web.http.bodies import read_json
from web.http.client_address import sender
from web.http.json_schema import said
from web.http.origins import same_origin
from web.http.typed_json import read
from web.public.searching.search_pages import is_person
from web.services import Services, services_of
from web.text.days import today
from web.views.search_address import QUERY_LENGTH

_BODY_BYTES = 2000
_PASSAGE = re.compile(r"([a-z0-9-]{1,80}):(?:answer|chapter|speech):[0-9]{1,9}(?::[0-9]{1,4})?")


class Play(TypedDict):
    """A play of a segment, and of the hit (`passage`) it was for the search `text`."""

    episode: Annotated[str, Field(min_length=1, max_length=QUERY_LENGTH)]
    segment: NotRequired[str]
    text: NotRequired[str]
    passage: NotRequired[Annotated[str, said("a hit's id")]]


class StandingSearch(TypedDict):
    """What was searched for, and whether that found nothing."""

    text: str
    empty: NotRequired[Annotated[bool, Field(json_schema_extra={"default": False})]]


class WatchingReport(TypedDict):
    """Which seconds were played."""

    episode: str
    first: NotRequired[Annotated[bool, Field(json_schema_extra={"default": False})]]
    seconds: Annotated[float, said("real time since the last report")]
    ranges: Annotated[
        list[Annotated[list[float], Field(min_length=2, max_length=2)]],
        Field(min_length=1, max_length=RANGES_MOST),
    ]


async def count_play(request: Request) -> Response:
    """`POST /api/v1/plays`: one more play of a segment or a hit, sent by the site's own pages only."""
    play = _read_play(await _body(request))
    await run_in_threadpool(_count, services_of(request), play)
    return Response(status_code=204)


def _count(services: Services, play: Play) -> None:
    episode, text, passage = play["episode"], play.get("text", ""), play.get("passage", "")
    if segment := play.get("segment", ""):
        services.archive.plays.count(episode, segment, today())
    if text and passage and PublishedEpisodes(services).find(episode):
        services.counter.played(text[:QUERY_LENGTH], passage)


async def count_watching(request: Request) -> Response:
    """`POST /api/v1/watching`: which seconds of an episode were played, sent by the site's own pages only."""
    report = read_report(read(WatchingReport, read_json(await _body(request))))
    counter = services_of(request).view_counter
    if is_person(request):
        counter.watched(report, sender(request))
    return Response(status_code=204)


async def count_search(request: Request) -> Response:
    """`POST /api/v1/searches`: what somebody typed, once it stands; sent by the site's own pages only."""
    search = read(StandingSearch, read_json(await _body(request)))
    counter = services_of(request).counter
    if is_person(request):
        counter.searched(search["text"][:QUERY_LENGTH], empty=search.get("empty", False))
    return Response(status_code=204)


async def _body(request: Request) -> bytes:
    if not same_origin(request):
        raise Forbidden("This is counted only from this site's own pages.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise InvalidInput(
                "This is too long to be counted; send at most %(most)s bytes.", most=_BODY_BYTES
            )
    return body


def _read_play(body: bytes) -> Play:
    play = read(Play, read_json(body))
    episode, segment, passage = play["episode"], play.get("segment", ""), play.get("passage", "")
    if not (episode + segment).isprintable() or not (segment or passage):
        raise InvalidInput(
            "A play is a JSON object with an “episode” and a “segment” or a “passage” of it."
        )
    hit = _PASSAGE.fullmatch(passage)
    if passage and (hit is None or hit[1] != episode):
        raise InvalidInput("“passage” is the id of a hit in this episode.")
    return play


_OWN_PAGES = {
    "description": "From the site's own pages only (Sec-Fetch-Site or Origin), and nothing about who"
}
OPERATIONS = tagged(
    "public",
    Operation(
        "POST", "/api/v1/plays", count_play, "countPlay", "Count a play of a segment, of a hit, or both", body=Play,
        problems=(403,), more=_OWN_PAGES,
    ),
    Operation(
        "POST", "/api/v1/searches", count_search, "countSearch", "Count a search", body=StandingSearch, problems=(403,),
        more=_OWN_PAGES,
    ),
    Operation(
        "POST", "/api/v1/watching", count_watching, "countWatching", "Count the seconds played", body=WatchingReport,
        problems=(403,), more=_OWN_PAGES,
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
