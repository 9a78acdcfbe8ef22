from __future__ import annotations

import json
from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.web.sample_archive import DRAFT, LONG, MATERNITY, UNION, WAGE_UNION, Archive
from web.domain.statistics.searches import Searched

OWN = {"sec-fetch-site": "same-origin"}


def test_search_gives_highlights_as_offsets(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=thai+san&kind=answer&limit=1").json()
    assert found["total"] > 1
    assert (found["limit"], len(found["hits"])) == (1, 1)
    hit = found["hits"][0]
    assert hit["kind"] == "answer"
    marked = {hit["title"][start:end] for start, end in hit["title_spans"]}
    marked |= {hit["text"][start:end] for start, end in hit["text_spans"]}
    assert "thai" in {each.lower().split()[0] for each in marked}
    assert hit["url"].startswith(f"/episodes/{hit['episode']}?t=")


def test_search_pages(client: TestClient) -> None:
    first = client.get("/api/v1/search?q=lao+dong&limit=5").json()
    second = client.get("/api/v1/search?q=lao+dong&limit=5&offset=5").json()
    assert {each["id"] for each in first["hits"]}.isdisjoint({each["id"] for each in second["hits"]})


def test_facets_are_counted_when_asked_for(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=thai+san&facets=1").json()
    assert set(found["facets"]) == {"kind", "topic", "programme", "organisation", "year"}
    assert sum(found["facets"]["kind"].values()) == found["total"]
    assert found["facets"]["topic"]["thai-san"] > 0
    assert client.get("/api/v1/search?q=thai+san").json()["facets"] == {}


def test_a_better_spelling(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=thai+san").json()["suggestion"] is None
    assert client.get("/api/v1/search?q=thai+san").json()["fits"] is True
    assert client.get("/api/v1/search?q=xyzzy").json()["fits"] is False
    params = {"q": "sinh đoi trơ lem"}
    found = client.get("/api/v1/search", params=params).json()
    assert found["suggestion"] == "sinh đôi trở lên"
    assert client.get("/api/v1/search", params=params | {"typing": "1"}).json()["suggestion"] is None
    assert client.get("/api/v1/search", params={"q": "xyzzy"}).json()["suggestion"] is None


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=a&kind=film",
        "q=a&limit=101",
        "q=a&offset=10000",
        "q=a&limit=x",
        "q=a&offset=-1",
        "q=" + "a" * 201,
    ],
)
def test_wrong_use_is_explained(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert len(problem["detail"]) > 20


def test_suggest(client: TestClient) -> None:
    assert (
        "Tôi nghỉ thai sản được mấy tháng?"
        in client.get("/api/v1/suggest", params={"q": "tôi ngh"}).json()["suggestions"]
    )
    assert client.get("/api/v1/suggest?q=").json()["suggestions"] == []


def test_an_episode_with_segments_and_cues(client: TestClient) -> None:
    found = client.get(f"/api/v1/episodes/{MATERNITY}").json()
    assert found["duration"] == 300
    assert {each["kind"] for each in found["segments"]} == {"answer", "chapter"}
    assert found["segments"][1]["state"] == "confirmed"
    assert len(found["transcript"]["cues"]) == 70
    assert found["transcript"]["origin"] == "machine"
    assert found["playlists"]["video"].endswith("/master.m3u8")


def test_unpublished_episodes_are_not_there(client: TestClient) -> None:
    assert client.get(f"/api/v1/episodes/{DRAFT}").status_code == 404


def test_a_play_is_counted(archive: Archive, client: TestClient) -> None:
    answer = next(each for each in archive.transcripts.segments(MATERNITY) if each.question)
    body = json.dumps({"episode": MATERNITY, "segment": answer.id})
    assert client.post("/api/v1/plays", content=body, headers=OWN).status_code == 204
    origin = {"origin": "http://testserver"}
    assert client.post("/api/v1/plays", content=body, headers=origin).status_code == 204
    assert archive.plays.popular(date.today(), 5) == [(MATERNITY, answer.id)]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "null"},
    ],
)
def test_plays_from_elsewhere_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/plays", content="{}", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"episode": 1, "segment": []}', "x" * 5000, "[" * 1500, '"text"']
)
def test_what_is_no_play_is_refused(client: TestClient, body: str) -> None:
    assert client.post("/api/v1/plays", content=body, headers=OWN).status_code == 400


