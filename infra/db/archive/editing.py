"""The `Editing` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from infra.db.archive.batches import read_episodes, read_job
from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.studio import moved_addresses
from media.archive.editing import (
    REASON_LENGTH,
    EpisodeChanged,
    EpisodeFilter,
    Facts,
    checked,
    facts_of,
    some_lines,
)
from media.archive.episodes import Episode, EpisodeState
from media.archive.publishing import check_follows
from media.archive.taxonomy import Subject
from media.errors import Conflict, NotFound
from media.jobs import ENDED, Job, JobState
from search.text.folding import fold, nfc


class SqlEditing:
    """Implements `media.archive.editing.Editing`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def listed(self, wanted: EpisodeFilter) -> tuple[list[Episode], int]:
        """See `Editing.listed`."""
        query = sa.select(t.episodes.c.slug, t.episodes.c.title).order_by(
            t.episodes.c.date.desc(), t.episodes.c.created_at.desc(), t.episodes.c.slug
        )
        if wanted.state is not None:
            query = query.where(t.episodes.c.state == wanted.state)
        if wanted.programme:
            query = query.where(t.episodes.c.programme == wanted.programme)
        if wanted.programmes is not None:
            query = query.where(t.episodes.c.programme.in_(list(wanted.programmes)))
        if wanted.slugs is not None:
            query = query.where(t.episodes.c.slug.in_(list(wanted.slugs)))
        words = fold(nfc(wanted.text)).split()
        with self._db.read() as c:
            found = [
                row.slug
                for row in c.execute(query)
                if not words or all(word in f"{fold(nfc(row.title))} {row.slug}" for word in words)
            ]
            slugs = found[wanted.offset : wanted.offset + wanted.limit]
            by_slug = {
                each.slug: each
                for each in read_episodes(c, sa.select(t.episodes).where(t.episodes.c.slug.in_(slugs)))
            }
        return [by_slug[slug] for slug in slugs if slug in by_slug], len(found)

    def jobs_of(self, episodes: Sequence[str]) -> dict[str, Job]:
        """See `Editing.jobs_of`."""
        query = sa.select(t.jobs).where(t.jobs.c.episode.in_(list(episodes)))
        with self._db.read() as c:
            rows = c.execute(query.order_by(t.jobs.c.created_at)).mappings().all()
        return {row["episode"]: read_job(row) for row in rows}

    def save_facts(self, episode: str, facts: Facts, version: int) -> Episode:
        """See `Editing.save_facts`."""
        with self._db.write() as c:
            stored = _stored(c, episode)
            if stored.version != version:
                raise EpisodeChanged(stored)
            before = facts_of(stored)
            made = checked(facts, before)
            _check_references(c, made)
            if made == before:
                return stored
            if made.slug != episode:
                _move(c, episode, made.slug)
            _write(c, made, version + 1)
            changed = {name: value for name, value in _plain(made).items() if value != _plain(before)[name]}
            note(c, "episode.edit", episode, **changed)
            mark_changed(c, made.slug)
            return _stored(c, made.slug)

    def publish(self, episode: str) -> Episode:
        """See `Editing.publish`."""
        values = {"state": EpisodeState.PUBLISHED, "publish_at": None, "withdrawn_reason": ""}
        return self._turn(episode, EpisodeState.PUBLISHED, values, "episode.publish")

    def schedule(self, episode: str, at: datetime | None) -> Episode:
        """See `Editing.schedule`."""
        detail = {"at": at.isoformat(timespec="minutes") if at else ""}
        return self._turn(episode, EpisodeState.PUBLISHED, {"publish_at": at}, "episode.schedule", detail)

    def withdraw(self, episode: str, reason: str) -> Episode:
        """See `Editing.withdraw`."""
        told = some_lines(reason, "The reason, which everybody can read,", 1, REASON_LENGTH)
        values = {"state": EpisodeState.WITHDRAWN, "publish_at": None, "withdrawn_reason": told}
        return self._turn(episode, EpisodeState.WITHDRAWN, values, "episode.withdraw", {"reason": told})

    def publish_due(self) -> list[str]:
        """See `Editing.publish_due`."""
        due = sa.and_(t.episodes.c.publish_at.is_not(None), t.episodes.c.publish_at <= now())
        query = sa.select(t.episodes.c.slug, t.episodes.c.state).where(due)
        with self._db.read() as c:  # most often there is nothing: no lock is taken then
            if c.execute(query.limit(1)).first() is None:
                return []
        published = []
        with self._db.write() as c:
            for row in c.execute(query.with_for_update()).all():
                state, values = EpisodeState(row.state), {"publish_at": None}
                try:
                    check_follows(state, EpisodeState.PUBLISHED)
                except Conflict:
                    c.execute(t.episodes.update().where(t.episodes.c.slug == row.slug).values(values))
                    continue
                values |= {"state": EpisodeState.PUBLISHED, "withdrawn_reason": ""}  # type: ignore[dict-item]
                c.execute(t.episodes.update().where(t.episodes.c.slug == row.slug).values(values))
                note(c, "episode.publish", row.slug, scheduled=True)
                mark_changed(c, row.slug)
                published.append(row.slug)
        return published

    def note_captions_read(self, episode: str, transcript: int, read: bool) -> Episode:
        """See `Editing.note_captions_read`."""
        newest = sa.select(sa.func.max(t.transcripts.c.version)).where(t.transcripts.c.episode == episode)
        with self._db.write(f"episode/{episode}") as c:
            _stored(c, episode)
            if (c.execute(newest).scalar() or 0) != transcript or not transcript:
                raise Conflict("The captions have changed meanwhile; read the newest ones first.")
            row = t.episodes.c.slug == episode
            c.execute(t.episodes.update().where(row).values(captions_read=transcript if read else 0))
            note(c, "episode.captions-read", episode, version=transcript, read=read)
            return _stored(c, episode)

    def _turn(
        self,
        episode: str,
        wanted: EpisodeState,
        values: dict[str, Any],
        action: str,
        detail: dict[str, Any] | None = None,
    ) -> Episode:
        with self._db.write(f"episode/{episode}") as c:
            check_follows(_stored(c, episode).state, wanted)
            c.execute(t.episodes.update().where(t.episodes.c.slug == episode).values(values))
            note(c, action, episode, **(detail or {}))
            mark_changed(c, episode)
            return _stored(c, episode)


