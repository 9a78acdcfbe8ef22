"""Bearer tokens, and calls made once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from infra.db.base.clock import now
from infra.db.people import tokens as tokens_sql
from media.errors import Conflict
from tests.web.studio.conftest import Studio, csrf_in
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.accounts import digest_of
from web.domain.accounts.permissions import Action
from web.domain.accounts.tokens import TOKEN_LIMIT, Replay, Scope

calls: list[object] = []


@guarded(Action.EDIT_EPISODE)
def _edit(request: Request, signed_in: SignedInRequest) -> Response:
    if signed_in.json == "fail":
        raise Conflict("It cannot be done.")
    calls.append(signed_in.json)
    return JSONResponse({"number": len(calls)}, 201, {"Location": "/there"})


@pytest.fixture
def site(studio: Studio) -> Studio:
    calls.clear()
    if not any(getattr(route, "path", "") == "/api/test/edit" for route in studio.app.router.routes):
        studio.app.router.routes.insert(0, Route("/api/test/edit", _edit, methods=["POST", "GET"]))
    return studio


def bearer(studio: Studio, role: str, *scopes: Scope) -> TestClient:
    studio.sign_in.tokens.add(
        studio.account(role).id, digest_of(f"secret {role}"), "máy", frozenset(scopes)
    )
    client = studio.client()
    client.headers["Authorization"] = f"Bearer secret {role}"
    return client


def test_a_token_made_on_the_page_works_and_can_be_removed(site: Studio) -> None:
    client = site.client("editor")
    token = csrf_in(client.get("/studio/account").text)
    values = {"csrf": token, "name": "Máy <b>quay</b>", "scope": ["edit", "read"]}
    page = client.post("/studio/account/tokens", data=values).text
    secret = re.search(r'class="secret-link">([\w-]{40,})<', page)
    assert secret
    assert "<b>quay" not in page
    program = site.client()
    headers = {"Authorization": f"Bearer {secret[1]}"}
    assert program.post("/api/test/edit", json={"x": 1}, headers=headers).status_code == 201
    page = client.get("/studio/account").text
    assert secret[1] not in page
    remove = re.search(r'action="(/studio/account/tokens/\w+/remove)"', page)
    assert remove
    assert client.post(remove[1], data={"csrf": token}).status_code == 303
    assert program.post("/api/test/edit", json={}, headers=headers).status_code == 401
    assert client.post(remove[1], data={"csrf": token}).status_code == 404


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [
        ("editor", [Scope.EDIT], 201),
        ("editor", [Scope.READ, Scope.PUBLISH], 403),
        ("editor", [], 403),
        ("moderator", [Scope.EDIT], 403),
        ("contributor", [Scope.EDIT], 201),
    ],
)
def test_a_token_does_what_both_allow(site: Studio, role: str, scopes: list[Scope], status: int) -> None:
    assert bearer(site, role, *scopes).post("/api/test/edit", json=1).status_code == status


def test_a_token_cannot_make_tokens_or_change_the_password(site: Studio) -> None:
    client = bearer(site, "admin", *Scope)
    for url in ("/studio/account/tokens", "/studio/account/password", "/studio/people", "/studio/sign-out"):
        assert client.post(url, data={"name": "x", "scope": "read"}).status_code == 403, url


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer \u00e9", "Basic eDp5"])
def test_other_tokens_are_no_way_in(site: Studio, header: str) -> None:
    answer = site.client().get("/api/test/edit", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_locked_account_s_tokens_are_locked(site: Studio) -> None:
    from dataclasses import replace

    client = bearer(site, "editor", Scope.EDIT)
    site.sign_in.accounts.save(replace(site.account("editor"), active=False))
    assert client.post("/api/test/edit", json=1).status_code == 401


def test_an_account_has_so_many_tokens(site: Studio) -> None:
    account, tokens = site.account("editor").id, site.sign_in.tokens
    for number in range(TOKEN_LIMIT):
        tokens.add(account, f"d{number}", "x", frozenset({Scope.READ}))
    with pytest.raises(Conflict):
        tokens.add(account, "one more", "x", frozenset({Scope.READ}))


def test_a_call_is_made_once(site: Studio) -> None:
    client = bearer(site, "editor", Scope.EDIT)
    first = client.post("/api/test/edit", json="a", headers={"Idempotency-Key": "k1"})
    again = client.post("/api/test/edit", json="a", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json(), first.headers["location"]) == (201, {"number": 1}, "/there")
    assert (again.status_code, again.json(), again.headers["location"]) == (201, {"number": 1}, "/there")
    assert calls == ["a"]
    assert client.post("/api/test/edit", json="b", headers={"Idempotency-Key": "k1"}).status_code == 409
    assert client.post("/api/test/edit", json="b", headers={"Idempotency-Key": "k2"}).json() == {
        "number": 2
    }
    assert client.post("/api/test/edit", json="c").json() == {"number": 3}
    for key in ("x" * 201, "a\tb"):
        assert client.post("/api/test/edit", json="b", headers={"Idempotency-Key": key}).status_code == 400


def test_a_call_that_failed_can_be_made_again(site: Studio) -> None:
    client = bearer(site, "editor", Scope.EDIT)
    for _ in range(2):
        answer = client.post("/api/test/edit", json="fail", headers={"Idempotency-Key": "k"})
        assert answer.status_code == 409
        assert "cannot be done" in answer.text


@pytest.mark.smoke
def test_keys_belong_to_their_account_and_end(site: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, editor, admin = site.sign_in.tokens, site.account("editor").id, site.account("admin").id
    assert tokens.begin(editor, "k", "d") is None
    assert tokens.begin(editor, "k", "d") == Replay(0)
    assert tokens.begin(admin, "k", "d") is None
    tokens.finish(editor, "k", Replay(201, b"{}", (("etag", "x"),)))
    assert tokens.begin(editor, "k", "d") == Replay(201, b"{}", (("etag", "x"),))
    later = now() + timedelta(minutes=6)
    monkeypatch.setattr(tokens_sql, "now", lambda: later)
    assert tokens.begin(admin, "k", "d") is None  # begun and lost with its process
    later = now() + timedelta(hours=25)
    assert tokens.begin(editor, "k", "other") is None
