"""The `AlreadyAnswered` port on SQLAlchemy."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from infra.db.tables.companion import answered_already as rows


class SqlAlreadyAnswered:
    """Implements `web.domain.questions.already_answered.AlreadyAnswered`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def count(self, segment: str, day: date) -> None:
        """See `AlreadyAnswered.count`."""
        known = sa.select(1).where(t.segments.c.id == segment, ~t.segments.c.removed)
        row = sa.and_(rows.c.segment == segment, rows.c.day == day)
        with self._db.write("answered already") as c:
            if not c.execute(known).first():
                return
            if not c.execute(rows.update().where(row).values(count=rows.c.count + 1)).rowcount:
                c.execute(rows.insert().values(segment=segment, day=day, count=1))

    def counts(self, since: date, until: date) -> dict[str, int]:
        """See `AlreadyAnswered.counts`."""
        query = sa.select(rows.c.segment, sa.func.sum(rows.c.count)).group_by(rows.c.segment)
        with self._db.read() as c:
            found = c.execute(query.where(rows.c.day >= since, rows.c.day <= until))
            return {segment: int(count) for segment, count in found}
