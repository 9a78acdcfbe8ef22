"""The timeline's page and calls: who may, what is saved, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from starlette.testclient import TestClient

from infra.db.outbox.audit import SqlAudit
from media.archive.episodes import (
    EpisodeState,
    Guest,
    Programme,
    Rendition,
    RenditionKind,
    renditions_prefix,
)
from tests.segments import save_segment
from tests.web.studio.conftest import Studio, csrf_in
from transcribe.cues import Cue
from transcribe.segments import Segment, SegmentKind, SegmentOrigin, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin

SLUG = "thang-ba"
PAGE = f"/studio/episodes/{SLUG}/timeline"
CALL = f"/api/v1/episodes/{SLUG}/segments"
HOSTILE = "<script>alert(1)</script> \"' \u202e\U0001f600\x00\x1b&amp;"
SHOWN = "<script>alert(1)</script> \"' \u202e\U0001f600 &amp;"


@pytest.fixture
def episode(studio: Studio) -> Studio:
    """An unpublished episode of the archive's own with two suggestions."""
    studio.stores.add(SLUG, guests=(Guest("Bà N."),), state=EpisodeState.REVIEW)
    cues = [Cue(n * 4.0, n * 4.0 + 3.9, f"Câu {n} về nghỉ thai sản.") for n in range(15)]
    studio.stores.transcripts.save_transcript(SLUG, Transcript("vi", TranscriptOrigin.MACHINE, tuple(cues)))
    studio.stores.transcripts.save_suggestions(
        SLUG,
        [
            Segment(
                SegmentKind.ANSWER,
                4,
                20,
                "Nghỉ bao lâu?",
                "Nghỉ thai sản bao lâu?",
                "chị L.",
                confidence=0.9,
            ),
            Segment(SegmentKind.CHAPTER, 0, 30, "Chào", confidence=0.4),
        ],
    )
    return studio


def ready(studio: Studio, role: str = "editor") -> tuple[TestClient, dict[str, str]]:
    client = studio.client(role)
    return client, {"X-CSRF": csrf_in(client.get(PAGE).text), "Accept": "application/json"}


def as_json(studio: Studio, index: int = 0, **values: object) -> dict[str, Any]:
    """A stored segment's change, as the page sends it."""
    found = ready(studio)[0].get(CALL).json()["segments"][index]
    return {"id": found["id"], "seen": found["version"], "segment": {**found, **values}}


def test_the_page_shows_suggestions_with_topics_proposed(episode: Studio) -> None:
    page = episode.client("editor").get(PAGE)
    assert page.status_code == 200
    assert "Nghỉ thai sản bao lâu?" in page.text and "0:04.0 – 0:20.0" in page.text
    assert '"guesses": {"thang-ba:answer:4000": ["thai-san"]}' in page.text


