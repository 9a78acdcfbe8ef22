"""Calling askers back, and the words for which a question waits: the moderators' two small pages.

A phone number is shown one at a time, only to who may moderate, and the audit log notes it; "told" deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web.access.signed_in import SignedInRequest, guarded, page, sign_in_of
from web.domain.accounts.permissions import Action
from web.domain.questions.asking import read_id
from web.domain.questions.notify import open_reach
from web.domain.questions.questions import Question
from web.domain.questions.word_list import DEFAULT, read_words
from web.services import companion_of


@dataclass(frozen=True, slots=True)
class Callback:
    """Somebody to call: what they asked, where the answer plays ("" while it is not public), and the number,
    "" until a moderator asks for it."""

    asked: Question
    answer: str
    number: str


@guarded(Action.MODERATE)
def calls(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/calls`."""
    return _calls(request, signed_in)


@guarded(Action.MODERATE)
def show(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/calls/{question}/show`: one number; noted."""
    question = read_id(request.path_params["question"])
    sign_in_of(request).audit.note("contact.see", question)
    return _calls(request, signed_in, question)


@guarded(Action.MODERATE)
def told(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`POST /studio/calls/{question}/told`: the number is deleted."""
    question = read_id(request.path_params["question"])
    companion_of(request).contacts.forget(question, "phone")
    sign_in_of(request).audit.note("contact.told", question)
    return RedirectResponse("/studio/calls", 303)


@guarded(Action.MODERATE)
def words(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/words`."""
    return _words(request, signed_in)


@guarded(Action.MODERATE)
def save_words(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/words`: what was added and removed since the page was opened, so that nobody's work is lost."""
    kept = companion_of(request).word_list
    before, after = (
        read_words(signed_in.form.get("before", "")),
        read_words(signed_in.form.get("words", "")),
    )
    own = kept.words()
    added = after if not own else [each for each in after if each not in before]
    kept.change(added, [each for each in before if each not in after])
    return RedirectResponse("/studio/words?saved=1", 303)


def _calls(request: Request, signed_in: SignedInRequest, shown: str = "") -> Response:
    companion = companion_of(request)
    waiting = companion.contacts.answered(["phone"])
    answers = companion.questions.answers([each.question for each in waiting])
    found = [
        Callback(
            companion.questions.question(each.asked),
            answers.get(each.question.id, ""),
            open_reach(companion.encryption(), each.sealed).to if each.asked == shown else "",
        )
        for each in waiting
    ]
    return page(request, signed_in, "calls.html", calls=found)


def _words(request: Request, signed_in: SignedInRequest) -> Response:
    kept = companion_of(request).word_list
    own = kept.words()
    saved = "saved" in request.query_params
    return page(request, signed_in, "words.html", words=own or list(DEFAULT), own=bool(own), saved=saved)


ROUTES = [
    Route("/studio/calls", calls, methods=["GET"]),
    Route("/studio/calls/{question}/show", show, methods=["POST"]),
    Route("/studio/calls/{question}/told", told, methods=["POST"]),
    Route("/studio/words", words, methods=["GET"]),
    Route("/studio/words", save_words, methods=["POST"]),
]
