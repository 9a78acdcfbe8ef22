"""The desk's pages and calls, and its screens, over a real database."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from httpx import Response
from starlette.testclient import TestClient

from tests.web.studio import api_site
from tests.web.studio.api_site import OURS, THEIRS, Site
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import Hold, NewQuestion, Question, QuestionState
from web.studio.moderation.views import NEWEST, order_of, present_cards

filled, site = api_site.filled, api_site.site
DESK, CALLS = f"/studio/episodes/{OURS}/desk", "/api/v1/studio/questions"
HOSTILE = '<b onclick="x">Hỏi</b>'


@pytest.fixture
def moderator(site: Site) -> TestClient:
    return site.session("moderator")


def form(
    site: Site, client: TestClient, what: str, key: str = "", path: str = DESK, **more: str
) -> Response:
    sent = {"csrf": site.csrf(client)["X-CSRF"], "do": what, "id": key, **more}
    return client.post(path, data=sent)


def asked(site: Site, key: str) -> Question:
    assert site.services.companion is not None
    return site.services.companion.questions.question(key)


def ask(site: Site, text: str, episode: str | None = OURS, **values: bool) -> Question:
    assert site.services.companion is not None
    return site.services.companion.questions.ask(
        NewQuestion(episode, text, f"{text}?", receipt=text, **values)
    )


def test_a_form_does_one_thing_and_comes_back_to_its_card(site: Site, moderator: TestClient) -> None:
    key, other = site.values["questions"][:2]
    done = form(site, moderator, "move:shortlisted", key, version="1")
    assert (done.status_code, done.headers["location"]) == (303, f"{DESK}#q-{key}")
    stale = form(site, moderator, "move:later", key, version="1")
    assert stale.status_code == 409
    assert 'role="alert"' in stale.text
    assert asked(site, key).state is QuestionState.SHORTLISTED
    for what, state in (
        ("begin", "on_air"),
        ("done", "answered"),
        ("resume", "on_air"),
        ("undo", "shortlisted"),
    ):
        assert form(site, moderator, what, key).status_code == 303, what
        assert asked(site, key).state == state, what
    edited = {"shown": HOSTILE, "guest": "Bà Hoa", "topics": "thai-san"}
    assert form(site, moderator, "edit", key, **edited).status_code == 303
    assert form(site, moderator, "merge", key, **{"with": other}).status_code == 303
    assert asked(site, other).merged_into == key
    page = moderator.get(f"{DESK}?edit={key}").text
    assert "&lt;b onclick=" in page
    assert HOSTILE not in page
    assert form(site, moderator, f"unmerge:{other}", key).status_code == 303
    assert form(site, moderator, "block", other, days="30").status_code == 303
    assert asked(site, other).state is QuestionState.REFUSED
    assert "Bỏ chặn" in moderator.get(f"{DESK}?panel={other}").text
    assert form(site, moderator, "unblock", other).status_code == 303
    assert "Bỏ chặn" not in moderator.get(f"{DESK}?panel={other}").text
    assert form(site, moderator, "dance", key).status_code == 400
    assert form(site, moderator, "move:nowhere", key).status_code == 400


def test_settings_and_screens_are_kept_at_the_desk(site: Site, moderator: TestClient) -> None:
    assert site.services.companion is not None
    assert site.services.companion is not None
    assert form(site, moderator, "companion", hold="all", version="1").status_code == 303
    kept = site.services.companion.questions.companion(OURS)
    assert (kept.open, kept.hold) == (False, Hold.ALL)
    assert form(site, moderator, "companion", hold="none", version="1").status_code == 409
    assert form(site, moderator, "screen:presenter").status_code == 303
    screen = site.services.companion.screens.of_episode(OURS)[-1]
    assert screen.secret
    assert screen.secret in moderator.get(DESK).text
    assert form(site, moderator, f"revoke:{screen.digest}").status_code == 303
    assert TestClient(site.app).get(f"/screens/{screen.secret}").status_code == 404
    assert screen.secret not in str(site.services.studio.sign_in.audit.entries(subject=OURS))  # type: ignore[union-attr]


def test_cards_are_those_of_the_desk_that_asks(site: Site, moderator: TestClient) -> None:
    key, other = site.values["questions"][:2]
    elsewhere, archive = ask(site, "ở nơi khác", THEIRS), ask(site, "gửi kho", None)
    wanted = f"?cards={key},{other},{elsewhere.id},{archive.id},nothing"
    found = re.findall(r'data-card="(\w+)"', moderator.get(DESK + wanted).text)
    assert sorted(found) == sorted([key, other])
    page = moderator.get(f"/studio/questions{wanted}").text
    assert re.findall(r'data-card="(\w+)"', page) == [archive.id]
    assert 'data-column="on_air"' not in moderator.get("/studio/questions").text
    assert form(site, moderator, "done", archive.id, "/studio/questions").status_code == 400


def test_a_call_says_what_somebody_else_made_of_it(site: Site, moderator: TestClient) -> None:
    key, headers = site.values["questions"][0], site.csrf(moderator)
    moved = moderator.post(f"{CALLS}/{key}/move", json={"state": "later", "seen": 1}, headers=headers)
    assert moved.json()["state"] == "later"
    late = moderator.post(f"{CALLS}/{key}/edit", json={"shown": "Khác", "seen": 1}, headers=headers)
    assert (late.status_code, late.json()["current"]) == (409, moved.json())
    for body in ({"state": "nowhere"}, {"state": "later", "above": 3}, {"state": "later", "other": 1}, {}):
        refused = moderator.post(f"{CALLS}/{key}/move", json=body, headers=headers)
        assert refused.status_code == 400, body
    assert moderator.get(f"{CALLS}/nothing").status_code == 404
    desk = moderator.get(f"/api/v1/studio/episodes/{OURS}/desk").json()
    assert {each["id"] for each in desk["questions"]} == set(site.values["questions"][:2])
    assert desk["last"] > 0


def test_screens_show_what_anybody_may_see_and_are_not_passed_on(site: Site) -> None:
    assert site.services.companion is not None
    assert site.services.companion is not None
    key = site.values["questions"][0]
    held = ask(site, "sếp X", held=True)
    site.services.companion.board.move(key, QuestionState.SHORTLISTED, None, None)
    site.services.companion.board.edit(key, HOSTILE, (), "Bà Hoa", None)
    anybody = TestClient(site.app)
    for kind in ScreenKind:
        secret = site.services.companion.screens.add(OURS, kind).secret
        for path in (f"/screens/{secret}", f"/screens/{secret}/state"):
            shown = anybody.get(path)
            assert shown.status_code == 200
            assert shown.headers["cache-control"] == "no-store"
            assert shown.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in shown.headers["x-robots-tag"]
            assert held.shown not in shown.text
            assert "sếp X" not in shown.text
            assert HOSTILE not in shown.text or path.endswith("state")
        state = anybody.get(f"/screens/{secret}/state").json()
        assert [each["text"] for each in state["next"]] == [HOSTILE]
    site.services.companion.board.begin_answer(
        held.id, "", None
    )  # a moderator's choice: it is public from now on
    site.services.companion.board.hold(key, None)
    state = anybody.get(f"/screens/{secret}/state").json()
    assert state["now"]["text"] == "sếp X?"
    assert state["since"].endswith("Z")
    assert state["next"] == []
    assert anybody.get("/screens/nothing").status_code == 404


def test_columns_have_an_order_of_their_own() -> None:
    early, late = datetime(2026, 3, 15, 12), datetime(2026, 3, 15, 13)

    def made(key: str, state: str, votes: int = 1, held: bool = False, **more: object) -> Question:
        return Question(
            key,
            "e",
            key,
            key,
            state=QuestionState(state),
            votes=votes,
            held=held,
            **more,  # type: ignore[arg-type]
        )

    incoming = [
        made("few", "incoming", 2, created_at=late),
        made("many", "incoming", 9, created_at=early),
        made("held", "incoming", 1, True, created_at=early),
    ]
    assert sorted(incoming, key=order_of)[0].id == "held"
    assert [each.id for each in sorted(incoming, key=order_of)] == ["held", "many", "few"]
    assert [each.id for each in sorted(incoming, key=lambda each: order_of(each, NEWEST))] == [
        "held",
        "few",
        "many",
    ]
    answered = [made("a", "answered", 9, answered_at=early), made("b", "answered", answered_at=late)]
    assert [each.id for each in sorted(answered, key=order_of)] == ["b", "a"]
    laid = [made("x", "shortlisted", 9, position=2.0), made("y", "shortlisted", 1, position=1.0)]
    assert [each.id for each in sorted(laid, key=order_of)] == ["y", "x"]
    assert present_cards([], None, None, {}) == []  # type: ignore[arg-type]
