"""Calls for the lexicon: entries, changes, versions, going back to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from search.synonyms.entries import LexiconEntry
from search.synonyms.port import LexiconChanged, Lexicons, LexiconVersion
from web.access.operations import Operation, asked, tagged, whole
from web.access.preconditions import number_asked, problem
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.http.etags import matches
from web.http.typed_json import JsonAnswer, closed, read
from web.rendering.error_pages import told
from web.services import studio_of

AT = "/api/v1/lexicon"
CHANGES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A version's entries."""

    version: int
    entries: list[LexiconEntry]


@closed
class LexiconChange(TypedDict, total=False):
    """Entries to add and to remove, and why."""

    added: Annotated[list[LexiconEntry], Field(max_length=CHANGES_AT_ONCE)]
    removed: Annotated[list[LexiconEntry], Field(max_length=CHANGES_AT_ONCE)]
    note: str


@closed
class OldVersion(TypedDict):
    """The version to go back to."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


@guarded(Action.KEEP_TOPICS)
def lexicon(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/lexicon?version=`: the entries, of the newest version without one."""
    kept = studio_of(request).lexicons
    number = number_asked(request, "version", 0, 2**31 - 1) or kept.version()
    tag = f'"{number}"'
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JsonAnswer(_version(kept, number), headers={"ETag": tag})


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/lexicon/changes` with If-Match: {"added", "removed", "note"}; all or nothing."""
    sent = read(LexiconChange, signed_in.json)
    added, removed = sent.get("added", []), sent.get("removed", [])
    note, author = sent.get("note", "")[:300], signed_in.account.login
    return _newer(
        request,
        lambda kept, seen: kept.change(added, removed, author=author, note=note, expected=seen),
    )


@guarded(Action.KEEP_TOPICS)
def restore(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/lexicon/restore` with If-Match: {"version"}; makes a new version like that one."""
    number = read(OldVersion, signed_in.json)["version"]
    author = signed_in.account.login
    return _newer(request, lambda kept, seen: kept.restore(number, author=author, expected=seen))


@guarded(Action.KEEP_TOPICS)
def versions(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/lexicon/versions`: newest first."""
    limit = max(1, number_asked(request, "limit", 100, 500))
    return JsonAnswer({"versions": studio_of(request).lexicons.history(limit)})


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
            newest=error.newest,
            theirs=error.theirs,
            yours=error.yours,
        )
    return JsonAnswer(_version(kept, number), headers={"ETag": f'"{number}"'})


def _seen(sent: str, newest: int) -> int | None:
    """The version that If-Match names; None for `*`; 0, which no lexicon has, for what names none."""
    if sent == "*":
        return None
    numbers = [each.strip().strip('"') for each in sent.split(",")]
    known = [int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) < 10]
    return newest if newest in known else (known or [0])[0]


def _version(kept: Lexicons, number: int) -> Lexicon:
    return Lexicon(number, kept.entries(number))


OPERATIONS = tagged(
    "lexicon",
    Operation(
        "GET", AT, lexicon, "lexicon", "The entries of a version, of the newest without one", Lexicon,
        parameters=[asked("version", whole(2**31 - 1))], etag=True, problems=(400, 404),
    ),
    Operation(
        "POST", f"{AT}/changes", change, "changeLexicon",
        "Add and remove entries: all or none; 412 with `theirs` and `yours` when it was changed",
        Lexicon, body=LexiconChange, match=True, etag=True, problems=(404,),
    ),
    Operation(
        "POST", f"{AT}/restore", restore, "restoreLexicon", "Make a new version like an old one", Lexicon,
        body=OldVersion, match=True, etag=True, problems=(404,),
    ),
    Operation(
        "GET", f"{AT}/versions", versions, "lexiconVersions", "Newest first", {"versions": list[LexiconVersion]},
        parameters=[asked("limit", whole(500, default=100))], problems=(400,),
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
