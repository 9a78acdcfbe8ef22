"""Calls of the moderators' desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from starlette.requests import Request
from starlette.responses import Response

from media.errors import InvalidInput
from web.access.operations import Operation, tagged
from web.access.preconditions import answer, made, problem
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import Companion, Question, QuestionChanged
from web.http.json_schema import said
from web.http.typed_json import read
from web.rendering.error_pages import told
from web.services import companion_of, services_of
from web.studio.moderation.actions import (
    desk_episode,
    desk_now,
    same_questions,
)
from web.studio.moderation.json_form import (
    Answering,
    Begin,
    Block,
    CompanionChange,
    CompanionJson,
    Desk,
    DeskQuestion,
    Edit,
    Merge,
    Move,
    NewScreen,
    Nothing,
    ScreenJson,
    Seen,
    companion_json,
    question_json,
    screen_json,
)
from web.studio.moderation.views import utc_text

Act = Callable[[Request, str, Any], Question]


@guarded(Action.MODERATE)
def desk(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/desk`, and `/api/v1/studio/questions` for those to the archive itself."""
    now = desk_now(request, desk_episode(request, signed_in))
    running = now.answering
    return answer(
        request,
        Desk(
            now.last,
            [question_json(each) for each in now.questions],
            Answering(running.id, utc_text(now.since.get(running.id)) or None) if running else None,
            companion_json(now.companion) if now.companion else None,
        ),
    )


