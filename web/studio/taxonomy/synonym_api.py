"""Calls for the lexicon: entries, changes, versions, going back to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import InvalidInput
from search.synonyms.entries import EntryKind, LexiconEntry
from search.synonyms.port import LexiconChanged, LexiconDifference, Lexicons, LexiconVersion
from web.access.preconditions import Plain, fields, number_asked, problem, text, whole
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.http.etags import matches
from web.rendering.error_pages import told
from web.services import studio_of

AT = "/api/v1/lexicon"
CHANGES_AT_ONCE = 1000


@guarded(Action.KEEP_TOPICS)
def lexicon(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/lexicon?version=`: the entries, of the newest version without one."""
    kept = studio_of(request).lexicons
    number = number_asked(request, "version", 0, 2**31 - 1) or kept.version()
    tag = f'"{number}"'
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(_version(kept, number), headers={"ETag": tag})


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/lexicon/changes` with If-Match: {"added", "removed", "note"}; all or nothing."""
    sent = fields(signed_in, "added", "removed", "note")
    added, removed = _entries(sent, "added"), _entries(sent, "removed")
    note, author = text(sent, "note")[:300], signed_in.account.login
    return _newer(
        request,
        lambda kept, seen: kept.change(added, removed, author=author, note=note, expected=seen),
    )


@guarded(Action.KEEP_TOPICS)
def restore(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/lexicon/restore` with If-Match: {"version"}; makes a new version like that one."""
    number = whole(fields(signed_in, needed=("version",))["version"], "version", 1)
    author = signed_in.account.login
    return _newer(request, lambda kept, seen: kept.restore(number, author=author, expected=seen))


@guarded(Action.KEEP_TOPICS)
def versions(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/lexicon/versions`: newest first."""
    limit = max(1, number_asked(request, "limit", 100, 500))
    return JSONResponse({"versions": [_info(each) for each in studio_of(request).lexicons.history(limit)]})


def _newer(request: Request, save: Callable[[Lexicons, int | None], int]) -> Response:
    """Make a version over the one that was seen, and answer it."""
    kept, sent = studio_of(request).lexicons, request.headers.get("if-match", "").strip()
    if not sent:
        return problem(428, "Read the lexicon first and send its ETag as If-Match; nothing was changed.")
    try:
        number = save(kept, _seen(sent, kept.version()))
    except LexiconChanged as error:
        return problem(
            412,
            told(request, error),
            {"ETag": f'"{error.newest.number}"'},
            newest=_info(error.newest),
            theirs=_difference(error.theirs),
            yours=_difference(error.yours),
        )
    return JSONResponse(_version(kept, number), headers={"ETag": f'"{number}"'})


def _seen(sent: str, newest: int) -> int | None:
    """The version that If-Match names; None for `*`; 0, which no lexicon has, for what names none."""
    if sent == "*":
        return None
    numbers = [each.strip().strip('"') for each in sent.split(",")]
    known = [int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) < 10]
    return newest if newest in known else (known or [0])[0]


def _version(kept: Lexicons, number: int) -> Plain:
    return {"version": number, "entries": [asdict(each) for each in kept.entries(number)]}


def _difference(found: LexiconDifference) -> Plain:
    return {"added": [asdict(each) for each in found.added], "removed": [asdict(e) for e in found.removed]}


def _info(version: LexiconVersion) -> Plain:
    return {**asdict(version), "at": f"{version.at.isoformat()}Z"}


def _entries(sent: Plain, name: str) -> list[LexiconEntry]:
    rows = sent.get(name, [])
    if not isinstance(rows, list) or len(rows) > CHANGES_AT_ONCE:
        raise InvalidInput(
            "“%(name)s” is a list of at most %(most)s entries.",
            name=name,
            most=CHANGES_AT_ONCE,
        )
    return [_entry(each) for each in rows]


def _entry(row: Any) -> LexiconEntry:
    if not isinstance(row, dict) or not {"kind", "said", "meant"} <= row.keys() <= {
        "kind",
        "said",
        "meant",
        "note",
    }:
        raise InvalidInput("An entry is an object with kind, said, meant and perhaps a note.")
    if row["kind"] not in [kind.value for kind in EntryKind]:
        raise InvalidInput("“kind” is one of: %(kinds)s.", kinds=", ".join(EntryKind))
    return LexiconEntry(EntryKind(row["kind"]), text(row, "said"), text(row, "meant"), text(row, "note"))


ROUTES = [
    Route(AT, lexicon, methods=["GET"]),
    Route(f"{AT}/changes", change, methods=["POST"]),
    Route(f"{AT}/restore", restore, methods=["POST"]),
    Route(f"{AT}/versions", versions, methods=["GET"]),
]