def _stored(c: sa.Connection, slug: str) -> Episode:
    found = read_episodes(c, sa.select(t.episodes).where(t.episodes.c.slug == slug).with_for_update())
    if not found:
        raise NotFound("There is no episode “%(episode)s”.", episode=slug[:80])
    return found[0]


def _check_references(c: sa.Connection, facts: Facts) -> None:
    if not c.execute(sa.select(1).where(t.programmes.c.slug == facts.programme)).first():
        raise NotFound("There is no such programme any more; choose another one.")
    known = set(c.execute(sa.select(t.topics.c.slug)).scalars())
    if unknown := [slug for slug in facts.topics if slug not in known]:
        raise NotFound("There is no topic “%(topic)s” any more; choose others.", topic=unknown[0][:80])


def _move(c: sa.Connection, slug: str, to: str) -> None:
    """Give an episode another address; the rows that belong to it follow, old addresses lead there."""
    if c.execute(sa.select(1).where(t.episodes.c.slug == to)).first():
        raise Conflict("There is an episode at “%(slug)s” already; choose another address.", slug=to)
    states = c.execute(sa.select(t.jobs.c.state).where(t.jobs.c.episode == slug)).scalars()
    if any(JobState(state) not in ENDED for state in states):
        raise Conflict("The episode is being processed; change its address when that has ended.")
    mark_changed(c, slug)  # so that search forgets it there
    c.execute(t.episodes.update().where(t.episodes.c.slug == slug).values(slug=to))
    moved, subject = moved_addresses, moved_addresses.c.subject == Subject.EPISODE
    c.execute(moved.update().where(subject, moved.c.leads_to == slug).values(leads_to=to))
    c.execute(moved.delete().where(subject, moved.c.slug.in_((slug, to))))
    c.execute(moved.insert().values(subject=Subject.EPISODE, slug=slug, leads_to=to))


def _write(c: sa.Connection, facts: Facts, version: int) -> None:
    values: dict[str, Any] = {
        name: v for name, v in asdict(facts).items() if name not in ("slug", "topics")
    }
    values |= {"guests": [asdict(guest) for guest in facts.guests], "version": version}
    row = t.episodes.c.slug == facts.slug
    c.execute(t.episodes.update().where(row).values(values))
    c.execute(t.episode_topics.delete().where(t.episode_topics.c.episode == facts.slug))
    for position, topic in enumerate(facts.topics):
        c.execute(t.episode_topics.insert().values(episode=facts.slug, topic=topic, position=position))


def _plain(facts: Facts) -> dict[str, Any]:
    """As JSON can hold it."""
    values = asdict(facts)
    return {
        **values,
        "date": facts.date.isoformat(),
        "topics": list(facts.topics),
        "guests": list(values["guests"]),
    }
