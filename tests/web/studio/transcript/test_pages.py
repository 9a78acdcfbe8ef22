from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from media.archive.episodes import Episode, Organisation, Programme
from tests.stores import a_recording
from tests.web.studio.conftest import Studio, csrf_in
from transcribe.cues import Cue, Word
from transcribe.transcripts import Transcript, TranscriptOrigin

HOSTILE = '<img src=x onerror=alert(1)> & "x"'
CUES = (
    Cue(0.5, 2.25, "Xin chào", (Word("Xin", 0.5, 0.7, 0.9), Word("chào", 0.7, 1.0, 0.4))),
    Cue(3, 4, "ở đồng này"),
)
API = "/api/v1/episodes/so-mot/transcript"
PAGE = "/studio/episodes/so-mot/transcript"


@pytest.fixture
def slug(studio: Studio) -> str:
    assert studio.services.studio is not None
    catalogue = studio.stores.catalogue
    studio.services.studio.taxonomy.save_organisation(
        Organisation("cong-doan-bien-hoa", "CĐ Biên Hòa"), None
    )
    catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    catalogue.save_programme(Programme("bh", "Biên Hòa", organisation="cong-doan-bien-hoa"))
    for number, (name, programme) in enumerate((("so-mot", "dh"), ("cua-bien-hoa", "bh")), 1):
        catalogue.add_episode(
            Episode(name, programme, HOSTILE, date(2026, 3, 1)), a_recording(f"{number:064x}")
        )
        made = Transcript("vi", TranscriptOrigin.MACHINE, CUES, "whisper")
        studio.stores.transcripts.save_transcript(name, made)
    return "so-mot"


def token(client: TestClient) -> dict[str, str]:
    return {"X-CSRF": csrf_in(client.get("/studio/account").text)}


def change(client: TestClient, before: str, after: str, seen: int = 1, api: str = API):  # type: ignore[no-untyped-def]
    edit = {"before": [[0.5, 2.25, before]], "after": [[0.5, 2.25, after]]}
    return client.post(f"{api}/edits", json={"seen": seen, "edits": [edit]}, headers=token(client))


def test_the_page_and_the_json(studio: Studio, slug: str) -> None:
    lan = studio.client("editor")
    page = lan.get(PAGE)
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    answer = lan.get(API)
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["cues"][0] == [0.5, 2.25, "Xin chào", [0.5, 0.7, 0.9, 0.7, 1, 0.4]]
    assert lan.get(API, headers={"If-None-Match": '"1"'}).status_code == 304


@pytest.mark.smoke
def test_edits_clashes_versions_and_restoring(studio: Studio, slug: str) -> None:
    lan, chief = studio.client("editor"), studio.client("admin")
    first = change(lan, "Xin chào", "Kính chào anh chị")
    assert first.status_code == 200
    assert (first.json()["version"], first.json()["others"]) == (2, [])
    refused = change(chief, "Xin chào", "Chào")
    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["clashes"][0]["now"][0][2] == "Kính chào anh chị"
    seen = lan.get(f"{API}/edits?since=1").json()
    assert seen["version"] == 2 and seen["edits"][0]["after"][0][2] == "Kính chào anh chị"
    assert [v["author"] for v in lan.get(f"{API}/versions").json()["versions"]] == ["editor", ""]
    assert lan.get(f"{API}/versions/1").json()["cues"][0][2] == "Xin chào"
    assert lan.get(f"{API}/versions/9").status_code == 404
    restored = lan.post(f"{API}/restore", json={"version": 1}, headers=token(lan))
    assert restored.json() == {"version": 3}
    compared = lan.get(f"{PAGE}/versions?from=2&to=3")
    assert '<mark class="differs">Kính</mark>' in compared.text


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"seen": 1},
        {"seen": "1", "edits": []},
        {"seen": 1, "edits": [[]]},
        {"seen": 1, "edits": [{"before": [[0, 1]], "after": []}]},
        {"seen": 1, "edits": [{"before": [], "after": [[5, 1e999, "x"]]}]},
        {"seen": 1, "edits": [{"before": [], "after": [[-1, 2, "x"]]}]},
        {"seen": 1, "edits": [{"before": [], "after": [[5, 6, "x y", [5, 6, 1]]]}]},
        {"seen": 1, "edits": [{"before": [], "after": [[5, 6, "x" * 100_000]]}]},
    ],
)
def test_what_cannot_be_read_changes_nothing(studio: Studio, slug: str, body: object) -> None:
    lan = studio.client("editor")
    import json

    headers = token(lan) | {"Content-Type": "application/json"}
    answer = lan.post(f"{API}/edits", content=json.dumps(body), headers=headers)
    assert answer.status_code == 400
    assert lan.get(API).json()["version"] == 1


