"""The `Replacements` port on SQLAlchemy."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from infra.db.archive.batches import read_recording
from infra.db.archive.catalogue import Enqueue, job_row, recording_row, upsert
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.studio import replacements as r
from media.archive.episodes import Recording
from media.errors import Conflict, NotFound


class SqlReplacements:
    """Implements `media.archive.replacements.Replacements`."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        self._db, self._enqueue = database, enqueue

    def replace_recording(self, episode: str, recording: Recording) -> str | None:
        """See `Replacements.replace_recording`."""
        job = uuid.uuid4().hex
        with self._db.write() as c:
            row = c.execute(sa.select(t.episodes.c.recording).where(t.episodes.c.slug == episode)).first()
            if row is None:
                raise NotFound("There is no episode “%(episode)s”.", episode=episode)
            if row.recording == recording.id:
                return None
            _check_free(c, recording.id, episode)
            upsert(c, t.recordings, {"id": recording.id}, recording_row(recording))
            _give_up(c, episode)
            c.execute(t.jobs.insert().values(**job_row(job, episode)))
            c.execute(
                r.insert().values(
                    job=job, episode=episode, recording=recording.id, replaced=row.recording or ""
                )
            )
            note(c, "episode.replace", episode, file=recording.filename, recording=recording.id)
            self._enqueue(c, job)
        return job

    def recording_of(self, job: str) -> Recording | None:
        """See `Replacements.recording_of`."""
        query = sa.select(t.recordings).join(r, r.c.recording == t.recordings.c.id).where(r.c.job == job)
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        return read_recording(row) if row is not None else None

    def put_in_place(self, job: str) -> str | None:
        """See `Replacements.put_in_place`."""
        with self._db.write() as c:
            row = c.execute(sa.select(r).where(r.c.job == job)).first()
            if row is None:
                return None
            _check_free(c, row.recording, row.episode)
            mine = t.episodes.c.slug == row.episode
            c.execute(t.episodes.update().where(mine).values(recording=row.recording))
            mark_changed(c, row.episode)
            replaced: str = row.replaced
            return replaced

    def forget(self, job: str) -> None:
        """See `Replacements.forget`."""
        with self._db.write() as c:
            row = c.execute(sa.select(r).where(r.c.job == job)).first()
            if row is None:
                return
            c.execute(r.delete().where(r.c.job == job))
            used = sa.exists().where(t.episodes.c.recording == row.replaced)
            wanted = sa.exists().where(r.c.recording == row.replaced)
            c.execute(t.recordings.delete().where(t.recordings.c.id == row.replaced, ~used, ~wanted))


def _give_up(c: sa.Connection, episode: str) -> None:
    """A replacement that is not in place yet loses its claim; its job then works on the episode's own."""
    own = sa.select(t.episodes.c.recording).where(t.episodes.c.slug == episode).scalar_subquery()
    c.execute(r.delete().where(r.c.episode == episode, r.c.recording != own))


def _check_free(c: sa.Connection, recording: str, episode: str) -> None:
    holder = c.execute(
        sa.select(t.episodes.c.slug).where(
            t.episodes.c.recording == recording, t.episodes.c.slug != episode
        )
    ).scalar()
    if holder is not None:
        raise Conflict(
            "This recording is in the archive already, as episode “%(episode)s”; nothing was replaced.",
            episode=holder,
        )
