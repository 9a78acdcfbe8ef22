"""The API's description: the moderators' desk and its screens. Pure."""

from __future__ import annotations

from web.domain.accounts.permissions import Action
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import Hold, QuestionState
from web.openapi.vocabulary import (
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    list_of,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
    sent,
)

_DO = Action.MODERATE
_TAG = "desk"
_SLUG, _ID = [placed("slug")], [placed("id")]
_AT, _ONE = "/api/v1/studio/episodes/{slug}", "/api/v1/studio/questions/{id}"
_STATE = one_of(*QuestionState)
_SEEN = said(or_null(WHOLE), "the version that was seen; 409 with `current` when it is another now")
_QUESTION = ref("DeskQuestion")
_SCREEN = ref("Screen")
_GROUPS = record(groups=list_of(list_of(TEXT), "ids, the one with most votes first in each group"))


def _act(name: str, summary: str, body: Schema) -> Operation:
    return Operation(name, summary, _QUESTION, _DO, body=body, problems=(409,), etag=True)


def _read(name: str, summary: str, schema: Schema) -> Operation:
    return Operation(name, summary, schema, _DO, etag=True, reads=True)


PATHS: Schema = {
    f"{_AT}/desk": path(
        _TAG, _SLUG, get=_read("desk", "Everything on an episode's desk, merged questions too", ref("Desk"))
    ),
    f"{_AT}/desk/similar": path(
        _TAG, _SLUG, get=_read("similarQuestions", "Open questions that seem to say the same", _GROUPS)
    ),
    f"{_AT}/desk/done": path(
        _TAG,
        _SLUG,
        post=Operation(
            "endAnswer",
            "Done: the answer that runs ends now; null when none does",
            record(question=or_null(_QUESTION)),
            _DO,
            body=sent(),
            etag=True,
        ),
    ),
    f"{_AT}/companion": path(
        _TAG,
        _SLUG,
        put=Operation(
            "changeCompanion",
            "How an episode takes questions",
            ref("Companion"),
            _DO,
            body=sent(["open", "hold"], open=FLAG, hold=one_of(*Hold), seen=_SEEN),
            problems=(409,),
            etag=True,
        ),
    ),
    f"{_AT}/screens": path(
        _TAG,
        _SLUG,
        get=_read("screens", "The secret links of an episode's screens", record(screens=list_of(_SCREEN))),
        post=Operation(
            "addScreen",
            "Make a secret link for a screen",
            _SCREEN,
            _DO,
            body=sent(["kind"], kind=one_of(*ScreenKind)),
            status=201,
            etag=True,
        ),
    ),
    f"{_AT}/screens/{{id}}": path(
        _TAG,
        [placed("slug"), placed("id")],
        delete=Operation("revokeScreen", "Take a screen's link back", None, _DO),
    ),
    "/api/v1/studio/questions": path(
        _TAG,
        get=_read(
            "archiveDesk", "Questions that were asked to the archive and not to an episode", ref("Desk")
        ),
    ),
    "/api/v1/studio/similar-questions": path(
        _TAG, get=_read("similarArchiveQuestions", "Those of them that seem to say the same", _GROUPS)
    ),
    _ONE: path(_TAG, _ID, get=_read("deskQuestion", "A question as moderators see it", _QUESTION)),
    f"{_ONE}/move": path(
        _TAG,
        _ID,
        post=_act(
            "moveQuestion",
            "Put it into a column; into on_air it is answered from now on, out of it the answer has ended",
            sent(
                ["state"],
                state=_STATE,
                above=said(or_null(TEXT), "the question to stand above; null: at the end"),
                seen=_SEEN,
            ),
        ),
    ),
    f"{_ONE}/release": path(
        _TAG, _ID, post=_act("releaseQuestion", "Show a held question", sent(seen=_SEEN))
    ),
    f"{_ONE}/hold": path(
        _TAG, _ID, post=_act("holdQuestion", "Show it to nobody until it was looked at", sent(seen=_SEEN))
    ),
    f"{_ONE}/edit": path(
        _TAG,
        _ID,
        post=_act(
            "editQuestion",
            "Change what is shown, its topics, and who shall answer; the original stays",
            sent(shown=TEXT, topics=list_of(TEXT), guest=TEXT, seen=_SEEN),
        ),
    ),
    f"{_ONE}/merge": path(
        _TAG,
        _ID,
        post=_act(
            "mergeQuestions",
            "Let it stand for other questions, with their receipts and votes",
            sent(["questions"], questions={**list_of(TEXT), "minItems": 1, "maxItems": 100}),
        ),
    ),
    f"{_ONE}/unmerge": path(
        _TAG, _ID, post=_act("unmergeQuestion", "Let a merged one stand for itself again", sent())
    ),
    f"{_ONE}/begin": path(
        _TAG,
        _ID,
        post=_act(
            "beginAnswer",
            "Now answering; an answer that runs ends",
            sent(guest=said(TEXT, "empty: to whom it was given"), seen=_SEEN),
        ),
    ),
    f"{_ONE}/resume": path(
        _TAG, _ID, post=_act("resumeAnswer", "It was not done: its last answer goes on", sent())
    ),
    f"{_ONE}/undo": path(
        _TAG, _ID, post=_act("undoAnswer", "Take its last answer on air back, with the segment", sent())
    ),
    f"{_ONE}/block": path(
        _TAG,
        _ID,
        post=_act(
            "blockAsker",
            "Refuse it and whatever its device sends in the next days",
            sent(days={"type": "integer", "minimum": 1, "maximum": 365}),
        ),
    ),
    f"{_ONE}/unblock": path(
        _TAG, _ID, post=_act("unblockAsker", "Its device may ask again; the question stays refused", sent())
    ),
}

SCHEMAS: Schema = {
    "DeskQuestion": record(
        id=TEXT, episode=or_null(TEXT), original=TEXT, shown=TEXT, name=TEXT, workplace=TEXT, state=_STATE,
        held=FLAG, position=NUMBER, votes=WHOLE, merged_into=or_null(TEXT), topics=list_of(TEXT), guest=TEXT,
        segment=TEXT, source=TEXT, created_at=or_null(MOMENT), changed_at=or_null(MOMENT),
        answered_at=or_null(MOMENT), version=WHOLE,
    ),
    "Companion": record(open=FLAG, hold=one_of(*Hold), version=WHOLE),
    "Desk": record(
        last=said(WHOLE, "the newest event before this was read: what to follow on from"),
        questions=list_of(_QUESTION),
        answering=or_null(record(question=TEXT, since=or_null(MOMENT))),
        companion=or_null(ref("Companion")),
    ),
    "Screen": record(
        id=TEXT,
        kind=one_of(*ScreenKind),
        created_at=MOMENT,
        address=said(or_null(TEXT), "a secret; null where it can't be read any more"),
    ),
}  # fmt: skip
