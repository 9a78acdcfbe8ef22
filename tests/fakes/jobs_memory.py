"""In-memory jobs: nothing runs them; tests move them on with `update`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from media.errors import Conflict, NotFound
from media.jobs import ENDED, Job, JobState


class MemoryJobs:
    """Implements `media.jobs.Jobs`."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._numbers = count(1)

    def enqueue(self, episode: str) -> Job:
        """Add a queued job, as the catalogue does in its own transaction."""
        job = Job(f"job-{next(self._numbers)}", episode, JobState.QUEUED, created_at=datetime.now(UTC))
        self._jobs[job.id] = job
        return job

    def update(self, job: Job) -> Job:
        """Replace a job, as the worker does."""
        self._jobs[job.id] = replace(job, updated_at=datetime.now(UTC))
        return self._jobs[job.id]

    def jobs(self, limit: int = 100) -> list[Job]:
        return list(reversed(self._jobs.values()))[:limit]

    def job(self, id: str) -> Job:
        try:
            return self._jobs[id]
        except KeyError:
            raise NotFound(
                "There is no job “%(id)s”; see `tualai jobs` for those there are.", id=id
            ) from None

    def job_of(self, episode: str) -> Job | None:
        return next((job for job in self.jobs(len(self._jobs)) if job.episode == episode), None)

    def retry(self, id: str) -> Job:
        job = self.job(id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Conflict(
                "Job “%(id)s” is %(state)s; only a failed or cancelled one can be started again.",
                id=id,
                state=job.state,
            )
        return self.update(replace(job, state=JobState.QUEUED, error=None, finished_at=None))

    def cancel(self, id: str) -> Job:
        job = self.job(id)
        if job.state in ENDED:
            raise Conflict(
                "Job “%(id)s” has ended already (%(state)s); there is nothing to stop.",
                id=id,
                state=job.state,
            )
        return self.update(replace(job, state=JobState.CANCELLED, finished_at=datetime.now(UTC)))
