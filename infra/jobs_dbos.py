"""The `Jobs` port on DBOS: asking for work. The working side is `infra/worker_dbos.py`.

DBOS keeps its tables in the archive's own database, so that an episode and the job that processes it
commit in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from dbos import DBOSClient, run_dbos_database_migrations

from infra.db.database import Database
from infra.db.job_records import JobRecords
from media.errors import Conflict
from media.jobs import ENDED, Job, JobState

QUEUE = "recordings"
WORKFLOW = "process"
TAKE_QUEUE = "uploads"
TAKE_WORKFLOW = "take"
# A fixed version: by default DBOS hashes the source and, after a deploy, silently skips what is queued.
APPLICATION_VERSION = "1"


class DurableJobs:
    """Jobs as others see them, and the hand-over of new ones."""

    def __init__(self, database: Database, records: JobRecords) -> None:
        self._db = database
        self._records = records
        self._opened: DBOSClient | None = None

    @property
    def _client(self) -> DBOSClient:
        if self._opened is None:
            self._opened = DBOSClient(system_database_url=self._db.url)
        return self._opened

    def enqueue(self, connection: sa.Connection, job: str) -> None:
        """Queue a job inside the caller's transaction."""
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": job,
                "app_version": APPLICATION_VERSION,
            },
            job,
        )

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

    def jobs(self, limit: int = 100) -> list[Job]:
        return self._records.jobs(limit)

    def job(self, id: str) -> Job:
        return self._records.job(id)

    def job_of(self, episode: str) -> Job | None:
        return self._records.job_of(episode)

    def retry(self, id: str) -> Job:
        job = self._records.job(id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Conflict(
                f"Job {job.id[:8]} is {job.state}; only a failed or cancelled one can be retried."
            )
        self._records.queue_again(job.id)
        failed = [step["function_id"] for step in self._client.list_workflow_steps(job.id) if step["error"]]
        if failed:
            self._client.rewind_workflow(job.id, start_step=min(failed), queue_name=QUEUE)
        else:
            self._client.resume_workflow(job.id, queue_name=QUEUE)
        return self._records.job(job.id)

    def cancel(self, id: str) -> Job:
        job = self._records.job(id)
        if job.state in ENDED:
            raise Conflict(f"Job {job.id[:8]} has ended ({job.state}); there is nothing to cancel.")
        # The worker sees the state at its next report, and stops its child process.
        self._records.end(job.id, JobState.CANCELLED)
        self._client.cancel_workflow(job.id)
        return self._records.job(job.id)

    def adopt_orphans(self, alive: Collection[str]) -> list[str]:
        """Queue again what workers not among `alive` had in hand; return those jobs' ids."""
        pending = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        orphans = [flow.workflow_id for flow in pending if flow.executor_id not in alive]
        for job in orphans:
            self._client.resume_workflow(job, queue_name=QUEUE)
        return orphans

    def close(self) -> None:
        """Give the connections back."""
        if self._opened is not None:
            self._opened.destroy()
            self._opened = None


def migrate(database: Database) -> None:
    """Create or update DBOS's own tables."""
    run_dbos_database_migrations(database.url)