def test_who_may_not_does_not(studio: Studio, slug: str) -> None:
    urls = [PAGE, f"{PAGE}/versions", f"{PAGE}.vtt", API, f"{API}/edits", f"{API}/versions", f"{API}/fixes"]
    nobody, moderator, theirs = (studio.client(role) for role in ("", "moderator", "contributor"))
    for url in urls:
        assert nobody.get(url).status_code in (303, 401)
        assert moderator.get(url).status_code == 403
        assert theirs.get(url).status_code == 403
    assert theirs.get("/studio/episodes/cua-bien-hoa/transcript").status_code == 200
    own = "/api/v1/episodes/cua-bien-hoa/transcript"
    assert change(theirs, "Xin chào", "Chào", api=own).status_code == 200
    assert change(theirs, "Xin chào", "Chào").status_code == 403
    assert change(moderator, "Xin chào", "Chào").status_code == 403
    assert nobody.post(f"{API}/edits", json={}).status_code == 401
    without = studio.client("editor").post(f"{API}/edits", json={"seen": 1, "edits": []})
    assert without.status_code == 403  # no form token


def test_the_glossary_by_calls(studio: Studio, slug: str) -> None:
    lan, theirs = studio.client("editor"), studio.client("contributor")
    made = lan.post(
        "/api/v1/glossary", json={"written": "Đồng Nai", "heard": ["đồng này"]}, headers=token(lan)
    )
    assert made.status_code == 201
    term = made.json()
    assert lan.get("/api/v1/glossary").json()["terms"] == [term]
    fix = lan.get(f"{API}/fixes").json()["fixes"][0]
    assert (fix["cue"], fix["text"], fix["reason"]) == ([3, 4, "ở đồng này"], "ở Đồng Nai", "heard")
    assert theirs.get("/api/v1/glossary").status_code == 200
    assert (
        theirs.post("/api/v1/glossary", json={"written": "X Y"}, headers=token(theirs)).status_code == 403
    )
    url = f"/api/v1/glossary/{term['id']}"
    better = {**term, "heard": [], "seen": term}
    assert lan.put(url, json=better, headers=token(lan)).status_code == 200
    assert lan.put(url, json=better, headers=token(lan)).status_code == 409
    for bad in ({}, {"written": 1}, {"written": "ab", "kind": "king"}, {"written": "ab", "heard": [1]}):
        assert lan.post("/api/v1/glossary", json=bad, headers=token(lan)).status_code == 400
    assert lan.delete(url, headers=token(lan)).status_code == 204
    assert lan.delete(url, headers=token(lan)).status_code == 404


def test_files_out_and_in_without_a_script(studio: Studio, slug: str) -> None:
    lan = studio.client("editor")
    file = lan.get(f"{PAGE}.vtt").text
    assert lan.get(f"{PAGE}.srt").text.startswith("1\n00:00:00,500")
    assert lan.get(f"{PAGE}.exe").status_code == 400
    csrf = csrf_in(lan.get(f"{PAGE}/versions").text)
    edited = file.replace("Xin chào", f"Chào {HOSTILE.replace('<', '&lt;').replace('>', '&gt;')}")
    form = {"csrf": csrf, "do": "look", "file": edited}
    looked = lan.post(f"{PAGE}/versions", data=form)
    assert looked.status_code == 200
    assert "onerror" in looked.text and "<img src=x" not in looked.text
    assert lan.get(API).json()["version"] == 1  # looking saves nothing
    done = lan.post(f"{PAGE}/versions", data={**form, "do": "replace", "seen": "1"})
    assert done.status_code == 303
    cues = lan.get(API).json()["cues"]
    assert cues[0][2] == f"Chào {HOSTILE}"
    assert cues[0][3][3:6] == [0.7, 0.747, 1.0] or len(cues[0][3]) == 3 * len(cues[0][2].split())
    again = lan.post(f"{PAGE}/versions", data={**form, "do": "replace", "seen": "1"})
    assert again.status_code == 409
    for bad in ({"do": "look", "file": "nothing"}, {"do": "restore", "version": "x"}, {"do": "dance"}):
        assert lan.post(f"{PAGE}/versions", data={"csrf": csrf, **bad}).status_code == 400


def test_an_episode_without_a_transcript_says_so(studio: Studio, slug: str) -> None:
    studio.stores.catalogue.add_episode(
        Episode("trong", "dh", "Trống", date(2026, 3, 2)), a_recording(f"{9:064x}")
    )
    lan = studio.client("editor")
    assert "chưa có lời thoại" in lan.get("/studio/episodes/trong/transcript").text
    assert lan.get("/api/v1/episodes/trong/transcript").json() == {
        "version": 0,
        "origin": None,
        "language": "",
        "cues": [],
    }
    assert lan.get("/studio/episodes/trong/transcript/versions").status_code == 200
    assert lan.get("/studio/episodes/khong-co/transcript").status_code == 404
