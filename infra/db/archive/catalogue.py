"""The `Catalogue` port on SQLAlchemy."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from infra.db.archive.batches import SqlBatches, read_episodes, read_recording, read_rendition, read_topic
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from media.archive.episodes import (
    Episode,
    EpisodeState,
    Programme,
    Recording,
    Rendition,
    Topic,
    check_slug,
)
from media.errors import Conflict, NotFound
from media.jobs import JobState

Enqueue = Callable[[sa.Connection, str], None]
"""Called inside the transaction with the id of a new job, to hand it to the job engine."""


class SqlCatalogue(SqlBatches):
    """Programmes, topics, episodes, recordings and renditions."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        super().__init__(database)
        self._enqueue = enqueue

    def save_programme(self, programme: Programme) -> None:
        check_slug(programme.slug)
        with self._db.write() as c:
            upsert(c, t.programmes, {"slug": programme.slug}, asdict(programme))

    def programme(self, slug: str) -> Programme:
        with self._db.read() as c:
            row = c.execute(sa.select(t.programmes).where(t.programmes.c.slug == slug)).mappings().first()
        if row is None:
            raise NotFound("There is no programme “%(programme)s”.", programme=slug)
        return Programme(**row)

    def programmes(self) -> list[Programme]:
        with self._db.read() as c:
            rows = c.execute(sa.select(t.programmes).order_by(t.programmes.c.title)).mappings().all()
        return [Programme(**row) for row in rows]

    def save_topic(self, topic: Topic) -> None:
        check_slug(topic.slug)
        values = {**asdict(topic), "synonyms": list(topic.synonyms)}
        with self._db.write() as c:
            last = c.execute(sa.select(sa.func.max(t.topics.c.position))).scalar() or 0
            upsert(c, t.topics, {"slug": topic.slug}, values, {"position": last + 1})

    def topics(self) -> list[Topic]:
        with self._db.read() as c:
            rows = c.execute(sa.select(t.topics).order_by(t.topics.c.position)).mappings().all()
        return [read_topic(row) for row in rows]

    def add_episode(self, episode: Episode, recording: Recording) -> str:
        job = uuid.uuid4().hex
        with self._db.write() as c:
            self._check_references(c, episode)
            taken = c.execute(
                sa.select(t.episodes.c.slug).where(t.episodes.c.recording == recording.id)
            ).scalar()
            if taken is not None:
                raise Conflict(
                    "This recording is in the archive already, as episode “%(episode)s”.", episode=taken
                )
            slug = free_slug(c, check_slug(episode.slug))
            upsert(c, t.recordings, {"id": recording.id}, recording_row(recording))
            c.execute(
                t.episodes.insert().values(
                    **episode_row(dataclasses.replace(episode, slug=slug, recording=recording.id))
                )
            )
            for position, topic in enumerate(dict.fromkeys(episode.topics)):
                c.execute(t.episode_topics.insert().values(episode=slug, topic=topic, position=position))
            c.execute(t.jobs.insert().values(**job_row(job, slug)))
            mark_changed(c, slug)
            self._enqueue(c, job)
        return job

    def episode(self, slug: str) -> Episode:
        with self._db.read() as c:
            found = read_episodes(c, sa.select(t.episodes).where(t.episodes.c.slug == slug))
        if not found:
            raise NotFound("There is no episode “%(episode)s”.", episode=slug)
        return found[0]

    def episode_of(self, recording: str) -> Episode | None:
        with self._db.read() as c:
            found = read_episodes(c, sa.select(t.episodes).where(t.episodes.c.recording == recording))
        return found[0] if found else None

    def episodes(
        self,
        *,
        state: EpisodeState | None = None,
        programme: str | None = None,
        topic: str | None = None,
        recorded: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Episode]:
        query = sa.select(t.episodes).order_by(
            t.episodes.c.date.desc(), t.episodes.c.created_at.desc(), t.episodes.c.slug
        )
        if state is not None:
            query = query.where(t.episodes.c.state == state)
        if programme is not None:
            query = query.where(t.episodes.c.programme == programme)
        if recorded:
            query = query.where(t.episodes.c.recording.is_not(None))
        if topic is not None:
            tagged = sa.select(t.episode_topics.c.episode).where(t.episode_topics.c.topic == topic)
            query = query.where(t.episodes.c.slug.in_(tagged))
        with self._db.read() as c:
            return read_episodes(c, query.limit(limit).offset(offset))

    def set_state(self, slug: str, state: EpisodeState, only_from: EpisodeState | None = None) -> None:
        values: dict[str, Any] = {"state": state}
        if state in (EpisodeState.PUBLISHED, EpisodeState.WITHDRAWN):
            values |= {
                "publish_at": None,
                "withdrawn_reason": "",
            }  # what was planned or told before is past
        self._change(slug, only_from, **values)

    def set_language(self, slug: str, language: str) -> None:
        self._change(slug, language=language, version=t.episodes.c.version + 1)

    def _change(self, slug: str, only_from: EpisodeState | None = None, **values: Any) -> None:
        row = t.episodes.c.slug == slug
        with self._db.write(f"episode/{slug}") as c:
            state = c.execute(sa.select(t.episodes.c.state).where(row)).scalar()
            if state is None:
                raise NotFound("There is no episode “%(episode)s”.", episode=slug)
            if only_from is None or state == only_from:
                c.execute(t.episodes.update().where(row).values(**values))
                mark_changed(c, slug)

    def recording(self, id: str) -> Recording:
        with self._db.read() as c:
            row = c.execute(sa.select(t.recordings).where(t.recordings.c.id == id)).mappings().first()
        if row is None:
            raise NotFound("There is no recording “%(id)s”.", id=id)
        return read_recording(row)

    def save_renditions(self, recording: str, renditions: Sequence[Rendition]) -> None:
        with self._db.write(f"recording/{recording}") as c:
            if not c.execute(sa.select(t.recordings.c.id).where(t.recordings.c.id == recording)).first():
                raise NotFound("There is no recording “%(id)s”.", id=recording)
            for rendition in renditions:
                key = {"recording": recording, "name": rendition.name}
                upsert(c, t.renditions, key, {**key, **asdict(rendition)})

    def remove_renditions(self, recording: str, names: Sequence[str]) -> None:
        with self._db.write(f"recording/{recording}") as c:
            c.execute(
                t.renditions.delete().where(
                    t.renditions.c.recording == recording, t.renditions.c.name.in_(names)
                )
            )

    def renditions(self, recording: str) -> list[Rendition]:
        query = (
            sa.select(t.renditions)
            .where(t.renditions.c.recording == recording)
            .order_by(t.renditions.c.height.desc(), t.renditions.c.name)
        )
        with self._db.read() as c:
            rows = c.execute(query).mappings().all()
        return [read_rendition(row) for row in rows]

    def _check_references(self, c: sa.Connection, episode: Episode) -> None:
        if not c.execute(sa.select(1).where(t.programmes.c.slug == episode.programme)).first():
            raise NotFound(
                "There is no programme “%(programme)s”; add it first.", programme=episode.programme
            )
        known = set(c.execute(sa.select(t.topics.c.slug)).scalars())
        for topic in episode.topics:
            if topic not in known:
                raise NotFound(
                    "There is no topic “%(topic)s”; known are: %(known)s.",
                    topic=topic,
                    known=", ".join(sorted(known)) or "none",
                )


