"""What is received of broadcasts, on SQLAlchemy: renditions, segments, health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.events import tell
from infra.db.tables.live import broadcasts as b
from infra.db.tables.live import live_health as h
from infra.db.tables.live import live_renditions as r
from infra.db.tables.live import live_segments as s
from infra.db.tables.live import live_viewers as v
from media.errors import Conflict, Message, NotFound
from media.live.broadcast import SOURCE, Broadcast, Health, LiveRendition, LiveSegment, OnAir, Origin
from web.domain.events.events import desk_channel, public_channel

_SEEN = timedelta(seconds=30)


class SqlLive:
    """The half of `Broadcasts` that is about media."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add_rendition(self, episode: str, rendition: LiveRendition) -> None:
        """See `Broadcasts.add_rendition`."""
        mine = (r.c.episode == episode) & (r.c.take == rendition.take) & (r.c.name == rendition.name)
        with self._db.write(f"live/{episode}") as c:
            _check_session(c, episode, rendition.take)
            if not c.execute(r.update().where(mine).values(asdict(rendition))).rowcount:
                count = sa.select(sa.func.count()).where(r.c.episode == episode).scalar_subquery()
                c.execute(r.insert().values(episode=episode, position=count, **asdict(rendition)))

    def add_segment(self, segment: LiveSegment) -> LiveSegment:
        """See `Broadcasts.add_segment`."""
        values = {name: value for name, value in asdict(segment).items() if name != "id"}
        same = (
            (s.c.episode == segment.episode)
            & (s.c.rendition == segment.rendition)
            & (s.c.number == segment.number)
        )
        with self._db.write(f"live/{segment.episode}") as c:
            _check_session(c, segment.episode, segment.take)
            found = c.execute(sa.select(s).where(same)).mappings().first()
            if found is not None:
                return _segment(found)
            added = c.execute(s.insert().values(**values)).inserted_primary_key
            c.execute(b.update().where(b.c.episode == segment.episode).values(heard_at=now()))
            if segment.rendition == SOURCE and segment.discontinuity:
                tell(c, public_channel(segment.episode), "live", state="on_air")
            return replace(segment, id=added[0] if added else 0)

    def close_session(self, episode: str, take: int) -> None:
        """See `Broadcasts.close_take`."""
        mine = (b.c.episode == episode) & (b.c.take == take)
        with self._db.write(f"live/{episode}") as c:
            row = c.execute(sa.select(b.c.state, b.c.closed).where(mine)).first()
            if row is None or row.closed:
                return
            c.execute(b.update().where(mine).values(closed=True, heard_at=now()))
            if row.state == OnAir.RECEIVING:
                c.execute(b.update().where(mine).values(state=OnAir.INTERRUPTED))
                tell(c, public_channel(episode), "live", state="interrupted")

    def say_health(self, episode: str, take: int, health: Health) -> None:
        """See `Broadcasts.say_health`."""
        warning = health.warning
        told = {name: value for name, value in asdict(health).items() if name not in ("at", "viewers")}
        told["warning"] = str(warning or "")
        values = {"at": now(), "told": told | {"warning": warning.dumps() if warning else ""}}
        with self._db.write(f"live/{episode}") as c:
            _check_session(c, episode, take)
            c.execute(b.update().where(b.c.episode == episode).values(heard_at=now()))
            if not c.execute(h.update().where(h.c.episode == episode).values(values)).rowcount:
                c.execute(h.insert().values(episode=episode, **values))
            tell(c, desk_channel(episode), "health", **told, viewers=_viewers(c, episode))

    def health(self, episode: str) -> Health:
        """See `Broadcasts.health`."""
        with self._db.read() as c:
            row = c.execute(sa.select(h).where(h.c.episode == episode)).first()
            viewers = _viewers(c, episode)
        if row is None:
            return Health(viewers=viewers)
        warning = Message.loads(row.told["warning"]) if row.told["warning"] else None
        return Health(**{**row.told, "warning": warning}, at=row.at, viewers=viewers)

    def renditions(self, episode: str) -> list[LiveRendition]:
        """See `Broadcasts.renditions`."""
        names = [r.c[name] for name in LiveRendition.__dataclass_fields__]
        query = sa.select(*names).where(r.c.episode == episode).order_by(r.c.take, r.c.position)
        with self._db.read() as c:
            return [LiveRendition(**row) for row in c.execute(query).mappings()]

    def segments(self, episode: str, rendition: str = SOURCE, after: int = 0) -> list[LiveSegment]:
        """See `Broadcasts.segments`."""
        wanted = (s.c.episode == episode) & (s.c.rendition == rendition) & (s.c.id > after)
        with self._db.read() as c:
            return [
                _segment(row)
                for row in c.execute(sa.select(s).where(wanted).order_by(s.c.number)).mappings()
            ]

    def segment(self, episode: str, rendition: str, number: int) -> LiveSegment:
        """See `Broadcasts.segment`."""
        wanted = (s.c.episode == episode) & (s.c.rendition == rendition) & (s.c.number == number)
        with self._db.read() as c:
            row = c.execute(sa.select(s).where(wanted)).mappings().first()
        if row is None:
            raise NotFound("There is no such part of the broadcast.")
        return _segment(row)

    def give_up(self, episode: str, rendition: str, numbers: Sequence[int]) -> None:
        """See `Broadcasts.give_up`."""
        wanted = (s.c.episode == episode) & (s.c.rendition == rendition) & s.c.number.in_(list(numbers))
        with self._db.write() as c:
            c.execute(s.update().where(wanted).values(removed=True))

    def forget(self, episode: str) -> None:
        """See `Broadcasts.forget`."""
        with self._db.write() as c:
            for table in (s, r, h, v):
                c.execute(table.delete().where(table.c.episode == episode))


def stored(row: sa.RowMapping | dict[str, Any]) -> Broadcast:
    """A broadcast as its row has it."""
    values = {name: row[name] for name in Broadcast.__dataclass_fields__}
    values |= {"origin": Origin(row["origin"]), "state": OnAir(row["state"])}
    values["trouble"] = Message.loads(row["trouble"]) if row["trouble"] else None
    return Broadcast(**values)


def _segment(row: sa.RowMapping) -> LiveSegment:
    return LiveSegment(**row)


def _check_session(c: sa.Connection, episode: str, take: int) -> None:
    row = c.execute(sa.select(b.c.take, b.c.closed).where(b.c.episode == episode)).first()
    if row is None or row.take != take or row.closed:
        raise Conflict("Another connection sends for this broadcast now; this one is over.")


def _viewers(c: sa.Connection, episode: str) -> int:
    recent = (v.c.episode == episode) & (v.c.at > now() - _SEEN)
    return c.execute(sa.select(sa.func.sum(v.c.viewers)).where(recent)).scalar() or 0
