"""Calls for one's own account: who one is, password, sign-out, tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from web.access.operations import Operation, tagged
from web.access.signed_in import COOKIE, SignedInRequest, guarded, sign_in_of
from web.domain.accounts.accounts import PASSWORD_LENGTHS, Account, digest_of, new_token
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import Scope
from web.http.json_schema import said
from web.http.typed_json import JsonAnswer, closed, like, read

AT = "/api/v1/account"
TOKENS = "/api/v1/tokens"
ActionName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [each.name.lower() for each in Action]})
]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it."""

    id: str
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken(Token):
    """A token just made."""

    token: Annotated[str, said("the token itself; it is told only here")]


@closed
class PasswordChange(TypedDict):
    """The password there is, and the one to have."""

    old: str
    new: Annotated[
        str, Field(json_schema_extra={"minLength": PASSWORD_LENGTHS[0], "maxLength": PASSWORD_LENGTHS[1]})
    ]


@closed
class TokenWanted(TypedDict):
    """What a token is called, and what it may do."""

    name: str
    scopes: Annotated[list[Scope], Field(min_length=1)]


@guarded(Action.SEE_STUDIO)
def account(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/account`: who one is, and what this session or token may do."""
    allowed = [action.name.lower() for action in Action if signed_in.may(action)]
    return JsonAnswer({"person": signed_in.account, "actions": allowed})


@guarded(Action.OWN_ACCOUNT)
def change_password(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/account/password`: {"old", "new"}; signs out all other devices."""
    sent, sign_in = read(PasswordChange, signed_in.json), sign_in_of(request)
    sign_in.change_password(signed_in.account, sent["old"], sent["new"], keep=signed_in.session.id)
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
    kept = sign_in_of(request).tokens.tokens(signed_in.account.id)
    return JsonAnswer({"tokens": [like(Token, each) for each in kept]})


@guarded(Action.OWN_ACCOUNT)
def add_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/tokens`: {"name", "scopes"}; only this answer has the token itself."""
    sent, secret = read(TokenWanted, signed_in.json), new_token()
    added = sign_in_of(request).tokens.add(
        signed_in.account.id, digest_of(secret), sent["name"], frozenset(sent["scopes"])
    )
    headers = {"Location": f"{TOKENS}/{added.id}", "Cache-Control": "no-store"}
    return JsonAnswer(like(NewToken, added, token=secret), 201, headers)


@guarded(Action.OWN_ACCOUNT)
def remove_token(request: Request, signed_in: SignedInRequest) -> Response:
    """`DELETE /api/v1/tokens/{id}`."""
    sign_in_of(request).tokens.remove(signed_in.account.id, str(request.path_params["id"]))
    return Response(status_code=204)


OPERATIONS = tagged(
    "account",
    Operation(
        "GET", AT, account, "account", "Who one is, and what this session or token may do",
        {"person": Account, "actions": list[ActionName]},
    ),
    Operation(
        "POST", f"{AT}/password", change_password, "changePassword",
        "Change one's password; signs out all other devices", body=PasswordChange,
    ),
    Operation("POST", f"{AT}/sign-out", sign_out, "signOut", "Sign out on all devices"),
    Operation("GET", TOKENS, tokens, "tokens", "One's own, newest first", {"tokens": list[Token]}),
    Operation("POST", TOKENS, add_token, "addToken", "Make a token for a program", NewToken, body=TokenWanted, status=201),
    Operation("DELETE", f"{TOKENS}/{{id}}", remove_token, "removeToken", "Remove a token"),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