def upsert(
    c: sa.Connection,
    table: sa.Table,
    key: dict[str, Any],
    values: dict[str, Any],
    when_new: dict[str, Any] | None = None,
) -> None:
    match = sa.and_(*(table.c[name] == value for name, value in key.items()))
    if not c.execute(table.update().where(match).values(**values)).rowcount:
        c.execute(table.insert().values(**values, **(when_new or {})))


def free_slug(c: sa.Connection, slug: str) -> str:
    taken = set(
        c.execute(
            sa.select(t.episodes.c.slug).where(t.episodes.c.slug.startswith(slug, autoescape=True))
        ).scalars()
    )
    candidate, number = slug, 2
    while candidate in taken:
        suffix = f"-{number}"
        candidate, number = slug[: 80 - len(suffix)].rstrip("-") + suffix, number + 1
    return candidate


def job_row(id: str, episode: str) -> dict[str, Any]:
    return {
        "id": id,
        "episode": episode,
        "state": JobState.QUEUED,
        "step": "",
        "step_number": 0,
        "step_count": 0,
        "fraction": 0.0,
        "note": "",
        "created_at": now(),
    }


def recording_row(recording: Recording) -> dict[str, Any]:
    return {**asdict(recording), "created_at": now()}


def episode_row(episode: Episode) -> dict[str, Any]:
    row = {field.name: getattr(episode, field.name) for field in dataclasses.fields(episode)}
    del row["topics"]
    return {**row, "guests": [asdict(guest) for guest in episode.guests], "created_at": now()}
