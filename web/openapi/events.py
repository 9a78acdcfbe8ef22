"""The API's description: events as they happen. Pure."""

from __future__ import annotations

from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    header,
    list_of,
    path,
    placed,
    record,
    ref,
    said,
)

_AFTER = [
    asked("after", WHOLE, "the id of the newest event that was seen; left out: from now on"),
    header("Last-Event-ID", TEXT, "the same, as browsers send it; counts before `after`"),
]
_STREAM = """`Accept: text/event-stream` gets a stream of server-sent events, everything else what has happened so far,
to be asked for every few seconds. Each event comes once, in the order of ids. The stream's `beat` says that it is
open; `reload` that events which were missed are gone: load everything again. 503 when too many streams are open."""
_PUBLIC = f"""{_STREAM} Kinds: `question` (whole, as it is shown now), `gone` {{id, into}}, `votes` {{id, votes}},
`answering` {{id or null, since}}, `live` {{state}}, `cue` {{start, end, text}},
`queue` {{}} (what comes next has changed)."""
_DESK = f"""{_STREAM} The public events too, and besides: `question` {{id}} (to be loaded again), `health`, `viewers`
{{count}}, `companion`, `marks`."""
_EVENTS = record(
    events=list_of(ref("Event")),
    last=said(WHOLE, "the id to ask with next time; may be that of another event"),
)

SCHEMAS: Schema = {
    "Event": record(
        id=WHOLE,
        kind=TEXT,
        data={"type": "object", "description": "by its kind", "additionalProperties": True},
    )
}
PATHS: Schema = {
    "/api/v1/episodes/{slug}/events": path(
        "events",
        [placed("slug")],
        get=Operation(
            "events",
            "What happens at an episode that is published or announced",
            _EVENTS,
            parameters=_AFTER,
            problems=(400, 410),
            more={"description": _PUBLIC},
        ),
    ),
    "/api/v1/studio/episodes/{slug}/desk/events": path(
        "events",
        [placed("slug")],
        get=Operation(
            "deskEvents",
            "What happens at an episode's desk",
            _EVENTS,
            Action.MODERATE,
            _AFTER,
            problems=(400,),
            reads=True,
            more={"description": _DESK},
        ),
    ),
}
