"""The JSON API: search, suggestions, episodes. Described by `/api/openapi.json`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from media.archive.episodes import Guest
from media.errors import InvalidInput
from search.index import DEPTH_LIMIT, FACETS, PAGE_LIMIT, Hit, SearchQuery, Span
from search.passages.passage import PassageKind
from search.query.did_you_mean import suggestion
from transcribe.segments import Segment
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.access.operations import FLAG, TEXT, WHOLE, Operation, asked, tagged, whole
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, like
from web.public.searching.topics_named import topics_named
from web.rendering.context import language_of
from web.rendering.links import play_url
from web.services import services_of
from web.views.episodes import Source, source_of
from web.views.search_address import QUERY_LENGTH, tidy

Spans = Annotated[tuple[Span, ...], said("Highlights: start and end in characters (code points)")]
_COUNTS = {"type": "object", "additionalProperties": WHOLE}
FacetCounts = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "object",
            "description": "Only when asked for: how many hits each value has, its own filter left out",
            "properties": dict.fromkeys(FACETS, _COUNTS),
            "additionalProperties": False,
        }
    ),
]


@dataclass(frozen=True, slots=True)
class HitJson:
    """A passage that was found."""

    id: str
    episode: str
    kind: PassageKind
    title: str
    title_spans: Spans
    text: str
    text_spans: Spans
    start: float
    end: float
    episode_title: str
    programme: str
    date: dt.date
    language: str
    topics: tuple[str, ...]
    answerers: tuple[str, ...]
    organisations: tuple[str, ...]
    outdated: bool
    score: float
    url: str


@dataclass(frozen=True, slots=True)
class SearchResultsJson:
    """What a search found."""

    query: str
    total: int
    fits: Annotated[
        bool, said("whether one of the first hits probably answers; else they are only the nearest")
    ]
    offset: int
    limit: int
    engine: str
    ms: float
    hits: list[HitJson]
    facets: FacetCounts
    suggestion: Annotated[str | None, said("a better spelling that finds more")]


@dataclass(frozen=True, slots=True)
class NamedTopic:
    """A topic that is named, and its page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ProgrammeName:
    """Of which programme an episode is."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class CueLine:
    """What is said for some seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class PublicTranscript:
    """What is said in an episode."""

    language: str
    origin: TranscriptOrigin
    cues: list[CueLine]


@dataclass(frozen=True, slots=True)
class EpisodeJson:
    """A public episode."""

    slug: str
    programme: ProgrammeName
    title: str
    date: dt.date
    language: str
    description: str
    notice: str
    guests: tuple[Guest, ...]
    topics: tuple[str, ...]
    duration: float
    playlists: Source
    segments: tuple[Segment, ...]
    transcript: PublicTranscript | None


def search(request: Request) -> Response:
    """`/api/v1/search`."""
    query = _read_query(request)
    index = services_of(request).archive.index
    found = index.search(query)
    body = SearchResultsJson(
        query=query.text,
        total=found.total,
        fits=bool(found.hits) and found.fits,
        offset=query.offset,
        limit=query.limit,
        engine=found.engine,
        ms=round(found.seconds * 1000, 2),
        hits=[_hit(hit) for hit in found.hits],
        facets=found.facets,
        suggestion=None if query.typing else suggestion(index, query, [found]),
    )
    return JsonAnswer(body, headers={"Cache-Control": "no-cache"})


def _read_query(request: Request) -> SearchQuery:
    values = request.query_params
    if repeated := [name for name in values if len(values.getlist(name)) > 1]:
        raise InvalidInput(
            "“%(repeated)s” is given more than once; give it once.", repeated=repeated[0][:40]
        )
    text = tidy(values.get("q", ""))
    if not text or len(text) > QUERY_LENGTH:
        raise InvalidInput("Give what to look for as “q”, of 1 to %(most)s characters.", most=QUERY_LENGTH)
    kinds = [each for each in values.get("kind", "").split(",") if each]
    if unknown := [each for each in kinds if each not in {kind.value for kind in PassageKind}]:
        raise InvalidInput("“%(kind)s” is no kind; use answer, chapter or speech.", kind=unknown[0][:40])
    offset, limit = _number(request, "offset", 0, DEPTH_LIMIT), _number(request, "limit", 20, PAGE_LIMIT)
    year = _number(request, "year", 0, 9999)
    if offset + limit > DEPTH_LIMIT:
        raise InvalidInput(
            "Only the first %(most)s hits can be paged through; narrow the search.", most=DEPTH_LIMIT
        )
    return SearchQuery(
        text=text,
        kinds=tuple(PassageKind(each) for each in kinds),
        programme=values.get("programme") or None,
        topic=values.get("topic") or None,
        organisation=values.get("organisation") or None,
        year=year or None,
        episode=values.get("episode") or None,
        language=values.get("language") or None,
        typing=_flag(request, "typing"),
        offset=offset,
        limit=limit,
        facets=_flag(request, "facets"),
    )


