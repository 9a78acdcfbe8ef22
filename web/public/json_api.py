"""The JSON API: search, suggestions, episodes. Described by `/api/openapi.json`."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from media.errors import InvalidInput
from search.index import DEPTH_LIMIT, PAGE_LIMIT, Hit, SearchQuery
from search.passages.passage import PassageKind
from search.query.did_you_mean import suggestion
from transcribe.editing.review_marks import plain
from transcribe.segments import Segment
from transcribe.transcripts import Transcript
from web.access.published_episodes import EpisodeDetails, PublishedEpisodes
from web.public.searching.topics_named import topics_named
from web.rendering.context import language_of
from web.rendering.links import play_url
from web.services import services_of
from web.views.episodes import source_of
from web.views.search_address import QUERY_LENGTH, tidy


def search(request: Request) -> Response:
    """`/api/v1/search`."""
    query = _read_query(request)
    index = services_of(request).archive.index
    found = index.search(query)
    hits = [_hit(hit) for hit in found.hits]
    body = {
        "query": query.text,
        "total": found.total,
        "offset": query.offset,
        "limit": query.limit,
        "engine": found.engine,
        "ms": round(found.seconds * 1000, 2),
        "hits": hits,
        "facets": found.facets,
        "suggestion": None if query.typing else suggestion(index, query, [found]),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-cache"})


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


def _hit(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "id": passage.id,
        "episode": passage.episode,
        "kind": passage.kind.value,
        "title": passage.title,
        "title_spans": hit.title_spans,
        "text": passage.text,
        "text_spans": hit.text_spans,
        "start": passage.start,
        "end": passage.end,
        "episode_title": passage.episode_title,
        "programme": passage.programme,
        "date": passage.date.isoformat(),
        "language": passage.language,
        "topics": passage.topics,
        "answerers": passage.answerers,
        "organisations": passage.organisations,
        "outdated": passage.outdated,
        "score": hit.score,
        "url": play_url(passage.episode, passage.start, passage.end),
    }


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
        "topics": [{"name": each.name, "url": each.url} for each in named],
    }
    return JSONResponse(body, headers={"Cache-Control": "no-cache"})


def episode(request: Request) -> Response:
    """`/api/v1/episodes/{slug}`."""
    services = services_of(request)
    details = PublishedEpisodes(services).episode(request.path_params["slug"])
    transcript = services.archive.transcripts.transcript(details.episode.slug)
    return JSONResponse(_episode(details, transcript), headers={"Cache-Control": "no-cache"})


def _episode(details: EpisodeDetails, transcript: Transcript | None) -> dict[str, object]:
    found = details.episode
    return {
        "slug": found.slug,
        "programme": {"slug": details.programme.slug, "title": details.programme.title},
        "title": found.title,
        "date": found.date.isoformat(),
        "language": found.language,
        "description": found.description,
        "notice": found.notice,
        "guests": [asdict(guest) for guest in found.guests],
        "topics": found.topics,
        "duration": details.duration,
        "playlists": asdict(source_of(details)),
        "segments": [_segment(each) for each in details.segments],
        "transcript": _transcript(transcript) if transcript else None,
    }


def _segment(segment: Segment) -> dict[str, object]:
    return plain(segment) | {
        "kind": segment.kind.value,
        "origin": segment.origin.value,
        "state": segment.state.value,
    }


def _transcript(transcript: Transcript) -> dict[str, object]:
    cues = [{"start": cue.start, "end": cue.end, "text": cue.text} for cue in transcript.cues]
    return {"language": transcript.language, "origin": transcript.origin.value, "cues": cues}
