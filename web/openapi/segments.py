"""The API's description: the timeline. Pure."""

from __future__ import annotations

from transcribe.editing.segments import CHANGES_LIMIT
from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    NUMBER,
    SECONDS,
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

_EDIT = Action.EDIT_EPISODE
_SLUG = [placed("slug")]
_AT = "/api/v1/episodes/{slug}"
_KIND = one_of("answer", "chapter")
_ORIGIN, _STATE = one_of("machine", "live", "editor"), one_of("suggested", "confirmed")
_SENT = loose(
    ["kind", "start", "end"],
    kind=_KIND,
    start=SECONDS,
    end=SECONDS,
    answer_start=or_null(SECONDS),
    title=TEXT,
    question=TEXT,
    asker=TEXT,
    answerers=list_of(TEXT),
    topics=list_of(TEXT),
    origin=_ORIGIN,
    state=_STATE,
    confidence=NUMBER,
)
_CHANGE = loose(
    id=said(TEXT, "of the segment; empty for a new one"),
    seen=said(or_null({"type": "integer"}), "the version that was seen"),
    segment=said(or_null(_SENT), "null removes it"),
    into=said(TEXT, "the id of the segment that this one was merged into"),
)
_PAIR: Schema = {"type": "array", "items": SECONDS, "minItems": 2, "maxItems": 2}

PATHS: Schema = {
    f"{_AT}/segments": path(
        "segments",
        _SLUG,
        get=Operation(
            "segments",
            "All segments, also suggestions, by start",
            record(
                segments=list_of(ref("TimelineSegment")),
                overlaps=list_of({"type": "array"}, "ids of two that overlap, and by how many seconds"),
            ),
            _EDIT,
            reads=True,
        ),
    ),
    f"{_AT}/segments/changes": path(
        "segments",
        _SLUG,
        post=Operation(
            "changeSegments",
            "Make, change, merge and remove segments: all or none; 409 with `now` when one was changed",
            record(saved=list_of(or_null(ref("TimelineSegment")))),
            _EDIT,
            body=loose(["changes"], changes={**list_of(_CHANGE), "minItems": 1, "maxItems": CHANGES_LIMIT}),
            problems=(409,),
        ),
    ),
    f"{_AT}/waveform": path(
        "segments",
        _SLUG,
        get=Operation(
            "waveform",
            "Levels of sound, and silences",
            {
                "type": "object",
                "properties": {
                    "per_second": NUMBER,
                    "peaks": said(TEXT, "bytes in Base64"),
                    "silences": list_of(_PAIR),
                },
            },
            _EDIT,
            reads=True,
        ),
    ),
}

SCHEMAS: Schema = {
    "TimelineSegment": record(
        id=TEXT, version=WHOLE, kind=_KIND, start=SECONDS, end=SECONDS, answer_start=or_null(SECONDS),
        title=TEXT, question=TEXT, asker=TEXT, answerers=list_of(TEXT), topics=list_of(TEXT), origin=_ORIGIN,
        state=_STATE, confidence=NUMBER,
    ),
}  # fmt: skip
