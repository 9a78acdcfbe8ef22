from __future__ import annotations

import json
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from infra.jobs.plan import STEPS
from media.jobs import Job, JobState
from tests.web.sample_archive import DRAFT, WAGES, Archive
from web.public import progress
from web.text.language import Language, read_languages
from web.views.progress import present_progress, step_name

ADDRESS = f"/api/v1/episodes/{WAGES}/progress"


@pytest.fixture
def running(archive: Archive) -> Job:
    job = archive.jobs.enqueue(WAGES)
    return archive.jobs.update(replace(job, state=JobState.RUNNING, step="Đọc phụ đề", fraction=0.5))


def test_one_snapshot(client: TestClient, running: Job) -> None:
    assert client.get(ADDRESS).json() == {
        "percent": 50, "step": "Đọc phụ đề", "left": "", "ended": False, "failed": False,
    }  # fmt: skip


def test_events_until_the_end(
    archive: Archive, client: TestClient, running: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0.01)
    states = iter(
        [
            running,
            running,
            replace(running, fraction=0.9),
            replace(running, state=JobState.DONE, fraction=1),
        ]
    )
    monkeypatch.setattr(archive.jobs, "job_of", lambda _: next(states))
    answer = client.get(ADDRESS, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert [each["percent"] for each in events] == [50, 90, 100]
    assert events[-1]["ended"]
    assert ": still here" in answer.text


def test_nothing_of_what_is_not_public(archive: Archive, client: TestClient) -> None:
    archive.jobs.enqueue(DRAFT)
    answer = client.get(f"/api/v1/episodes/{DRAFT}/progress")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("job", "step", "left"),
    [
        (Job("1", "e", JobState.QUEUED), "Đang chờ đến lượt", ""),
        (
            Job("1", "e", JobState.RUNNING, "Đọc phụ đề", 1, 5, seconds_left=20),
            "Bước 1/5: Đọc phụ đề",
            "còn chưa đến 1 phút",
        ),
        (Job("1", "e", JobState.RUNNING, "something new"), "something new", ""),
        (Job("1", "e", JobState.RUNNING, seconds_left=None), "đang xử lý", ""),
        (Job("1", "e", JobState.DONE, fraction=1), "Đã xong", ""),
    ],
)
def test_words(job: Job, step: str, left: str) -> None:
    view = present_progress(job, Language("vi"))
    assert (view.step, view.left) == (step, left)


def test_the_fraction_stays_within_bounds() -> None:
    assert present_progress(Job("1", "e", JobState.RUNNING, fraction=1.7), Language("vi")).percent == 100


def test_every_step_of_the_pipeline_has_an_english_title() -> None:
    english = read_languages()["en"]
    for step in STEPS:
        assert step_name(step.title, english) != step.title
