"""What monitoring sees of a worker's runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.jobs.plan import Key
from infra.monitoring.logs import job_id
from infra.monitoring.prometheus import PrometheusMetrics
from infra.processes.runner import PieceRunner
from media.archive.episodes import Episode, Programme
from media.jobs import JobState
from tests.stores import a_recording


def runs(step: str, outcome: str) -> float:
    text, _ = PrometheusMetrics(lambda: ()).written()
    return next(
        (
            sample.value
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
            if sample.name == "tualai_step_seconds_count"
            and sample.labels == {"step": step, "outcome": outcome}
        ),
        0.0,
    )


@pytest.fixture
def archive(empty_database: Path, tmp_path: Path) -> Iterator[Archive]:
    copy(empty_database, tmp_path / "tualai.sqlite")
    with open_archive(Settings(home=tmp_path, embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        yield opened


@pytest.mark.slow
def test_a_run_is_counted_by_what_came_of_it_and_its_lines_name_the_job(archive: Archive) -> None:
    job = archive.catalogue.add_episode(Episode("so", "dh", "Số", date(2026, 3, 15)), a_recording("a" * 64))
    named = set()
    handler = logging.Handler()
    handler.emit = lambda record: named.add(job_id.get())  # type: ignore[method-assign]
    logging.getLogger("tualai.worker").addHandler(handler)
    logging.getLogger("tualai.worker").setLevel(logging.INFO)
    failed = runs("playable", "failed")
    try:
        archive.jobs.begin(job)
        PieceRunner(archive, "w1").run(job, Key("playable"), 1)  # its file was never stored
    finally:
        logging.getLogger("tualai.worker").removeHandler(handler)
    assert archive.jobs.job(job).state is JobState.FAILED
    assert runs("playable", "failed") == failed + 1
    assert named == {job}
    assert job_id.get() == ""
