"""What the database refers to in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables.archive import episodes, jobs, recordings
from infra.db.tables.live import broadcasts, live_segments
from infra.db.tables.studio import documents, replacements
from media.archive.documents import document_key
from media.jobs import ENDED


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that must be there, with its size in bytes."""

    key: str
    size_bytes: int


class SqlReferences:
    """Reads references; recordings that no episode has, and none is to get, are left out."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sources(self) -> dict[str, Expected]:
        """The source file of each recording in use, by the recording's id."""
        t = recordings
        with self._db.read() as c:
            rows = c.execute(sa.select(t.c.id, t.c.storage_key, t.c.size_bytes).where(_in_use()))
            return {row.id: Expected(row.storage_key, row.size_bytes) for row in rows}

    def source_of(self, recording: str) -> Expected | None:
        """The source of a recording; None when it is not in use."""
        t = recordings
        query = sa.select(t.c.storage_key, t.c.size_bytes).where((t.c.id == recording) & _in_use())
        with self._db.read() as c:
            row = c.execute(query).first()
        return Expected(row.storage_key, row.size_bytes) if row else None

    def documents(self) -> list[Expected]:
        """The documents of all episodes, each file once."""
        query = sa.select(documents.c.id, documents.c.size_bytes).distinct().order_by(documents.c.id)
        with self._db.read() as c:
            return [Expected(document_key(row.id), row.size_bytes) for row in c.execute(query)]

    def has_document(self, key: str) -> bool:
        """Whether an episode has the document that is kept there."""
        query = sa.select(documents.c.id).where(
            documents.c.id == key.rpartition("/")[2].removesuffix(".pdf")
        )
        with self._db.read() as c:
            return c.execute(query).first() is not None

    def live(self) -> Iterator[Expected]:
        """What was received of broadcasts and not given up since."""
        s, b = live_segments, broadcasts
        query = (
            sa.select(b.c.id.label("folder"), s.c.take, s.c.rendition, s.c.number, s.c.size_bytes)
            .join(b, b.c.episode == s.c.episode)
            .where(s.c.removed.is_(False))
            .order_by(s.c.id)
        )
        with self._db.read() as c:
            rows = c.execute(query).all()
        for row in rows:
            key = f"live/{row.folder}/{row.take}/{row.rendition}/{row.number}.m4s"
            yield Expected(key, row.size_bytes)

    def working_jobs(self) -> set[str]:
        """Jobs that have not ended."""
        with self._db.read() as c:
            return set(c.execute(sa.select(jobs.c.id).where(jobs.c.state.not_in(ENDED))).scalars())


def _in_use() -> sa.ColumnElement[bool]:
    of_episodes = sa.select(episodes.c.recording).where(episodes.c.recording.is_not(None))
    return recordings.c.id.in_(of_episodes) | recordings.c.id.in_(sa.select(replacements.c.recording))
