"""The API's description: the transcript, its versions, the glossary. Pure."""

from __future__ import annotations

from transcribe.editing.glossary import Reason, TermKind
from transcribe.transcripts import TranscriptOrigin
from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    FLAG,
    LANGUAGE,
    MOMENT,
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
)
from web.studio.transcript.json_form import EDITS_AT_ONCE

_EDIT, _KEEP = Action.EDIT_EPISODE, Action.KEEP_TOPICS
_SLUG = [placed("slug")]
_AT = "/api/v1/episodes/{slug}/transcript"
_VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_TIME: Schema = {"type": "number", "minimum": 0, "maximum": 360_000}
_CUES: Schema = {"type": "array", "maxItems": EDITS_AT_ONCE, "items": ref("Cue")}
_EDITS = list_of(record(before=list_of(ref("Cue")), after=list_of(ref("Cue"))))
_TERM = {
    "written": said(TEXT, "the right form"),
    "kind": one_of(*(each.value for each in TermKind)),
    "heard": list_of(TEXT, "wrong forms, put right at once"),
    "by_sound": said(FLAG, "what sounds alike is offered too"),
}
_NEW_TERM = loose(["written"], **_TERM)
_SAVED_EDITS = record(
    version=WHOLE,
    made=list_of(list_of(ref("Cue")), "the cues of each edit as they are kept"),
    others=said(or_null(_EDITS), "what others saved since; null: read the transcript again"),
)

PATHS: Schema = {
    _AT: path(
        "transcript",
        _SLUG,
        get=Operation(
            "transcript", "Every cue with its words", ref("Transcript"), _EDIT, reads=True, etag=True
        ),
    ),
    f"{_AT}/edits": path(
        "transcript",
        _SLUG,
        get=Operation(
            "editsSince",
            "What people saved since a version",
            record(version=WHOLE, edits=said(or_null(_EDITS), "null: read the transcript again")),
            _EDIT,
            [asked("since", TEXT, "a version's number")],
            reads=True,
        ),
        post=Operation(
            "editTranscript",
            "Put cues in the place of others; 409 with `clashes` when those are no longer as they were",
            _SAVED_EDITS,
            _EDIT,
            body=loose(
                ["seen", "edits"],
                seen=_VERSION,
                edits={"type": "array", "maxItems": EDITS_AT_ONCE, "items": ref("CueEdit")},
            ),
            problems=(409,),
            etag=True,
        ),
    ),
    f"{_AT}/versions": path(
        "transcript",
        _SLUG,
        get=Operation(
            "transcriptVersions",
            "Newest first",
            record(versions=list_of(ref("TranscriptVersion"))),
            _EDIT,
            reads=True,
        ),
    ),
    f"{_AT}/versions/{{number}}": path(
        "transcript",
        [*_SLUG, placed("number", WHOLE)],
        get=Operation("transcriptVersion", "One of them", ref("Transcript"), _EDIT, reads=True),
    ),
    f"{_AT}/restore": path(
        "transcript",
        _SLUG,
        post=Operation(
            "restoreTranscript",
            "Make a new version like an old one",
            record(version=WHOLE),
            _EDIT,
            body=loose(["version"], version=_VERSION),
            problems=(409,),
        ),
    ),
    f"{_AT}/fixes": path(
        "transcript",
        _SLUG,
        get=Operation(
            "transcriptFixes",
            "What the glossary would put right, cue by cue",
            record(version=WHOLE, fixes=list_of(ref("Fix"))),
            _EDIT,
            reads=True,
        ),
    ),
    "/api/v1/glossary": path(
        "glossary",
        get=Operation(
            "glossary", "Terms by their right form", record(terms=list_of(ref("Term"))), _EDIT, reads=True
        ),
        post=Operation("addTerm", "Add a term", ref("Term"), _KEEP, body=_NEW_TERM, status=201),
    ),
    "/api/v1/glossary/{id}": path(
        "glossary",
        [placed("id")],
        put=Operation(
            "changeTerm",
            "Change a term, with `seen` as it was; 409 when it was changed meanwhile",
            ref("Term"),
            _KEEP,
            body=loose(["written", "seen"], **_TERM, seen=_NEW_TERM),
            problems=(409,),
        ),
        delete=Operation("removeTerm", "Remove a term", None, _KEEP),
    ),
}

SCHEMAS: Schema = {
    "Cue": {
        "type": "array",
        "description": "start and end in seconds, text, and perhaps three numbers for each word of the text:"
        " start, end, confidence (0–1)",
        "prefixItems": [_TIME, _TIME, TEXT, list_of({"type": "number", "minimum": 0})],
        "minItems": 3,
        "maxItems": 4,
    },
    "CueEdit": loose(before=_CUES, after=_CUES, confirms=said(FLAG, "its words are no longer uncertain")
    ),
    "Transcript": record(
        version=WHOLE,
        origin=or_null(one_of(*(each.value for each in TranscriptOrigin))),
        language=LANGUAGE,
        cues=list_of(ref("Cue")),
    ),
    "TranscriptVersion": record(
        number=WHOLE,
        origin=one_of(*(each.value for each in TranscriptOrigin)),
        author=TEXT,
        begun_at=MOMENT,
        changed_at=MOMENT,
        changed=WHOLE,
        cues=WHOLE,
    ),
    "Fix": record(
        cue=ref("Cue"), text=TEXT, found=TEXT, written=TEXT, term=TEXT,
        reason=one_of(*(each.value for each in Reason)),
    ),
    "Term": record(id=TEXT, **_TERM),
}  # fmt: skip
