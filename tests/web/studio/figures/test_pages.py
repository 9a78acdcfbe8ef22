from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from media.archive.episodes import EpisodeState
from tests.segments import save_segment
from tests.web.studio.conftest import Studio
from transcribe.segments import Segment, SegmentKind
from web.domain.accounts.accounts import Role
from web.domain.statistics.searches import Tally
from web.domain.statistics.views import Watched
from web.text.days import today

HOSTILE = '=<script>alert("x")</script>\u202e🙂'
PATHS = (
    "/studio/figures",
    "/studio/figures/mot",
    "/studio/figures.csv",
    "/api/v1/figures",
    "/api/v1/figures/mot",
)


@pytest.fixture
def counted(studio: Studio) -> Studio:
    """1,234 views of an episode with hostile names, plays, and searches."""
    stores = studio.stores
    stores.add("mot", state=EpisodeState.PUBLISHED)
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    answer = save_segment(stores.transcripts, "mot", Segment(SegmentKind.ANSWER, 10, 40, HOSTILE, HOSTILE))
    stores.plays.count("mot", answer.id, today())
    stores.views.add(today(), {"mot": Watched(1234, {0: 12340.0, 1: 6170.0})})
    stores.views.add(today() - timedelta(days=20), {"mot": Watched(1, {0: 10.0})})
    stores.searches.add(today(), {HOSTILE: Tally(3, 3), "nhà ở xã hội": Tally(5, 5)}, {})
    return studio


@pytest.mark.parametrize("path", PATHS)
def test_editors_and_moderators_see_figures_and_nobody_else(counted: Studio, path: str) -> None:
    for role in Role:
        allowed = role is not Role.CONTRIBUTOR
        assert counted.client(role.value).get(path).status_code == (200 if allowed else 403), role
    assert counted.client().get(path).status_code == (401 if path.startswith("/api") else 303)


def test_a_contributor_is_not_even_led_there(counted: Studio) -> None:
    account = counted.client("contributor").get("/studio/account").text
    assert "/studio/figures" not in account
    assert "/studio/figures" in counted.client("editor").get("/studio/account").text


def test_the_page_shows_what_was_counted(counted: Studio) -> None:
    client = counted.client("editor")
    page = client.get("/studio/figures?days=7").text
    assert "<dd>1.234</dd>" in page and "nhà ở xã hội" in page
    assert "<dd>1,234</dd>" in client.get("/studio/figures?days=7&lang=en").text
    assert "<dd>1.235</dd>" in client.get("/studio/figures").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    episode = client.get("/studio/figures/mot").text
    assert 'class="curve"' in episode and 'class="timeline"' in episode and "100\u00a0%" in episode


def test_programmes_and_wrong_questions(counted: Studio) -> None:
    client = counted.client("editor")
    assert "<dd>1.235</dd>" in client.get("/studio/figures?programme=dh").text
    for query in ("programme=khong-co", "since=x", "days=8", "since=2026-02-01&until=2026-01-01"):
        answer = client.get(f"/studio/figures?{query}")
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert client.get(f"/api/v1/figures?{query}").status_code in (400, 404)
    assert client.get("/studio/figures/khong-co").status_code == 404
    assert client.get("/studio/figures.csv?table=people").status_code == 400
    assert client.get("/studio/figures.csv?programme=khong-co").status_code == 404


def test_an_archive_without_counts_says_so(studio: Studio) -> None:
    page = studio.client("editor").get("/studio/figures")
    assert page.status_code == 200
    assert "Chưa có gì được xem" in page.text and "<table" not in page.text
    studio.stores.add("mot")
    assert "Chưa có lượt xem nào" in studio.client("editor").get("/studio/figures/mot").text


@pytest.mark.parametrize("table", ["days", "episodes", "answers", "searches"])
def test_everything_shown_is_there_as_csv(counted: Studio, table: str) -> None:
    answer = counted.client("moderator").get(f"/studio/figures.csv?table={table}&days=30")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {"days": 31, "episodes": 2, "answers": 2, "searches": 3}[table] == len(rows)
    assert not [each for row in rows for each in row if each.startswith("=")]
    if table == "episodes":
        assert rows[1] == ["mot", "Số tháng Ba", "2026-03-15", "1235", "308.7", "1"]


def test_retention_as_csv(counted: Studio) -> None:
    text = counted.client("editor").get("/studio/figures.csv?table=retention&episode=mot&lang=en").text
    assert text.splitlines()[:4] == [
        "\ufeffFrom second,At,% of views",
        "0,0:00,100",
        "10,0:10,50",
        "20,0:20,0",
    ]


@pytest.mark.smoke
def test_the_calls_say_the_same(counted: Studio) -> None:
    client = counted.client("editor")
    found = client.get("/api/v1/figures?days=7").json()
    assert found["total"] == {
        "views": 1234,
        "seconds": 18510.0,
        "plays": 1,
        "searches": 8,
        "found_nothing": 8,
    }
    assert (len(found["steps"]), found["step"], found["steps"][-1]["views"]) == (7, "day", 1234)
    assert found["searches"]["nothing"][0] == {
        "text": "nhà ở xã hội",
        "searches": 5,
        "found_nothing": 5,
        "plays": 0,
    }
    one = client.get("/api/v1/figures/mot").json()
    assert one["retention"]["shares"][:3] == [1.0, 0.4996, 0.0]
    assert one["answers"][0]["question"] == HOSTILE
