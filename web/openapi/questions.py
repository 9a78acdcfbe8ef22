"""The API's description: workers' questions. Pure."""

from __future__ import annotations

from web.domain.questions.questions import NAME_LENGTH, TEXT_LENGTH, WORKPLACE_LENGTH
from web.openapi.vocabulary import (
    FLAG,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    list_of,
    loose,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
)

_OWN_PAGES = (
    "From the site's own pages only (Sec-Fetch-Site or Origin); one device counts once, by a random cookie"
)
_STATE = one_of("incoming", "shortlisted", "on_air", "answered", "later", "refused")
_QUESTION: Schema = {
    "id": TEXT,
    "episode": said(or_null(TEXT), "null: asked to the archive itself"),
    "shown": said(TEXT, "the text as anybody may see it: masked, without links, perhaps edited"),
    "name": TEXT,
    "workplace": TEXT,
    "state": _STATE,
    "votes": WHOLE,
    "answer": said(TEXT, "where the answer plays; empty while there is none"),
}
_LISTED = record(open=FLAG, questions=list_of(ref("AskedQuestion"), "most votes first"))
_SENT = loose(
    ["text"],
    text={"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH},
    name={"type": "string", "maxLength": NAME_LENGTH, "description": "shown with the question"},
    workplace={"type": "string", "maxLength": WORKPLACE_LENGTH, "description": "shown with the question"},
    email=said(TEXT, "to tell of the answer; sealed, never shown, deleted afterwards"),
    phone=said(TEXT, "as `email`"),
    challenge=said(
        TEXT, "of `questionChallenge`; without a solved one the question may wait for a moderator"
    ),
    nonce=said(
        TEXT, "letters and digits with which SHA-256 of `challenge:nonce` begins with `bits` zero bits"
    ),
)
_TAKEN = record(
    id=TEXT,
    code=said(TEXT, "the receipt's code, eleven digits; told this once"),
    url=said(TEXT, "the receipt's page"),
    shown=TEXT,
    held=said(FLAG, "a moderator looks at it before anybody sees it"),
)
_VOTED = record(votes=WHOLE, voted=FLAG)
_RECEIPT = record(
    shown=TEXT,
    state=_STATE,
    held=FLAG,
    votes=WHOLE,
    words=said(TEXT, "the state in words"),
    merged=said(or_null(ref("PublicQuestion")), "the question that stands for it"),
    answer=TEXT,
    contacts=list_of(one_of("email", "phone", "push"), "the kinds kept"),
)


def _ask(name: str, summary: str) -> Operation:
    return Operation(
        name,
        summary,
        _TAKEN,
        body=_SENT,
        status=201,
        problems=(403, 409, 429),
        more={"description": _OWN_PAGES},
    )


def _vote(name: str, summary: str) -> Operation:
    return Operation(name, summary, _VOTED, problems=(400, 403, 429), more={"description": _OWN_PAGES})


PATHS: Schema = {
    "/api/v1/episodes/{slug}/questions": path(
        "questions",
        [placed("slug")],
        get=Operation(
            "episodeQuestions", "Public questions of an episode", _LISTED, reads=True, problems=(410,)
        ),
        post=_ask("askEpisode", "Ask a question to an episode"),
    ),
    "/api/v1/questions": path(
        "questions",
        get=Operation(
            "archiveQuestions",
            "Public questions to the archive itself",
            _LISTED,
            reads=True,
            problems=(404,),
        ),
        post=_ask("askArchive", "Ask a question to the archive itself"),
    ),
    "/api/v1/questions/challenge": path(
        "questions",
        get=Operation(
            "questionChallenge",
            "What a script works on before it asks",
            record(challenge=TEXT, bits=WHOLE),
            reads=True,
            problems=(404,),
        ),
    ),
    "/api/v1/questions/{id}/vote": path(
        "questions",
        [placed("id")],
        put=_vote("vote", "Me too"),
        delete=_vote("unvote", "Take it back"),
    ),
    "/api/v1/receipts": path(
        "questions",
        post=Operation(
            "receipt",
            "How the question of a code stands",
            _RECEIPT,
            body=loose(["code"], code=said(TEXT, "as typed or said")),
            problems=(403, 404, 429),
            more={"description": "From the site's own pages only; wrong codes are counted"},
        ),
    ),
}
_SUBSCRIPTION = loose(
    ["endpoint", "keys"],
    endpoint=said(TEXT, "https of a public host"),
    keys=loose(["p256dh", "auth"], p256dh=TEXT, auth=TEXT),
)
PATHS["/api/v1/receipts/push"] = path(
    "questions",
    post=Operation(
        "tellByPush",
        "Tell this browser once when the question of a code is answered",
        body=loose(["code", "subscription"], code=TEXT, subscription=_SUBSCRIPTION),
        problems=(403, 404, 429),
        more={"description": "What PushSubscription.toJSON() says; sealed, and deleted once told"},
    ),
)
SCHEMAS: Schema = {
    "PublicQuestion": record(**_QUESTION),
    "AskedQuestion": record(**_QUESTION, voted=said(FLAG, "by this device")),
}
