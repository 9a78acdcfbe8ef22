"""The `Changes` port on SQLAlchemy."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables import archive as t


class SqlChanges:
    """One row an episode: the number of its newest change and of the newest one indexed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def pending(self, limit: int = 100) -> list[tuple[str, int]]:
        query = (
            sa.select(t.changes.c.episode, t.changes.c.number)
            .where(t.changes.c.number > t.changes.c.settled)
            .order_by(t.changes.c.at, t.changes.c.episode)
            .limit(limit)
        )
        with self._db.read() as c:
            return [(row.episode, row.number) for row in c.execute(query)]

    def settle(self, episode: str, number: int) -> None:
        with self._db.write(f"episode/{episode}") as c:
            c.execute(
                t.changes.update()
                .where(t.changes.c.episode == episode, t.changes.c.settled < number)
                .values(settled=number)
            )
            c.execute(_again(episode).where(t.changes.c.settled > number))

    def again(self, episode: str) -> None:
        with self._db.write(f"episode/{episode}") as c:
            c.execute(_again(episode))


def _again(episode: str) -> sa.Update:
    settled = t.changes.c.number == t.changes.c.settled
    return (
        t.changes.update()
        .where(t.changes.c.episode == episode, settled)
        .values(number=t.changes.c.number + 1, at=now())
    )


def mark_changed(c: sa.Connection, episode: str) -> None:
    """Note, in the caller's transaction, that an episode's passages must be rebuilt."""
    row = t.changes.c.episode == episode
    if not c.execute(
        t.changes.update().where(row).values(number=t.changes.c.number + 1, at=now())
    ).rowcount:
        c.execute(t.changes.insert().values(episode=episode, number=1, settled=0, at=now()))
