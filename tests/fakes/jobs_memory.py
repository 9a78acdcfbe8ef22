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
            raise NotFound(f"There is no job “{id}”; see `tualai jobs` for those there are.") from None

    def job_of(self, episode: str) -> Job | None:
        return next((job for job in self.jobs(len(self._jobs)) if job.episode == episode), None)

    def retry(self, id: str) -> Job:
        job = self.job(id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Conflict(
                f"Job “{id}” is {job.state}; only a failed or cancelled one can be started again."
            )
        return self.update(replace(job, state=JobState.QUEUED, error=None, finished_at=None))

    def cancel(self, id: str) -> Job:
        job = self.job(id)
        if job.state in ENDED:
            raise Conflict(f"Job “{id}” has ended already ({job.state}); there is nothing to stop.")
        return self.update(replace(job, state=JobState.CANCELLED, finished_at=datetime.now(UTC)))
