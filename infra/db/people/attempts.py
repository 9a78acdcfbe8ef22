"""The `Attempts` port: a fixed window from the first attempt, counted in the database for all processes."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.db.base.database import Database
from infra.db.tables.studio import attempts
from web.domain.accounts.attempts import Allowance

_SWEPT = 100
"""Rows that have ended, removed by the way, but none that anybody is counting in, and after
one's own is held: two who wait for each other never end."""


class SqlAttempts:
    """Implements `web.domain.accounts.attempts.Attempts`."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = database, clock

    def allow(self, allowance: Allowance, key: str) -> bool:
        """See `Attempts.allow`. Who has no attempt left waits for no writer."""
        moment, name = self._clock(), _name(allowance, key)
        count, ended = attempts.c.count, attempts.c.ends_at <= moment
        full = sa.select(count).where(attempts.c.key == name, ~ended, count >= allowance.count)
        others = sa.select(attempts.c.key).where(ended).limit(_SWEPT).with_for_update(skip_locked=True)
        with self._db.read() as c:
            if c.execute(full).first():
                return False
        with self._db.write(f"attempts/{name}") as c:
            insert = (sqlite if c.dialect.name == "sqlite" else postgresql).insert(attempts)
            first = insert.values(key=name, count=1, ends_at=moment + allowance.seconds)
            counted = first.on_conflict_do_update(
                index_elements=[attempts.c.key],
                set_={
                    "count": sa.case((ended, 1), else_=count + 1),
                    "ends_at": sa.case((ended, first.excluded.ends_at), else_=attempts.c.ends_at),
                },
                where=ended | (count < allowance.count),
            )
            allowed = c.execute(counted.returning(count)).first() is not None
            c.execute(attempts.delete().where(attempts.c.key.in_(others)))
        return allowed

    def forgive(self, allowance: Allowance, key: str) -> None:
        """See `Attempts.forgive`."""
        name = _name(allowance, key)
        with self._db.write(f"attempts/{name}") as c:
            c.execute(attempts.delete().where(attempts.c.key == name))


def _name(allowance: Allowance, key: str) -> str:
    """As the library `limits` wrote it: what was counted before an update stays counted."""
    return f"{allowance.kind}/{key}/{allowance.count}/{allowance.seconds}/second"
