"""The transcript's calls: reading, edits, versions, and what the glossary offers."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from transcribe.editing.edits import TranscriptConflict
from transcribe.editing.glossary import fixed, fixes
from transcribe.versions import VersionInfo
from web.access.operations import TEXT, Operation, asked, tagged
from web.access.preconditions import problem
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.http.etags import matches
from web.http.typed_json import JsonAnswer, read
from web.rendering.error_pages import told
from web.services import services_of, studio_of
from web.studio.transcript.json_form import (
    FixJson,
    LaterEdits,
    OldTranscript,
    SavedEdits,
    TranscriptChange,
    TranscriptJson,
    cue_json,
    cues_json,
    edit_json,
    edits_of,
    transcript_json,
)

EDIT = Action.EDIT_EPISODE


@guarded(EDIT)
def transcript(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript`: every cue with its words, with an ETag."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    found = services_of(request).archive.transcripts.transcript(slug)
    tag = f'"{found.version if found else 0}"'
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JsonAnswer(transcript_json(found), headers={"ETag": tag})


@guarded(EDIT)
def edit(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/transcript/edits`: {"seen": version, "edits": [{"before", "after"}]}."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    sent = read(TranscriptChange, signed_in.json)
    try:
        saved = studio_of(request).versions.edit(
            slug, edits_of(sent), signed_in.account.login, sent["seen"]
        )
    except TranscriptConflict as clashed:
        return _clashed(request, clashed)
    others = None if saved.others is None else [edit_json(each) for each in saved.others]
    made = [cues_json(each.after) for each in saved.made]
    return JsonAnswer(SavedEdits(saved.version, made, others), headers={"ETag": f'"{saved.version}"'})


@guarded(EDIT)
def edits_since(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/edits?since=…`: what people saved since that version."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    since = request.query_params.get("since", "0")[:12]
    seen = int(since) if since.isascii() and since.isdigit() else 0
    version, edits = studio_of(request).versions.edits_since(slug, seen)
    return JsonAnswer(LaterEdits(version, None if edits is None else [edit_json(each) for each in edits]))


@guarded(EDIT)
def versions(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/versions`: newest first."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    return JsonAnswer(
        {"versions": [_whole_seconds(each) for each in studio_of(request).versions.versions(slug)]}
    )


@guarded(EDIT)
def version(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/versions/{number}`."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    number = int(request.path_params["number"])
    return JsonAnswer(transcript_json(studio_of(request).versions.version(slug, min(number, 2**31 - 1))))


@guarded(EDIT)
def restore(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/transcript/restore`: {"version": number}."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    number = read(OldTranscript, signed_in.json)["version"]
    made = studio_of(request).versions.restore(slug, number, signed_in.account.login)
    return JsonAnswer({"version": made.version})


@guarded(EDIT)
def offers(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/fixes`: what the glossary would put right, cue by cue."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    found = services_of(request).archive.transcripts.transcript(slug)
    cues = found.cues if found else ()
    offered = [
        FixJson(
            cue_json(cues[fix.cue])[:3],
            fixed(cues[fix.cue].text, fix),
            fix.found,
            fix.written,
            fix.term,
            fix.reason,
        )
        for fix in fixes(cues, studio_of(request).glossary.terms())
    ]
    return JsonAnswer({"version": found.version if found else 0, "fixes": offered})


def _whole_seconds(info: VersionInfo) -> VersionInfo:
    begun, changed = info.begun_at.replace(microsecond=0), info.changed_at.replace(microsecond=0)
    return replace(info, begun_at=begun, changed_at=changed)


def _clashed(request: Request, clashed: TranscriptConflict) -> Response:
    clashes = [{"edit": each.edit, "now": cues_json(each.now)} for each in clashed.clashes]
    return problem(409, told(request, clashed), version=clashed.version, clashes=clashes)


_AT = "/api/v1/episodes/{slug}/transcript"
OPERATIONS = tagged(
    "transcript",
    Operation("GET", _AT, transcript, "transcript", "Every cue with its words", TranscriptJson, etag=True),
    Operation(
        "POST", f"{_AT}/edits", edit, "editTranscript",
        "Put cues in the place of others; 409 with `clashes` when those are no longer as they were",
        SavedEdits, body=TranscriptChange, problems=(409,), etag=True,
    ),
    Operation(
        "GET", f"{_AT}/edits", edits_since, "editsSince", "What people saved since a version", LaterEdits,
        parameters=[asked("since", TEXT, "a version's number")],
    ),
    Operation(
        "GET", f"{_AT}/versions", versions, "transcriptVersions", "Newest first", {"versions": list[VersionInfo]}
    ),
    Operation("GET", f"{_AT}/versions/{{number:int}}", version, "transcriptVersion", "One of them", TranscriptJson),
    Operation(
        "POST", f"{_AT}/restore", restore, "restoreTranscript", "Make a new version like an old one", {"version": int},
        body=OldTranscript, problems=(409,),
    ),
    Operation(
        "GET", f"{_AT}/fixes", offers, "transcriptFixes", "What the glossary would put right, cue by cue",
        {"version": int, "fixes": list[FixJson]},
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
