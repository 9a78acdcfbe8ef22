"""Calling askers back, and the word list."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from infra.db.outbox.audit import SqlAudit
from infra.db.tables.companion import questions
from tests.web.groups import companion_on
from tests.web.studio.conftest import Studio, csrf_in
from web.domain.questions.notify import Reach, encrypt_reach
from web.domain.questions.questions import NewQuestion, QuestionState
from web.domain.questions.word_list import DEFAULT
from web.domain.sending.fernet import FernetEncryption, new_key

NUMBER = "0912345678"


@pytest.fixture
def calling(studio: Studio) -> Studio:
    database, encryption = studio.database, FernetEncryption([new_key()])
    companion = companion_on(database, encryption)
    services = replace(studio.services, companion=companion)
    studio.app.state.services = services
    sealed = encrypt_reach(encryption, Reach(NUMBER, "vi"))
    new = NewQuestion(None, "Gốc", "Nghỉ sinh mấy tháng?", "r", id="a" * 32, contacts=(("phone", sealed),))
    companion.questions.ask(new)
    return replace(studio, services=services)


def test_a_number_is_shown_on_request_noted_and_deleted_when_told(calling: Studio) -> None:
    moderator = calling.client("moderator")
    assert "Chưa có ai cần gọi lại" in moderator.get("/studio/calls").text
    with calling.database.write() as c:
        c.execute(questions.update().values(state=QuestionState.ANSWERED))
    page = moderator.get("/studio/calls").text
    assert "Nghỉ sinh mấy tháng?" in page and NUMBER not in page
    form = {"csrf": csrf_in(page)}
    assert NUMBER in moderator.post(f"/studio/calls/{'a' * 32}/show", data=form).text
    assert moderator.post(f"/studio/calls/{'a' * 32}/told", data=form).status_code == 303
    assert "Nghỉ sinh mấy tháng?" not in moderator.get("/studio/calls").text
    noted = [(each.actor, each.action, each.subject) for each in SqlAudit(calling.database).entries()]
    assert noted[:2] == [("moderator", "contact.told", "a" * 32), ("moderator", "contact.see", "a" * 32)]
    assert NUMBER not in str(SqlAudit(calling.database).entries())


@pytest.mark.smoke
def test_two_editors_change_the_words(calling: Studio) -> None:
    lan, minh = calling.client("moderator"), calling.client("editor")
    page = lan.get("/studio/words").text
    before = re.search(r'name="before" value="([^"]*)"', page)
    assert before and set(before[1].split("\n")) == set(DEFAULT)
    lan.post("/studio/words", data={"csrf": csrf_in(page), "before": before[1], "words": "Ác ý\nxấu"})
    words = calling.services.companion.word_list
    assert words is not None and sorted(words.words()) == ["xấu", "ác ý"]
    page = minh.get("/studio/words").text
    lan.post(
        "/studio/words",
        data={
            "csrf": csrf_in(lan.get("/studio/words").text),
            "before": "xấu\nác ý",
            "words": "xấu\nác ý\nmới",
        },
    )
    minh.post("/studio/words", data={"csrf": csrf_in(page), "before": "xấu\nác ý", "words": "xấu\nthêm"})
    assert sorted(words.words()) == ["mới", "thêm", "xấu"]
