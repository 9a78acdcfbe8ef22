"""What people see of jobs: one row each, written by workers at most once a second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from infra.db import tables as t
from infra.db.clock import now
from infra.db.database import Database
from media.errors import NotFound
from media.jobs import Job, JobState


class JobRecords:
    """The jobs table and the heartbeats of workers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def jobs(self, limit: int = 100) -> list[Job]:
        """Newest first."""
        return self._select(sa.select(t.jobs).order_by(t.jobs.c.created_at.desc()).limit(limit))

    def job(self, id: str) -> Job:
        """By id, or by its first letters when these name one only. Raises `NotFound`."""
        match = t.jobs.c.id.startswith(id, autoescape=True) if id else sa.false()
        found = self._select(sa.select(t.jobs).where(match).limit(2))
        if len(found) != 1:
            raise NotFound(f"There is no job “{id}”; “tualai jobs” lists them.")
        return found[0]

    def job_of(self, episode: str) -> Job | None:
        """The newest job of an episode."""
        query = sa.select(t.jobs).where(t.jobs.c.episode == episode)
        found = self._select(query.order_by(t.jobs.c.created_at.desc()).limit(1))
        return found[0] if found else None

    def begin(self, id: str) -> None:
        """A worker has taken the job up, for the first time or again."""
        self._update(id, state=JobState.RUNNING, error=None, finished_at=None, started_at=now())

    def report(self, id: str, **values: Any) -> bool:
        """Write step, fraction, note …; False when the job was cancelled (then nothing is written)."""
        return self._update(id, only_running=True, **values) == 1

    def end(self, id: str, state: JobState, error: str | None = None) -> None:
        """The job has ended in `state`."""
        values: dict[str, Any] = {"state": state, "error": error, "seconds_left": None}
        if state is JobState.DONE:
            values |= {"fraction": 1.0, "note": ""}
        self._update(id, finished_at=now(), **values)

    def queue_again(self, id: str) -> None:
        """The job waits for a worker again."""
        self._update(id, state=JobState.QUEUED, error=None, finished_at=None)

    def seen(self, worker: str) -> None:
        """A worker lives."""
        with self._db.write() as c:
            row = t.workers.c.id == worker
            if not c.execute(t.workers.update().where(row).values(seen_at=now())).rowcount:
                c.execute(t.workers.insert().values(id=worker, seen_at=now()))

    def workers(self, within_seconds: float) -> list[str]:
        """Workers seen lately."""
        since = now() - timedelta(seconds=within_seconds)
        with self._db.read() as c:
            return list(c.execute(sa.select(t.workers.c.id).where(t.workers.c.seen_at > since)).scalars())

    def forget(self, worker: str) -> None:
        """A worker has stopped in good order."""
        with self._db.write() as c:
            c.execute(t.workers.delete().where(t.workers.c.id == worker))

    def _update(self, id: str, only_running: bool = False, **values: Any) -> int:
        where = t.jobs.c.id == id
        if only_running:
            where = sa.and_(where, t.jobs.c.state == JobState.RUNNING)
        with self._db.write() as c:
            return c.execute(t.jobs.update().where(where).values(**values, updated_at=now())).rowcount

    def _select(self, query: sa.Select[Any]) -> list[Job]:
        with self._db.read() as c:
            rows = c.execute(query).mappings().all()
        return [Job(**{**row, "state": JobState(row["state"])}) for row in rows]
