"""Takes and the end of broadcasts, on SQLAlchemy: who may send, who is fenced off, who makes the recording."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.live.received import SqlLive, stored
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.outbox.events import tell
from infra.db.tables import archive as t
from infra.db.tables.live import broadcasts as b
from infra.db.tables.live import live_segments as s
from media.archive.episodes import EpisodeState
from media.errors import Conflict, Forbidden, Message, NotFound
from media.live.broadcast import SOURCE, Broadcast, OnAir, Origin, PublishSession
from web.domain.events.events import public_channel

_STALE = timedelta(seconds=20)
"""A take whose intake has said nothing for so long was killed: what it left is all there is."""


class SqlPublishSessions(SqlLive):
    """The third of `Broadcasts` that is about being on air."""

    def episode_of(self, key: str) -> str:
        """See `Broadcasts.episode_of`."""
        with self._db.read() as c:
            episode: str = _by_key(c, key)["episode"]
        return episode

    def expect(self, key: str) -> str:
        """See `Broadcasts.expect`."""
        with self._db.write() as c:
            episode: str = _by_key(c, key)["episode"]
            c.execute(b.update().where(b.c.episode == episode).values(expected_at=now()))
            return episode

    def begin_session(self, key: str) -> PublishSession:
        """See `Broadcasts.begin_take`."""
        with self._db.write() as c:
            row = _by_key(c, key)
            episode, take = row["episode"], row["take"] + 1
            values = {"take": take, "state": OnAir.RECEIVING, "closed": False, "heard_at": now()}
            if row["began_at"] is None:
                values["began_at"] = now()
            c.execute(b.update().where(b.c.episode == episode).values(values))
            scheduled = (t.episodes.c.slug == episode) & (t.episodes.c.state == EpisodeState.SCHEDULED)
            if c.execute(t.episodes.update().where(scheduled).values(state=EpisodeState.LIVE)).rowcount:
                mark_changed(c, episode)
            count = sa.select(s.c.rendition, sa.func.max(s.c.number)).where(s.c.episode == episode)
            first = {name: number + 1 for name, number in c.execute(count.group_by(s.c.rendition))}
            ends = sa.select(sa.func.max(s.c.start + s.c.duration))
            base = c.execute(ends.where(s.c.episode == episode, s.c.rendition == SOURCE)).scalar()
            return PublishSession(stored(row_of(c, episode)), take, base or 0.0, first)

    def begin_elsewhere(self, episode: str) -> Broadcast:
        """See `Broadcasts.begin_elsewhere`."""
        with self._db.write() as c:
            row = row_of(c, episode)
            if row["origin"] != Origin.ELSEWHERE:
                raise Conflict("This broadcast begins by itself, as soon as the encoder sends.")
            if row["state"] == OnAir.WAITING:
                values = {"state": OnAir.RECEIVING, "began_at": now(), "heard_at": now()}
                c.execute(b.update().where(b.c.episode == episode).values(values))
                mine = t.episodes.c.slug == episode
                c.execute(t.episodes.update().where(mine).values(state=EpisodeState.LIVE))
                mark_changed(c, episode)
                note(c, "broadcast.begin", episode)
                tell(c, public_channel(episode), "live", state="on_air")
            return stored(row_of(c, episode))

    def end(self, episode: str) -> Broadcast:
        """See `Broadcasts.end`."""
        with self._db.write() as c:
            row = row_of(c, episode)
            if row["state"] != OnAir.ENDED:
                _end(c, episode)
                note(c, "broadcast.end", episode)
                tell(c, public_channel(episode), "live", state="ended")
            return stored(row_of(c, episode))

    def end_forgotten(self, before: datetime) -> list[str]:
        """See `Broadcasts.end_forgotten`."""
        begun = b.c.state.in_((OnAir.RECEIVING, OnAir.INTERRUPTED)) & (b.c.origin == Origin.OWN)
        query = sa.select(b.c.episode).where(begun, b.c.heard_at < before)
        with self._db.read() as c:
            if c.execute(query.limit(1)).first() is None:
                return []
        with self._db.write() as c:
            forgotten = list(c.execute(query).scalars())
            for episode in forgotten:
                _end(c, episode)
                note(c, "broadcast.end", episode, forgotten=True)
            for episode in forgotten:
                tell(c, public_channel(episode), "live", state="ended")
        return forgotten

    def claim_recording(self, until: datetime) -> Broadcast | None:
        """See `Broadcasts.claim_recording`."""
        present = now()
        query = (
            sa.select(b)
            .where(b.c.state == OnAir.ENDED, ~b.c.recorded, b.c.trouble == "")
            .where(b.c.closed | (b.c.heard_at < present - _STALE))
            .where(b.c.claimed_until.is_(None) | (b.c.claimed_until < present))
            .order_by(b.c.ended_at)
            .limit(1)
        )
        with self._db.read() as c:
            if c.execute(query).first() is None:
                return None
        with self._db.write() as c:
            row = c.execute(query.with_for_update()).mappings().first()
            if row is None:
                return None
            c.execute(
                b.update().where(b.c.episode == row["episode"]).values(claimed_until=until, closed=True)
            )
            return stored(row)

    def hold_recording(self, episode: str, until: datetime) -> None:
        """See `Broadcasts.hold_recording`."""
        with self._db.write() as c:
            c.execute(b.update().where(b.c.episode == episode).values(claimed_until=until))

    def recorded(self, episode: str, trouble: Message | None = None) -> None:
        """See `Broadcasts.recorded`."""
        values = {
            "recorded": trouble is None,
            "trouble": trouble.dumps() if trouble else "",
            "claimed_until": None,
        }
        with self._db.write() as c:
            c.execute(b.update().where(b.c.episode == episode).values(values))

    def record_again(self, episode: str) -> None:
        """See `Broadcasts.record_again`."""
        with self._db.write() as c:
            if not row_of(c, episode)["trouble"]:
                raise Conflict("Nothing has gone wrong with the recording; there is nothing to try again.")
            c.execute(b.update().where(b.c.episode == episode).values(trouble="", claimed_until=None))


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def row_of(c: sa.Connection, episode: str) -> sa.RowMapping:
    row = c.execute(sa.select(b).where(b.c.episode == episode)).mappings().first()
    if row is None:
        raise NotFound("The episode “%(episode)s” is no broadcast; set one up first.", episode=episode[:80])
    return row


def _by_key(c: sa.Connection, key: str) -> sa.RowMapping:
    row = c.execute(sa.select(b).where(b.c.key_digest == digest_of(key))).mappings().first()
    if row is None:
        raise Forbidden("This stream key opens nothing; copy it again from the broadcast's page.")
    if row["state"] == OnAir.ENDED:
        raise Forbidden("This broadcast has ended; plan a new one.")
    if row["origin"] != Origin.OWN:
        raise Forbidden("This broadcast is set to be elsewhere; change that on its page first.")
    return row


def _end(c: sa.Connection, episode: str) -> None:
    row = row_of(c, episode)
    kept = sa.select(1).where(s.c.episode == episode, s.c.rendition == SOURCE).limit(1)
    nothing = row["closed"] and c.execute(kept).first() is None
    values = {"state": OnAir.ENDED, "ended_at": now(), "recorded": nothing}
    c.execute(b.update().where(b.c.episode == episode).values(values))
    live = (t.episodes.c.slug == episode) & (t.episodes.c.state == EpisodeState.LIVE)
    if c.execute(t.episodes.update().where(live).values(state=EpisodeState.PROCESSING)).rowcount:
        mark_changed(c, episode)
