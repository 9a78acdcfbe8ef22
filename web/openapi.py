"""The description of the JSON API (OpenAPI 3.1). Pure."""

from __future__ import annotations

from search.index import DEPTH_LIMIT, FACETS, PAGE_LIMIT

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_SECONDS: Schema = {"type": "number", "minimum": 0, "description": "seconds"}
_SPANS: Schema = {
    "type": "array",
    "description": "Highlights: start and end in characters (code points)",
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
}


def describe(name: str, server: str) -> Schema:
    """Return the OpenAPI document of a site called `name` at the address `server`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{name} API", "version": "1"},
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/search": {"get": _search()},
            "/api/v1/suggest": {"get": _suggest()},
            "/api/v1/episodes/{slug}": {"get": _get("An episode", [_slug()], _ref("Episode"))},
            "/api/v1/episodes/{slug}/progress": {
                "get": _get("Processing; also as text/event-stream", [_slug()], _ref("Progress"))
            },
            "/api/v1/plays": {"post": _count_play()},
        },
        "components": {"schemas": _schemas()},
    }


def _search() -> Schema:
    parameters = [
        _query("q", _TEXT, required=True),
        _query("kind", _TEXT, "answer, chapter, speech; several joined by commas"),
        *(_query(each, _TEXT) for each in ("programme", "topic", "episode", "language")),
        _query("year", {"type": "integer"}),
        _query("typing", {"type": "boolean"}, "match the last word as a beginning"),
        _query("facets", {"type": "boolean"}, "count kinds, topics, programmes and years"),
        _query("offset", {"type": "integer", "minimum": 0, "maximum": DEPTH_LIMIT, "default": 0}),
        _query("limit", {"type": "integer", "minimum": 0, "maximum": PAGE_LIMIT, "default": 20}),
    ]
    return _get("Search answers, chapters and speech", parameters, _ref("SearchResults"))


def _suggest() -> Schema:
    suggestions = _object(query=_TEXT, suggestions={"type": "array", "items": _TEXT})
    parameters = [_query("q", _TEXT, required=True), _query("limit", {"type": "integer", "maximum": 20})]
    return _get("Titles that continue what is typed", parameters, suggestions)


def _count_play() -> Schema:
    body = {"application/json": {"schema": _object(episode=_TEXT, segment=_TEXT)}}
    return {
        "summary": "Count a play; from the site's own pages only",
        "requestBody": {"required": True, "content": body},
        "responses": {"204": {"description": "Counted"}, "default": _problem()},
    }


def _get(summary: str, parameters: list[Schema], schema: Schema) -> Schema:
    content = {"application/json": {"schema": schema}}
    return {
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": "Found", "content": content}, "default": _problem()},
    }


def _query(name: str, schema: Schema, description: str = "", required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "schema": schema} | (
        {"description": description} if description else {}
    )


def _slug() -> Schema:
    return {"name": "slug", "in": "path", "required": True, "schema": _TEXT}


def _problem() -> Schema:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {"description": "Problem details (RFC 9457)", "content": content}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _schemas() -> Schema:
    whole: Schema = {"type": "integer"}
    hit = _object(
        id=_TEXT, episode=_TEXT, kind={"enum": ["answer", "chapter", "speech"]}, title=_TEXT,
        title_spans=_SPANS, text=_TEXT, text_spans=_SPANS, start=_SECONDS, end=_SECONDS,
        episode_title=_TEXT, programme=_TEXT, date={"type": "string", "format": "date"}, language=_TEXT,
        topics=_list(_TEXT), answerers=_list(_TEXT), score={"type": "number"}, url=_TEXT,
    )  # fmt: skip
    segment = _object(
        id=_TEXT, kind={"enum": ["answer", "chapter"]}, title=_TEXT, question=_TEXT, asker=_TEXT,
        answerers=_list(_TEXT), topics=_list(_TEXT), start=_SECONDS, end=_SECONDS,
        answer_start={"type": ["number", "null"]}, origin={"enum": ["machine", "live", "editor"]},
        state={"enum": ["suggested", "confirmed"]}, confidence={"type": "number"},
    )  # fmt: skip
    cue = _object(start=_SECONDS, end=_SECONDS, text=_TEXT)
    transcript = _object(
        language=_TEXT, origin={"enum": ["machine", "imported", "edited"]}, cues=_list(cue)
    )
    episode = _object(
        slug=_TEXT, programme=_object(slug=_TEXT, title=_TEXT), title=_TEXT,
        date={"type": "string", "format": "date"}, language=_TEXT, description=_TEXT, notice=_TEXT,
        guests=_list(_object(name=_TEXT, role=_TEXT, organisation=_TEXT)), topics=_list(_TEXT),
        duration=_SECONDS, playlists=_object(video=_TEXT, sound=_TEXT, poster=_TEXT),
        segments=_list(_ref("Segment")), transcript={"oneOf": [transcript, {"type": "null"}]},
    )  # fmt: skip
    counts: Schema = {"type": "object", "additionalProperties": whole}
    facets: Schema = {
        "type": "object",
        "description": "Only when asked for: how many hits each value has, its own filter left out",
        "properties": dict.fromkeys(FACETS, counts),
    }
    return {
        "Hit": hit,
        "Segment": segment,
        "Episode": episode,
        "SearchResults": _object(
            query=_TEXT, total=whole, offset=whole, limit=whole, engine=_TEXT,
            ms={"type": "number"}, hits=_list(_ref("Hit")), facets=facets,
            suggestion={"type": ["string", "null"], "description": "a better spelling that finds more"},
        ),
        "Progress": _object(
            percent=whole, step=_TEXT, left=_TEXT, ended={"type": "boolean"}, failed={"type": "boolean"}
        ),
        "Problem": _object(type=_TEXT, title=_TEXT, status=whole, detail=_TEXT),
    }  # fmt: skip
