"""What the site reads of many episodes at once: a few statements for a page, however many hits it shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.archive.episodes import Episode, EpisodeState, Guest, Recording, Rendition, RenditionKind, Topic
from media.errors import Message
from media.jobs import Job, JobState
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo


class SqlBatches:
    """The reading half of `Catalogue` that takes many names."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def episodes_named(self, slugs: Collection[str]) -> dict[str, Episode]:
        """See `Catalogue.episodes_named`."""
        with self._db.read() as c:
            found = read_episodes(c, sa.select(t.episodes).where(t.episodes.c.slug.in_(set(slugs))))
        return {episode.slug: episode for episode in found}

    def recordings(self, ids: Collection[str]) -> dict[str, Recording]:
        """See `Catalogue.recordings`."""
        with self._db.read() as c:
            rows = c.execute(sa.select(t.recordings).where(t.recordings.c.id.in_(set(ids)))).mappings()
            return {row["id"]: read_recording(row) for row in rows}

    def renditions_of(self, recordings: Collection[str]) -> dict[str, list[Rendition]]:
        """See `Catalogue.renditions_of`."""
        query = (
            sa.select(t.renditions)
            .where(t.renditions.c.recording.in_(set(recordings)))
            .order_by(t.renditions.c.height.desc(), t.renditions.c.name)
        )
        found: dict[str, list[Rendition]] = {recording: [] for recording in recordings}
        with self._db.read() as c:
            for row in c.execute(query).mappings():
                found[row["recording"]].append(read_rendition(row))
        return found

    def topics_used(self) -> list[Topic]:
        """See `Catalogue.topics_used`."""
        public = (
            sa.select(t.episode_topics.c.topic)
            .join(t.episodes, t.episodes.c.slug == t.episode_topics.c.episode)
            .where(t.episodes.c.state == EpisodeState.PUBLISHED)
        )
        query = sa.select(t.topics).where(t.topics.c.slug.in_(public)).order_by(t.topics.c.position)
        with self._db.read() as c:
            return [read_topic(row) for row in c.execute(query).mappings()]


def read_episodes(c: sa.Connection, query: sa.Select[Any]) -> list[Episode]:
    """The episodes that a query for their rows gives, with their topics."""
    rows = c.execute(query).mappings().all()
    tagged: dict[str, list[str]] = {}
    pairs = c.execute(
        sa.select(t.episode_topics.c.episode, t.episode_topics.c.topic)
        .where(t.episode_topics.c.episode.in_([row["slug"] for row in rows]))
        .order_by(t.episode_topics.c.position)
    )
    for slug, topic in pairs:
        tagged.setdefault(slug, []).append(topic)
    return [_episode(row, tuple(tagged.get(row["slug"], ()))) for row in rows]


def _episode(row: sa.RowMapping, topics: tuple[str, ...]) -> Episode:
    values = dict(row)
    values["state"] = EpisodeState(row["state"])
    values["guests"] = tuple(Guest(**guest) for guest in row["guests"])
    return Episode(**values, topics=topics)


def read_topic(row: sa.RowMapping) -> Topic:
    """A topic's row."""
    return Topic(row["slug"], row["name_vi"], row["name_en"], tuple(row["synonyms"]), row["featured"])


def read_recording(row: sa.RowMapping) -> Recording:
    """A recording's row."""
    info = dict(row["info"])
    info["video"] = VideoInfo(**info["video"]) if info["video"] else None
    info["audio"] = AudioInfo(**info["audio"]) if info["audio"] else None
    return Recording(row["id"], row["filename"], row["size_bytes"], row["storage_key"], MediaInfo(**info))


def read_rendition(row: sa.RowMapping) -> Rendition:
    """A rendition's row."""
    values = {field.name: row[field.name] for field in dataclasses.fields(Rendition)}
    return Rendition(**{**values, "kind": RenditionKind(row["kind"])})


def read_job(row: sa.RowMapping) -> Job:
    """A job as its row has it."""
    error = Message.loads(row["error"]) if row["error"] else None
    return Job(**{**row, "state": JobState(row["state"]), "error": error})