def _flag(request: Request, name: str) -> bool:
    text = request.query_params.get(name, "")
    if text not in ("", "0", "1", "false", "true"):
        raise InvalidInput("“%(name)s” must be true or false.", name=name)
    return text in ("1", "true")


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most and len(text) < 9):
        raise InvalidInput("“%(name)s” must be a whole number from 0 to %(most)s.", name=name, most=most)
    return int(text)


def _hit(hit: Hit) -> HitJson:
    return like(
        HitJson,
        hit.passage,
        title_spans=hit.title_spans,
        text_spans=hit.text_spans,
        score=hit.score,
        url=play_url(hit.passage.episode, hit.passage.start, hit.passage.end),
    )


def suggest(request: Request) -> Response:
    """`/api/v1/suggest`: of answers' questions and topics, never of what others searched for."""
    text = tidy(request.query_params.get("q", ""))[:QUERY_LENGTH]
    limit = _number(request, "limit", 8, 20)
    services = services_of(request)
    found = services.archive.index.suggest(text, limit) if text else []
    named = (
        topics_named(text, PublishedEpisodes(services).topics().values(), language_of(request))
        if text
        else []
    )
    body = {
        "query": text,
        "suggestions": found,
        "topics": [like(NamedTopic, each) for each in named],
    }
    return JsonAnswer(body, headers={"Cache-Control": "no-cache"})


def episode(request: Request) -> Response:
    """`/api/v1/episodes/{slug}`."""
    services = services_of(request)
    details = PublishedEpisodes(services).episode(request.path_params["slug"])
    transcript = services.archive.transcripts.transcript(details.episode.slug)
    return JsonAnswer(_episode(details, transcript), headers={"Cache-Control": "no-cache"})


def _episode(details: EpisodeDetails, transcript: Transcript | None) -> EpisodeJson:
    return like(
        EpisodeJson,
        details.episode,
        programme=like(ProgrammeName, details.programme),
        duration=details.duration,
        playlists=source_of(details),
        segments=tuple(details.segments),
        transcript=_transcript(transcript) if transcript else None,
    )


def _transcript(transcript: Transcript) -> PublicTranscript:
    cues = [like(CueLine, cue) for cue in transcript.cues]
    return PublicTranscript(transcript.language, transcript.origin, cues)


_QUERY = {"type": "string", "minLength": 1, "maxLength": QUERY_LENGTH}
OPERATIONS = tagged(
    "public",
    Operation(
        "GET", "/api/v1/search", search, "search", "Search answers, chapters and speech", SearchResultsJson,
        problems=(400,),
        parameters=[
            asked("q", _QUERY, needed=True),
            asked("kind", TEXT, "answer, chapter, speech; several joined by commas"),
            *(asked(each, TEXT) for each in ("programme", "topic", "organisation", "episode", "language")),
            asked("year", whole(9999)),
            asked("typing", FLAG, "match the last word as a beginning"),
            asked("facets", FLAG, "count kinds, topics, programmes, organisations and years"),
            asked("offset", whole(DEPTH_LIMIT, default=0)),
            asked("limit", whole(PAGE_LIMIT, default=20)),
        ],
    ),
    Operation(
        "GET", "/api/v1/suggest", suggest, "suggest",
        "Titles of answers and chapters that continue what is typed, and topics it names",
        {"query": str, "suggestions": list[str], "topics": list[NamedTopic]},
        problems=(400,), parameters=[asked("q", TEXT), asked("limit", whole(20, default=8))],
    ),
    Operation(
        "GET", "/api/v1/episodes/{slug}", episode, "episode", "A public episode", EpisodeJson, problems=(410,),
        tag="episodes",
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
