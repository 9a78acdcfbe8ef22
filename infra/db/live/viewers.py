"""The `Viewers` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.events import tell
from infra.db.tables.live import broadcasts
from infra.db.tables.live import live_viewers as v
from web.domain.events.events import desk_channel

FORGOTTEN_AFTER = timedelta(seconds=30)


class SqlViewers:
    """Implements `web.domain.events.viewers.Viewers`. Remembers what this process told the desks last."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._told: dict[str, int] = {}

    def report(self, process: str, counts: Mapping[str, int]) -> None:
        """See `Viewers.report`."""
        with self._db.write("viewers") as c:
            moment = now()
            c.execute(v.delete().where(sa.or_(v.c.site == process, v.c.at < moment - FORGOTTEN_AFTER)))
            known = sa.select(broadcasts.c.episode).where(broadcasts.c.episode.in_(list(counts)))
            rows = [
                {"site": process, "episode": each, "viewers": counts[each], "at": moment}
                for each in c.execute(known).scalars()
                if counts[each] > 0
            ]
            if rows:
                c.execute(v.insert(), rows)
            summed = sa.select(v.c.episode, sa.func.sum(v.c.viewers)).group_by(v.c.episode)
            sums = {episode: int(count) for episode, count in c.execute(summed)}
            for episode in sorted(sums.keys() | self._told.keys()):
                if sums.get(episode, 0) != self._told.get(episode, 0):
                    tell(c, desk_channel(episode), "viewers", count=sums.get(episode, 0))
        self._told = sums
