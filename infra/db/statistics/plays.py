"""The `Plays` port on SQLAlchemy."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.archive.episodes import EpisodeState
from transcribe.segments import SegmentKind


class SqlPlays:
    """One number per segment and day."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def count(self, episode: str, segment: str, day: date) -> None:
        row = sa.and_(t.plays.c.segment == segment, t.plays.c.day == day)
        known = sa.select(1).where(
            t.segments.c.id == segment, t.segments.c.episode == episode, ~t.segments.c.removed
        )
        with self._db.write(f"episode/{episode}") as c:
            if not c.execute(known).first():
                return
            if not c.execute(t.plays.update().where(row).values(count=t.plays.c.count + 1)).rowcount:
                c.execute(t.plays.insert().values(segment=segment, day=day, count=1))

    def popular(self, since: date, limit: int) -> list[tuple[str, str]]:
        total = sa.func.sum(t.plays.c.count)
        query = (
            sa.select(t.segments.c.episode, t.segments.c.id)
            .join(t.plays, t.plays.c.segment == t.segments.c.id)
            .join(t.episodes, t.episodes.c.slug == t.segments.c.episode)
            .where(
                t.plays.c.day >= since,
                t.segments.c.kind == SegmentKind.ANSWER,
                ~t.segments.c.removed,
                t.episodes.c.state == EpisodeState.PUBLISHED,
            )
            .group_by(t.segments.c.episode, t.segments.c.id)
            .order_by(total.desc(), t.segments.c.id)
            .limit(limit)
        )
        with self._db.read() as c:
            return [(row.episode, row.id) for row in c.execute(query)]
