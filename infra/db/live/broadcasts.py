"""The `Broadcasts` port on SQLAlchemy: setting up and keys. Being on air is in `takes_sql`, media in `live_sql`."""

from __future__ import annotations

import base64
import itertools
import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from infra.db.archive.catalogue import episode_row, free_slug
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.live.received import stored
from infra.db.live.sessions import SqlPublishSessions, digest_of, row_of
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.live import broadcasts as b
from media.archive.episodes import Episode, EpisodeState, check_slug
from media.errors import Conflict, InvalidInput, NotFound
from media.live.broadcast import FASTEST_SECONDS, USUAL_SECONDS, Broadcast, OnAir, Origin
from media.live.external_sites import check_address
from web.domain.sending.encryption import Encryption

_FURTHEST = 86_400.0


class SqlBroadcasts(SqlPublishSessions):
    """Implements `media.live.broadcast_store.Broadcasts`."""

    def __init__(self, database: Database, encryption: Callable[[], Encryption]) -> None:
        super().__init__(database)
        self._encryption = encryption

    def plan(self, episode: Episode, starts_at: datetime | None = None) -> Broadcast:
        """See `Broadcasts.plan`."""
        with self._db.write() as c:
            if not c.execute(sa.select(1).where(t.programmes.c.slug == episode.programme)).first():
                raise NotFound(
                    "There is no programme “%(programme)s”; add it first.", programme=episode.programme
                )
            known = set(c.execute(sa.select(t.topics.c.slug)).scalars())
            if unknown := [each for each in episode.topics if each not in known]:
                raise NotFound("There is no topic “%(topic)s”.", topic=unknown[0])
            slug = free_slug(c, check_slug(episode.slug))
            made = replace(episode, slug=slug, state=EpisodeState.SCHEDULED, recording=None)
            c.execute(t.episodes.insert().values(**episode_row(made)))
            for position, topic in enumerate(dict.fromkeys(episode.topics)):
                c.execute(t.episode_topics.insert().values(episode=slug, topic=topic, position=position))
            mark_changed(c, slug)
            note(c, "broadcast.plan", slug, starts_at=starts_at.isoformat() if starts_at else "")
            return self._add(c, slug, starts_at)

    def set_up(self, episode: str) -> Broadcast:
        """See `Broadcasts.set_up`."""
        with self._db.write() as c:
            row = c.execute(sa.select(t.episodes.c.recording).where(t.episodes.c.slug == episode)).first()
            if row is None:
                raise NotFound("There is no episode “%(episode)s”.", episode=episode)
            found = c.execute(sa.select(b).where(b.c.episode == episode)).mappings().first()
            if found is not None:
                return stored(found)
            if row.recording is not None:
                raise Conflict("This episode has a recording already; plan a new one to broadcast.")
            return self._add(c, episode, None)

    def broadcast(self, episode: str) -> Broadcast | None:
        """See `Broadcasts.broadcast`."""
        with self._db.read() as c:
            row = c.execute(sa.select(b).where(b.c.episode == episode)).mappings().first()
        return stored(row) if row is not None else None

    def broadcasts(self, *, open_only: bool = True) -> list[Broadcast]:
        """See `Broadcasts.broadcasts`."""
        query = sa.select(b).order_by(b.c.created_at.desc())
        if open_only:
            query = query.where(b.c.state != OnAir.ENDED)
        with self._db.read() as c:
            return [stored(row) for row in c.execute(query).mappings()]

    def change(
        self,
        episode: str,
        *,
        segment_seconds: float | None = None,
        captions: bool | None = None,
        announced: bool | None = None,
        starts_at: datetime | None = None,
        elsewhere_url: str | None = None,
        marks_offset: float | None = None,
    ) -> Broadcast:
        """See `Broadcasts.change`."""
        if segment_seconds not in (None, USUAL_SECONDS, FASTEST_SECONDS):
            raise InvalidInput(
                "Segments can be %(usual)s or %(fastest)s seconds long.",
                usual=f"{USUAL_SECONDS:g}",
                fastest=f"{FASTEST_SECONDS:g}",
            )
        if marks_offset is not None and abs(marks_offset) > _FURTHEST:
            raise InvalidInput("An offset can be a day at most.")
        values: dict[str, Any] = {
            "segment_seconds": segment_seconds,
            "captions": captions,
            "announced": announced,
            "starts_at": starts_at,
            "marks_offset": marks_offset,
        }
        if elsewhere_url is not None:
            values["elsewhere_url"] = check_address(elsewhere_url) if elsewhere_url else ""
            values["origin"] = Origin.ELSEWHERE if elsewhere_url else Origin.OWN
        given = {name: value for name, value in values.items() if value is not None}
        with self._db.write() as c:
            row = row_of(c, episode)
            if given.get("origin", row["origin"]) != row["origin"] and row["take"]:
                raise Conflict("The broadcast has begun here; it can't be moved elsewhere any more.")
            if given:
                c.execute(b.update().where(b.c.episode == episode).values(given))
                note(c, "broadcast.change", episode, **{name: str(value) for name, value in given.items()})
            return stored(row_of(c, episode))

    def stream_key(self, episode: str) -> str:
        """See `Broadcasts.stream_key`."""
        with self._db.read() as c:
            sealed = row_of(c, episode)["key_sealed"]
        return self._encryption().decrypt(sealed).decode()

    def new_key(self, episode: str) -> str:
        """See `Broadcasts.new_key`."""
        key = _new_key()
        with self._db.write() as c:
            row_of(c, episode)
            c.execute(b.update().where(b.c.episode == episode).values(self._sealed(key)))
            note(c, "broadcast.new-key", episode)
        return key

    def shift(self, episode: str, seconds: float) -> int:
        """See `Broadcasts.shift`."""
        if not abs(seconds) <= _FURTHEST:
            raise InvalidInput("Segments can be moved by a day at most.")
        mine = t.segments.c.episode == episode
        with self._db.write() as c:
            if not c.execute(sa.select(1).where(t.episodes.c.slug == episode)).first():
                raise NotFound("There is no episode “%(episode)s”.", episode=episode)
            first = c.execute(sa.select(sa.func.min(t.segments.c.start)).where(mine)).scalar()
            if first is None:
                return 0
            if first + seconds < 0:
                raise InvalidInput(
                    "The first segment begins at %(second)s s; move by no more than that.",
                    second=f"{first:.1f}",
                )
            columns = (t.segments.c[name] for name in ("start", "end", "answer_start"))
            moved: dict[str, Any] = {column.name: column + seconds for column in columns}
            moved["version"] = t.segments.c.version + 1
            count = c.execute(t.segments.update().where(mine).values(moved)).rowcount
            # Answers marked on air that are put in their place later fall on the same recording.
            c.execute(
                b.update().where(b.c.episode == episode).values(marks_offset=b.c.marks_offset + seconds)
            )
            note(c, "segments.shift", episode, seconds=seconds)
            mark_changed(c, episode)
            return count

    def _add(self, c: sa.Connection, episode: str, starts_at: datetime | None) -> Broadcast:
        taken = set(c.execute(sa.select(b.c.slot).where(b.c.state != OnAir.ENDED)).scalars())
        slot = next(number for number in itertools.count() if number not in taken)
        broadcast = Broadcast(uuid.uuid4().hex, episode, starts_at=starts_at, slot=slot)
        names = [column.name for column in b.columns if column.name in Broadcast.__dataclass_fields__]
        row = {name: getattr(broadcast, name) for name in names} | {"trouble": ""}
        c.execute(b.insert().values(**row, **self._sealed(_new_key()), created_at=now()))
        return broadcast

    def _sealed(self, key: str) -> dict[str, Any]:
        return {"key_digest": digest_of(key), "key_sealed": self._encryption().encrypt(key.encode())}


def _new_key() -> str:
    """Easy to read out and type on a phone: 100 bits as five groups of four letters and digits."""
    text = base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]
    return "-".join(text[at : at + 4] for at in range(0, 20, 4))