def test_accepting_is_saved_told_and_marks_the_episode_changed(episode: Studio) -> None:
    for slug, number in episode.stores.changes.pending():
        episode.stores.changes.settle(slug, number)
    client, headers = ready(episode)
    change = as_json(episode, 1, state="confirmed", topics=["thai-san"])
    answer = client.post(f"{CALL}/changes", json={"changes": [change]}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["saved"][0]["version"] == 2
    stored = episode.stores.transcripts.segments(SLUG)[1]
    assert (stored.state, stored.topics, stored.origin) == (
        SegmentState.CONFIRMED,
        ("thai-san",),
        SegmentOrigin.MACHINE,
    )
    assert [slug for slug, _ in episode.stores.changes.pending()] == [SLUG]
    entry = SqlAudit(episode.database).entries(subject=SLUG)[0]
    assert (entry.actor, entry.action) == ("editor", "segment.confirm")
    assert entry.detail["state"] == "suggested → confirmed"


@pytest.mark.smoke
def test_saving_over_somebody_elses_change_is_refused_with_theirs(episode: Studio) -> None:
    client, headers = ready(episode)
    mine, theirs = as_json(episode, 1, asker="chị Lành"), as_json(episode, 1, asker="chị Lan")
    chapter = as_json(episode, 0, title="Mở đầu")
    assert client.post(f"{CALL}/changes", json={"changes": [theirs]}, headers=headers).status_code == 200
    refused = client.post(f"{CALL}/changes", json={"changes": [chapter, mine]}, headers=headers)
    assert refused.status_code == 409 and refused.headers["content-type"].startswith(
        "application/problem+json"
    )
    assert refused.json()["now"][mine["id"]]["asker"] == "chị Lan"
    assert [s.title for s in episode.stores.transcripts.segments(SLUG)] == ["Chào", "Nghỉ bao lâu?"]
    again = client.post(f"{CALL}/changes", json={"changes": [theirs]}, headers=headers)
    assert again.status_code == 200, "what is there already is no clash"


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        ("", False, 401),
        ("admin", False, 200),
        ("editor", False, 200),
        ("moderator", False, 403),
        ("contributor", False, 403),
        ("contributor", True, 200),
    ],
)
def test_who_may(episode: Studio, role: str, own: bool, status: int) -> None:
    if own:
        episode.stores.catalogue.save_programme(
            Programme("dh", "Điểm hẹn", organisation="cong-doan-bien-hoa")
        )
    client = episode.client(role)
    change = as_json(episode, 1, asker="ai đó")
    page = client.get(PAGE)
    assert page.status_code == (303 if status == 401 else status)
    assert client.get(CALL).status_code == status
    assert client.get(f"/api/v1/episodes/{SLUG}/waveform").status_code == (404 if status == 200 else status)
    csrf = csrf_in(page.text) if status == 200 else "x"
    sent = client.post(f"{CALL}/changes", json={"changes": [change]}, headers={"X-CSRF": csrf})
    assert sent.status_code == status
    if status == 200:
        refused = client.post(f"{CALL}/changes", json={"changes": [change]}, headers={"X-CSRF": "wrong"})
        assert refused.status_code == 403
    form = {"csrf": csrf, "do": "remove", "id": change["id"], "version": "2"}
    assert client.post(PAGE, data=form).status_code == (303 if status == 200 else status)


