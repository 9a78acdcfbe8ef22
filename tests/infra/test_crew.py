"""What becomes of a piece, however its run ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from infra.archive import Archive
from infra.crew import PIECES, Crew
from infra.plan import KINDS, Key
from infra.settings import Settings
from infra.wiring import open_archive
from infra.work import HandedFilesGone, Work
from media.episodes import Episode, Programme
from media.errors import InvalidInput, Unavailable
from media.jobs import Job, JobState
from media.progress import Progress
from tests.stores import a_recording

FIRST = Key("playable")
LATER = datetime(2999, 1, 1)
RESULT = {
    "recording": "1" * 64,
    "replacing": False,
    "language": "vi",
    "rungs": [],
    "chunks": [],
    "sound": False,
}
Do = Callable[[Work, Progress], Any]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("crew")
    with open_archive(Settings(home=home, embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        yield opened


@pytest.fixture
def job(archive: Archive) -> str:
    number = len(archive.catalogue.episodes())
    episode = Episode(f"so-{number}", "dh", "Số", date(2026, 3, 1))
    return archive.catalogue.add_episode(episode, a_recording(f"{number:064x}"))


@pytest.fixture
def run(archive: Archive, job: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Run the first piece, done as given, by a crew; return the job then."""

    def running(do: Do, crew: Crew | None = None, epoch: int = 1) -> Job:
        monkeypatch.setitem(PIECES, "playable", do)
        (crew or Crew(archive, "w1")).run(job, FIRST, epoch)
        return archive.jobs.job(job)

    return running


def piece(archive: Archive, job: str) -> tuple[str, int]:
    """State and epoch of a job's first piece."""
    for found, key, epoch in archive.jobs.pieces.waiting(LATER):
        if (found, key) == (job, FIRST):
            return "queued", epoch
    return "other", 0


def test_a_result_is_kept(archive: Archive, job: str, run: Callable[..., Job]) -> None:
    assert run(lambda *_: RESULT).state is JobState.RUNNING
    queued = {key.name for found, key, _ in archive.jobs.pieces.waiting(LATER) if found == job}
    assert queued == {"pictures", "captions", "measure"}


def test_a_sentence_fails_the_job(run: Callable[..., Job]) -> None:
    def refuse(*_: Any) -> None:
        raise InvalidInput("The file is no recording.")

    job = run(refuse)
    assert (job.state, job.error) == (JobState.FAILED, "The file is no recording.")


def test_what_nobody_expected_fails_the_job_too(run: Callable[..., Job]) -> None:
    job = run(lambda *_: 1 / 0)
    assert job.state is JobState.FAILED and "ZeroDivisionError" in (job.error or "")


def test_not_now_is_tried_again_later_and_told(archive: Archive, job: str, run: Callable[..., Job]) -> None:
    def away(*_: Any) -> None:
        raise Unavailable("The disk is full.")

    told = run(away)
    assert (told.state, told.note, piece(archive, job)) == (
        JobState.RUNNING,
        "The disk is full.",
        ("queued", 2),
    )
    for epoch in range(2, 11):
        told = run(away, epoch=epoch)
    assert (told.state, told.error) == (JobState.FAILED, "The disk is full.")


def test_who_is_overtaken_leaves_no_files(archive: Archive, job: str, run: Callable[..., Job]) -> None:
    places = []

    def overtaken(work: Work, _progress: Progress) -> Any:
        archive.storage.put(f"{work.place}/words.json", BytesIO(b"[]"))
        places.append(work.place)
        assert archive.jobs.pieces.hand_over(job, FIRST, 1, died=True)
        return RESULT

    run(overtaken)
    assert places and list(archive.storage.list(places[0])) == [] and piece(archive, job) == ("queued", 2)


def test_what_was_handed_over_and_is_gone_is_made_again(
    archive: Archive, job: str, run: Callable[..., Job]
) -> None:
    def gone(work: Work, _progress: Progress) -> Any:
        with work.handed(f"work/{job}/x/window-0000.wav"):
            return RESULT

    assert run(gone).state is JobState.RUNNING and piece(archive, job) == ("queued", 2)
    with pytest.raises(HandedFilesGone):
        gone(Work(archive, archive.catalogue.episodes()[0], a_recording("0"), {}, job), lambda *_: None)


def test_a_draining_worker_begins_nothing(archive: Archive, job: str, run: Callable[..., Job]) -> None:
    crew = Crew(archive, "w1")
    crew.draining.set()
    assert run(lambda *_: pytest.fail("begun"), crew).state is JobState.QUEUED
    assert piece(archive, job) == ("queued", 2)


def test_a_piece_of_a_newer_version_is_left_to_it(
    archive: Archive, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PIECES, "playable")
    monkeypatch.delitem(KINDS, "playable")
    crew = Crew(archive, "w1")
    monkeypatch.setattr(crew.draining, "wait", lambda _: False)
    crew.run(job, FIRST, 1)
    assert piece(archive, job) == ("queued", 2) and archive.jobs.job(job).state is JobState.QUEUED


def test_a_stopped_worker_hands_over_what_runs(archive: Archive, job: str, run: Callable[..., Job]) -> None:
    crew = Crew(archive, "w1")

    def stopped(_work: Work, progress: Progress) -> Any:
        assert crew.busy
        crew.hand_over()
        progress(0.5, "")

    run(stopped, crew)
    assert piece(archive, job) == ("queued", 2) and not crew.busy


def test_a_result_waits_for_the_database(
    archive: Archive, job: str, run: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces, left = archive.jobs.pieces, [2]
    finish = pieces.finish

    def late(*given: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise Unavailable("The database did not answer.")
        finish(*given)

    monkeypatch.setattr(pieces, "finish", late)
    crew = Crew(archive, "w1")
    monkeypatch.setattr(crew.closing, "wait", lambda _: False)
    run(lambda *_: RESULT, crew)
    assert left == [0] and piece(archive, job) == ("other", 0)


def test_what_a_killed_worker_had_is_recovered_by_its_heir(
    archive: Archive, job: str, run: Callable[..., Job]
) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit  # as far as the rows go

    with pytest.raises(SystemExit):
        run(killed)
    Crew(archive, "w2").recover()
    assert piece(archive, job) == ("other", 0)
    Crew(archive, "w1").recover()
    assert piece(archive, job) == ("queued", 2)


def test_files_are_named_by_their_bytes(tmp_path: Path) -> None:
    from infra.work import digest

    for name in ("a", "b"):
        (tmp_path / name / "480p").mkdir(parents=True)
        (tmp_path / name / "480p/seg.m4s").write_bytes(b"same")
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    (tmp_path / "b/480p/seg.m4s").write_bytes(b"other")
    assert digest(tmp_path / "a") != digest(tmp_path / "b")
