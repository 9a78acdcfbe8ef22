"""Calls for people and the audit log: for admins. No token's scopes reach here; a session does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from media.errors import ArchiveError, Conflict, InvalidInput
from web.access.operations import DAY, TEXT, Operation, asked, tagged, whole
from web.access.preconditions import answer, number_asked, refused, tag_of
from web.access.signed_in import SignedInRequest, guarded, sign_in_of
from web.domain.accounts.accounts import Account, LinkPurpose, Role, check_email, check_login, check_name
from web.domain.accounts.audit import AuditEntry
from web.domain.accounts.permissions import Action
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, closed, like, read
from web.services import services_of
from web.studio.people.pages import invitation, link_for

AT = "/api/v1/people"
AUDIT_MOST = 500


class PersonFields(TypedDict, total=False):
    """What a person may have."""

    organisation: Annotated[
        str,
        AfterValidator(lambda text: text.strip()[:80]),
        said("the slug of a contributor's organisation"),
    ]
    email: Annotated[str, AfterValidator(check_email)]


@closed
class NewPerson(PersonFields):
    """Somebody who is added."""

    login: Annotated[str, AfterValidator(check_login)]
    name: Annotated[str, AfterValidator(check_name)]
    role: Role


@closed
class PersonChange(PersonFields, total=False):
    """Some of a person."""

    name: Annotated[str, AfterValidator(check_name)]
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link for choosing a password, and whether it was mailed."""

    link: Annotated[str, said("one-time; it is told only here")]
    purpose: LinkPurpose
    mailed: bool


@dataclass(frozen=True, slots=True)
class Invitation(OneTimeLink):
    """Who was added, and their link."""

    person: Account


@guarded(Action.KEEP_PEOPLE)
def people(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/people`: by name."""
    return answer(request, {"people": sign_in_of(request).accounts.accounts()})


@guarded(Action.KEEP_PEOPLE)
def person(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/people/{id}`."""
    return answer(request, _account(request))


@guarded(Action.KEEP_PEOPLE)
def invite(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/people`: {"login", "name", "role", "organisation", "email"}; the answer has a one-time link."""
    added = sign_in_of(request).accounts.add(Account("", **read(NewPerson, signed_in.json)))
    invited = like(Invitation, _link(request, added, LinkPurpose.INVITATION), person=added)
    headers = {"Location": f"{AT}/{added.id}", "ETag": tag_of(added), "Cache-Control": "no-store"}
    return JsonAnswer(invited, 201, headers)


@guarded(Action.KEEP_PEOPLE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/people/{id}` with If-Match: some of name, role, organisation, email, active.

    Nobody takes the admin's role or the way in from themselves: the archive would be locked.
    """
    stored = _account(request)
    if refusal := refused(request, stored):
        return refusal
    new = replace(stored, **read(PersonChange, signed_in.json))
    if stored.id == signed_in.account.id and (new.role, new.active) != (stored.role, stored.active):
        raise Conflict("Nobody changes their own role or way in; ask another admin.")
    sign_in_of(request).accounts.save(new)
    return answer(request, _account(request))


@guarded(Action.KEEP_PEOPLE)
def link(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`POST /api/v1/people/{id}/link`: a new one-time link for choosing a password; earlier ones end."""
    account = _account(request)
    secret = sign_in_of(request).accounts.secret(account.id)
    purpose = LinkPurpose.RESET if secret else LinkPurpose.INVITATION
    return JsonAnswer(_link(request, account, purpose), headers={"Cache-Control": "no-store"})


@guarded(Action.KEEP_PEOPLE)
def sign_out(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`POST /api/v1/people/{id}/sign-out`: on all devices."""
    sign_in_of(request).accounts.end_sessions(_account(request).id)
    return Response(status_code=204)


@guarded(Action.SEE_AUDIT)
def audit(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/audit?actor=&action=&subject=&since=&until=&before=&limit=`: newest first."""
    values = request.query_params
    entries = sign_in_of(request).audit.entries(
        actor=values.get("actor", "")[:200],
        action=values.get("action", "")[:200],
        subject=values.get("subject", "")[:200],
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        before=number_asked(request, "before", 0, 2**31 - 1) or None,
        limit=max(1, number_asked(request, "limit", 100, AUDIT_MOST)),
    )
    return JsonAnswer({"entries": entries})


def _account(request: Request) -> Account:
    return sign_in_of(request).accounts.account(str(request.path_params["id"]))


def _link(request: Request, account: Account, purpose: LinkPurpose) -> OneTimeLink:
    """The link, and whether it was mailed too; a letter that can't be sent leaves it to be passed on by hand."""
    made, mail = link_for(request, account, purpose), services_of(request).mail
    mailed = False
    if mail is not None and account.email:
        try:
            mail.send(invitation(account, purpose, made, services_of(request).settings.site_name))
            mailed = True
        except ArchiveError:
            mailed = False
    return OneTimeLink(made, purpose, mailed)


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidInput("A day is written like 2026-11-30.") from error
    if found is not None and not 1900 < found.year < 9000:
        raise InvalidInput("A day is written like 2026-11-30.")
    return found


OPERATIONS = tagged(
    "people",
    Operation("GET", AT, people, "people", "By name", {"people": list[Account]}, etag=True),
    Operation(
        "POST", AT, invite, "invite", "Add somebody; the answer has a one-time link for choosing a password",
        Invitation, body=NewPerson, status=201, etag=True,
    ),
    Operation("GET", f"{AT}/{{id}}", person, "person", "One of them", Account, etag=True),
    Operation(
        "PATCH", f"{AT}/{{id}}", change, "changePerson", "Change some of it; who is not active can't sign in", Account,
        body=PersonChange, match=True, etag=True,
    ),
    Operation(
        "POST", f"{AT}/{{id}}/link", link, "makeLink", "A new one-time link for choosing a password", OneTimeLink
    ),
    Operation("POST", f"{AT}/{{id}}/sign-out", sign_out, "signOutPerson", "Sign out on all devices"),
    Operation(
        "GET", "/api/v1/audit", audit, "audit", "Who changed what, newest first", {"entries": list[AuditEntry]},
        parameters=[
            asked("actor", TEXT, "a login"),
            asked("action", TEXT, "or the beginning of one, such as “episode.”"),
            asked("subject", TEXT),
            asked("since", DAY),
            asked("until", DAY),
            asked("before", whole(2**31 - 1), "an entry's id"),
            asked("limit", whole(AUDIT_MOST, default=100)),
        ],
        problems=(400,),
    ),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
