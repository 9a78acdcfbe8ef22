"""Several workers on one archive, in processes of their own, on both databases: what one loses another does, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.jobs.queue_dbos import OLD_QUEUE, OLD_WORKFLOW
from infra.db.tables.jobs import pieces
from tests.conftest import POSTGRESQL
from tests.end_to_end.crews import Place, Worker
from tests.infra.command_line import ROOT
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.slow
ENQUEUE = (
    "import sys\nfrom dbos import DBOSClient\nclient = DBOSClient(system_database_url=sys.argv[1])\n"
    f"how = {{'workflow_name': '{OLD_WORKFLOW}', 'queue_name': '{OLD_QUEUE}', 'app_version': '1'}}\n"
    "for job in sys.argv[2:]:\n    client.enqueue({**how, 'workflow_id': job}, job)\n"
)
"""What a version before pieces did when a recording came in."""


@pytest.fixture(params=["sqlite", POSTGRESQL])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty archive on each database in turn."""
    if request.param == "sqlite":
        return Place(tmp_path / "archive")
    database: Database = request.getfixturevalue("empty_postgresql")
    return Place(tmp_path / "archive", database.url)


def rows(place: Place) -> list[Any]:
    with place.database() as database, database.read() as c:
        return list(c.execute(sa.select(pieces)))


def victim_and_heir(one: Worker, two: Worker) -> tuple[Worker, Worker]:
    """The worker that is at the first chunk, and the other one."""
    until(lambda: "early 0 begins" in one.said + two.said, "one of them began")
    return (one, two) if "early 0 begins" in one.said else (two, one)


def test_a_frozen_worker_that_comes_back_does_no_harm(place: Place) -> None:
    job = place.take(60)
    with place.worker(1) as one, place.worker(2) as two:
        frozen, other = victim_and_heir(one, two)
        with place.database() as database:
            frozen.freeze(database)
        other.says("early 0 is taken over")
        until(lambda: place.job(job)["state"] == "done", "the job was done")
        before = place.stored()
        frozen.resume()
        frozen.says("early 0 is no longer this worker's")
        assert place.stored() == before and place.job(job)["state"] == "done"
    assert {row.state for row in rows(place)} == {"done"} and place.left_over() == []
    assert "Traceback" not in frozen.said + other.said


def test_a_killed_hosts_work_is_taken_over_in_time(place: Place) -> None:
    job = place.take(40)
    with place.worker(1) as one, place.worker(2) as two:
        victim, heir = victim_and_heir(one, two)
        victim.kill()
        heir.says("early 0 is taken over")
        until(lambda: place.job(job)["state"] == "done", "the job was done")


def test_a_worker_told_to_stop_hands_over_at_once(place: Place) -> None:
    place.take(60)
    with place.worker(1, TUALAI_WORKER_DRAIN="0") as one, place.worker(2, TUALAI_WORKER_DRAIN="0") as two:
        leaving, heir = victim_and_heir(one, two)
        leaving.process.terminate()
        leaving.process.wait(timeout=PATIENCE_SECONDS)
        assert "early 0 is handed over" in leaving.said
        heir.says("early 0 begins")
        assert "is taken over" not in heir.said
    assert {(row.epoch, row.lost) for row in rows(place) if (row.name, row.number) == ("early", 0)} <= {
        (2, 0), (3, 0),
    }  # fmt: skip


def test_what_an_older_version_queued_or_began_is_done_by_this_one(place: Place) -> None:
    queued, begun = place.take(5, "queued"), place.take(6, "begun")
    with place.database() as database:
        with database.write() as c:
            c.execute(pieces.delete())
            c.execute(
                sa.text("DELETE FROM workflow_status")
                if database.is_sqlite
                else sa.text("DELETE FROM dbos.workflow_status")
            )
        subprocess.run(
            [sys.executable, "-c", ENQUEUE, database.url, queued, begun],
            cwd=ROOT,
            check=True,
            timeout=PATIENCE_SECONDS,
        )
        schema = "" if database.is_sqlite else "dbos."
        with database.write() as c:  # the old version's worker is gone, with a first step done
            c.execute(
                sa.text(
                    f"UPDATE {schema}workflow_status SET status='PENDING', executor_id='old-1' WHERE workflow_uuid=:job"
                ),
                {"job": begun},
            )
            c.execute(
                sa.text(
                    f"INSERT INTO {schema}operation_outputs (workflow_uuid, function_id, function_name, output)"
                    " VALUES (:job, 1, 'playable', '0.0')"
                ),
                {"job": begun},
            )
    with place.worker(1) as new:
        until(
            lambda: {place.job(job)["state"] for job in (queued, begun)} == {"done"},
            lambda: f"both were done: {new.said[-3000:]}",
        )
    assert [each["state"] for each in place.ask("episodes")] == ["published"] * 2
    assert "Traceback" not in new.said
