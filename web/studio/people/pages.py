"""People and the audit log: for admins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, Conflict, InvalidInput
from web.access.signed_in import SignedInRequest, guarded, page, sign_in_of
from web.domain.accounts.accounts import Account, LinkPurpose, Role, check_email, check_login, check_name
from web.domain.accounts.audit import AuditEntry
from web.domain.accounts.permissions import Action
from web.domain.sending.mail import Letter
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import services_of, studio_of
from web.text.language import Language

AUDIT_PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the audit page's address asks for; "" for everything."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


def role_names(language: Language) -> dict[Role, str]:
    """The roles as shown."""
    return {
        Role.ADMIN: language.say("Quản trị"),
        Role.EDITOR: language.say("Biên tập"),
        Role.MODERATOR: language.say("Điều phối"),
        Role.CONTRIBUTOR: language.say("Cộng tác"),
    }


@guarded(Action.KEEP_PEOPLE)
def people(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/people`."""
    return _people(request, signed_in)


@guarded(Action.KEEP_PEOPLE)
def invite(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/people`: add somebody and show the link for choosing a password."""
    form = signed_in.form
    try:
        account = Account(
            "",
            check_login(form.get("login", "")),
            check_name(form.get("name", "")),
            _role(form.get("role", "")),
            form.get("organisation", "").strip()[:80],
            check_email(form.get("email", "")),
        )
        added = sign_in_of(request).accounts.add(account)
    except ArchiveError as error:
        return _people(request, signed_in, problem=told(request, error), status=status_of(error))
    return _with_link(request, signed_in, added, LinkPurpose.INVITATION)


@guarded(Action.KEEP_PEOPLE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/people/{id}`: role, organisation, whether they may sign in; or a link, or sign out.

    Nobody takes the admin's role or the way in from themselves: the archive would be locked.
    """
    accounts = sign_in_of(request).accounts
    account = accounts.account(str(request.path_params["id"]))
    match signed_in.form.get("do", ""):
        case "reset":
            purpose = LinkPurpose.RESET if accounts.secret(account.id) else LinkPurpose.INVITATION
            return _with_link(request, signed_in, account, purpose)
        case "sign-out":
            accounts.end_sessions(account.id)
        case "disable" | "enable" as what:
            _not_oneself(signed_in, account)
            accounts.save(replace(account, active=what == "enable"))
        case "role":
            _not_oneself(signed_in, account)
            organisation = signed_in.form.get("organisation", account.organisation).strip()[:80]
            accounts.save(
                replace(account, role=_role(signed_in.form.get("role", "")), organisation=organisation)
            )
        case other:
            raise InvalidInput("There is nothing called “%(name)s” to do with an account.", name=other[:40])
    return RedirectResponse("/studio/people", 303)


@guarded(Action.SEE_AUDIT)
def audit(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/audit`: newest first, filtered, a page at a time."""
    values = request.query_params
    asked = AuditFilter(
        *(values.get(name, "").strip()[:200] for name in ("actor", "action", "subject", "since", "until"))
    )
    before = values.get("before", "")
    entries = sign_in_of(request).audit.entries(
        actor=asked.actor,
        action=asked.action,
        subject=asked.subject,
        since=_day(asked.since),
        until=_day(asked.until),
        before=int(before[:12]) if before.isascii() and before.isdigit() else None,
        limit=AUDIT_PAGE + 1,
    )
    more = entries[AUDIT_PAGE - 1].id if len(entries) > AUDIT_PAGE else None
    return page(
        request,
        signed_in,
        "audit.html",
        asked=asked,
        entries=[(entry, _shown(entry)) for entry in entries[:AUDIT_PAGE]],
        more=more,
    )


def _people(
    request: Request,
    signed_in: SignedInRequest,
    *,
    link: str = "",
    linked: Account | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    return page(
        request,
        signed_in,
        "people.html",
        status,
        accounts=sign_in_of(request).accounts.accounts(),
        roles=role_names(language_of(request)),
        organisations=studio_of(request).taxonomy.organisations(),
        link=link,
        linked=linked,
        problem=problem,
    )


def _with_link(
    request: Request, signed_in: SignedInRequest, account: Account, purpose: LinkPurpose
) -> Response:
    """Mail the link where that is set up; show it to be passed on by hand where it is not, or fails."""
    link, mail = link_for(request, account, purpose), services_of(request).mail
    if mail is None or not account.email:
        return _people(request, signed_in, link=link, linked=account)
    try:
        mail.send(invitation(account, purpose, link, services_of(request).settings.site_name))
    except ArchiveError as error:
        return _people(request, signed_in, link=link, linked=account, problem=told(request, error))
    return _people(request, signed_in, linked=account)


def invitation(account: Account, purpose: LinkPurpose, link: str, site_name: str) -> Letter:
    """The letter with a one-time link, in Vietnamese and English."""
    life = {LinkPurpose.INVITATION: ("bảy ngày", "seven days"), LinkPurpose.RESET: ("hai giờ", "two hours")}
    vi, en = life[purpose]
    return Letter(
        account.email,
        f"{site_name}: chọn mật khẩu",
        f"Chào {account.name},\n\nAnh chị mở đường dẫn này để chọn mật khẩu (dùng một lần, trong {vi}):\n"
        f"{link}\n\nOpen this link to choose a password (once, within {en}).\n\n{site_name}\n",
    )


def link_for(request: Request, account: Account, purpose: LinkPurpose) -> str:
    """The address of a new one-time link; earlier ones end."""
    base = services_of(request).settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{base}/studio/link/{sign_in_of(request).make_link(account, purpose)}"


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise InvalidInput("Choose a role: admin, editor, moderator or contributor.") from error


def _not_oneself(signed_in: SignedInRequest, account: Account) -> None:
    if account.id == signed_in.account.id:
        raise Conflict("Nobody changes their own role or way in; ask another admin.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _shown(entry: AuditEntry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in entry.detail.items())[:500]


ROUTES = [
    Route("/studio/people", people, methods=["GET"]),
    Route("/studio/people", invite, methods=["POST"]),
    Route("/studio/people/{id}", change, methods=["POST"]),
    Route("/studio/audit", audit, methods=["GET"]),
]