@guarded(Action.MODERATE)
def similar(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/studio/episodes/{slug}/desk/similar`: open questions that seem to say the same."""
    now = desk_now(request, desk_episode(request, signed_in))
    groups = same_questions(companion_of(request).matching, now.questions)
    return answer(request, {"groups": groups})


@guarded(Action.MODERATE)
def question(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard has looked
    """`GET /api/v1/studio/questions/{id}`."""
    return answer(
        request, question_json(companion_of(request).questions.question(request.path_params["id"]))
    )


def _change(act: Act, body: Any) -> Callable[[Request], Any]:
    """A call that changes one question: answers it as it is then; 409 with `current` when another was quicker."""

    @guarded(Action.MODERATE)
    def call(request: Request, signed_in: SignedInRequest) -> Response:
        sent = read(body, {} if signed_in.json is None else signed_in.json)
        try:
            changed = act(request, request.path_params["id"], sent)
        except QuestionChanged as error:
            return problem(409, told(request, error), current=question_json(error.current))
        return answer(request, question_json(changed))

    return call


def _move(request: Request, key: str, sent: Move) -> Question:
    return companion_of(request).board.move(key, sent["state"], sent.get("above"), sent.get("seen"))


def _release(request: Request, key: str, sent: Seen) -> Question:
    return companion_of(request).board.release(key, sent.get("seen"))


def _hold(request: Request, key: str, sent: Seen) -> Question:
    return companion_of(request).board.hold(key, sent.get("seen"))


def _edit(request: Request, key: str, sent: Edit) -> Question:
    stored = companion_of(request).questions.question(key)
    shown, guest = sent.get("shown", stored.shown), sent.get("guest", stored.guest)
    return companion_of(request).board.edit(
        key, shown, sent.get("topics", stored.topics), guest, sent.get("seen")
    )


def _merge(request: Request, key: str, sent: Merge) -> Question:
    return companion_of(request).board.merge(sent["questions"], key)


def _unmerge(request: Request, key: str, sent: Nothing) -> Question:  # noqa: ARG001
    return companion_of(request).board.unmerge(key)


def _begin(request: Request, key: str, sent: Begin) -> Question:
    return companion_of(request).board.begin_answer(key, sent.get("guest", ""), sent.get("seen"))


def _resume(request: Request, key: str, sent: Nothing) -> Question:  # noqa: ARG001
    return companion_of(request).board.resume_answer(key)


def _undo(request: Request, key: str, sent: Nothing) -> Question:  # noqa: ARG001
    return companion_of(request).board.undo_answer(key)


def _block(request: Request, key: str, sent: Block) -> Question:
    companion_of(request).board.block(key, sent.get("days", 30))
    return companion_of(request).questions.question(key)


def _unblock(request: Request, key: str, sent: Nothing) -> Question:  # noqa: ARG001
    companion_of(request).board.unblock(key)
    return companion_of(request).questions.question(key)


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
    sent = read(CompanionChange, signed_in.json)
    stored, seen = companion_of(request).questions.companion(slug), sent.get("seen")
    wanted = Companion(slug, sent["open"], sent["hold"], stored.version if seen is None else seen)
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
    added = companion_of(request).screens.add(slug, read(NewScreen, signed_in.json)["kind"])
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


def _act(name: str, act: Act, body: Any, operation: str, summary: str) -> Operation:
    return Operation(
        "POST", f"{_ONE}/{name}", _change(act, body), operation, summary, DeskQuestion, body=body, problems=(409,), etag=True
    )  # fmt: skip


_GROUPS = {"groups": Annotated[list[list[str]], said("ids, the one with most votes first in each group")]}
OPERATIONS = tagged(
    "desk",
    Operation("GET", f"{_AT}/desk", desk, "desk", "Everything on an episode's desk, merged questions too", Desk, etag=True),
    Operation(
        "GET", f"{_AT}/desk/similar", similar, "similarQuestions", "Open questions that seem to say the same", _GROUPS,
        etag=True,
    ),
    Operation(
        "POST", f"{_AT}/desk/done", done, "endAnswer", "Done: the answer that runs ends now; null when none does",
        {"question": DeskQuestion | None}, body=Nothing, etag=True,
    ),
    Operation(
        "PUT", f"{_AT}/companion", change_companion, "changeCompanion", "How an episode takes questions", CompanionJson,
        body=CompanionChange, problems=(409,), etag=True,
    ),
    Operation(
        "GET", f"{_AT}/screens", screens, "screens", "The secret links of an episode's screens",
        {"screens": list[ScreenJson]}, etag=True,
    ),
    Operation(
        "POST", f"{_AT}/screens", add_screen, "addScreen", "Make a secret link for a screen", ScreenJson,
        body=NewScreen, status=201, etag=True,
    ),
    Operation("DELETE", f"{_AT}/screens/{{id}}", revoke_screen, "revokeScreen", "Take a screen's link back"),
    Operation(
        "GET", "/api/v1/studio/questions", desk, "archiveDesk",
        "Questions that were asked to the archive and not to an episode", Desk, etag=True,
    ),
    Operation(
        "GET", "/api/v1/studio/similar-questions", similar, "similarArchiveQuestions",
        "Those of them that seem to say the same", _GROUPS, etag=True,
    ),
    Operation("GET", _ONE, question, "deskQuestion", "A question as moderators see it", DeskQuestion, etag=True),
    _act(
        "move", _move, Move, "moveQuestion",
        "Put it into a column; into on_air it is answered from now on, out of it the answer has ended",
    ),
    _act("release", _release, Seen, "releaseQuestion", "Show a held question"),
    _act("hold", _hold, Seen, "holdQuestion", "Show it to nobody until it was looked at"),
    _act(
        "edit", _edit, Edit, "editQuestion",
        "Change what is shown, its topics, and who shall answer; the original stays",
    ),
    _act("merge", _merge, Merge, "mergeQuestions", "Let it stand for other questions, with their receipts and votes"),
    _act("unmerge", _unmerge, Nothing, "unmergeQuestion", "Let a merged one stand for itself again"),
    _act("begin", _begin, Begin, "beginAnswer", "Now answering; an answer that runs ends"),
    _act("resume", _resume, Nothing, "resumeAnswer", "It was not done: its last answer goes on"),
    _act("undo", _undo, Nothing, "undoAnswer", "Take its last answer on air back, with the segment"),
    _act("block", _block, Block, "blockAsker", "Refuse it and whatever its device sends in the next days"),
    _act("unblock", _unblock, Nothing, "unblockAsker", "Its device may ask again; the question stays refused"),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
