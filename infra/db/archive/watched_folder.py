"""What a watched folder has given already."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables.studio import watched_files as t
from media.errors import Message


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was found: `changed_at` in nanoseconds since 1970, as the file system tells."""

    path: str
    size_bytes: int
    changed_at: int


class SqlSeenFiles:
    """Files that were taken or refused, so that none is taken twice, also after a restart."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def knows(self, file: SeenFile) -> bool:
        """Whether this very file was dealt with."""
        with self._db.read() as c:
            return c.execute(sa.select(1).where(_is(file))).first() is not None

    def note(self, file: SeenFile, episode: str, error: Message | None = None) -> None:
        """It became, or is, this episode; or it was refused for `error`."""
        values = {"episode": episode, "error": error.dumps() if error else "", "at": now()}
        with self._db.write() as c:
            if not c.execute(t.update().where(_is(file)).values(**values)).rowcount:
                c.execute(
                    t.insert().values(
                        path=_kept(file.path),
                        size_bytes=file.size_bytes,
                        changed_at=file.changed_at,
                        **values,
                    )
                )

    def refused(self) -> list[tuple[str, Message]]:
        """Paths and reasons of what could not be taken, newest first."""
        query = sa.select(t.c.path, t.c.error).where(t.c.error != "").order_by(t.c.at.desc())
        with self._db.read() as c:
            return [(row.path, Message.loads(row.error)) for row in c.execute(query)]


def _is(file: SeenFile) -> sa.ColumnElement[bool]:
    return sa.and_(
        t.c.path == _kept(file.path), t.c.size_bytes == file.size_bytes, t.c.changed_at == file.changed_at
    )


def _kept(path: str) -> str:
    """A path that any database keeps, whatever bytes it has."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
