"""The public calls on questions: reading, asking, voting, receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

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
from web.access.operations import Operation, tagged
from web.access.visibility import live_episode_of
from web.domain.questions.asking import read_id
from web.domain.questions.drafts import TRAP, read_draft
from web.domain.questions.proof_of_work import BITS
from web.domain.questions.questions import (
    NAME_LENGTH,
    TEXT_LENGTH,
    WORKPLACE_LENGTH,
    PublicQuestion,
    QuestionState,
)
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, like
from web.public.asking.receipt_pages import state_words
from web.rendering.context import language_of


@dataclass(frozen=True, slots=True)
class AskedQuestion(PublicQuestion):
    """A public question, and whether this device voted for it."""

    voted: Annotated[bool, said("by this device")] = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that was taken."""

    id: str
    code: Annotated[str, said("the receipt's code, eleven digits; told this once")]
    url: Annotated[str, said("the receipt's page")]
    shown: str
    held: Annotated[bool, said("a moderator looks at it before anybody sees it")]


@dataclass(frozen=True, slots=True)
class ReceiptJson:
    """How a question stands, for who asked it."""

    shown: str
    state: QuestionState
    held: bool
    votes: int
    words: Annotated[str, said("the state in words")]
    merged: Annotated[PublicQuestion | None, said("the question that stands for it")]
    answer: str
    contacts: Annotated[list[Literal["email", "phone", "push"]], said("the kinds kept")]


class SentQuestion(TypedDict):
    """A question as sent."""

    text: Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH)]
    name: NotRequired[Annotated[str, Field(max_length=NAME_LENGTH, description="shown with the question")]]
    workplace: NotRequired[
        Annotated[str, Field(max_length=WORKPLACE_LENGTH, description="shown with the question")]
    ]
    email: NotRequired[
        Annotated[str, said("to tell of the answer; sealed, never shown, deleted afterwards")]
    ]
    phone: NotRequired[Annotated[str, said("as `email`")]]
    challenge: NotRequired[
        Annotated[
            str, said("of `questionChallenge`; without a solved one the question may wait for a moderator")
        ]
    ]
    nonce: NotRequired[
        Annotated[
            str,
            said("letters and digits with which SHA-256 of `challenge:nonce` begins with `bits` zero bits"),
        ]
    ]


class Code(TypedDict):
    """A receipt's code."""

    code: Annotated[str, said("as typed or said")]


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
    return private(JsonAnswer({"challenge": asking_of(request).proofs.challenge(), "bits": BITS}))


def vote(request: Request) -> Response:
    """`PUT /api/v1/questions/{id}/vote`, `DELETE …`: one for each device."""
    check_own_page(request)
    asker, question = asker_of(request), read_id(request.path_params["id"])
    wanted = request.method == "PUT"
    votes = asking_of(request).vote(question, asker, wanted=wanted)
    return private(keep_device(request, JsonAnswer({"votes": votes, "voted": wanted}), asker))


async def receipt(request: Request) -> Response:
    """`POST /api/v1/receipts`: how the question of a code stands; the code is in no address."""
    sent = await sent_json(request)
    return await run_in_threadpool(_receipt, request, sent)


def _listed(request: Request, episode: str | None, *, open: bool) -> Response:
    asking = asking_of(request)
    found = asking.open(episode)
    voted = asking.voted([each.id for each in found], device_of(request))
    questions = [like(AskedQuestion, each, voted=each.id in voted) for each in found]
    return private(JsonAnswer({"open": open, "questions": questions}))


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
    body = Taken(asked.question.id, asked.code, address, asked.question.shown, asked.question.held)
    return private(keep_device(request, JsonAnswer(body, 201, {"Location": address}), asker))


def _receipt(request: Request, sent: Mapping[str, object]) -> Response:
    found = asking_of(request).receipt(texts_in(sent, ("code",))["code"], asker_of(request))
    question = found.question
    body = like(
        ReceiptJson,
        question,
        words=state_words(found, language_of(request))[0],
        merged=found.merged,
        answer=found.answer,
        contacts=list(found.contacts),
    )
    return private(JsonAnswer(body))


_AT, _OF = "/api/v1/questions", "/api/v1/episodes/{slug}/questions"
_LISTED = {
    "open": bool,
    "questions": Annotated[list[AskedQuestion], said("most votes first")],
}
_OWN_PAGES = {
    "description": "From the site's own pages only (Sec-Fetch-Site or Origin); one device counts once, by a random cookie"
}
_VOTED = {"votes": int, "voted": bool}
_ASKED, _VOTES = (403, 409, 429), (400, 403, 429)
OPERATIONS = tagged(
    "questions",
    Operation("GET", _OF, of_episode, "episodeQuestions", "Public questions of an episode", _LISTED, problems=(410,)),
    Operation(
        "POST", _OF, ask_episode, "askEpisode", "Ask a question to an episode", Taken, body=SentQuestion, status=201,
        problems=_ASKED, more=_OWN_PAGES,
    ),
    Operation(
        "GET", _AT, of_the_archive, "archiveQuestions", "Public questions to the archive itself", _LISTED,
        problems=(404,),
    ),
    Operation(
        "POST", _AT, ask_the_archive, "askArchive", "Ask a question to the archive itself", Taken, body=SentQuestion,
        status=201, problems=_ASKED, more=_OWN_PAGES,
    ),
    Operation(
        "GET", f"{_AT}/challenge", challenge, "questionChallenge", "What a script works on before it asks",
        {"challenge": str, "bits": int}, problems=(404,),
    ),
    Operation("PUT", f"{_AT}/{{id}}/vote", vote, "vote", "Me too", _VOTED, problems=_VOTES, more=_OWN_PAGES),
    Operation("DELETE", f"{_AT}/{{id}}/vote", vote, "unvote", "Take it back", _VOTED, problems=_VOTES, more=_OWN_PAGES),
    Operation(
        "POST", "/api/v1/receipts", receipt, "receipt", "How the question of a code stands", ReceiptJson, body=Code,
        problems=(403, 404, 429),
        more={"description": "From the site's own pages only; wrong codes are counted"},
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
