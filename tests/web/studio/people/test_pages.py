from __future__ import annotations

import re
from dataclasses import replace

import pytest

from media.errors import Unavailable
from tests.web.studio.conftest import PASSWORD, Studio, csrf_in
from web.domain.sending.mail import Letter

HOSTILE = '<img src=x onerror=alert(1)> "\u202e & 🐉'


def test_an_invitation_works_from_end_to_end(studio: Studio) -> None:
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    page = chief.post(
        "/studio/people",
        data={
            "csrf": token,
            "login": "Hoa",
            "name": "Lê Thị Hoa",
            "role": "moderator",
            "email": "Hoa@x.vn",
        },
    )
    found = re.search(r"https://tualai\.example(/studio/link/[\w-]+)", page.text)
    assert found
    hoa = studio.client()
    assert "Chào Lê Thị Hoa" in hoa.get(found[1]).text
    assert hoa.post(found[1], data={"new": "mưa dầm thấm lâu"}).status_code == 303
    assert "Điều phối" in hoa.get("/studio/account").text
    account = studio.sign_in.accounts.by_login("hoa@x.vn")
    assert account is not None
    assert account.login == "hoa"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"login": "editor", "name": "X", "role": "editor"}, 409),
        ({"login": "x y", "name": "X", "role": "editor"}, 400),
        ({"login": "", "name": "", "role": ""}, 400),
        ({"login": "xyz", "name": "X", "role": "king"}, 400),
        ({"login": "xyz", "name": "x" * 121, "role": "editor"}, 400),
        ({}, 400),
    ],
)
def test_bad_invitations_add_nobody(studio: Studio, values: dict[str, str], status: int) -> None:
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    answer = chief.post("/studio/people", data={"csrf": token, **values})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert len(studio.sign_in.accounts.accounts()) == 4


def test_hostile_names_come_out_as_text(studio: Studio) -> None:
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    named = HOSTILE.replace("\u202e", "")
    answer = chief.post(
        "/studio/people", data={"csrf": token, "login": "h", "name": HOSTILE, "role": "editor"}
    )
    assert answer.status_code == 400  # marks that turn the text round are refused
    chief.post("/studio/people", data={"csrf": token, "login": "hh", "name": named, "role": "editor"})
    for url in ("/studio/people", "/studio/audit"):
        assert "<img src=x" not in chief.get(url).text


class Letters:
    """A mail server that keeps letters, or is away."""

    def __init__(self, away: bool = False) -> None:
        self.sent: list[Letter] = []
        self._away = away

    def send(self, letter: Letter) -> None:
        if self._away:
            raise Unavailable("The mail server did not take the letter.")
        self.sent.append(letter)


def test_links_are_mailed_where_mail_is_set_up(studio: Studio) -> None:
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    values = {"csrf": token, "name": "Hoa", "role": "editor"}
    letters = Letters()
    studio.app.state.services = replace(studio.services, mail=letters)
    page = chief.post("/studio/people", data={**values, "login": "h1", "email": "h1@example.vn"}).text
    (letter,) = letters.sent
    assert letter.to == "h1@example.vn"
    link = re.search(r"https://tualai\.example(/studio/link/[\w-]+)", letter.text)
    assert link and link[1] not in page
    assert studio.client().get(link[1]).status_code == 200
    studio.app.state.services = replace(studio.services, mail=Letters(True))
    page = chief.post("/studio/people", data={**values, "login": "h2", "email": "h2@example.vn"}).text
    assert "/studio/link/" in page and 'role="alert"' in page


def test_nobody_locks_the_archive_from_inside(studio: Studio) -> None:
    chief = studio.client("admin")
    token = csrf_in(chief.get("/studio/people").text)
    url = f"/studio/people/{studio.account('admin').id}"
    for values in ({"do": "disable"}, {"do": "role", "role": "editor"}):
        assert chief.post(url, data={"csrf": token, **values}).status_code == 409
    assert chief.get("/studio/people").status_code == 200


def test_a_role_changes_at_once(studio: Studio) -> None:
    chief, editor = studio.client("admin"), studio.client("editor")
    assert editor.get("/studio/people").status_code == 403
    token = csrf_in(chief.get("/studio/people").text)
    url = f"/studio/people/{studio.account('editor').id}"
    assert chief.post(url, data={"csrf": token, "do": "role", "role": "admin"}).status_code == 303
    assert editor.get("/studio/people").status_code == 200
    assert chief.post(url, data={"csrf": token, "do": "dance"}).status_code == 400
    assert chief.post("/studio/people/unknown", data={"csrf": token, "do": "reset"}).status_code == 404


@pytest.mark.smoke
def test_the_audit_log_is_filtered_and_paged(studio: Studio) -> None:
    chief = studio.client("admin")
    for number in range(120):
        studio.sign_in.audit.note("test.note", f"thing-{number}", number=number)
    first = chief.get("/studio/audit?action=test.")
    assert "thing-119" in first.text
    assert "thing-19<" not in first.text
    older = re.search(r'href="(/studio/audit\?[^"]*before=\d+)"', first.text)
    assert older
    assert "thing-19<" in chief.get(older[1].replace("&amp;", "&")).text
    assert "Chưa có gì" in chief.get("/studio/audit?actor=nobody").text
    assert chief.get("/studio/audit?since=x&until=9999-99-99&before=-1").status_code == 200


def test_passwords_never_show(studio: Studio) -> None:
    chief = studio.client()
    chief.post("/studio/sign-in", data={"login": "admin", "password": PASSWORD})
    assert "argon2" not in chief.get("/studio/people").text + chief.get("/studio/audit").text
