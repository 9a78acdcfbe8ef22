"""The JSON API: search, suggestions, episodes, plays. Described by `/api/openapi.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from media.errors import Forbidden, InvalidInput
from search.correcting import suggestion
from search.index import DEPTH_LIMIT, PAGE_LIMIT, Hit, SearchQuery
from search.passages import PassageKind
from transcribe.segments import Segment
from transcribe.transcripts import Transcript
from web.openapi import describe
from web.presenting import play_url, source_of
from web.search_pages import QUERY_LENGTH
from web.shelf import Shelf, ShelvedEpisode
from web.site import site_of

_BODY_BYTES = 2000


def search(request: Request) -> Response:
    """`/api/v1/search`."""
    query = _read_query(request)
    index = site_of(request).services.index
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
    text = " ".join(values.get("q", "").split())
    if not text or len(text) > QUERY_LENGTH:
        raise InvalidInput(f"Give what to look for as “q”, of 1 to {QUERY_LENGTH} characters.")
    kinds = [each for each in values.get("kind", "").split(",") if each]
    if unknown := [each for each in kinds if each not in {kind.value for kind in PassageKind}]:
        raise InvalidInput(f"“{unknown[0][:40]}” is no kind; use answer, chapter or speech.")
    offset, limit = _number(request, "offset", 0, DEPTH_LIMIT), _number(request, "limit", 20, PAGE_LIMIT)
    year = _number(request, "year", 0, 9999)
    if offset + limit > DEPTH_LIMIT:
        raise InvalidInput(f"Only the first {DEPTH_LIMIT} hits can be paged through; narrow the search.")
    return SearchQuery(
        text=text,
        kinds=tuple(PassageKind(each) for each in kinds),
        programme=values.get("programme") or None,
        topic=values.get("topic") or None,
        year=year or None,
        episode=values.get("episode") or None,
        language=values.get("language") or None,
        typing=values.get("typing") in ("1", "true"),
        offset=offset,
        limit=limit,
        facets=values.get("facets") in ("1", "true"),
    )


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most and len(text) < 9):
        raise InvalidInput(f"“{name}” must be a whole number from 0 to {most}.")
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
        "score": hit.score,
        "url": play_url(passage.episode, passage.start, passage.end),
    }


def suggest(request: Request) -> Response:
    """`/api/v1/suggest`."""
    text = " ".join(request.query_params.get("q", "").split())[:QUERY_LENGTH]
    limit = _number(request, "limit", 8, 20)
    found = site_of(request).services.index.suggest(text, limit) if text else []
    return JSONResponse({"query": text, "suggestions": found}, headers={"Cache-Control": "no-cache"})


def episode(request: Request) -> Response:
    """`/api/v1/episodes/{slug}`."""
    services = site_of(request).services
    shelved = Shelf(services).episode(request.path_params["slug"])
    transcript = services.transcripts.transcript(shelved.episode.slug)
    return JSONResponse(_episode(shelved, transcript), headers={"Cache-Control": "no-cache"})


def _episode(shelved: ShelvedEpisode, transcript: Transcript | None) -> dict[str, object]:
    found = shelved.episode
    return {
        "slug": found.slug,
        "programme": {"slug": shelved.programme.slug, "title": shelved.programme.title},
        "title": found.title,
        "date": found.date.isoformat(),
        "language": found.language,
        "description": found.description,
        "notice": found.notice,
        "guests": [asdict(guest) for guest in found.guests],
        "topics": found.topics,
        "duration": shelved.duration,
        "playlists": asdict(source_of(shelved)),
        "segments": [_segment(each) for each in shelved.segments],
        "transcript": _transcript(transcript) if transcript else None,
    }


def _segment(segment: Segment) -> dict[str, object]:
    return asdict(segment) | {
        "kind": segment.kind.value,
        "origin": segment.origin.value,
        "state": segment.state.value,
    }


def _transcript(transcript: Transcript) -> dict[str, object]:
    cues = [{"start": cue.start, "end": cue.end, "text": cue.text} for cue in transcript.cues]
    return {"language": transcript.language, "origin": transcript.origin.value, "cues": cues}


async def count_play(request: Request) -> Response:
    """`POST /api/v1/plays`: one more play of a segment, sent by the site's own pages only."""
    if not same_origin(request):
        raise Forbidden("Plays are counted only from this site's own pages.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise InvalidInput("This is too long for a play; send {“episode”: …, “segment”: …}.")
    slug, segment = _read_play(body)
    await run_in_threadpool(site_of(request).services.plays.count, slug, segment, date.today())
    return Response(status_code=204)


def _read_play(body: bytes) -> tuple[str, str]:
    try:
        play = json.loads(body)
        slug, segment = play["episode"], play["segment"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput("A play is a JSON object with “episode” and “segment”.") from error
    if not (isinstance(slug, str) and isinstance(segment, str) and (slug + segment).isprintable()):
        raise InvalidInput("“episode” and “segment” of a play are texts.")
    return slug, segment


def same_origin(request: Request) -> bool:
    """Whether a browser says that a page of this site sends this (Sec-Fetch-Site, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # no address at all, such as http://[
        return False


def openapi(request: Request) -> Response:
    """`/api/openapi.json`."""
    services = site_of(request).services
    return JSONResponse(describe(services.site_name, services.base_url or "/"))
