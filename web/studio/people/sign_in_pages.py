"""Signing in and out, one-time links, one's own password and devices."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, Forbidden, InvalidInput, NotFound
from web.access.signed_in import COOKIE, SignedInRequest, guarded, page, sign_in_of
from web.domain.accounts.accounts import SESSION_LONGEST, digest_of, new_token
from web.domain.accounts.actor import acting
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import Scope
from web.http.bodies import read_body, read_form
from web.http.client_address import sender
from web.http.origins import check_origin, safe_next
from web.rendering.error_pages import status_of, told
from web.rendering.templating import render
from web.services import services_of

FORM_LIMIT = 20_000


def sign_in_page(request: Request) -> Response:
    """`GET /studio/sign-in`."""
    sign_in_of(request)
    return _sign_in_form(request, safe_next(request.query_params.get("next", "/studio")))


async def sign_in(request: Request) -> Response:
    """`POST /studio/sign-in`: no session yet, so the request's origin stands in for a form's token."""
    return await run_in_threadpool(_sign_in, request, await _sent(request))


def _sign_in(request: Request, form: dict[str, str]) -> Response:
    login, onward = form.get("login", ""), safe_next(form.get("next", "/studio"))
    try:
        with acting(login.strip().casefold()[:120]):
            token = sign_in_of(request).sign_in(
                login,
                form.get("password", ""),
                address=sender(request),
                agent=request.headers.get("user-agent", ""),
            )
    except Forbidden as error:
        response = _sign_in_form(request, onward, login, told(request, error))
        response.status_code = 403
        return response
    return let_in(request, token, onward if onward != "/" else "/studio")


def let_in(request: Request, token: str, onward: str) -> Response:
    """Give the browser its session and send it on."""
    response = RedirectResponse(onward, 303)
    response.set_cookie(
        COOKIE,
        token,
        int(SESSION_LONGEST.total_seconds()),
        path="/",
        samesite="lax",
        httponly=True,
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@guarded(Action.OWN_ACCOUNT)
def sign_out(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/sign-out`: here, or with `everywhere` on all devices."""
    accounts = sign_in_of(request).accounts
    if signed_in.form.get("everywhere"):
        accounts.end_sessions(signed_in.account.id)
    else:
        accounts.end_session(signed_in.session.id)
    response = RedirectResponse("/studio/sign-in", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@guarded(Action.OWN_ACCOUNT)
def account_page(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/account`: devices, and a new password."""
    return _account(request, signed_in)


@guarded(Action.OWN_ACCOUNT)
def change_password(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/account/password`."""
    try:
        sign_in_of(request).change_password(
            signed_in.account,
            signed_in.form.get("old", ""),
            signed_in.form.get("new", ""),
            keep=signed_in.session.id,
        )
    except (Forbidden, InvalidInput) as error:
        return _account(request, signed_in, told(request, error), 400)
    return RedirectResponse("/studio/account?changed", 303)


def _account(
    request: Request, signed_in: SignedInRequest, problem: str = "", status: int = 200, fresh: str = ""
) -> Response:
    sign_in = sign_in_of(request)
    changed = "changed" in request.query_params and not problem
    return page(
        request,
        signed_in,
        "account.html",
        status,
        sessions=sign_in.accounts.sessions(signed_in.account.id),
        tokens=sign_in.tokens.tokens(signed_in.account.id),
        scopes=list(Scope),
        fresh=fresh,
        problem=problem,
        changed=changed,
    )


@guarded(Action.OWN_ACCOUNT)
def add_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/account/tokens`: make a token for a program; its secret is shown on the answer only."""
    secret = new_token()
    try:
        scopes = _scopes(signed_in.lists.get("scope", []))
        name = signed_in.form.get("name", "")
        sign_in_of(request).tokens.add(signed_in.account.id, digest_of(secret), name, scopes)
    except ArchiveError as error:
        return _account(request, signed_in, told(request, error), status_of(error))
    return _account(request, signed_in, fresh=secret)


@guarded(Action.OWN_ACCOUNT)
def remove_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/account/tokens/{id}/remove`."""
    sign_in_of(request).tokens.remove(signed_in.account.id, str(request.path_params["id"]))
    return RedirectResponse("/studio/account", 303)


def _scopes(chosen: list[str]) -> frozenset[Scope]:
    known = {scope.value for scope in Scope}
    if not chosen or not known.issuperset(chosen):
        raise InvalidInput("Choose at least one thing the token may do.")
    return frozenset(Scope(each) for each in chosen)


def link_page(request: Request) -> Response:
    """`GET /studio/link/{token}`: choose a password."""
    return _link_form(request)


async def use_link(request: Request) -> Response:
    """`POST /studio/link/{token}`."""
    return await run_in_threadpool(_use_link, request, await _sent(request))


def _use_link(request: Request, form: dict[str, str]) -> Response:
    sign_in, token = sign_in_of(request), str(request.path_params["token"])
    try:
        found = sign_in.accounts.link(digest_of(token))
        with acting(found[0].login if found else ""):
            account = sign_in.use_link(token, form.get("new", ""))
            session = sign_in.start(account, request.headers.get("user-agent", ""))
    except InvalidInput as error:
        return _link_form(request, told(request, error), 400)
    return let_in(request, session, "/studio")


def _link_form(request: Request, problem: str = "", status: int = 200) -> Response:
    found = sign_in_of(request).accounts.link(digest_of(str(request.path_params["token"])))
    if found is None:
        raise NotFound("This link has been used or is too old; ask an admin for a new one.")
    response = render(
        request, "studio/link.html", status, account=found[0], purpose=found[1].value, problem=problem
    )
    response.headers.update({"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    return response


def _sign_in_form(request: Request, onward: str, login: str = "", problem: str = "") -> Response:
    response = render(
        request,
        "studio/sign_in.html",
        onward=onward,
        login=login[:200],
        problem=problem,
        provider=services_of(request).provider,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def _sent(request: Request) -> dict[str, str]:
    check_origin(request)
    lists = read_form(await read_body(request, FORM_LIMIT))
    return {name: values[-1] for name, values in lists.items()}


ROUTES = [
    Route("/studio/sign-in", sign_in_page, methods=["GET"]),
    Route("/studio/sign-in", sign_in, methods=["POST"]),
    Route("/studio/sign-out", sign_out, methods=["POST"]),
    Route("/studio/account", account_page, methods=["GET"]),
    Route("/studio/account/password", change_password, methods=["POST"]),
    Route("/studio/account/tokens", add_token, methods=["POST"]),
    Route("/studio/account/tokens/{id}/remove", remove_token, methods=["POST"]),
    Route("/studio/link/{token}", link_page, methods=["GET"]),
    Route("/studio/link/{token}", use_link, methods=["POST"]),
]
