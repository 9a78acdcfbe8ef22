"""The `EventLog` port on SQLAlchemy, and `tell`, which stores call in their own transactions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables.companion import events
from web.domain.events.events import Event

_LOCK = 7_208_514
"""Of PostgreSQL's advisory locks, the one that puts writers of events in a row: ids are given before they
are committed, and a reader that saw 8 before 7 was there would never look for 7 again."""

_INSERT = events.insert()


def tell(c: sa.Connection, channel: str, kind: str, **data: object) -> None:
    """Write an event in the caller's transaction, as its last statement: others wait until it commits."""
    if c.dialect.name == "postgresql":
        c.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    c.execute(_INSERT, {"channel": channel, "at": now(), "kind": kind, "data": data})


class SqlEvents:
    """Implements `web.domain.events.events.EventLog`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(self) -> int:
        """See `EventLog.newest`."""
        with self._db.read() as c:
            return c.execute(sa.select(sa.func.max(events.c.id))).scalar() or 0

    def after(self, id: int, limit: int = 1000, channels: Collection[str] | None = None) -> list[Event]:
        """See `EventLog.after`."""
        wanted = sa.select(events.c.id, events.c.channel, events.c.kind, events.c.data)
        wanted = wanted.where(events.c.id > id).order_by(events.c.id).limit(limit)
        if channels is not None:
            wanted = wanted.where(events.c.channel.in_(channels))
        with self._db.read() as c:
            return [Event(**row) for row in c.execute(wanted).mappings()]

    def kept_since(self) -> int:
        """See `EventLog.kept_since`."""
        with self._db.read() as c:
            first = c.execute(sa.select(sa.func.min(events.c.id))).scalar()
        return 0 if first is None else first - 1

    def sweep(self, older_than: timedelta) -> int:
        """Remove old events but the newest one; return how many."""
        newest = sa.select(sa.func.max(events.c.id)).scalar_subquery()
        old = events.delete().where(events.c.at < now() - older_than, events.c.id < newest)
        with self._db.write("events") as c:
            return c.execute(old).rowcount
