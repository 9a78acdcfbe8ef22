from __future__ import annotations

import pytest

from tests.web.studio.conftest import PASSWORD, Studio, csrf_in
from web.domain.accounts.accounts import LinkPurpose
from web.domain.accounts.attempts import BY_LOGIN


def sign_in(client, login: str, password: str, **values: str):  # type: ignore[no-untyped-def]
    return client.post("/studio/sign-in", data={"login": login, "password": password, **values})


def test_signing_in_and_out(studio: Studio) -> None:
    client = studio.client()
    assert client.get("/studio/account").headers["location"] == "/studio/sign-in?next=/studio/account"
    answer = sign_in(client, " Editor ", PASSWORD, next="/studio/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/studio/account")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    page = client.get("/studio/account")
    assert page.status_code == 200
    assert "no-store" in page.headers["cache-control"]
    assert client.post("/studio/sign-out", data={"csrf": csrf_in(page.text)}).status_code == 303
    assert client.get("/studio/account").status_code == 303


def test_a_cookie_over_https_stays_there(studio: Studio) -> None:
    client = studio.client()
    client.base_url = "https://testserver"  # type: ignore[assignment]
    assert "Secure" in sign_in(client, "editor", PASSWORD).headers["set-cookie"]


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_signing_in_leads_nowhere_else(studio: Studio, onward: str) -> None:
    assert sign_in(studio.client(), "editor", PASSWORD, next=onward).headers["location"] == "/studio"


@pytest.mark.parametrize("login", ["editor", "nobody", "", "x" * 5000, "\x00", "<b>"])
def test_wrong_passwords_are_told_alike(studio: Studio, login: str) -> None:
    answer = sign_in(studio.client(), login, "wrong password")
    assert answer.status_code == 403
    assert "Tên hoặc mật khẩu chưa đúng" in answer.text
    assert "set-cookie" not in answer.headers
    assert "<b>" not in answer.text


@pytest.mark.smoke
def test_passwords_cannot_be_tried_for_long(studio: Studio) -> None:
    client = studio.client()
    for _ in range(BY_LOGIN.count):
        assert "chưa đúng" in sign_in(client, "editor", "wrong password").text
    assert "Sai nhiều lần quá" in sign_in(client, "EDITOR", PASSWORD).text
    assert sign_in(client, "admin", PASSWORD).status_code == 303


def test_a_locked_account_is_out_at_once(studio: Studio) -> None:
    inside = studio.client("editor")
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    url = f"/studio/people/{studio.account('editor').id}"
    assert chief.post(url, data={"csrf": token, "do": "disable"}).status_code == 303
    assert inside.get("/studio/account").status_code == 303
    assert sign_in(studio.client(), "editor", PASSWORD).status_code == 403
    chief.post(url, data={"csrf": token, "do": "enable"})
    assert sign_in(studio.client(), "editor", PASSWORD).status_code == 303


def test_a_new_password_signs_out_the_other_devices(studio: Studio) -> None:
    here, there = studio.client("editor"), studio.client("editor")
    token = csrf_in(here.get("/studio/account").text)
    url, new = "/studio/account/password", "bốn con chim sẻ nâu"
    for old, chosen, said in (
        ("wrong", new, "Mật khẩu cũ chưa đúng"),
        (PASSWORD, "short", "từ 10 đến 256"),
        (PASSWORD, "aaaaaaaaaaaa", "dễ đoán"),
    ):
        answer = here.post(url, data={"csrf": token, "old": old, "new": chosen})
        assert answer.status_code == 400
        assert said in answer.text
    assert here.post(url, data={"csrf": token, "old": PASSWORD, "new": new}).status_code == 303
    assert here.get("/studio/account").status_code == 200
    assert there.get("/studio/account").status_code == 303
    assert sign_in(studio.client(), "editor", PASSWORD).status_code == 403
    assert sign_in(studio.client(), "editor", new).status_code == 303


def test_a_link_lets_somebody_choose_a_password_once(studio: Studio) -> None:
    link = f"/studio/link/{studio.sign_in.make_link(studio.account('editor'), LinkPurpose.RESET)}"
    client = studio.client()
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "no-referrer"
    assert client.post(link, data={"new": "short"}).status_code == 400
    assert client.post(link, data={"new": "một hai ba bốn"}).headers["location"] == "/studio"
    assert client.get("/studio/account").status_code == 200
    assert studio.client().get(link).status_code == 404
    assert studio.client().post(link, data={"new": "một hai ba bốn"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_other_sites_cannot_sign_anybody_in(studio: Studio, headers: dict[str, str], status: int) -> None:
    answer = studio.client().post(
        "/studio/sign-in", data={"login": "editor", "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == status


def test_a_form_without_its_token_changes_nothing(studio: Studio) -> None:
    client, other = studio.client("editor"), studio.client("admin")
    foreign = csrf_in(other.get("/studio/account").text)
    for token in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": foreign}):
        assert client.post("/studio/sign-out", data=token).status_code == 403
    assert client.get("/studio/account").status_code == 200


def test_a_body_that_never_ends_is_refused(studio: Studio) -> None:
    answer = studio.client().post("/studio/sign-in", content=b"login=" + b"x" * 30_000)
    assert answer.status_code == 400
