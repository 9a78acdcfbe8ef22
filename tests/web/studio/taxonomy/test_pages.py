from __future__ import annotations

import html
import re

import pytest

from media.archive.episodes import EpisodeState
from tests.web.studio.conftest import Studio, csrf_in


def add_topic(studio: Studio, name: str, **values: str) -> None:
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    answer = client.post("/studio/topics", data={"csrf": token, "name_vi": name, **values})
    assert answer.status_code == 303, answer.text


def test_a_topic_is_added_changed_and_shown(studio: Studio) -> None:
    add_topic(studio, "Tiền lương", name_en="Wages", synonyms="lương\r\ntrả lương\r\n")
    client = studio.client("editor")
    page = client.get("/studio/topics?saved").text
    assert "Đã lưu" in page
    seen = re.search(r'name="seen" value="([^"]*tien-luong[^"]*)"', page)
    assert seen
    values = {"csrf": csrf_in(page), "seen": html.unescape(seen[1]), "name_vi": "Lương", "name_en": "Pay"}
    assert client.post("/studio/topics", data=values).status_code == 303
    assert studio.services.archive.catalogue.topics()[0].name_vi == "Lương"
    late = client.post("/studio/topics", data={**values, "name_vi": "Quá muộn"})
    assert late.status_code == 409
    assert 'role="alert"' in late.text
    assert studio.services.archive.catalogue.topics()[0].name_vi == "Lương"


@pytest.mark.parametrize("seen", ["{", "[]", '{"slug": 1}', '{"x": 1}', "[" * 3000])
def test_forms_that_cannot_be_read_change_nothing(studio: Studio, seen: str) -> None:
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    for url, name in (("topics", "name_vi"), ("programmes", "title"), ("organisations", "name")):
        answer = client.post(f"/studio/{url}", data={"csrf": token, "seen": seen, name: "X"})
        assert answer.status_code == 400, url
    assert studio.services.archive.catalogue.topics() == []


@pytest.mark.smoke
def test_a_merged_topic_s_address_leads_on(studio: Studio) -> None:
    for name in ("Thưởng", "Tiền lương"):
        add_topic(studio, name)
    episode = studio.stores.add("thang-ba", topics=("thuong",))
    studio.services.archive.catalogue.set_state(episode.slug, EpisodeState.PUBLISHED)
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    values = {"csrf": token, "what": "topic", "slug": "thuong", "into": "tien-luong"}
    assert client.post("/studio/topics/merge", data=values).status_code == 303
    answer = studio.client().get("/topics/thuong")
    assert (answer.status_code, answer.headers["location"]) == (301, "/topics/tien-luong")
    assert client.post("/studio/topics/merge", data=values).status_code == 404
    assert client.post("/studio/topics/merge", data={"csrf": token, "what": "people"}).status_code == 400


def test_featured_topics_stand_on_the_home_page(studio: Studio) -> None:
    for name in ("Thưởng", "Tiền lương", "An toàn"):
        add_topic(studio, name)
    episode = studio.stores.add("thang-ba", topics=("thuong", "tien-luong", "an-toan"))
    studio.services.archive.catalogue.set_state(episode.slug, EpisodeState.PUBLISHED)
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    values = {
        "csrf": token,
        "place-thuong": "3",
        "place-tien-luong": "2",
        "place-an-toan": "1",
        "featured": "thuong",
    }
    assert client.post("/studio/topics/order", data=values).status_code == 303
    assert [topic.slug for topic in studio.services.archive.catalogue.topics()][:3] == [
        "an-toan",
        "tien-luong",
        "thuong",
    ]
    home = studio.client().get("/").text
    assert "/topics/thuong" in home
    assert "/topics/an-toan" not in home


def test_programmes_and_organisations(studio: Studio) -> None:
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    hostile = "Công đoàn <b>Biên Hoà</b>"
    assert client.post("/studio/organisations", data={"csrf": token, "name": hostile}).status_code == 303
    values = {"csrf": token, "title": "Tư vấn", "language": "vi", "organisation": "cong-doan-b-bien-hoa-b"}
    assert client.post("/studio/programmes", data=values).status_code == 303
    assert (
        client.post("/studio/programmes", data={**values, "title": "X", "language": "xx"}).status_code
        == 400
    )
    page = client.get("/studio/topics").text
    assert "<b>Biên" not in page
    assert studio.services.archive.catalogue.programme("tu-van").organisation == "cong-doan-b-bien-hoa-b"


@pytest.mark.parametrize(
    ("role", "status"), [("", 303), ("moderator", 403), ("contributor", 403), ("admin", 200)]
)
def test_who_may_keep_topics(studio: Studio, role: str, status: int) -> None:
    assert studio.client(role).get("/studio/topics").status_code == status


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Anh chị chọn gộp chủ đề hay chương trình."), ("en", "Say what is to be merged")],
)
def test_what_went_wrong_is_said_in_the_page_s_language(
    studio: Studio, language: str, sentence: str
) -> None:
    client = studio.client("editor")
    token = csrf_in(client.get("/studio/topics").text)
    client.cookies.set("language", language)
    answer = client.post("/studio/topics/merge", data={"csrf": token, "what": "people"})
    assert answer.status_code == 400
    assert sentence in html.unescape(answer.text)
