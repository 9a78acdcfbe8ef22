from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from media.archive.episodes import Rendition, RenditionKind
from media.jobs import JobState
from tests.web.sample_archive import DRAFT, LONG, MATERNITY, WAGES, Archive, recording_id

PAGE = f"/episodes/{MATERNITY}"


def player(page: str) -> str:
    found = re.search(r"<section class=\"player\"[^>]*>", page)
    assert found is not None
    return found.group()


@pytest.mark.parametrize(
    ("query", "start", "until"),
    [
        ("", "", ""),
        ("?t=75.5", "75.5", ""),
        ("?t=1m15s&until=140", "75", "140"),
        ("?t=140&until=75", "140", ""),
        ("?t=nonsense", "", ""),
        ("?t=99999", "", ""),
    ],
)
def test_it_starts_exactly_there(client: TestClient, query: str, start: str, until: str) -> None:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    assert f'data-start="{start}" data-until="{until}"' in player(answer.text)


def test_everything_is_on_the_page(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert "Tôi nghỉ thai sản được mấy tháng?" in page
    assert "Chị Lành, xưởng may hỏi" in page
    assert "Chỉ phát câu trả lời này" in page
    assert "Máy gợi ý" in page
    assert "Đã duyệt" in page
    assert "Phụ đề máy, có thể sai" in page
    assert "Giọng nói trong số này do máy đọc." in page
    assert "Tiết kiệm dữ liệu: chỉ nghe tiếng" in page
    assert "720p · 7,5\u00a0MB" in page
    assert f'src="{PAGE}/captions.vtt?version=1"' in page
    assert 'preload="none"' in page
    assert "autoplay" not in page


def test_captions_of_people_are_not_called_the_machines(client: TestClient) -> None:
    assert "Phụ đề máy" not in client.get(f"/episodes/{WAGES}").text


def test_linked_data_names_the_answers(client: TestClient) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(PAGE).text, re.S)
    assert found is not None
    data = json.loads(found.group(1))
    assert data["duration"] == "PT0H5M0S"
    assert data["hasPart"][0]["name"] == "Tôi nghỉ thai sản được mấy tháng?"
    assert data["hasPart"][0]["url"].startswith("https://tualai.example/episodes/")


def test_a_long_transcript_is_fetched_when_opened(client: TestClient) -> None:
    page = client.get(f"/episodes/{LONG}").text
    assert "data-t=" not in page
    assert "Mở lời thoại (2.000 câu)" in page
    assert client.get(f"/episodes/{LONG}/transcript").text.count("data-t=") == 2000
    assert client.get(PAGE).text.count("data-t=") == 70


def test_captions(client: TestClient) -> None:
    answer = client.get(f"{PAGE}/captions.vtt?version=1")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:03.800\nChào anh chị em")
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert client.get(f"{PAGE}/captions.vtt").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("slug", [DRAFT, "unknown", "..%2f..", "a" * 5000])
@pytest.mark.parametrize("ending", ["", "/transcript", "/captions.vtt"])
def test_what_is_not_public_is_not_there(client: TestClient, slug: str, ending: str) -> None:
    answer = client.get(f"/episodes/{slug}{ending}")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text
    assert "Không tìm thấy trang này" in answer.text


def test_processing_is_shown(archive: Archive, client: TestClient) -> None:
    job = archive.jobs.enqueue(WAGES)
    running = replace(
        job,
        state=JobState.RUNNING,
        step="Nhận dạng lời nói",
        step_number=3,
        step_count=6,
        fraction=0.45,
        seconds_left=125,
    )
    archive.jobs.update(running)
    page = client.get(f"/episodes/{WAGES}").text
    assert "Bước 3/6: Nhận dạng lời nói" in page
    assert "45 %" in page
    assert "còn khoảng 2 phút" in page
    archive.jobs.update(replace(running, state=JobState.FAILED, error="Disk full."))
    failed = client.get(f"/episodes/{WAGES}").text
    assert "Có bước chưa làm được" in failed
    assert "Disk full" not in failed
    archive.jobs.update(replace(running, state=JobState.DONE))
    assert "data-progress" not in client.get(f"/episodes/{WAGES}").text


def test_an_episode_that_cannot_be_played_yet(archive: Archive, client: TestClient) -> None:
    archive.catalogue._renditions.clear()
    page = client.get(PAGE).text
    assert "data-player" not in page
    assert "Chương trình này chưa có bản để phát" in page


def test_pictures_for_seeking_are_named_once_they_are_there(archive: Archive, client: TestClient) -> None:
    assert "data-preview" not in client.get(PAGE).text
    board = Rendition("storyboard", RenditionKind.STORYBOARD, "storyboard/storyboard.vtt")
    archive.catalogue.save_renditions(recording_id(1), [board])
    assert f'data-preview="/media/{recording_id(1)}/storyboard/storyboard.vtt"' in client.get(PAGE).text
