"""Cues of a broadcast while it goes on: added one after the other, told to who watches, found by search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.changes import mark_changed
from infra.db.outbox.events import tell
from infra.db.tables.captions import captioners, live_cues
from infra.db.transcripts.transcripts import row_of_cue
from transcribe.cues import Cue
from web.domain.events.events import public_channel


class SqlLiveCues:
    """Who makes an episode's captions, and what was made."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, episode: str, worker: str, seconds: float) -> float | None:
        """Make `worker` the one who captions an episode for so many seconds; return how far it was heard
        (seconds on the broadcast's clock, 0 at first). None when another one does it."""
        with self._db.write(f"captions/{episode}") as c:
            row = c.execute(sa.select(captioners).where(captioners.c.episode == episode)).first()
            until = now() + timedelta(seconds=seconds)
            if row is None:
                values = {"episode": episode, "worker": worker, "until": until, "heard": 0.0}
                c.execute(captioners.insert().values(values))
                return 0.0
            if row.worker != worker and row.until > now():
                return None
            mine = captioners.update().where(captioners.c.episode == episode)
            c.execute(mine.values(worker=worker, until=until))
            return float(row.heard)

    def add(self, episode: str, worker: str, cues: Sequence[Cue], heard: float) -> bool:
        """Add cues, and note how far the broadcast was heard. False, and nothing is added, when it is another
        worker's now."""
        with self._db.write(f"captions/{episode}") as c:
            mine = (captioners.c.episode == episode) & (captioners.c.worker == worker)
            if not c.execute(captioners.update().where(mine).values(heard=heard)).rowcount:
                return False
            if cues:
                count = sa.select(sa.func.count()).where(live_cues.c.episode == episode)
                first = c.execute(count).scalar() or 0
                rows = [
                    {"episode": episode, "number": first + n, "cue": row_of_cue(cue)}
                    for n, cue in enumerate(cues)
                ]
                c.execute(live_cues.insert(), rows)
                mark_changed(c, episode)
                for cue in cues:
                    told = {"start": round(cue.start, 3), "end": round(cue.end, 3), "text": cue.text}
                    tell(c, public_channel(episode), "cue", **told)
        return True
