"""Pieces on both databases: taken once, committed by who holds the lease, handed over once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.jobs.job_records import JobRecords
from infra.db.jobs.pieces import MOST_LOST
from infra.db.jobs.queue_dbos import DurableJobs, piece_of, workflow_id
from infra.db.tables.jobs import pieces as p
from infra.jobs.leases import Lease, LeaseLost
from infra.jobs.plan import Key
from media.archive.episodes import EpisodeState
from media.errors import Conflict, Message
from media.jobs import JobState
from tests.stores import Stores, stores_on

FIRST = Key("playable")
STARTED = {
    "recording": "0" * 64, "replacing": False, "language": "vi", "gain": 0.0, "rungs": [], "chunks": [], "sound": False,
}  # fmt: skip


class Desk:
    def __init__(self, stores: Stores) -> None:
        stores.add()
        assert stores.database is not None and isinstance(stores.jobs, DurableJobs)
        self.stores, self.jobs, self.database = stores, stores.jobs, stores.database
        self.pieces, self.records = self.jobs.pieces, JobRecords(self.database)
        (job,) = self.jobs.jobs()
        self.job = job.id

    def lease(self, key: Key = FIRST, epoch: int = 1, token: str = "a") -> Lease:
        return Lease(self.job, key, epoch, token)

    def taken(self, key: Key = FIRST, epoch: int = 1, token: str = "a", worker: str = "w1") -> Lease:
        lease = self.lease(key, epoch, token)
        assert self.pieces.take(lease, worker)
        return lease

    def queued(self) -> dict[str, tuple[str, str, int]]:
        """What DBOS has queued: its state, queue and priority."""
        flows = self.jobs._client.list_workflows()
        return {
            flow.workflow_id: (flow.status, flow.queue_name or "", flow.priority or 0) for flow in flows
        }

    def rows(self) -> dict[Key, sa.Row]:  # type: ignore[type-arg]
        with self.database.read() as c:
            return {Key(row.name, row.number): row for row in c.execute(sa.select(p))}


@pytest.fixture
def desk(any_database: Database) -> Iterator[Desk]:
    stores = stores_on(any_database)
    yield Desk(stores)
    stores.jobs.close()  # type: ignore[attr-defined]


def test_a_result_queues_what_follows_in_its_transaction(desk: Desk) -> None:
    assert list(desk.queued().values()) == [("ENQUEUED", "quick", 1)]
    lease = desk.taken()
    assert desk.jobs.job(desk.job).state is JobState.RUNNING
    for _ in range(2):  # the first answer was lost on its way
        desk.pieces.finish(lease, STARTED)
    assert {key.name for key in desk.rows()} == {"playable", "pictures", "captions", "measure"}
    assert desk.queued()[workflow_id(desk.job, Key("measure"), 1)] == ("ENQUEUED", "quick", 4)
    assert not desk.pieces.take(desk.lease(token="b"), "w2"), "what is done is not done again"
    assert desk.pieces.wanted(desk.lease(Key("pictures")))[1] == {FIRST: STARTED}
    assert piece_of(workflow_id(desk.job, Key("early-sound", 3), 7)) == (desk.job, Key("early-sound", 3), 7)


def test_who_was_taken_for_dead_commits_nothing(desk: Desk) -> None:
    frozen = desk.taken()
    assert desk.pieces.release(desk.job, FIRST, 1, died=True)
    assert not desk.pieces.release(desk.job, FIRST, 1, died=True), "once only"
    assert not desk.pieces.take(desk.lease(token="c"), "w3"), "an old call finds nothing to do"
    heir = desk.taken(epoch=2, token="b", worker="w2")
    for late in (
        lambda: desk.pieces.finish(frozen, STARTED),
        lambda: desk.pieces.report(frozen, 0.5, "", lambda _: None),
        lambda: desk.pieces.postpone(frozen, 1, ""),
        lambda: desk.pieces.fail(frozen, JobState.FAILED, "x"),
        lambda: desk.pieces.check(frozen),
    ):
        with pytest.raises(LeaseLost):
            late()
    with desk.pieces.committing(frozen), pytest.raises(LeaseLost):
        desk.stores.catalogue.set_state("thang-ba", EpisodeState.PUBLISHED)
    assert desk.stores.catalogue.episode("thang-ba").state is EpisodeState.PROCESSING
    with desk.pieces.committing(heir):
        desk.stores.catalogue.set_state("thang-ba", EpisodeState.PUBLISHED)
    desk.pieces.finish(heir, STARTED)
    assert desk.stores.catalogue.episode("thang-ba").state is EpisodeState.PUBLISHED


def test_a_second_run_of_the_same_call_ends_the_first(desk: Desk) -> None:
    first = desk.taken()
    desk.taken(token="b")
    with pytest.raises(LeaseLost):
        desk.pieces.finish(first, STARTED)


def test_cancelling_ends_leases_and_a_retry_begins_where_it_was(desk: Desk) -> None:
    desk.pieces.finish(desk.taken(), STARTED)
    running = desk.taken(Key("pictures"))
    assert desk.jobs.cancel(desk.job).state is JobState.CANCELLED
    with pytest.raises(LeaseLost):
        desk.pieces.report(running, 0.1, "", lambda _: None)
    assert not desk.pieces.take(desk.lease(Key("captions")), "w1")
    states = {piece_of(name)[1].name: state for name, (state, _, _) in desk.queued().items()}
    assert states["captions"] == states["measure"] == "CANCELLED"
    assert states["pictures"] == "ENQUEUED", "it runs: it ends by itself, without its lease"
    with pytest.raises(Conflict):
        desk.jobs.cancel(desk.job)
    assert desk.jobs.retry(desk.job).state is JobState.QUEUED
    rows = desk.rows()
    assert rows[FIRST].state == "done" and rows[FIRST].epoch == 1
    assert {(row.state, row.epoch) for key, row in rows.items() if key != FIRST} == {("queued", 2)}


def test_a_failure_stops_the_rest_until_it_is_retried(desk: Desk) -> None:
    desk.pieces.finish(desk.taken(), STARTED)
    beside, failing = desk.taken(Key("captions")), desk.taken(Key("pictures"), token="b")
    desk.jobs.failed(failing, JobState.FAILED, Message("The disk is full."))
    assert desk.jobs.job(desk.job).error == Message("The disk is full.")
    with pytest.raises(LeaseLost):
        desk.pieces.finish(beside, True)
    desk.jobs.retry(desk.job)
    desk.pieces.finish(desk.taken(Key("pictures"), epoch=2), {"made": 1})
    assert desk.jobs.job(desk.job).error is None


def test_a_piece_that_ends_worker_after_worker_fails_its_job(desk: Desk) -> None:
    for epoch in range(1, MOST_LOST + 1):
        desk.taken(epoch=epoch)
        assert desk.pieces.release(desk.job, FIRST, epoch, died=True)
    job = desk.jobs.job(desk.job)
    assert job.state is JobState.FAILED and "memory" in str(job.error)
    desk.jobs.retry(desk.job)
    assert desk.taken(epoch=MOST_LOST + 1)


def test_progress_is_the_sum_of_the_pieces(desk: Desk) -> None:
    desk.pieces.finish(desk.taken(), STARTED)
    lease = desk.taken(Key("pictures"))
    desk.pieces.report(lease, 0.5, "half", lambda whole: 100 * (1 - whole))
    job = desk.jobs.job(desk.job)
    shares = {key: row.share for key, row in desk.rows().items()}
    assert job.fraction == pytest.approx(shares[FIRST] + 0.5 * shares[Key("pictures")])
    assert (job.step_number, job.step_count, job.note) == (2, 7, "half")
    assert job.seconds_left == pytest.approx(100 * (1 - job.fraction))


def test_not_now_is_later(desk: Desk) -> None:
    lease = desk.taken()
    desk.pieces.postpone(lease, 30, "The disk is full.")
    assert desk.queued()[workflow_id(desk.job, FIRST, 2)][0] == "DELAYED"
    assert desk.pieces.tries(lease) == 1 and desk.jobs.job(desk.job).note == "The disk is full."


def test_what_fell_out_of_its_queue_is_put_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.db.jobs.queue_dbos._FORGOTTEN_SECONDS", -1.0)
    desk.jobs.mend()
    assert desk.rows()[FIRST].epoch == 1
    desk.jobs._client.cancel_workflow(workflow_id(desk.job, FIRST, 1))
    desk.jobs.mend()
    assert desk.rows()[FIRST].epoch == 2 and desk.queued()[workflow_id(desk.job, FIRST, 2)][0] == "ENQUEUED"


def test_a_job_of_a_version_before_pieces_is_cut_into_pieces(desk: Desk) -> None:
    with desk.database.write() as c:
        c.execute(p.delete())
    desk.jobs.begin(desk.job)
    desk.jobs.begin(desk.job)
    assert list(desk.rows()) == [FIRST]


def test_notes_of_pieces_that_ended_long_ago_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.jobs._client.cancel_workflow(workflow_id(desk.job, FIRST, 1))
    desk.jobs.clear()
    assert desk.queued()
    monkeypatch.setattr("infra.db.jobs.queue_dbos.timedelta", lambda **_: timedelta(seconds=-1))
    desk.jobs.clear()
    assert not desk.queued()


def test_a_job_whose_handed_files_are_gone_begins_anew(desk: Desk) -> None:
    desk.pieces.finish(desk.taken(), STARTED)
    desk.pieces.finish(desk.taken(Key("captions")), False)
    lost = desk.taken(Key("listen"))
    desk.pieces.start_over(lost)
    with pytest.raises(LeaseLost):
        desk.pieces.finish(lost, {})
    assert desk.rows()[FIRST].epoch == 2 and not desk.pieces.take(desk.lease(Key("measure")), "w1")
    desk.pieces.finish(desk.taken(epoch=2), STARTED | {"language": "en"})
    assert {(key.name, row.state) for key, row in desk.rows().items() if row.epoch == 2} == {
        ("playable", "done"), ("pictures", "queued"), ("captions", "queued"), ("measure", "queued"),
    }  # fmt: skip
    assert desk.rows()[Key("listen")].state == "waiting"