def test_plays_are_only_posted(client: TestClient) -> None:
    answer = client.get("/api/v1/plays")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["title"] == "Method Not Allowed"


def test_the_description_covers_what_the_api_answers(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    schemas = described["components"]["schemas"]
    results = client.get("/api/v1/search?q=thai+san").json()
    assert set(results) == set(schemas["SearchResults"]["required"])
    hit = results["hits"][0]
    assert set(hit) == set(schemas["Hit"]["required"])
    episode = client.get(f"/api/v1/episodes/{MATERNITY}").json()
    assert set(episode) == set(schemas["Episode"]["required"])
    assert set(episode["segments"][0]) == set(schemas["Segment"]["required"])


def test_organisations_filter_and_count(client: TestClient) -> None:
    params = {"q": "thai san", "facets": "1"}
    found = client.get("/api/v1/search", params=params).json()
    assert set(found["facets"]["organisation"]) == {UNION, WAGE_UNION}
    asked = client.get("/api/v1/search", params=params | {"organisation": WAGE_UNION}).json()
    assert asked["facets"]["organisation"] == found["facets"]["organisation"]
    assert asked["total"] == found["facets"]["organisation"][WAGE_UNION]
    assert {name for hit in asked["hits"] for name in hit["organisations"]} == {WAGE_UNION}


def test_topics_are_suggested(client: TestClient) -> None:
    named = client.get("/api/v1/suggest", params={"q": "nghi si"}).json()["topics"]
    assert named == [{"name": "Thai sản", "url": "/topics/thai-san"}]


@pytest.mark.parametrize(
    "query", ["q=a&q=b", "q=a&facets=maybe", "q=a&typing=2", "q=a&limit=5&limit=6", "q=%00"]
)
def test_what_can_mean_two_things_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def counted(archive: Archive) -> list[Searched]:
    archive.counter.flush()
    return archive.searches.searched(date.today())


def test_a_search_that_was_typed_is_counted(archive: Archive, client: TestClient) -> None:
    for body in ('{"text": "Thai  sản"}', '{"text": "xyz", "empty": true}', '{"text": "a\\ud800"}'):
        assert client.post("/api/v1/searches", content=body, headers=OWN).status_code == 204
    assert counted(archive) == [
        Searched("a", 1, 0, 0),
        Searched("thai sản", 1, 0, 0),
        Searched("xyz", 1, 1, 0),
    ]
    for body in ("{}", "[]", '{"text": 1}', '{"text": "a", "empty": "no"}', "{", "x" * 5000):
        assert client.post("/api/v1/searches", content=body, headers=OWN).status_code == 400
    assert client.post("/api/v1/searches", content='{"text": "a"}').status_code == 403


def test_a_hit_that_was_played_is_counted(archive: Archive, client: TestClient) -> None:
    hit = client.get("/api/v1/search?q=thai+san&kind=answer").json()["hits"][0]
    play = {"episode": hit["episode"], "segment": "", "text": "thai san", "passage": hit["id"]}
    search = json.dumps({"text": "thai san"})
    client.post("/api/v1/searches", content=search, headers=OWN)
    assert client.post("/api/v1/plays", content=json.dumps(play), headers=OWN).status_code == 204
    hidden = play | {"episode": DRAFT, "passage": f"{DRAFT}:answer:20000"}
    assert client.post("/api/v1/plays", content=json.dumps(hidden), headers=OWN).status_code == 204
    assert counted(archive) == [Searched("thai san", 1, 0, 1)]
    for odd in ({"passage": "x"}, {"passage": f"{LONG}:answer:1"}, {"passage": ""}, {"text": 5}):
        assert client.post("/api/v1/plays", content=json.dumps(play | odd), headers=OWN).status_code == 400


def test_nothing_in_an_address_or_a_body_is_too_odd(client: TestClient) -> None:
    assert client.get("/search", params={"q": "a", "page": "9" * 5000}).status_code == 301
    assert client.get("/search", params={"q": "a", "page": "-1"}).status_code == 301
    odd = client.post("/api/v1/plays", content=b"{}", headers={"Origin": "http://["})
    assert odd.status_code == 403
    body = '{"episode": "\\ud800", "segment": "x"}'
    bad = client.post("/api/v1/plays", content=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert bad.status_code == 400
