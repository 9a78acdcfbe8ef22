"""Signing in by a real OpenID provider (oidc-provider-mock, a server nobody here wrote)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from tests.web.groups import given
from tests.web.studio.conftest import Studio
from web.domain.accounts.accounts import Account, Role

authlib_provider = pytest.importorskip(
    "web.domain.accounts.openid_authlib", reason="needs the extra “sign-in”"
)
oidc_provider_mock = pytest.importorskip("oidc_provider_mock", reason="needs the extra “dev”")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def site(studio: Studio, issuer: str) -> Studio:
    provider = authlib_provider.AuthlibProvider(issuer, "tualai", "secret", "Công đoàn")
    services = given(studio.services, provider=provider, base_url="http://testserver")
    studio.app.state.services = services
    return studio


def consent(url: str, subject: str, **claims: object) -> str:
    """Say yes at the provider as `subject`; return the address it sends the browser back to."""
    parts = urlsplit(url)
    httpx.put(f"{parts.scheme}://{parts.netloc}/users/{subject}", json=claims).raise_for_status()
    return httpx.post(url, data={"sub": subject}).headers["location"]


def go_through(client: TestClient, subject: str, **claims: object):  # type: ignore[no-untyped-def]
    begun = client.get("/studio/openid?next=/studio/account")
    assert begun.status_code == 303
    return client.get(consent(begun.headers["location"], subject, **claims))


@pytest.mark.smoke
def test_an_invited_person_signs_in_and_is_known_again(site: Studio) -> None:
    site.sign_in.accounts.add(Account("", "mai", "Trần Mai", Role.EDITOR, email="mai@example.vn"))
    assert "Đăng nhập bằng Công đoàn" in site.client().get("/studio/sign-in").text
    client = site.client()
    answer = go_through(client, "m1", email="Mai@example.vn", email_verified=True)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/studio/account")
    assert "Trần Mai" in client.get("/studio/account").text
    assert go_through(site.client(), "m1").status_code == 303


def test_the_request_has_pkce_state_and_nonce(site: Studio) -> None:
    url = site.client().get("/studio/openid").headers["location"]
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"] and asked["nonce"] and asked["scope"] == ["openid email profile"]


@pytest.mark.parametrize(
    "claims",
    [{}, {"email": "editor@example.vn"}, {"email": "editor@example.vn", "email_verified": False}],
)
def test_nobody_comes_in_without_an_account_or_by_an_address_not_verified(
    site: Studio, claims: dict[str, object]
) -> None:
    site.sign_in.accounts.save(replace(site.account("editor"), email="editor@example.vn"))
    subject = f"x{len(str(claims))}"
    assert go_through(site.client(), subject, **claims).status_code == 403


def test_a_locked_account_stays_out(site: Studio) -> None:
    mai = site.sign_in.accounts.add(Account("", "lien", "Liên", Role.EDITOR, email="lien@example.vn"))
    assert go_through(site.client(), "l1", email="lien@example.vn", email_verified=True).status_code == 303
    site.sign_in.accounts.save(replace(mai, active=False))
    assert go_through(site.client(), "l1").status_code == 403


def test_another_browser_s_answer_is_refused(site: Studio) -> None:
    client, other = site.client(), site.client()
    url = client.get("/studio/openid").headers["location"]
    other.get("/studio/openid")
    back = consent(url, "m2")
    assert other.get(back).status_code == 403
    assert site.client().get(back).status_code == 403
    assert client.get(re.sub("code=[^&]*", "code=wrong", back)).status_code == 403
    assert client.get("/studio/openid/back").status_code == 403


def test_a_provider_that_is_away_says_so(studio: Studio) -> None:
    provider = authlib_provider.AuthlibProvider("http://localhost:9", "tualai", "secret", "X")
    services = replace(studio.services, provider=provider)
    studio.app.state.services = services
    assert studio.client().get("/studio/openid").status_code == 503


def test_without_a_provider_there_is_no_such_way(studio: Studio) -> None:
    assert studio.client().get("/studio/openid").status_code == 404
    assert "openid" not in studio.client().get("/studio/sign-in").text
