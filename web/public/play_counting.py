"""What the site's own pages report: answers and seconds played, searches that stand. Counts only, nothing about who."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from media.errors import Forbidden, InvalidInput
from web.access.published_episodes import PublishedEpisodes
from web.domain.statistics.watching import read_report
from web.http.client_address import sender
from web.http.origins import same_origin
from web.public.searching.search_pages import is_person
from web.services import Services, services_of
from web.text.days import today
from web.views.search_address import QUERY_LENGTH

_BODY_BYTES = 2000
_PASSAGE = re.compile(r"([a-z0-9-]{1,80}):(?:answer|chapter|speech):[0-9]{1,9}(?::[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class _Play:
    """A segment played, and the hit (`passage`) it was for the search `text`; "" where it was none."""

    episode: str
    segment: str
    text: str
    passage: str


async def count_play(request: Request) -> Response:
    """`POST /api/v1/plays`: one more play of a segment or a hit, sent by the site's own pages only."""
    play = _read_play(await _body(request))
    await run_in_threadpool(_count, services_of(request), play)
    return Response(status_code=204)


def _count(services: Services, play: _Play) -> None:
    if play.segment:
        services.archive.plays.count(play.episode, play.segment, today())
    if play.text and play.passage and PublishedEpisodes(services).find(play.episode):
        services.counter.played(play.text, play.passage)


async def count_watching(request: Request) -> Response:
    """`POST /api/v1/watching`: which seconds of an episode were played, sent by the site's own pages only."""
    report = read_report(_read(await _body(request)))
    counter = services_of(request).view_counter
    if is_person(request):
        counter.watched(report, sender(request))
    return Response(status_code=204)


async def count_search(request: Request) -> Response:
    """`POST /api/v1/searches`: what somebody typed, once it stands; sent by the site's own pages only."""
    search = _read(await _body(request))
    text, empty = search.get("text"), search.get("empty", False)
    if not (isinstance(text, str) and isinstance(empty, bool)):
        raise InvalidInput("A search is a JSON object with “text” and whether it was “empty”.")
    counter = services_of(request).counter
    if is_person(request):
        counter.searched(text[:QUERY_LENGTH], empty=empty)
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


def _read(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("Send a JSON object.") from error
    if not isinstance(found, dict):
        raise InvalidInput("Send a JSON object.")
    return found


def _read_play(body: bytes) -> _Play:
    values = {name: _read(body).get(name, "") for name in ("episode", "segment", "text", "passage")}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    play = _Play(**texts) if len(texts) == len(values) else None
    if play is None or not play.episode or not (play.episode + play.segment).isprintable():
        raise InvalidInput("A play is a JSON object with texts: “episode”, “segment”, “text”, “passage”.")
    if not (play.segment or play.passage):
        raise InvalidInput("A play is of a “segment” or of a “passage”.")
    hit = _PASSAGE.fullmatch(play.passage)
    if play.passage and (hit is None or hit[1] != play.episode):
        raise InvalidInput("“passage” is the id of a hit in this episode.")
    return replace(play, text=play.text[:QUERY_LENGTH])
