"""Signing in by an OpenID provider: for accounts that an admin made."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import Forbidden, NotFound
from web.access.signed_in import sign_in_of
from web.domain.accounts.accounts import Account
from web.domain.accounts.actor import acting
from web.domain.accounts.openid import Began, Identity, Provider
from web.http.origins import safe_next
from web.services import services_of
from web.studio.people.sign_in_pages import let_in

COOKIE = "studio-openid"
PATH = "/studio/openid"
SECONDS = 600


def begin(request: Request) -> Response:
    """`GET /studio/openid`: send the browser to the provider."""
    began = _provider(request).begin(_back(request))
    kept = json.dumps({**asdict(began), "next": safe_next(request.query_params.get("next", "/studio"))})
    response = RedirectResponse(began.url, 303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, kept.encode().hex(), SECONDS, path=PATH, samesite="lax", httponly=True, secure=secure
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def finish(request: Request) -> Response:
    """`GET /studio/openid/back`: the browser comes back."""
    return await run_in_threadpool(_finish, request)


def _finish(request: Request) -> Response:
    began, onward = _kept(request)
    if not hmac.compare_digest(request.query_params.get("state", "").encode(), began.state.encode()):
        raise Forbidden("This sign-in was not begun here, or too long ago; start again.")
    answer = f"{_back(request)}?{request.url.query}"
    identity = _provider(request).finish(began, _back(request), answer)
    account = _account(request, identity)
    with acting(account.login):
        token = sign_in_of(request).start(account, request.headers.get("user-agent", ""))
    response = let_in(request, token, onward if onward != "/" else "/studio")
    response.delete_cookie(COOKIE, path=PATH)
    return response


def _account(request: Request, identity: Identity) -> Account:
    """The account bound to an identity; at first that with its verified e-mail address, bound from then on."""
    accounts = sign_in_of(request).accounts
    found = accounts.by_subject(identity.issuer, identity.subject)
    if found is None and identity.email:
        found = accounts.by_login(identity.email)
        if found is not None and found.active:
            with acting(found.login):
                accounts.bind(found.id, identity.issuer, identity.subject)
    if found is None or not found.active:
        raise Forbidden("There is no account for you here yet; ask an admin to invite you, then come back.")
    return found


def _kept(request: Request) -> tuple[Began, str]:
    try:
        values = json.loads(bytes.fromhex(request.cookies.get(COOKIE, "")))
        onward = safe_next(str(values.pop("next")))
        return Began(**{name: str(value) for name, value in values.items()}), onward
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Forbidden("This sign-in was not begun here, or too long ago; start again.") from error


def _back(request: Request) -> str:
    base = services_of(request).settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{base}{PATH}/back"


def _provider(request: Request) -> Provider:
    found = services_of(request).provider
    if found is None:
        raise NotFound("This site has no other way to sign in than by password.")
    return found


ROUTES = [Route(PATH, begin, methods=["GET"]), Route(f"{PATH}/back", finish, methods=["GET"])]
