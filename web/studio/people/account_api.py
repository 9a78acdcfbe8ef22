"""Calls for one's own account: who one is, password, sign-out, tokens."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import InvalidInput
from web.access.preconditions import Plain, fields, text, texts
from web.access.signed_in import COOKIE, SignedInRequest, guarded, sign_in_of
from web.domain.accounts.accounts import digest_of, new_token
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import ApiToken, Scope

AT = "/api/v1/account"
TOKENS = "/api/v1/tokens"


@guarded(Action.SEE_STUDIO)
def account(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/account`: who one is, and what this session or token may do."""
    allowed = [action.name.lower() for action in Action if signed_in.may(action)]
    return JSONResponse({"person": asdict(signed_in.account), "actions": allowed})


@guarded(Action.OWN_ACCOUNT)
def change_password(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/account/password`: {"old", "new"}; signs out all other devices."""
    sent = fields(signed_in, needed=("old", "new"))
    sign_in = sign_in_of(request)
    sign_in.change_password(
        signed_in.account, text(sent, "old"), text(sent, "new"), keep=signed_in.session.id
    )
    return Response(status_code=204)


@guarded(Action.OWN_ACCOUNT)
def sign_out(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/account/sign-out`: on all devices."""
    sign_in_of(request).accounts.end_sessions(signed_in.account.id)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/")
    return response


@guarded(Action.OWN_ACCOUNT)
def tokens(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/tokens`: one's own, newest first."""
    return JSONResponse(
        {"tokens": [_token(e) for e in sign_in_of(request).tokens.tokens(signed_in.account.id)]}
    )


@guarded(Action.OWN_ACCOUNT)
def add_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/tokens`: {"name", "scopes"}; only this answer has the token itself."""
    sent = fields(signed_in, needed=("name", "scopes"))
    chosen = texts(sent, "scopes")
    if not chosen or not set(chosen) <= set(Scope):
        raise InvalidInput("“scopes” are some of: %(scopes)s.", scopes=", ".join(Scope))
    secret, scopes = new_token(), frozenset(Scope(each) for each in chosen)
    added = sign_in_of(request).tokens.add(
        signed_in.account.id, digest_of(secret), text(sent, "name"), scopes
    )
    headers = {"Location": f"{TOKENS}/{added.id}", "Cache-Control": "no-store"}
    return JSONResponse({**_token(added), "token": secret}, 201, headers)


@guarded(Action.OWN_ACCOUNT)
def remove_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`DELETE /api/v1/tokens/{id}`."""
    sign_in_of(request).tokens.remove(signed_in.account.id, str(request.path_params["id"]))
    return Response(status_code=204)


def _token(token: ApiToken) -> Plain:
    used = f"{token.used_at.isoformat()}Z" if token.used_at else None
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "made_at": f"{token.made_at.isoformat()}Z",
        "used_at": used,
    }


ROUTES = [
    Route(AT, account, methods=["GET"]),
    Route(f"{AT}/password", change_password, methods=["POST"]),
    Route(f"{AT}/sign-out", sign_out, methods=["POST"]),
    Route(TOKENS, tokens, methods=["GET"]),
    Route(TOKENS, add_token, methods=["POST"]),
    Route(f"{TOKENS}/{{id}}", remove_token, methods=["DELETE"]),
]
