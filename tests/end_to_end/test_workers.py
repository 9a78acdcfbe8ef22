"""Several workers on one archive, in processes of their own, on both databases: what one loses another does, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from infra.db.database import Database
from infra.db.piece_tables import pieces
from infra.jobs_dbos import OLD_QUEUE, OLD_WORKFLOW
from tests.conftest import POSTGRESQL
from tests.end_to_end.crews import Place, until
from tests.infra.command_line import ROOT

pytestmark = pytest.mark.slow
TAKEN_OVER_SECONDS = 30
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
    database = Database(place.database_url or f"sqlite:///{place.home / 'tualai.sqlite'}")
    try:
        with database.read() as c:
            return list(c.execute(sa.select(pieces)))
    finally:
        database.close()


def test_a_frozen_worker_that_comes_back_does_no_harm(place: Place) -> None:
    job = place.take(150)
    with place.worker(1) as frozen:
        frozen.says("early 0 begins")
        frozen.freeze()
        with place.worker(2) as other:
            other.says("is taken over")
            taken = until(lambda: "early 0 begins" in other.said, TAKEN_OVER_SECONDS)
            until(lambda: place.job(job)["state"] == "done", 240)
            before = place.stored()
            frozen.resume()
            frozen.says("is no longer this worker's", 30)
            assert place.stored() == before and place.job(job)["state"] == "done"
    assert taken < TAKEN_OVER_SECONDS
    assert {row.state for row in rows(place)} == {"done"} and place.left_over() == []
    assert "Traceback" not in frozen.said + other.said


def test_a_killed_hosts_work_is_taken_over_in_time(place: Place) -> None:
    job = place.take(70)
    with place.worker(2) as other, place.worker(1, "--queues", "transcode") as dying:
        until(lambda: "early 0 begins" in dying.said + other.said, 60)
        victim, heir = (dying, other) if "early 0 begins" in dying.said else (other, dying)
        victim.kill()
        assert heir.says("early 0 begins", TAKEN_OVER_SECONDS) < TAKEN_OVER_SECONDS
        if victim is other:
            return  # the quick work has no worker left
        until(lambda: place.job(job)["state"] == "done", 120)


def test_a_worker_told_to_stop_hands_over_at_once(place: Place) -> None:
    place.take(150)
    with place.worker(1, TUALAI_WORKER_DRAIN="0") as leaving:
        leaving.says("early 0 begins")
        with place.worker(2) as other:
            other.says("takes quick")
            leaving.process.terminate()
            leaving.process.wait(timeout=10)
            assert "is handed over" in leaving.said
            until(lambda: any(f"early {n} begins" in other.said for n in (0, 1)), 8)
    epochs = {(row.name, row.number): (row.epoch, row.lost) for row in rows(place)}
    assert (2, 0) in epochs.values(), "handed over once, not counted as lost"


def test_what_an_older_version_queued_or_began_is_done_by_this_one(place: Place) -> None:
    queued, begun = place.take(5, "queued"), place.take(6, "begun")
    database = Database(place.database_url or f"sqlite:///{place.home / 'tualai.sqlite'}")
    with database.write() as c:
        c.execute(pieces.delete())
        c.execute(
            sa.text("DELETE FROM workflow_status")
            if database.is_sqlite
            else sa.text("DELETE FROM dbos.workflow_status")
        )
    subprocess.run(
        [sys.executable, "-c", ENQUEUE, database.url, queued, begun], cwd=ROOT, check=True, timeout=60
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
    database.close()
    with place.worker(1) as new:
        for job in (queued, begun):
            until(lambda job=job: place.job(job)["state"] == "done", 90, lambda: new.said[-3000:])
    assert [each["state"] for each in place.ask("episodes")] == ["published"] * 2
    assert "Traceback" not in new.said
