"""The studio's door: who is signed in, what they may do, and that they mean it.

Changes are only taken from this site's own pages: the session's cookie is SameSite=Lax, the request's
origin is looked at, and every form or script sends a token that only the session's pages know.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from media.errors import Forbidden
from web.access.idempotency import begin_digest, once
from web.domain.accounts.accounts import Account, Session, digest_of
from web.domain.accounts.actor import acting
from web.domain.accounts.permissions import Action, may
from web.domain.accounts.sign_in import SignIn
from web.domain.accounts.tokens import actions_of
from web.http.bodies import BODY_LIMIT, Seen, read_body, read_form, read_json, read_multipart
from web.http.origins import check_origin
from web.rendering.error_pages import PROBLEM_TYPE, demand_json
from web.rendering.templating import address, render
from web.services import studio_of

COOKIE = "studio"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SignedInRequest:
    """One request of somebody who is signed in. `csrf` is the token their forms must carry, `form` what a
    form sent (the last of several values), `files` its files, `json` what a script sent;
    `actions` are those that a token's scopes allow."""

    session: Session
    csrf: str
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    json: Any = None
    actions: frozenset[Action] = frozenset(Action)

    @property
    def account(self) -> Account:
        """Who it is."""
        return self.session.account

    def check(self, action: Action, organisation: str | None = None) -> None:
        """Raise `Forbidden` unless they may do `action` to what `organisation` makes."""
        if not self.may(action, organisation):
            raise Forbidden(
                "Your role (%(role)s) does not allow this: %(action)s. Ask an admin.",
                role=self.account.role,
                action=action,
            )

    def may(self, action: Action, organisation: str | None = None) -> bool:
        """Whether they may, for templates."""
        return action in self.actions and may(self.account, action, organisation)


Handler = Callable[[Request, SignedInRequest], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(action: Action, limit: int = BODY_LIMIT) -> Callable[[Handler], Endpoint]:
    """Make a handler that runs in a thread, for who is signed in and may do `action`.

    Nobody signed in: pages lead to the sign-in page, calls get 401. Raises `Forbidden` for who may not,
    and for changes that do not come from this site's own pages; `InvalidInput` for a body of more than `limit` bytes.
    """

    def decorate(handler: Handler) -> Endpoint:
        @functools.wraps(handler)
        async def endpoint(request: Request) -> Response:
            signed_in = await run_in_threadpool(signed_in_by, request)
            if signed_in is None:
                return _ask_to_sign_in(request)
            signed_in.check(action)
            digest = begin_digest(request)
            if request.method not in SAFE:
                signed_in = await _with_body(signed_in, request, limit, digest.update)
            try:
                if request.method not in SAFE and signed_in.csrf:
                    check_origin(request)
                    check_csrf(request, signed_in)
                with acting(signed_in.account.login):
                    response = await run_in_threadpool(
                        _answered, request, signed_in, digest.hexdigest(), handler
                    )
            finally:
                for file in signed_in.files.values():
                    file.file.close()
            if "private" not in response.headers.get("Cache-Control", ""):
                response.headers["Cache-Control"] = "private, no-store"
            return response

        return endpoint

    return decorate


def sign_in_of(request: Request) -> SignIn:
    """The ways in. Raises `NotFound` where there is no studio."""
    return studio_of(request).sign_in


def page(
    request: Request, signed_in: SignedInRequest, template: str, status: int = 200, **views: object
) -> Response:
    """Render a page of the studio; its template gets `signed_in` and `Action` too."""
    return render(request, f"studio/{template}", status, signed_in=signed_in, Action=Action, **views)


def csrf_of(token: str) -> str:
    """The token of a session's forms (HMAC-SHA-256 of a fixed word under the session's own token)."""
    digest = hmac.new(token.encode("utf-8", "surrogatepass"), b"form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def check_csrf(request: Request, signed_in: SignedInRequest) -> None:
    """Raise `Forbidden` unless the request carries the session's form token."""
    sent = request.headers.get("x-csrf", "") or signed_in.form.get("csrf", "")
    if not hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), signed_in.csrf.encode("ascii")):
        raise Forbidden("This form is no longer good; reload the page, nothing was changed.")


async def _with_body(
    signed_in: SignedInRequest, request: Request, limit: int, seen: Seen
) -> SignedInRequest:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    files: dict[str, UploadFile] = {}
    if kind == "multipart/form-data":
        lists, files = await read_multipart(request, limit, seen)
    else:
        body = await read_body(request, limit, seen)
        if kind == "application/json":
            return replace(signed_in, json=read_json(body) if body else None)
        lists = read_form(body)
    return replace(
        signed_in, files=files, form={name: values[-1] for name, values in lists.items()}, lists=lists
    )


def _answered(request: Request, signed_in: SignedInRequest, digest: str, handler: Handler) -> Response:
    tokens = sign_in_of(request).tokens
    return once(request, tokens, signed_in.account.id, digest, lambda: handler(request, signed_in))


def signed_in_by(request: Request) -> SignedInRequest | None:
    """Who it is: by a bearer token (RFC 6750), which needs no form token, or by the session's cookie."""
    sign_in = sign_in_of(request)
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        token = sign_in.tokens.token(digest_of(sent.strip()))
        if token is None:
            return None
        moment = token.used_at or token.made_at
        session = Session(f"token:{token.id}", token.account, token.made_at, moment, token.name)
        return SignedInRequest(session, "", actions=actions_of(token.scopes))
    cookie = request.cookies.get(COOKIE, "")
    found = sign_in.accounts.session(digest_of(cookie)) if cookie else None
    return SignedInRequest(found, csrf_of(cookie)) if found else None


def _ask_to_sign_in(request: Request) -> Response:
    if demand_json(request) or request.method not in SAFE:
        body = {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": "Sign in first; nothing was changed.",
        }
        return JSONResponse(body, 401, {"WWW-Authenticate": "Bearer"}, media_type=PROBLEM_TYPE)
    return RedirectResponse(f"/studio/sign-in?next={quote(address(request), safe='/')}", 303)
