"""The transcript's calls: reading, edits, versions, and what the glossary offers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from transcribe.editing.edits import TranscriptConflict
from transcribe.editing.glossary import fixed, fixes
from transcribe.transcripts import Transcript
from transcribe.versions import VersionInfo
from web.access.signed_in import SignedInRequest, guarded
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.http.etags import matches
from web.rendering.error_pages import PROBLEM_TYPE, told
from web.services import services_of, studio_of
from web.studio.transcript.json_form import body_of, cue_json, edit_json, read_edits, read_version

EDIT = Action.EDIT_EPISODE


@guarded(EDIT)
def transcript(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript`: every cue with its words, with an ETag."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    found = services_of(request).archive.transcripts.transcript(slug)
    tag = f'"{found.version if found else 0}"'
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(_transcript(found), headers={"ETag": tag})


@guarded(EDIT)
def edit(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/transcript/edits`: {"seen": version, "edits": [{"before", "after"}]}."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    body = body_of(signed_in.json)
    edits, seen = read_edits(body.get("edits")), read_version(body.get("seen"))
    try:
        saved = studio_of(request).versions.edit(slug, edits, signed_in.account.login, seen)
    except TranscriptConflict as clashed:
        return _clashed(request, clashed)
    others = None if saved.others is None else [edit_json(each) for each in saved.others]
    made = [[cue_json(cue) for cue in each.after] for each in saved.made]
    return JSONResponse(
        {"version": saved.version, "made": made, "others": others}, headers={"ETag": f'"{saved.version}"'}
    )


@guarded(EDIT)
def edits_since(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/edits?since=…`: what people saved since that version."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    since = request.query_params.get("since", "0")[:12]
    seen = int(since) if since.isascii() and since.isdigit() else 0
    version, edits = studio_of(request).versions.edits_since(slug, seen)
    return JSONResponse(
        {"version": version, "edits": None if edits is None else [edit_json(each) for each in edits]}
    )


@guarded(EDIT)
def versions(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/versions`: newest first."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    return JSONResponse({"versions": [_info(each) for each in studio_of(request).versions.versions(slug)]})


@guarded(EDIT)
def version(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/versions/{number}`."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    number = int(request.path_params["number"])
    return JSONResponse(_transcript(studio_of(request).versions.version(slug, min(number, 2**31 - 1))))


@guarded(EDIT)
def restore(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/episodes/{slug}/transcript/restore`: {"version": number}."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    number = read_version(body_of(signed_in.json).get("version"), "version")
    made = studio_of(request).versions.restore(slug, number, signed_in.account.login)
    return JSONResponse({"version": made.version})


@guarded(EDIT)
def offers(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/episodes/{slug}/transcript/fixes`: what the glossary would put right, cue by cue."""
    slug = episode_for(request, signed_in, EDIT).episode.slug
    found = services_of(request).archive.transcripts.transcript(slug)
    cues = found.cues if found else ()
    offered = [
        {
            "cue": cue_json(cues[fix.cue])[:3],
            "text": fixed(cues[fix.cue].text, fix),
            "found": fix.found,
            "written": fix.written,
            "term": fix.term,
            "reason": fix.reason.value,
        }
        for fix in fixes(cues, studio_of(request).glossary.terms())
    ]
    return JSONResponse({"version": found.version if found else 0, "fixes": offered})


def _transcript(found: Transcript | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0, "origin": None, "language": "", "cues": []}
    return {
        "version": found.version,
        "origin": found.origin.value,
        "language": found.language,
        "cues": [cue_json(cue) for cue in found.cues],
    }


def _info(info: VersionInfo) -> dict[str, Any]:
    return {
        "number": info.number,
        "origin": info.origin.value,
        "author": info.author,
        "begun_at": info.begun_at.isoformat(timespec="seconds") + "Z",
        "changed_at": info.changed_at.isoformat(timespec="seconds") + "Z",
        "changed": info.changed,
        "cues": info.cues,
    }


def _clashed(request: Request, clashed: TranscriptConflict) -> Response:
    body = {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": told(request, clashed),
        "version": clashed.version,
        "clashes": [
            {"edit": each.edit, "now": [cue_json(cue) for cue in each.now]} for each in clashed.clashes
        ],
    }
    return JSONResponse(body, 409, media_type=PROBLEM_TYPE)


_AT = "/api/v1/episodes/{slug}/transcript"
ROUTES = [
    Route(_AT, transcript, methods=["GET"]),
    Route(f"{_AT}/edits", edit, methods=["POST"]),
    Route(f"{_AT}/edits", edits_since, methods=["GET"]),
    Route(f"{_AT}/versions", versions, methods=["GET"]),
    Route(f"{_AT}/versions/{{number:int}}", version, methods=["GET"]),
    Route(f"{_AT}/restore", restore, methods=["POST"]),
    Route(f"{_AT}/fixes", offers, methods=["GET"]),
]
