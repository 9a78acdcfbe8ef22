"""Calls of the moderators' desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from media.errors import InvalidInput
from web.access.preconditions import Plain, answer, fields, flag, made, problem, text, texts, whole
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import Companion, Hold, Question, QuestionChanged
from web.rendering.error_pages import told
from web.services import companion_of, services_of
from web.studio.moderation.actions import (
    desk_episode,
    desk_now,
    same_questions,
    state_named,
)
from web.studio.moderation.json_form import companion_json, question_json, screen_json
from web.studio.moderation.views import utc_text

MERGE_LIMIT = 100
Act = Callable[[Request, str, Plain], Question]


@guarded(Action.MODERATE)
def desk(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/desk`, and `/api/v1/studio/questions` for those to the archive itself."""
    now = desk_now(request, desk_episode(request, signed_in))
    running = now.answering
    return answer(
        request,
        {
            "last": now.last,
            "questions": [question_json(each) for each in now.questions],
            "answering": {"question": running.id, "since": utc_text(now.since.get(running.id)) or None}
            if running
            else None,
            "companion": companion_json(now.companion) if now.companion else None,
        },
    )


@guarded(Action.MODERATE)
def similar(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/desk/similar`: open questions that seem to say the same."""
    now = desk_now(request, desk_episode(request, signed_in))
    groups = same_questions(companion_of(request).matching, now.questions)
    return answer(request, {"groups": [list(each) for each in groups]})


@guarded(Action.MODERATE)
def question(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard has looked
    """`GET /api/v1/studio/questions/{id}`."""
    return answer(
        request, question_json(companion_of(request).questions.question(request.path_params["id"]))
    )


def _change(act: Act, needed: tuple[str, ...], others: tuple[str, ...]) -> Callable[[Request], Any]:
    """A call that changes one question: answers it as it is then; 409 with `current` when another was quicker."""

    @guarded(Action.MODERATE)
    def call(request: Request, signed_in: SignedInRequest) -> Response:
        nothing = signed_in.json is None and not needed
        sent = {} if nothing else fields(signed_in, *others, needed=needed)
        try:
            changed = act(request, request.path_params["id"], sent)
        except QuestionChanged as error:
            return problem(409, told(request, error), current=question_json(error.current))
        return answer(request, question_json(changed))

    return call


def _move(request: Request, key: str, sent: Plain) -> Question:
    state, above = state_named(text(sent, "state")), sent.get("above")
    if above is not None and not isinstance(above, str):
        raise InvalidInput("“above” must be the id of a question, or null.")
    return companion_of(request).board.move(key, state, above, _seen(sent))


def _release(request: Request, key: str, sent: Plain) -> Question:
    return companion_of(request).board.release(key, _seen(sent))


def _hold(request: Request, key: str, sent: Plain) -> Question:
    return companion_of(request).board.hold(key, _seen(sent))


def _edit(request: Request, key: str, sent: Plain) -> Question:
    stored = companion_of(request).questions.question(key)
    shown, guest = text(sent, "shown", stored.shown), text(sent, "guest", stored.guest)
    topics = texts(sent, "topics", stored.topics)
    return companion_of(request).board.edit(key, shown, topics, guest, _seen(sent))


def _merge(request: Request, key: str, sent: Plain) -> Question:
    named = texts(sent, "questions")
    if not 1 <= len(named) <= MERGE_LIMIT:
        raise InvalidInput("“questions” must name 1 to %(most)s questions.", most=MERGE_LIMIT)
    return companion_of(request).board.merge(named, key)


def _unmerge(request: Request, key: str, sent: Plain) -> Question:  # noqa: ARG001
    return companion_of(request).board.unmerge(key)


def _begin(request: Request, key: str, sent: Plain) -> Question:
    return companion_of(request).board.begin_answer(key, text(sent, "guest"), _seen(sent))


def _resume(request: Request, key: str, sent: Plain) -> Question:  # noqa: ARG001
    return companion_of(request).board.resume_answer(key)


def _undo(request: Request, key: str, sent: Plain) -> Question:  # noqa: ARG001
    return companion_of(request).board.undo_answer(key)


def _block(request: Request, key: str, sent: Plain) -> Question:
    companion_of(request).board.block(key, whole(sent.get("days", 30), "days", 1, 365))
    return companion_of(request).questions.question(key)


def _unblock(request: Request, key: str, sent: Plain) -> Question:  # noqa: ARG001
    companion_of(request).board.unblock(key)
    return companion_of(request).questions.question(key)


def _seen(sent: Plain) -> int | None:
    seen = sent.get("seen")
    return None if seen is None else whole(seen, "seen")


@guarded(Action.MODERATE)
def done(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/studio/episodes/{slug}/desk/done`: the answer that runs has ended."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    ended = companion_of(request).board.end_answer(slug)
    return answer(request, {"question": question_json(ended) if ended else None})


@guarded(Action.MODERATE)
def change_companion(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/studio/episodes/{slug}/companion`: how the episode takes questions."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    sent = fields(signed_in, "open", "hold", "seen", needed=("open", "hold"))
    hold = text(sent, "hold")
    if hold not in list(Hold):
        raise InvalidInput("“hold” must be one of %(holds)s.", holds=", ".join(Hold))
    stored = companion_of(request).questions.companion(slug)
    seen = _seen(sent)
    wanted = Companion(slug, flag(sent, "open", True), Hold(hold), stored.version if seen is None else seen)
    return answer(request, companion_json(companion_of(request).questions.save_companion(wanted)))


@guarded(Action.MODERATE)
def screens(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/screens`: their links, which are secrets."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    found = companion_of(request).screens.of_episode(slug)
    return answer(request, {"screens": [screen_json(each, base_of(request)) for each in found]})


@guarded(Action.MODERATE)
def add_screen(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/studio/episodes/{slug}/screens`."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    added = companion_of(request).screens.add(
        slug, screen_kind(text(fields(signed_in, needed=("kind",)), "kind"))
    )
    return made(
        request,
        screen_json(added, base_of(request)),
        f"/api/v1/studio/episodes/{slug}/screens/{added.digest}",
    )


@guarded(Action.MODERATE)
def revoke_screen(request: Request, signed_in: SignedInRequest) -> Response:
    """`DELETE /api/v1/studio/episodes/{slug}/screens/{id}`."""
    slug = episode_for(request, signed_in, Action.MODERATE).episode.slug
    companion_of(request).screens.revoke(slug, request.path_params["id"])
    return Response(status_code=204)


def screen_kind(name: str) -> ScreenKind:
    """Raises `InvalidInput`."""
    if name not in list(ScreenKind):
        raise InvalidInput("“kind” must be one of %(kinds)s.", kinds=", ".join(ScreenKind))
    return ScreenKind(name)


def base_of(request: Request) -> str:
    """The site's address without a slash at its end: as set, else as it was asked."""
    return (services_of(request).settings.base_url or str(request.base_url)).rstrip("/")


_AT = "/api/v1/studio/episodes/{slug}"
_ONE = "/api/v1/studio/questions/{id}"
_ACTS: dict[str, tuple[Act, tuple[str, ...], tuple[str, ...]]] = {
    "move": (_move, ("state",), ("above", "seen")),
    "release": (_release, (), ("seen",)),
    "hold": (_hold, (), ("seen",)),
    "edit": (_edit, (), ("shown", "topics", "guest", "seen")),
    "merge": (_merge, ("questions",), ()),
    "unmerge": (_unmerge, (), ()),
    "begin": (_begin, (), ("guest", "seen")),
    "resume": (_resume, (), ()),
    "undo": (_undo, (), ()),
    "block": (_block, (), ("days",)),
    "unblock": (_unblock, (), ()),
}
"""What can be done with a question: the fields it needs, and those it may have."""

ROUTES = [
    Route(f"{_AT}/desk", desk, methods=["GET"]),
    Route(f"{_AT}/desk/similar", similar, methods=["GET"]),
    Route(f"{_AT}/desk/done", done, methods=["POST"]),
    Route(f"{_AT}/companion", change_companion, methods=["PUT"]),
    Route(f"{_AT}/screens", screens, methods=["GET"]),
    Route(f"{_AT}/screens", add_screen, methods=["POST"]),
    Route(f"{_AT}/screens/{{id}}", revoke_screen, methods=["DELETE"]),
    Route("/api/v1/studio/questions", desk, methods=["GET"]),
    Route("/api/v1/studio/similar-questions", similar, methods=["GET"]),
    Route(_ONE, question, methods=["GET"]),
    *(Route(f"{_ONE}/{name}", _change(*act), methods=["POST"]) for name, act in _ACTS.items()),
]
