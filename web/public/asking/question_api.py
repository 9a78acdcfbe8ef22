"""The public calls on questions: reading, asking, voting, receipts. Described in `web.openapi.questions`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web.access.asker import (
    asker_of,
    asking_of,
    check_own_page,
    device_of,
    keep_device,
    private,
    sent_json,
    texts_in,
)
from web.access.visibility import live_episode_of
from web.domain.questions.asking import read_id
from web.domain.questions.drafts import TRAP, read_draft
from web.domain.questions.proof_of_work import BITS
from web.domain.questions.public_view import public_data
from web.public.asking.receipt_pages import state_words
from web.rendering.context import language_of

_DRAFT = ("text", "name", "workplace", "email", "phone", "challenge", "nonce", TRAP)


def of_episode(request: Request) -> Response:
    """`GET /api/v1/episodes/{slug}/questions`."""
    slug = _episode(request)
    return _listed(request, slug, open=asking_of(request).questions.companion(slug).open)


def of_the_archive(request: Request) -> Response:
    """`GET /api/v1/questions`: those that belong to no programme."""
    return _listed(request, None, open=True)


async def ask_episode(request: Request) -> Response:
    """`POST /api/v1/episodes/{slug}/questions`."""
    check_own_page(request)
    slug = await run_in_threadpool(_episode, request)
    return await run_in_threadpool(_ask, request, await sent_json(request), slug)


async def ask_the_archive(request: Request) -> Response:
    """`POST /api/v1/questions`."""
    sent = await sent_json(request)
    return await run_in_threadpool(_ask, request, sent, None)


def challenge(request: Request) -> Response:
    """`GET /api/v1/questions/challenge`: what a script works on before it asks."""
    return private(JSONResponse({"challenge": asking_of(request).proofs.challenge(), "bits": BITS}))


def vote(request: Request) -> Response:
    """`PUT /api/v1/questions/{id}/vote`, `DELETE …`: one for each device."""
    check_own_page(request)
    asker, question = asker_of(request), read_id(request.path_params["id"])
    wanted = request.method == "PUT"
    votes = asking_of(request).vote(question, asker, wanted=wanted)
    return private(keep_device(request, JSONResponse({"votes": votes, "voted": wanted}), asker))


async def receipt(request: Request) -> Response:
    """`POST /api/v1/receipts`: how the question of a code stands; the code is in no address."""
    sent = await sent_json(request)
    return await run_in_threadpool(_receipt, request, sent)


def _listed(request: Request, episode: str | None, *, open: bool) -> Response:
    asking = asking_of(request)
    found = asking.open(episode)
    voted = asking.voted([each.id for each in found], device_of(request))
    questions = [public_data(each) | {"voted": each.id in voted} for each in found]
    return private(JSONResponse({"open": open, "questions": questions}))


def _episode(request: Request) -> str:
    """The slug of the episode, when anybody may know of it. Raises `NotFound`, `Withdrawn`."""
    return live_episode_of(request, str(request.path_params["slug"])).episode.slug


def _ask(request: Request, sent: Mapping[str, object], episode: str | None) -> Response:
    fields = texts_in(sent, _DRAFT)
    shown = dict.fromkeys(("show_name", "show_workplace"), "1")  # who sends them here wants them shown
    asker = asker_of(request)
    proof = fields["challenge"], fields["nonce"]
    asked = asking_of(request).ask(read_draft(fields | shown), asker, episode, proof)
    address = f"/questions/{asked.code}"
    body = {
        "id": asked.question.id,
        "code": asked.code,
        "url": address,
        "shown": asked.question.shown,
        "held": asked.question.held,
    }
    return private(keep_device(request, JSONResponse(body, 201, {"Location": address}), asker))


def _receipt(request: Request, sent: Mapping[str, object]) -> Response:
    found = asking_of(request).receipt(texts_in(sent, ("code",))["code"], asker_of(request))
    question = found.question
    body: dict[str, Any] = {
        "shown": question.shown,
        "state": question.state,
        "held": question.held,
        "votes": question.votes,
        "words": state_words(found, language_of(request))[0],
        "merged": public_data(found.merged) if found.merged else None,
        "answer": found.answer,
        "contacts": list(found.contacts),
    }
    return private(JSONResponse(body))


ROUTES = [
    Route("/api/v1/episodes/{slug}/questions", of_episode, methods=["GET"]),
    Route("/api/v1/episodes/{slug}/questions", ask_episode, methods=["POST"]),
    Route("/api/v1/questions", of_the_archive, methods=["GET"]),
    Route("/api/v1/questions", ask_the_archive, methods=["POST"]),
    Route("/api/v1/questions/challenge", challenge, methods=["GET"]),
    Route("/api/v1/questions/{id}/vote", vote, methods=["PUT", "DELETE"]),
    Route("/api/v1/receipts", receipt, methods=["POST"]),
]
