"""The `Documents` port on SQLAlchemy."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.tables.archive import episodes
from infra.db.tables.studio import documents as t
from media.archive.documents import Document
from media.errors import NotFound


class SqlDocuments:
    """Implements `media.archive.documents.Documents`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, document: Document) -> None:
        """See `Documents.add`."""
        row = sa.and_(t.c.id == document.id, t.c.episode == document.episode)
        with self._db.write() as c:
            if not c.execute(sa.select(1).where(episodes.c.slug == document.episode)).first():
                raise NotFound("There is no episode “%(episode)s”.", episode=document.episode)
            if not c.execute(t.update().where(row).values(filename=document.filename)).rowcount:
                c.execute(
                    t.insert().values(
                        id=document.id,
                        episode=document.episode,
                        filename=document.filename,
                        size_bytes=document.size_bytes,
                        created_at=now(),
                    )
                )
                note(c, "episode.document.add", document.episode, file=document.filename)

    def of_episode(self, episode: str) -> list[Document]:
        """See `Documents.of_episode`."""
        query = sa.select(t).where(t.c.episode == episode).order_by(t.c.created_at, t.c.id)
        with self._db.read() as c:
            rows = c.execute(query).mappings().all()
        return [Document(row["id"], row["episode"], row["filename"], row["size_bytes"]) for row in rows]

    def remove(self, episode: str, id: str) -> bool:
        """See `Documents.remove`."""
        row = sa.and_(t.c.id == id, t.c.episode == episode)
        with self._db.write() as c:
            name = c.execute(sa.select(t.c.filename).where(row)).scalar()
            if name is None:
                raise NotFound("This episode has no such document.")
            c.execute(t.delete().where(row))
            note(c, "episode.document.remove", episode, file=name)
            return not c.execute(sa.select(1).where(t.c.id == id)).first()
