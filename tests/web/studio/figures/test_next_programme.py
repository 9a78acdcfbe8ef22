from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from infra.db.questions.demand import SqlDemand
from media.archive.episodes import EpisodeState
from tests.web.groups import companion_on
from tests.web.studio.conftest import Studio
from tests.web.studio.desk import add_ready, desk
from web.domain.questions.questions import NewQuestion, QuestionState
from web.domain.statistics.searches import Tally
from web.text.days import today

ORGANISATION = "cong-doan-bien-hoa"


@pytest.fixture
def asked(studio: Studio) -> Studio:
    """A studio whose site takes questions; one episode with an answer that was played."""
    studio.services = replace(studio.services, companion=companion_on(studio.database))
    studio.app.state.services = studio.services
    add_ready(studio, organisation=ORGANISATION)
    return studio


def _ask(studio: Studio, text: str, episode: str | None = "thang-ba", **values: object) -> str:
    new = NewQuestion(episode, text, text, uuid4().hex, **values)  # type: ignore[arg-type]
    return studio.services.companion.questions.ask(new).id  # type: ignore[union-attr]


def test_what_is_read(asked: Studio) -> None:
    board, questions = asked.services.companion.board, asked.services.companion.questions
    assert board is not None
    assert questions is not None
    first, second = _ask(asked, "Nghỉ thai sản mấy tháng?"), _ask(asked, "nghi thai san bao lau")
    general = _ask(asked, "Lương tối thiểu?", None)
    _ask(asked, "Quảng cáo", held=True)
    refused = _ask(asked, "Chửi bậy")
    board.merge([second], first)
    board.move(refused, QuestionState.REFUSED, None, None)
    done = _ask(asked, "Đã trả lời rồi?", topics=("thai-san",))
    board.move(done, QuestionState.ANSWERED, None, None)
    demand = SqlDemand(asked.database)
    found = {each.id: each for each in demand.questions(today() - timedelta(days=2))}
    assert set(found) == {first, second, general, done}
    assert {each.id for each in found.values() if each.open} == {first, general}
    assert found[first].votes == 2
    assert (found[first].organisation, found[general].organisation) == (ORGANISATION, "")
    assert {each.id for each in demand.questions(date(2100, 1, 1))} == {first, general}, "still open"
    assert {each.id for each in demand.questions(date(2020, 1, 1), ORGANISATION)} == {first, second, done}


def test_plays_of_published_answers(asked: Studio) -> None:
    (segment,) = asked.services.archive.transcripts.segments("thang-ba")
    for _ in range(3):
        asked.stores.plays.count("thang-ba", segment.id, today())
    demand = SqlDemand(asked.database)
    assert demand.answers(today(), today()) == []
    asked.services.archive.catalogue.set_state("thang-ba", EpisodeState.PUBLISHED)
    (played,) = demand.answers(today(), today(), ORGANISATION)
    assert (played.plays, played.segment) == (3, segment.id)
    assert demand.answers(today() - timedelta(days=9), today() - timedelta(days=1)) == []
    assert demand.answers(today(), today(), "other") == []


def test_the_page_and_its_exports(asked: Studio) -> None:
    _ask(asked, "=HYPERLINK(1) nghỉ thai sản được mấy tháng? 😀")
    asked.services.archive.searches.add(today(), {"xe đưa đón": Tally(3, 3)}, {})  # type: ignore[union-attr]
    editor = asked.client("editor")
    page = editor.get("/studio/next?sort=votes").text
    assert page.index("Thai sản") < page.index("Chưa có chủ đề")
    assert "xe đưa đón" in page
    assert editor.get("/studio/next?since=nonsense").status_code == 400
    assert "xe đưa đón" not in editor.get(f"/studio/next?organisation={ORGANISATION}").text
    topics = list(csv.DictReader(io.StringIO(editor.get("/studio/next.csv").text.removeprefix("\ufeff"))))
    assert [(row["Chủ đề"], row["Lượt cần"]) for row in topics] == [
        ("Thai sản", "1"),
        ("Chưa có chủ đề", "3"),
    ]
    questions = editor.get("/studio/next.csv?table=questions&lang=en").text
    assert "'=HYPERLINK" in questions
    assert editor.get("/studio/next.csv?table=x").status_code == 400
    assert asked.client("contributor").get("/studio/next").status_code == 403


def test_on_paper(asked: Studio) -> None:
    pytest.importorskip("fpdf")
    for number in range(12):
        _ask(asked, f"Nghỉ thai sản lần {number} được mấy tháng? Ữ ệ ỗ 😀 \u202e" + "rất dài " * 40)
    paper = asked.client("editor").get("/studio/next.pdf")
    if paper.status_code == 503:
        pytest.skip("the font is not installed: npm install")
    assert paper.content.startswith(b"%PDF-")
    assert paper.headers["content-type"] == "application/pdf"


@pytest.mark.smoke
def test_comments_become_questions(asked: Studio) -> None:
    moderator, url = desk(asked, "moderator"), "/studio/episodes/thang-ba/comments"
    rows = [
        {
            "id": "1",
            "message": "Nghỉ thai sản được mấy tháng ạ? Gọi em 0912345678",
            "from": {"name": "Chị Lành"},
        },
        {"id": "2", "message": "Chào cả nhà nhé"},
        {"id": "3", "message": "luong thang 13 khi nao co ad", "live_broadcast_timestamp": 65},
    ]
    data = json.dumps({"data": rows}).encode()

    def read() -> str:
        return moderator.client.post(
            url, data={"csrf": moderator.csrf, "do": "read"}, files={"file": ("a.json", data)}
        ).text

    companion = asked.services.companion.questions.companion("thang-ba")  # type: ignore[union-attr]
    asked.services.companion.questions.save_companion(replace(companion, open=False))  # type: ignore[union-attr]
    page = read()
    assert "0912345678" not in page
    assert "Chị Lành" not in page
    assert page.count("checked>") == 2
    picks = [
        json.dumps(["Nghỉ thai sản được mấy tháng ạ? Gọi em […]", "a" * 32, None]),
        json.dumps(["luong thang 13 khi nao co ad", "b" * 32, 65.0]),
    ]
    sent = moderator.post(url, do="import", source="facebook", pick=picks, held="1")
    assert sent.headers["location"].endswith("?new=2&known=0")
    assert (
        moderator.post(url, do="import", source="facebook", pick=picks)
        .headers["location"]
        .endswith("?new=0&known=2")
    )
    found = asked.services.companion.questions.of_episode("thang-ba", public_only=False)  # type: ignore[union-attr]
    assert {(each.source, each.name, each.held) for each in found} == {("facebook", "", True)}
    assert read().count("checked>") == 0, "what is there already is not offered again"
    assert "3" in moderator.client.get(f"{url}?new=3&known=x").text
    for wrong in (
        {"do": "import", "source": "x", "pick": picks},
        {"do": "import", "source": "csv"},
        {"do": "read"},
    ):
        assert moderator.post(url, **wrong).status_code == 400
    assert asked.client("contributor").get(url).status_code == 403
