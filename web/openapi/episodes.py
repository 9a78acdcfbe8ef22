"""The API's description: the desk's list, an episode's facts, publishing, marks, work, presence. Pure."""

from __future__ import annotations

from media.archive.episodes import EpisodeState
from media.archive.publishing import Need
from media.jobs import JobState
from web.domain.accounts.permissions import Action
from web.domain.accounts.presence import PLACES
from web.openapi.search import EPISODE
from web.openapi.vocabulary import (
    DAY,
    FLAG,
    LANGUAGE,
    MOMENT,
    SECONDS,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    list_of,
    loose,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
    sent,
)

_SEE, _EDIT, _PUBLISH = Action.SEE_STUDIO, Action.EDIT_EPISODE, Action.PUBLISH
_SLUG = [placed("slug")]
_AT = "/api/v1/episodes/{slug}"
_LIST = [
    asked("state", TEXT, "one of the states; others are left out"),
    asked("programme", TEXT),
    asked("q", TEXT),
    asked("page", TEXT, "from 1"),
]
_GUEST = sent(["name"], name=TEXT, role=TEXT, organisation=TEXT)
_FACTS = sent(
    slug=TEXT,
    title=TEXT,
    date=DAY,
    programme=TEXT,
    language=LANGUAGE,
    description=TEXT,
    notice=TEXT,
    guests=list_of(_GUEST),
    topics=list_of(TEXT),
)
_VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_DAY_OR_NONE = or_null(TEXT)
_MARKS = {
    "law_changed": said(_DAY_OR_NONE, "since which day another law holds"),
    "law_note": or_null(TEXT),
    "superseded_by": said(or_null(TEXT), "the id of the newer answer"),
    "review_on": said(_DAY_OR_NONE, "when to look at it again"),
}
_WORK = record(job=or_null(TEXT), state=or_null(one_of(*(each.value for each in JobState))))
_STUDIO_EPISODE = {
    "slug": TEXT, "title": TEXT, "date": DAY, "programme": TEXT, "language": LANGUAGE, "description": TEXT,
    "notice": TEXT, "guests": list_of(ref("Guest")), "topics": list_of(TEXT),
    "state": one_of(*(each.value for each in EpisodeState)),
    "version": WHOLE, "publish_at": or_null(MOMENT), "withdrawn_reason": TEXT,
    "captions_read": said(WHOLE, "the version of the transcript that a person has read"),
}  # fmt: skip
_LIVE = record(
    state=TEXT,
    kind=TEXT,
    line=TEXT,
    percent=WHOLE,
    steps=list_of(record(name=TEXT, state=TEXT)),
    reason=TEXT,
    can_retry=FLAG,
    can_cancel=FLAG,
    people=TEXT,
)


def _change(name: str, summary: str, action: Action, body: Schema | None = None) -> Operation:
    return Operation(name, summary, ref("StudioEpisode"), action, body=body, problems=(404, 409), etag=True)


PATHS: Schema = {
    _AT: path(
        "episodes",
        _SLUG,
        get=EPISODE,
        patch=Operation(
            "changeEpisode",
            "Change some of the facts; its address leads on when it changes",
            ref("StudioEpisode"),
            _EDIT,
            body=_FACTS,
            match=True,
            etag=True,
        ),
    ),
    f"{_AT}/publish": path("episodes", _SLUG, post=_change("publishEpisode", "Make public now", _PUBLISH)),
    f"{_AT}/schedule": path(
        "episodes",
        _SLUG,
        post=_change(
            "scheduleEpisode",
            "Make public at a time, or with null no longer by itself",
            _PUBLISH,
            loose(
                ["at"],
                at=said(or_null(TEXT), "ISO 8601; without an offset in the archive's zone"),
            ),
        ),
    ),
    f"{_AT}/withdraw": path(
        "episodes",
        _SLUG,
        post=_change(
            "withdrawEpisode",
            "Take from the public, which is told the reason",
            _PUBLISH,
            loose(["reason"], reason=TEXT),
        ),
    ),
    f"{_AT}/captions-read": path(
        "episodes",
        _SLUG,
        put=_change(
            "noteCaptionsRead",
            "A person has read this version of the transcript, or has not after all",
            _EDIT,
            loose(["version"], version=_VERSION, read={**FLAG, "default": True}),
        ),
    ),
    f"{_AT}/retry": path(
        "episodes",
        _SLUG,
        post=Operation(
            "retryEpisode", "Process on from the step that failed", _WORK, _EDIT, problems=(409,)
        ),
    ),
    f"{_AT}/cancel": path(
        "episodes",
        _SLUG,
        post=Operation(
            "cancelEpisode", "Stop processing; finished steps stay", _WORK, _EDIT, problems=(409,)
        ),
    ),
    f"{_AT}/presence": path(
        "episodes",
        _SLUG,
        post=Operation(
            "bePresent",
            "I am still here (every 10 s); who else is",
            record(people=list_of(record(name=TEXT, what=TEXT, since=MOMENT))),
            _SEE,
            body=loose(["what"], what=one_of(*sorted(PLACES))),
        ),
    ),
    f"{_AT}/segments/{{segment}}/marks": path(
        "segments",
        [*_SLUG, placed("segment")],
        put=Operation(
            "markAnswer",
            "All marks on an answer, with `seen` as they were; 409 with `current` when they were changed",
            ref("Marks"),
            _EDIT,
            body=sent(**_MARKS, seen=sent(**_MARKS)),
            problems=(409,),
        ),
    ),
    "/api/v1/studio/episodes": path(
        "episodes",
        get=Operation(
            "episodes",
            "A page of all episodes one sees, newest first",
            record(total=WHOLE, page=WHOLE, limit=WHOLE, episodes=list_of(record(**_STUDIO_EPISODE))),
            _SEE,
            _LIST,
            reads=True,
        ),
    ),
    "/api/v1/studio/episodes/{slug}": path(
        "episodes",
        _SLUG,
        get=Operation(
            "studioEpisode",
            "Facts, state and check list",
            ref("StudioEpisode"),
            _SEE,
            reads=True,
            etag=True,
        ),
    ),
    "/api/v1/studio/live": path(
        "episodes",
        get=Operation(
            "live",
            "What changes of that page; as text/event-stream an event for each change",
            record(episodes={"type": "object", "additionalProperties": _LIVE}),
            _SEE,
            _LIST,
            reads=True,
            media=("application/json", "text/event-stream"),
        ),
    ),
    "/api/v1/studio/answers": path(
        "segments",
        get=Operation(
            "findAnswers",
            "Answers whose question has these words",
            record(answers=list_of(ref("PlacedAnswer"))),
            _SEE,
            [asked("q", TEXT)],
            reads=True,
        ),
    ),
}

SCHEMAS: Schema = {
    "StudioEpisode": record(
        **_STUDIO_EPISODE,
        checks=list_of(record(need=one_of(*(each.value for each in Need)), met=FLAG, blocking=FLAG)),
    ),
    "Marks": record(
        law_changed=or_null(DAY), law_note=TEXT, superseded_by=TEXT, review_on=or_null(DAY), outdated=FLAG
    ),
    "PlacedAnswer": record(
        id=TEXT, question=TEXT, title=TEXT, start=SECONDS, end=SECONDS, episode=TEXT, episode_title=TEXT
    ),
}