def test_hostile_text_comes_out_as_text(episode: Studio) -> None:
    client, headers = ready(episode)
    values = {"title": HOSTILE, "question": HOSTILE, "asker": HOSTILE, "answerers": [HOSTILE, "\ud800x"]}
    answer = client.post(
        f"{CALL}/changes",
        content=json.dumps({"changes": [as_json(episode, 1, **values)]}),
        headers={**headers, "Content-Type": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    saved = answer.json()["saved"][0]
    assert saved["question"] == saved["asker"] == saved["title"] == saved["answerers"][0] == SHOWN
    assert saved["answerers"][1] in ("x", "?x")
    page = client.get(PAGE).text
    assert "<script>alert" not in page and "\x00" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "values",
    [
        {"question": "x" * 100_000},
        {"topics": ["khong-co"]},
        {"kind": "song"},
        {"start": "4"},
        {"start": 1e300},
        {"start": True},
        {"end": 4.2},
        {"answerers": "x"},
        {"topics": [1]},
        {"state": None},
        {"title": {}},
        {"origin": []},
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(episode: Studio, values: dict[str, object]) -> None:
    client, headers = ready(episode)
    sent = client.post(
        f"{CALL}/changes", json={"changes": [as_json(episode, 1, **values)]}, headers=headers
    )
    assert sent.status_code == 400 and len(sent.json()["detail"]) > 20


@pytest.mark.parametrize("body", [None, [], {}, {"changes": []}, {"changes": ["x"]}, {"changes": [{"id": 3}]},
                                  {"changes": [{"id": "a", "seen": "1"}]}, {"changes": [{"segment": None}]}])  # fmt: skip
def test_a_body_of_another_form_is_refused(episode: Studio, body: object) -> None:
    client, headers = ready(episode)
    assert client.post(f"{CALL}/changes", json=body, headers=headers).status_code == 400


def test_the_form_works_without_a_script(episode: Studio) -> None:
    client = episode.client("editor")
    csrf = csrf_in(client.get(PAGE).text)
    stored = episode.stores.transcripts.segments(SLUG)[1]
    form: dict[str, Any] = {
        "csrf": csrf, "id": stored.id, "version": "1", "kind": "answer", "start": "0:04.2", "end": "19,9",
        "question": "Em nghỉ bao lâu?", "asker": "chị L.", "answerers": "Bà N.\nÔng T.", "topics": ["thai-san"],
        "snap": "1", "do": "confirm",
    }  # fmt: skip
    assert client.post(PAGE, data=form).headers["location"] == f"{PAGE}?saved"
    found = episode.stores.transcripts.segments(SLUG)[1]
    assert (found.start, found.end, found.question, found.title) == (
        4,
        19.9,
        "Em nghỉ bao lâu?",
        "Em nghỉ bao lâu?",
    )
    assert found.answerers == ("Bà N.", "Ông T.") and found.state is SegmentState.CONFIRMED
    refused = client.post(PAGE, data={**form, "question": "Bản thứ hai?"})
    assert (
        refused.status_code == 409 and "Bản thứ hai?" in refused.text and "Em nghỉ bao lâu?" in refused.text
    )
    bad = client.post(PAGE, data={**form, "version": "2", "start": "mười giờ"})
    assert bad.status_code == 400 and "mười giờ" in bad.text


def test_splitting_merging_adding_and_removing_by_form(episode: Studio) -> None:
    client = episode.client("editor")
    csrf = csrf_in(client.get(PAGE).text)
    answers = lambda: [s for s in episode.stores.transcripts.segments(SLUG) if s.kind is SegmentKind.ANSWER]  # noqa: E731
    first = answers()[0]
    base = {
        "csrf": csrf,
        "kind": "answer",
        "id": first.id,
        "start": "0:04.0",
        "end": "0:20.0",
        "question": "Một?",
    }
    assert client.post(PAGE, data={**base, "version": "1", "do": "split", "at": "0:10"}).status_code == 303
    assert [(s.id == first.id, s.start, s.end) for s in answers()] == [(True, 4, 10), (False, 10, 20)]
    episode.stores.plays.count(SLUG, answers()[1].id, date(2026, 1, 1))
    merged = {**base, "end": "0:10.0", "version": "2", "do": "merge"}
    assert client.post(PAGE, data=merged).status_code == 303
    assert [(s.id, s.start, s.end) for s in answers()] == [(first.id, 4, 20)]
    assert client.post(PAGE, data={**base, "version": "3", "do": "remove"}).status_code == 303
    assert answers() == []
    new = {"csrf": csrf, "kind": "answer", "start": "0:30", "end": "0:40", "question": "Mới?", "do": "save"}
    assert client.post(PAGE, data=new).status_code == 303
    assert [(s.question, s.origin) for s in answers()] == [("Mới?", SegmentOrigin.EDITOR)]
    assert client.post(PAGE, data={**new, "do": "sing"}).status_code == 400


def test_the_waveform_comes_from_the_store(episode: Studio) -> None:
    recording = episode.stores.catalogue.episode(SLUG).recording
    assert recording is not None
    wave = Rendition("waveform", RenditionKind.WAVEFORM, "waveform.json")
    episode.stores.catalogue.save_renditions(recording, [wave])
    episode.services.archive.storage.put(
        f"{renditions_prefix(recording)}/waveform.json", BytesIO(b'{"peaks":""}')
    )
    answer = episode.client("editor").get(f"/api/v1/episodes/{SLUG}/waveform")
    assert answer.json() == {"peaks": ""} and "private" in answer.headers["cache-control"]


def test_an_unknown_episode_is_not_found(episode: Studio) -> None:
    client = episode.client("editor")
    for path in (PAGE, CALL, f"/api/v1/episodes/{SLUG}/waveform"):
        assert client.get(path.replace(SLUG, "khong-co")).status_code == 404


def test_another_episodes_segment_cannot_be_changed_here(episode: Studio) -> None:
    episode.stores.add("khac")
    other = save_segment(episode.stores.transcripts, "khac", Segment(SegmentKind.ANSWER, 1, 9, "Khác"))
    client, headers = ready(episode)
    stolen = replace(other, title="Lấy")
    change = {
        "id": other.id,
        "seen": 1,
        "segment": {"kind": "answer", "start": 1, "end": 9, "title": stolen.title},
    }
    assert client.post(f"{CALL}/changes", json={"changes": [change]}, headers=headers).status_code == 409
    adding = {**change, "seen": None}
    assert client.post(f"{CALL}/changes", json={"changes": [adding]}, headers=headers).status_code == 400
    assert episode.stores.transcripts.segments("khac")[0].title == "Khác"
