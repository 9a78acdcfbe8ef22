"""What people see of jobs: one row each. The rest of what is written there is written with pieces."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from infra.db.archive.batches import read_job
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.errors import NotFound
from media.jobs import ENDED, Job, JobState


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
            raise NotFound("There is no job “%(id)s”; “tualai jobs” lists them.", id=id)
        return found[0]

    def job_of(self, episode: str) -> Job | None:
        """The newest job of an episode."""
        query = sa.select(t.jobs).where(t.jobs.c.episode == episode)
        found = self._select(query.order_by(t.jobs.c.created_at.desc()).limit(1))
        return found[0] if found else None

    def move(self, c: sa.Connection, id: str, before: Collection[JobState], state: JobState) -> bool:
        """Change a job's state inside the caller's transaction, where it is among `before`; whether it was."""
        values: dict[str, Any] = {"state": state, "error": None, "note": "", "seconds_left": None}
        values |= {"finished_at": now() if state in ENDED else None, "updated_at": now()}
        mine = sa.and_(t.jobs.c.id == id, t.jobs.c.state.in_(before))
        return c.execute(t.jobs.update().where(mine).values(**values)).rowcount == 1

    def seen(self, worker: str) -> None:
        """A worker lives."""
        with self._db.write(f"worker/{worker}") as c:
            row = t.workers.c.id == worker
            if not c.execute(t.workers.update().where(row).values(seen_at=now())).rowcount:
                c.execute(t.workers.insert().values(id=worker, seen_at=now()))

    def beats(self) -> dict[str, datetime]:
        """When each worker wrote last that it lives, by its own clock."""
        with self._db.read() as c:
            return dict(c.execute(sa.select(t.workers.c.id, t.workers.c.seen_at)).tuples().all())

    def workers(self, within_seconds: float) -> list[str]:
        """Workers seen lately."""
        since = now() - timedelta(seconds=within_seconds)
        with self._db.read() as c:
            return list(c.execute(sa.select(t.workers.c.id).where(t.workers.c.seen_at > since)).scalars())

    def forget(self, worker: str) -> None:
        """A worker has stopped in good order, or is dead."""
        with self._db.write(f"worker/{worker}") as c:
            c.execute(t.workers.delete().where(t.workers.c.id == worker))

    def _select(self, query: sa.Select[Any]) -> list[Job]:
        with self._db.read() as c:
            rows = c.execute(query).mappings().all()
        return [read_job(row) for row in rows]
