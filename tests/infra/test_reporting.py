"""From a step's progress to the job's row."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.reporting import Reporter, places
from infra.work import Step
from media.errors import Cancelled
from media.jobs import JobState
from tests.stores import Stores, sqlite_stores

STEPS = (Step("one", "Một", 1), Step("two", "Hai", 3))


@pytest.fixture
def sqlite(empty_database: Path, tmp_path: Path) -> Stores:
    stores = sqlite_stores(empty_database, tmp_path / "t.sqlite")
    stores.add()
    return stores


def test_places_share_the_whole_by_weight() -> None:
    found = places(STEPS)
    assert (found["one"].start, found["one"].end) == (0.0, 0.25)
    assert (found["two"].start, found["two"].end, found["two"].number) == (0.25, 1.0, 2)


def test_a_step_begins_by_writing_and_then_writes_at_most_once_a_second(sqlite: Stores) -> None:
    records = sqlite.jobs._records  # type: ignore[attr-defined]
    (job,) = records.jobs()
    records.begin(job.id)
    progress = Reporter(records, job.id, STEPS).step("two", 0.5, 1.0)
    first = records.job(job.id)
    assert (first.step, first.step_number, first.step_count) == ("Hai", 2, 2)
    assert first.fraction == pytest.approx(0.625)
    progress(1.0, "soon")
    assert records.job(job.id).fraction == pytest.approx(0.625)


def test_a_cancelled_job_stops_the_step(sqlite: Stores) -> None:
    records = sqlite.jobs._records  # type: ignore[attr-defined]
    (job,) = records.jobs()
    records.begin(job.id)
    reporter = Reporter(records, job.id, STEPS)
    reporter.step("one")
    records.end(job.id, JobState.CANCELLED)
    with pytest.raises(Cancelled):
        reporter.step("two")
    assert records.job(job.id).state is JobState.CANCELLED
