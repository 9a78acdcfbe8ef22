"""The API's description: what the public site asks. Pure."""

from __future__ import annotations

from search.index import DEPTH_LIMIT, FACETS, PAGE_LIMIT
from web.domain.statistics.watching import RANGES_MOST
from web.openapi.vocabulary import (
    DAY,
    FLAG,
    LANGUAGE,
    NUMBER,
    SECONDS,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    list_of,
    loose,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
)
from web.views.search_address import QUERY_LENGTH

_KIND = one_of("answer", "chapter")
_QUERY: Schema = {"type": "string", "minLength": 1, "maxLength": QUERY_LENGTH}
_SPANS = list_of(
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "Highlights: start and end in characters (code points)",
)
_OWN_PAGES = "From the site's own pages only (Sec-Fetch-Site or Origin), and nothing about who"
_COUNTS: Schema = {"type": "object", "additionalProperties": WHOLE}


def _narrowed(limit: int) -> Schema:
    return {"type": "integer", "minimum": 0, "maximum": limit}


_SEARCH = Operation(
    "search",
    "Search answers, chapters and speech",
    ref("SearchResults"),
    reads=True,
    problems=(400,),
    parameters=[
        asked("q", _QUERY, needed=True),
        asked("kind", TEXT, "answer, chapter, speech; several joined by commas"),
        *(asked(each, TEXT) for each in ("programme", "topic", "organisation", "episode", "language")),
        asked("year", _narrowed(9999)),
        asked("typing", FLAG, "match the last word as a beginning"),
        asked("facets", FLAG, "count kinds, topics, programmes, organisations and years"),
        asked("offset", {**_narrowed(DEPTH_LIMIT), "default": 0}),
        asked("limit", {**_narrowed(PAGE_LIMIT), "default": 20}),
    ],
)
_SUGGEST = Operation(
    "suggest",
    "Titles of answers and chapters that continue what is typed, and topics it names",
    record(query=TEXT, suggestions=list_of(TEXT), topics=list_of(record(name=TEXT, url=TEXT))),
    reads=True,
    problems=(400,),
    parameters=[asked("q", TEXT), asked("limit", {**_narrowed(20), "default": 8})],
)
_PLAY = loose(
    ["episode"],
    episode=_QUERY,
    segment=TEXT,
    text=TEXT,
    passage=said(TEXT, "a hit's id"),
)
_RANGE: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
_REPORT = loose(
    ["episode", "seconds", "ranges"],
    episode=TEXT,
    first={**FLAG, "default": False},
    seconds=said(NUMBER, "real time since the last report"),
    ranges={"type": "array", "items": _RANGE, "minItems": 1, "maxItems": RANGES_MOST},
)
_SEARCHED = loose(["text"], text=TEXT, empty={**FLAG, "default": False})


def _count(name: str, summary: str, body: Schema) -> Operation:
    return Operation(name, summary, body=body, problems=(403,), more={"description": _OWN_PAGES})


PATHS: Schema = {
    "/api/v1/search": path("public", get=_SEARCH),
    "/api/v1/suggest": path("public", get=_SUGGEST),
    "/api/v1/episodes/{slug}/progress": path(
        "public",
        [placed("slug")],
        get=Operation(
            "progress",
            "Processing; as text/event-stream an event for each change",
            ref("Progress"),
            reads=True,
            media=("application/json", "text/event-stream"),
            problems=(410,),
        ),
    ),
    "/api/v1/plays": path(
        "public", post=_count("countPlay", "Count a play of a segment, of a hit, or both", _PLAY)
    ),
    "/api/v1/searches": path("public", post=_count("countSearch", "Count a search", _SEARCHED)),
    "/api/v1/watching": path("public", post=_count("countWatching", "Count the seconds played", _REPORT)),
}

EPISODE = Operation("episode", "A public episode", ref("Episode"), reads=True, problems=(410,))

_CUE = record(start=SECONDS, end=SECONDS, text=TEXT)
_TRANSCRIPT = record(language=LANGUAGE, origin=one_of("machine", "imported", "edited"), cues=list_of(_CUE))
SCHEMAS: Schema = {
    "Hit": record(
        id=TEXT, episode=TEXT, kind=one_of("answer", "chapter", "speech"), title=TEXT, title_spans=_SPANS,
        text=TEXT, text_spans=_SPANS, start=SECONDS, end=SECONDS, episode_title=TEXT, programme=TEXT, date=DAY,
        language=LANGUAGE, topics=list_of(TEXT), answerers=list_of(TEXT), organisations=list_of(TEXT), outdated=FLAG, score=NUMBER,
        url=TEXT,
    ),
    "SearchResults": record(
        query=TEXT, total=WHOLE, offset=WHOLE, limit=WHOLE, engine=TEXT, ms=NUMBER, hits=list_of(ref("Hit")),
        facets={
            "type": "object",
            "description": "Only when asked for: how many hits each value has, its own filter left out",
            "properties": dict.fromkeys(FACETS, _COUNTS),
            "additionalProperties": False,
        },
        suggestion=said(or_null(TEXT), "a better spelling that finds more"),
    ),
    "Segment": record(
        id=TEXT, kind=_KIND, title=TEXT, question=TEXT, asker=TEXT, answerers=list_of(TEXT), topics=list_of(TEXT),
        start=SECONDS, end=SECONDS, answer_start=or_null(SECONDS), origin=one_of("machine", "live", "editor"),
        state=one_of("suggested", "confirmed"), confidence=NUMBER, law_changed=or_null(DAY), law_note=TEXT,
        superseded_by=said(TEXT, "the id of the newer answer"), review_on=or_null(DAY), version=WHOLE,
    ),
    "Episode": record(
        slug=TEXT, programme=record(slug=TEXT, title=TEXT), title=TEXT, date=DAY, language=LANGUAGE,
        description=TEXT, notice=TEXT, guests=list_of(ref("Guest")), topics=list_of(TEXT), duration=SECONDS,
        playlists=record(video=TEXT, sound=TEXT, poster=TEXT), segments=list_of(ref("Segment")),
        transcript=or_null(_TRANSCRIPT),
    ),
    "Guest": record(name=TEXT, role=TEXT, organisation=TEXT),
    "Progress": record(percent=WHOLE, step=TEXT, left=TEXT, ended=FLAG, failed=FLAG),
}  # fmt: skip
