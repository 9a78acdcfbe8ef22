"""Calls for topics, programmes, organisations and the lexicon, over the real database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from tests.web.studio import api_site
from tests.web.studio.api_site import ELSEWHERE, HERE, Site
from web.domain.accounts.tokens import Scope

filled, site = api_site.filled, api_site.site


@pytest.fixture
def api(site: Site) -> Iterator[TestClient]:
    with TestClient(site.app, follow_redirects=False) as client:
        client.headers.update(site.bearer("editor", *Scope))
        yield client


def tagged(api: TestClient, path: str) -> dict[str, str]:
    return {"If-Match": api.get(path).headers["etag"]}


def test_a_topic_is_added_read_and_changed(api: TestClient) -> None:
    new = {"name_vi": "Nghỉ phép năm", "synonyms": ["phép năm"]}
    made = api.post("/api/v1/topics", json=new)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/topics/nghi-phep-nam")
    assert made.json()["name_en"] == "Nghỉ phép năm"
    read = api.get("/api/v1/topics/nghi-phep-nam")
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    assert api.get(read.url.path, headers={"If-None-Match": read.headers["etag"]}).status_code == 304
    changed = api.patch(read.url.path, json={"name_en": "Annual leave"}, headers=tagged(api, read.url.path))
    assert changed.json() == {**made.json(), "name_en": "Annual leave"}
    assert changed.headers["etag"] != read.headers["etag"]
    assert api.post("/api/v1/topics", json=new).status_code == 409


def test_a_topic_that_somebody_changed_is_not_overwritten(api: TestClient) -> None:
    path = "/api/v1/topics/thai-san"
    seen = tagged(api, path)
    assert api.patch(path, json={"name_en": "Mothers"}).status_code == 428
    assert api.patch(path, json={"name_en": "Mothers"}, headers=seen).status_code == 200
    late = api.patch(path, json={"name_en": "Births"}, headers=seen)
    assert late.status_code == 412
    assert late.headers["content-type"] == "application/problem+json"
    assert late.json()["current"]["name_en"] == "Mothers"
    assert late.headers["etag"] == api.get(path).headers["etag"]
    assert api.patch(path, json={"name_en": "Births"}, headers={"If-Match": "*"}).status_code == 200


def test_a_creation_is_made_once(api: TestClient) -> None:
    once = {"Idempotency-Key": "k-1"}
    first = api.post("/api/v1/organisations", json={"name": "Công đoàn Long Thành"}, headers=once)
    again = api.post("/api/v1/organisations", json={"name": "Công đoàn Long Thành"}, headers=once)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"]
    assert again.json() == first.json()


def test_topics_are_ordered_by_who_saw_them_all(api: TestClient) -> None:
    seen = tagged(api, "/api/v1/topics")
    body = {"slugs": ["an-toan", "bao-hiem"], "featured": ["an-toan"]}
    ordered = api.put("/api/v1/topic-order", json=body, headers=seen).json()["topics"]
    assert [each["slug"] for each in ordered][:2] == ["an-toan", "bao-hiem"]
    assert [each["slug"] for each in ordered if each["featured"]] == ["an-toan"]
    assert api.put("/api/v1/topic-order", json=body, headers=seen).status_code == 412


def test_a_topic_merged_away_leads_to_the_other(api: TestClient) -> None:
    merged = api.post("/api/v1/topics/thai-san/merge", json={"into": "bao-hiem"})
    assert merged.json()["into"] == "bao-hiem"
    assert merged.json()["episodes"] > 0
    moved = api.get("/api/v1/topics/thai-san")
    assert (moved.status_code, moved.headers["location"]) == (308, "/api/v1/topics/bao-hiem")
    assert api.post("/api/v1/topics/thai-san/merge", json={"into": "bao-hiem"}).status_code == 404


def test_programmes(api: TestClient) -> None:
    made = api.post("/api/v1/programmes", json={"title": "Tiếng nói thợ", "organisation": HERE})
    assert made.json() == {
        "slug": "tieng-noi-tho", "title": "Tiếng nói thợ", "language": "vi", "description": "", "organisation": HERE
    }  # fmt: skip
    path = made.headers["location"]
    changed = api.patch(path, json={"organisation": ELSEWHERE}, headers=tagged(api, path))
    assert changed.json()["organisation"] == ELSEWHERE
    assert api.patch(path, json={"organisation": "x"}, headers={"If-Match": "*"}).status_code == 404
    assert api.post(f"{path}/merge", json={"into": "diem-hen"}).status_code == 200
    assert api.get(path).headers["location"] == "/api/v1/programmes/diem-hen"


def test_organisations(api: TestClient) -> None:
    path = f"/api/v1/organisations/{HERE}"
    changed = api.patch(path, json={"name": "Công đoàn Biên Hòa"}, headers=tagged(api, path))
    assert changed.json() == {"slug": HERE, "name": "Công đoàn Biên Hòa"}
    listed = api.get("/api/v1/organisations").json()["organisations"]
    assert changed.json() in listed
    assert api.get("/api/v1/organisations/none").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        None, [], "x", {}, {"name_vi": 1}, {"name_vi": ""}, {"name_vi": "x", "nameen": "y"}, {"name_vi": "..."},
        {"name_vi": "x", "synonyms": "y"}, {"name_vi": "x", "synonyms": [1]}, {"name_vi": "x", "featured": 1},
        {"name_vi": "x", "slug": "Ô"}, {"name_vi": "x" * 201},
    ],
)  # fmt: skip
def test_a_topic_that_can_t_be_one_is_refused_with_a_sentence(api: TestClient, body: Any) -> None:
    answer = api.post("/api/v1/topics", json=body)
    assert answer.status_code == 400
    assert len(answer.json()["detail"]) > 20


def test_hostile_text_comes_out_as_text(api: TestClient) -> None:
    hostile = '<img src=x onerror=alert(1)> \u202e "đảo" 😀'
    body = '{"name_vi": "' + hostile.replace('"', '\\"') + '", "name_en": "a\\u0000b \\ud800 c"}'
    headers = {"Content-Type": "application/json"}
    made = api.post("/api/v1/topics", content=body.encode(), headers=headers)
    assert made.status_code == 201
    assert made.json()["name_en"] == "ab c"
    assert "<img src=x" in made.json()["name_vi"]
    for number in ("NaN", "Infinity", "1e999999", "-" + "9" * 5000):
        wrong = api.post("/api/v1/topics", content=f'{{"name_vi": {number}}}', headers=headers)
        assert wrong.status_code == 400, number


def lexicon_change(api: TestClient, tag: str, **changes: object) -> Response:
    return api.post("/api/v1/lexicon/changes", json=changes, headers={"If-Match": tag})


def test_the_lexicon_is_changed_restored_and_never_overwritten(api: TestClient) -> None:
    read = api.get("/api/v1/lexicon")
    before, tag = read.json(), read.headers["etag"]
    entry = {"kind": "equivalent", "said": "lương tháng 13", "meant": "thưởng tết", "note": ""}
    made = lexicon_change(api, tag, added=[entry], note="Tết")
    assert made.status_code == 200
    assert entry in made.json()["entries"]
    other = {**entry, "said": "thưởng cuối năm"}
    late = lexicon_change(api, tag, added=[other])
    assert late.status_code == 412
    assert late.json()["theirs"] == {"added": [entry], "removed": []}
    assert late.json()["yours"] == {"added": [other], "removed": []}
    versions = api.get("/api/v1/lexicon/versions").json()["versions"]
    assert (versions[0]["number"], versions[0]["author"], versions[0]["note"]) == (
        before["version"] + 1,
        "editor",
        "Tết",
    )
    newest = {"If-Match": made.headers["etag"]}
    back = api.post("/api/v1/lexicon/restore", json={"version": before["version"]}, headers=newest)
    assert back.json()["entries"] == before["entries"]
    assert api.get(f"/api/v1/lexicon?version={before['version'] + 1}").json() == made.json()
    assert api.get("/api/v1/lexicon?version=999").status_code == 404
    assert api.post("/api/v1/lexicon/restore", json={"version": 1}).status_code == 428


@pytest.mark.parametrize(
    "changes",
    [{"added": 1}, {"added": [{}]}, {"added": [{"kind": "x", "said": "a", "meant": "b"}]}, {"x": 1}],
)
def test_a_change_of_the_lexicon_that_can_t_be_one(api: TestClient, changes: dict[str, object]) -> None:
    assert lexicon_change(api, "*", **changes).status_code == 400
