"""Importing comments as questions: choose a file, look through what was found, tick, import."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, InvalidInput
from web.access.signed_in import SignedInRequest, guarded, page
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.domain.comments.exports import SIZE_MOST, read_comments
from web.domain.comments.importing import take_in
from web.domain.comments.questions_in import Candidate, candidates, picked
from web.domain.questions.questions import Questions
from web.rendering.error_pages import status_of, told
from web.services import companion_of
from web.text.times import clock

SHOWN_MOST = 500
"""Comments offered at once; the next time a file is read, those imported are left out."""
OTHERS_MOST = 200
SOURCES = ("facebook", "youtube", "csv")
_FORM_ROOM = 100_000


@guarded(Action.MODERATE)
def comments(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/comments`."""
    asked = request.query_params
    done = {
        name: int(asked[name])
        for name in ("new", "known")
        if asked.get(name, "").isascii() and asked.get(name, "").isdigit()
    }
    return _page(request, signed_in, done=done)


@guarded(Action.MODERATE, limit=SIZE_MOST + _FORM_ROOM)
def import_comments(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/comments`: `do` is read (a `file`) or import (`pick`ed comments, `source`)."""
    episode = episode_for(request, signed_in, Action.MODERATE).episode
    try:
        if signed_in.form.get("do") == "import":
            return _import(request, signed_in, episode.slug)
        sent = signed_in.files.get("file")
        if sent is None or not sent.size:
            raise InvalidInput("Choose a file with comments first.")
        found = read_comments(sent.file.read())
        there = [each.original for each in _questions(request).of_episode(episode.slug, public_only=False)]
        listed = candidates(found.comments, there)
    except ArchiveError as error:
        return _page(request, signed_in, problem=error)
    return _page(request, signed_in, source=found.source, total=len(found.comments), listed=listed)


def _import(request: Request, signed_in: SignedInRequest, episode: str) -> Response:
    source, encryption = signed_in.form.get("source", ""), companion_of(request).encryption()
    if source not in SOURCES:
        raise InvalidInput("The form can't be read; reload the page and choose the file again.")
    try:
        values = [json.loads(each) for each in signed_in.lists.get("pick", [])]
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The form can't be read; reload the page and choose the file again.") from error
    if not values:
        raise InvalidInput("No comment was ticked, so nothing was imported; choose the file again.")
    taken = take_in(
        _questions(request), encryption, episode, source, picked(values), held="held" in signed_in.form
    )
    return RedirectResponse(f"/studio/episodes/{episode}/comments?new={taken.new}&known={taken.known}", 303)


def _questions(request: Request) -> Questions:
    return companion_of(request).questions


def _page(
    request: Request,
    signed_in: SignedInRequest,
    *,
    problem: ArchiveError | None = None,
    source: str = "",
    total: int = 0,
    listed: list[Candidate] | None = None,
    done: dict[str, int] | None = None,
) -> Response:
    episode = episode_for(request, signed_in, Action.MODERATE).episode
    _questions(request)
    asking = [each for each in listed or [] if each.asks]
    others = [each for each in listed or [] if not each.asks]
    return page(
        request,
        signed_in,
        "comments.html",
        status_of(problem) if problem else 200,
        episode=episode,
        problem=told(request, problem) if problem else "",
        source=source,
        total=total,
        asking=asking[:SHOWN_MOST],
        others=others[:OTHERS_MOST],
        more=max(0, len(asking) - SHOWN_MOST),
        known=listed is not None and not listed,
        done=done or {},
        size=SIZE_MOST // 1_000_000,
        value=_value,
        clock=clock,
    )


def _value(each: Candidate) -> str:
    return json.dumps([each.text, each.key, each.at], ensure_ascii=False)


ROUTES = [
    Route("/studio/episodes/{slug}/comments", comments, methods=["GET"]),
    Route("/studio/episodes/{slug}/comments", import_comments, methods=["POST"]),
]
