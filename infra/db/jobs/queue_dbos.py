"""The `Jobs` port on DBOS: asking for work. The working side is `infra/processes/worker_dbos.py`.

DBOS keeps its tables in the archive's own database, so that an episode, its job and that job's first piece
commit in one transaction, as do a piece's result and the pieces that follow from it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions, run_dbos_database_migrations

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.jobs.job_records import JobRecords
from infra.db.jobs.pieces import SqlPieces
from infra.jobs.leases import Lease
from infra.jobs.plan import KINDS, QUICK, Key, PieceKind
from media.errors import Conflict, Message
from media.jobs import Job, JobState

PIECE_WORKFLOW = "piece"
TAKE_QUEUE = "uploads"
TAKE_WORKFLOW = "take"
# What a version before pieces queued: the whole of a job.
OLD_QUEUE = "recordings"
OLD_WORKFLOW = "process"
# A fixed version: by default DBOS hashes the source and, after a deploy, silently skips what is queued.
APPLICATION_VERSION = "1"
_NEWER = PieceKind(QUICK, 3, "")
"""A piece of a newer version, which an older worker only hands on."""
_FORGOTTEN_SECONDS = 60.0
_CLEARED = 1000
_ALIVE = ("ENQUEUED", "DELAYED", "PENDING")

log = logging.getLogger("tualai.worker")


class DurableJobs:
    """Jobs as others see them, and the hand-over of new ones."""

    def __init__(self, database: Database, records: JobRecords) -> None:
        self._db = database
        self._records = records
        self.pieces = SqlPieces(database, self._enqueue_piece)
        self._opened: DBOSClient | None = None

    @property
    def _client(self) -> DBOSClient:
        if self._opened is None:
            # A server's connections are few: the site's own pool does. SQLite's are set up otherwise by DBOS.
            engine = None if self._db.is_sqlite else self._db.engine
            self._opened = DBOSClient(system_database_url=self._db.url, system_database_engine=engine)
        return self._opened

    def enqueue(self, connection: sa.Connection, job: str) -> None:
        """Queue a job's first piece inside the caller's transaction."""
        self.pieces.begin(connection, job)

    def enqueue_take(self, connection: sa.Connection, upload: str, attempt: int) -> None:
        """Queue the taking of an upload inside the caller's transaction."""
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": TAKE_WORKFLOW,
                "queue_name": TAKE_QUEUE,
                "workflow_id": f"{TAKE_WORKFLOW}-{upload}-{attempt}",
                "app_version": APPLICATION_VERSION,
            },
            upload,
        )

    def begin(self, job: str) -> None:
        """Queue the pieces of a job that a version before pieces queued as a whole."""
        with self._db.write() as c:
            self.pieces.begin(c, job)

    def jobs(self, limit: int = 100) -> list[Job]:
        return self._records.jobs(limit)

    def job(self, id: str) -> Job:
        return self._records.job(id)

    def job_of(self, episode: str) -> Job | None:
        return self._records.job_of(episode)

    def retry(self, id: str) -> Job:
        job = self._records.job(id)
        with self._db.write(f"job/{job.id}") as c:
            if not self._records.move(c, job.id, (JobState.FAILED, JobState.CANCELLED), JobState.QUEUED):
                raise Conflict(
                    "Job %(id)s is %(state)s; only a failed or cancelled one can be retried.",
                    id=job.id[:8],
                    state=job.state,
                )
            self.pieces.revive(c, job.id)
        return self._records.job(job.id)

    def cancel(self, id: str) -> Job:
        job = self._records.job(id)
        with self._db.write(f"job/{job.id}") as c:
            if not self._records.move(c, job.id, (JobState.QUEUED, JobState.RUNNING), JobState.CANCELLED):
                raise Conflict(
                    "Job %(id)s has ended (%(state)s); there is nothing to cancel.",
                    id=job.id[:8],
                    state=job.state,
                )
            stopped = self.pieces.stop(c, job.id)
        # A worker finds at its next report that its lease is gone, and stops its child process.
        self.forget(job.id, stopped)
        return self._records.job(job.id)

    def forget(self, job: str, pieces: Collection[tuple[Key, int]]) -> None:
        """Take pieces that nobody may do any more out of their queues."""
        names = [workflow_id(job, key, epoch) for key, epoch in pieces]
        self._client.cancel_workflows([*names, job])

    def failed(self, lease: Lease, state: JobState, error: Message | None) -> None:
        """A run has failed, and its job with it. Raises `LeaseLost`."""
        self.forget(lease.job, self.pieces.fail(lease, state, error))

    def recover_orphans(self, alive: Collection[str]) -> list[str]:
        """Queue anew what workers not among `alive` had in hand; return what that was."""
        pending = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        adopted = []
        for flow in pending:
            if flow.executor_id in alive:
                continue
            if flow.name == PIECE_WORKFLOW:
                job, key, epoch = piece_of(flow.workflow_id)
                if self.pieces.release(job, key, epoch, died=True):
                    adopted.append(f"job {job[:8]}, {key}")
            else:
                adopted.append(flow.workflow_id)
            # A stale call to a piece ends at once; DBOS then knows how it ended, if its first worker comes back.
            self._client.resume_workflow(flow.workflow_id, queue_name=flow.queue_name or OLD_QUEUE)
        return adopted

    def mend(self) -> None:
        """Queue anew what has waited long and is in no queue any more, by whatever accident."""
        waiting = self.pieces.waiting(now() - timedelta(seconds=_FORGOTTEN_SECONDS))
        for at in range(0, len(waiting), 100):
            some = {workflow_id(*piece): piece for piece in waiting[at : at + 100]}
            flows = self._client.list_workflows(workflow_ids=[*some], load_input=False, load_output=False)
            queued = {flow.workflow_id for flow in flows if flow.status in _ALIVE}
            for name in some.keys() - queued:
                log.warning("%s had fallen out of its queue", name)
                self.pieces.release(*some[name], died=False)

    def clear(self) -> None:
        """Remove DBOS's notes of pieces that ended yesterday or before: nobody asks for them, and they never end."""
        before = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        ended = self._client.list_workflows(
            name=PIECE_WORKFLOW,
            completed_before=before,
            limit=_CLEARED,
            load_input=False,
            load_output=False,
        )
        if ended:
            self._client.delete_workflows([flow.workflow_id for flow in ended])

    def close(self) -> None:
        """Give the connections back."""
        if self._opened is not None:
            self._opened.destroy()
            self._opened = None

    def _enqueue_piece(self, c: sa.Connection, job: str, key: Key, epoch: int, seconds: float) -> None:
        kind = KINDS.get(key.name, _NEWER)
        options: EnqueueOptions = {
            "workflow_name": PIECE_WORKFLOW,
            "queue_name": kind.queue,
            "workflow_id": workflow_id(job, key, epoch),
            "app_version": APPLICATION_VERSION,
            "priority": kind.priority,
        }
        if seconds:
            options["delay_seconds"] = seconds
        self._client.enqueue_in_transaction(c, options, job, key.name, key.number, epoch)


def workflow_id(job: str, key: Key, epoch: int) -> str:
    """Each epoch of a piece is a workflow of its own: what was queued twice is told apart."""
    return f"{job}/{key.name}/{key.number}/{epoch}"


def piece_of(workflow: str) -> tuple[str, Key, int]:
    """Job, piece and epoch of a workflow's id."""
    job, name, number, epoch = workflow.rsplit("/", 3)
    return job, Key(name, int(number)), int(epoch)


def migrate(database: Database) -> None:
    """Create or update DBOS's own tables."""
    run_dbos_database_migrations(database.url)
