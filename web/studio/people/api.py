"""Calls for people and the audit log: for admins. No token's scopes reach here; a session does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, Conflict, InvalidInput
from web.access.preconditions import Plain, answer, fields, flag, number_asked, refused, tag_of, text
from web.access.signed_in import SignedInRequest, guarded, sign_in_of
from web.domain.accounts.accounts import Account, LinkPurpose, Role, check_email, check_login, check_name
from web.domain.accounts.permissions import Action
from web.services import services_of
from web.studio.people.pages import invitation, link_for

AT = "/api/v1/people"
AUDIT_MOST = 500


@guarded(Action.KEEP_PEOPLE)
def people(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/people`: by name."""
    return answer(request, {"people": [asdict(each) for each in sign_in_of(request).accounts.accounts()]})


@guarded(Action.KEEP_PEOPLE)
def person(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/people/{id}`."""
    return answer(request, asdict(_account(request)))


@guarded(Action.KEEP_PEOPLE)
def invite(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/people`: {"login", "name", "role", "organisation", "email"}; the answer has a one-time link."""
    sent = fields(signed_in, "organisation", "email", needed=("login", "name", "role"))
    account = Account(
        "",
        check_login(text(sent, "login")),
        check_name(text(sent, "name")),
        _role(text(sent, "role")),
        _organisation(sent, ""),
        check_email(text(sent, "email")),
    )
    added = sign_in_of(request).accounts.add(account)
    body = {"person": asdict(added), **_link(request, added, LinkPurpose.INVITATION)}
    headers = {"Location": f"{AT}/{added.id}", "ETag": tag_of(asdict(added)), "Cache-Control": "no-store"}
    return JSONResponse(body, 201, headers)


@guarded(Action.KEEP_PEOPLE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/people/{id}` with If-Match: some of name, role, organisation, email, active.

    Nobody takes the admin's role or the way in from themselves: the archive would be locked.
    """
    stored = _account(request)
    if refusal := refused(request, asdict(stored)):
        return refusal
    sent = fields(signed_in, "name", "role", "organisation", "email", "active")
    new = replace(
        stored,
        name=check_name(text(sent, "name", stored.name)),
        role=_role(text(sent, "role", stored.role)),
        organisation=_organisation(sent, stored.organisation),
        email=check_email(text(sent, "email", stored.email)),
        active=flag(sent, "active", stored.active),
    )
    if stored.id == signed_in.account.id and (new.role, new.active) != (stored.role, stored.active):
        raise Conflict("Nobody changes their own role or way in; ask another admin.")
    sign_in_of(request).accounts.save(new)
    return answer(request, asdict(_account(request)))


@guarded(Action.KEEP_PEOPLE)
def link(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`POST /api/v1/people/{id}/link`: a new one-time link for choosing a password; earlier ones end."""
    account = _account(request)
    secret = sign_in_of(request).accounts.secret(account.id)
    purpose = LinkPurpose.RESET if secret else LinkPurpose.INVITATION
    return JSONResponse(_link(request, account, purpose), headers={"Cache-Control": "no-store"})


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
    rows = [{**asdict(each), "at": f"{each.at.isoformat()}Z"} for each in entries]
    return JSONResponse({"entries": rows})


def _account(request: Request) -> Account:
    return sign_in_of(request).accounts.account(str(request.path_params["id"]))


def _link(request: Request, account: Account, purpose: LinkPurpose) -> Plain:
    """The link, and whether it was mailed too; a letter that can't be sent leaves it to be passed on by hand."""
    made, mail = link_for(request, account, purpose), services_of(request).mail
    mailed = False
    if mail is not None and account.email:
        try:
            mail.send(invitation(account, purpose, made, services_of(request).settings.site_name))
            mailed = True
        except ArchiveError:
            mailed = False
    return {"link": made, "purpose": purpose.value, "mailed": mailed}


def _organisation(sent: Plain, before: str) -> str:
    return text(sent, "organisation", before).strip()[:80]


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise InvalidInput("Choose a role: admin, editor, moderator or contributor.") from error


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidInput("A day is written like 2026-11-30.") from error
    if found is not None and not 1900 < found.year < 9000:
        raise InvalidInput("A day is written like 2026-11-30.")
    return found


ROUTES = [
    Route(AT, people, methods=["GET"]),
    Route(AT, invite, methods=["POST"]),
    Route(f"{AT}/{{id}}", person, methods=["GET"]),
    Route(f"{AT}/{{id}}", change, methods=["PATCH"]),
    Route(f"{AT}/{{id}}/link", link, methods=["POST"]),
    Route(f"{AT}/{{id}}/sign-out", sign_out, methods=["POST"]),
    Route("/api/v1/audit", audit, methods=["GET"]),
]
