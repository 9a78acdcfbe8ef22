"""The `Subjects` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.outbox.changes import mark_changed
from infra.db.tables import archive as t
from infra.db.tables.studio import moved_addresses, organisations
from media.archive.episodes import Organisation, Programme, Topic, check_slug
from media.archive.taxonomy import SYNONYM_LIMIT, Subject, check_text
from media.errors import Conflict, InvalidInput, NotFound


class SqlTaxonomy:
    """Implements `media.archive.taxonomy.Taxonomy`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def organisations(self) -> list[Organisation]:
        """See `Subjects.organisations`."""
        with self._db.read() as c:
            rows = c.execute(sa.select(organisations).order_by(organisations.c.name)).mappings()
            return [Organisation(**row) for row in rows]

    def save_organisation(self, organisation: Organisation, seen: Organisation | None) -> None:
        """See `Subjects.save_organisation`."""
        made = replace(organisation, name=check_text(organisation.name, "An organisation's name"))
        with self._db.write() as c:
            row = _row(c, organisations, made.slug)
            _check_seen(Organisation(**row) if row else None, seen, made.slug)
            _save(c, organisations, made.slug, asdict(made), row)
            note(c, "organisation.save", made.slug, name=made.name)

    def save_programme(self, programme: Programme, seen: Programme | None) -> None:
        """See `Subjects.save_programme`."""
        made = replace(
            programme,
            title=check_text(programme.title, "A programme's title"),
            description=check_text(programme.description, "A description", 0, 5000),
        )
        with self._db.write() as c:
            if made.organisation and _row(c, organisations, made.organisation) is None:
                raise NotFound(
                    "There is no organisation “%(organisation)s”; add it first.",
                    organisation=made.organisation,
                )
            row = _row(c, t.programmes, made.slug)
            _check_seen(Programme(**row) if row else None, seen, made.slug)
            _save(c, t.programmes, made.slug, asdict(made), row)
            note(c, "programme.save", made.slug, title=made.title, organisation=made.organisation)

    def save_topic(self, topic: Topic, seen: Topic | None) -> None:
        """See `Subjects.save_topic`."""
        synonyms = [check_text(each, "A synonym", 1, 100) for each in topic.synonyms if each.strip()]
        if len(synonyms) > SYNONYM_LIMIT:
            raise InvalidInput(
                "A topic has %(most)s synonyms at most; keep the commonest.", most=SYNONYM_LIMIT
            )
        made = replace(
            topic,
            name_vi=check_text(topic.name_vi, "The Vietnamese name"),
            name_en=check_text(topic.name_en, "The English name"),
            synonyms=tuple(dict.fromkeys(synonyms)),
        )
        with self._db.write() as c:
            row = _row(c, t.topics, made.slug)
            _check_seen(_topic(row) if row else None, seen, made.slug)
            values: dict[str, Any] = {**asdict(made), "synonyms": list(made.synonyms)}
            if row is None:
                values["position"] = (
                    c.execute(sa.select(sa.func.max(t.topics.c.position))).scalar() or 0
                ) + 1
            _save(c, t.topics, made.slug, values, row)
            note(c, "topic.save", made.slug, **{k: v for k, v in values.items() if k != "position"})

    def order_topics(self, slugs: Sequence[str], featured: Sequence[str]) -> None:
        """See `Subjects.order_topics`."""
        with self._db.write() as c:
            known = [
                str(slug)
                for slug in c.execute(sa.select(t.topics.c.slug).order_by(t.topics.c.position)).scalars()
            ]
            asked = [slug for slug in dict.fromkeys(slugs) if slug in known]
            ordered = asked + [slug for slug in known if slug not in asked]
            for position, slug in enumerate(ordered, 1):
                values = {"position": position, "featured": slug in featured}
                c.execute(t.topics.update().where(t.topics.c.slug == slug).values(values))
            note(c, "topic.order", "", order=ordered, featured=[s for s in ordered if s in featured])

    def merge_topics(self, slug: str, into: str) -> int:
        """See `Subjects.merge_topics`."""
        with self._db.write() as c:
            old, target = (_found(c, t.topics, each, "topic") for each in _two(slug, into))
            names = (*target["synonyms"], old["name_vi"], old["name_en"], *old["synonyms"])
            kept = [
                each for each in dict.fromkeys(names) if each not in (target["name_vi"], target["name_en"])
            ]
            c.execute(
                t.topics.update().where(t.topics.c.slug == into).values(synonyms=kept[:SYNONYM_LIMIT])
            )
            touched = _retag_episodes(c, slug, into) | _retag_segments(c, slug, into)
            for episode in sorted(touched):
                mark_changed(c, episode)
            c.execute(t.topics.delete().where(t.topics.c.slug == slug))
            _move(c, Subject.TOPIC, slug, into)
            note(c, "topic.merge", slug, into=into, episodes=len(touched))
        return len(touched)

    def merge_programmes(self, slug: str, into: str) -> int:
        """See `Subjects.merge_programmes`."""
        with self._db.write() as c:
            for each in _two(slug, into):
                _found(c, t.programmes, each, "programme")
            of_old = sa.select(t.episodes.c.slug).where(t.episodes.c.programme == slug)
            touched = list(c.execute(of_old).scalars())
            c.execute(t.episodes.update().where(t.episodes.c.programme == slug).values(programme=into))
            for episode in touched:
                mark_changed(c, episode)
            c.execute(t.programmes.delete().where(t.programmes.c.slug == slug))
            _move(c, Subject.PROGRAMME, slug, into)
            note(c, "programme.merge", slug, into=into, episodes=len(touched))
        return len(touched)

    def moved(self, subject: Subject, slug: str) -> str | None:
        """See `Subjects.moved`."""
        query = sa.select(moved_addresses.c.leads_to).where(
            moved_addresses.c.subject == subject, moved_addresses.c.slug == slug
        )
        with self._db.read() as c:
            found: str | None = c.execute(query).scalar()
        return found


def _retag_episodes(c: sa.Connection, slug: str, into: str) -> set[str]:
    tagged = t.episode_topics
    episodes = set(c.execute(sa.select(tagged.c.episode).where(tagged.c.topic == slug)).scalars())
    already = set(c.execute(sa.select(tagged.c.episode).where(tagged.c.topic == into)).scalars())
    twice = sa.and_(tagged.c.topic == slug, tagged.c.episode.in_(episodes & already))
    c.execute(tagged.delete().where(twice))
    c.execute(tagged.update().where(tagged.c.topic == slug).values(topic=into))
    return episodes


def _retag_segments(c: sa.Connection, slug: str, into: str) -> set[str]:
    segments = t.segments
    likely = sa.cast(segments.c.topics, sa.Text).contains(slug, autoescape=True)
    rows = c.execute(sa.select(segments.c.id, segments.c.episode, segments.c.topics).where(likely)).all()
    touched = set()
    for row in rows:
        if slug in row.topics:
            topics = list(dict.fromkeys(into if each == slug else each for each in row.topics))
            c.execute(segments.update().where(segments.c.id == row.id).values(topics=topics))
            touched.add(row.episode)
    return touched


def _move(c: sa.Connection, subject: Subject, slug: str, into: str) -> None:
    """Remember where an address leads, and let those that led to it lead on."""
    led_here = sa.and_(moved_addresses.c.subject == subject, moved_addresses.c.leads_to == slug)
    c.execute(moved_addresses.update().where(led_here).values(leads_to=into))
    gone = sa.and_(moved_addresses.c.subject == subject, moved_addresses.c.slug.in_((slug, into)))
    c.execute(moved_addresses.delete().where(gone))
    c.execute(moved_addresses.insert().values(subject=subject, slug=slug, leads_to=into))


def _two(slug: str, into: str) -> tuple[str, str]:
    if slug == into:
        raise InvalidInput("Choose another one to merge into; this is the same.")
    return slug, into


def _found(c: sa.Connection, table: sa.Table, slug: str, what: str) -> sa.RowMapping:
    row = _row(c, table, slug)
    if row is None:
        raise NotFound("There is no %(what)s “%(slug)s”.", what=what, slug=slug[:80])
    return row


def _row(c: sa.Connection, table: sa.Table, slug: str) -> sa.RowMapping | None:
    return c.execute(sa.select(table).where(table.c.slug == slug)).mappings().first()


def _save(
    c: sa.Connection, table: sa.Table, slug: str, values: dict[str, Any], row: sa.RowMapping | None
) -> None:
    check_slug(slug)
    if row is None:
        c.execute(table.insert().values(values))
    else:
        c.execute(table.update().where(table.c.slug == slug).values(values))


def _check_seen(stored: object, seen: object, slug: str) -> None:
    if stored == seen:
        return
    if seen is None:
        raise Conflict(
            "There is a “%(slug)s” already; change that one, or choose another address.", slug=slug
        )
    raise Conflict(
        "“%(name)s” was changed by somebody else meanwhile; look at it again, nothing was saved.", name=slug
    )


def _topic(row: sa.RowMapping) -> Topic:
    return Topic(row["slug"], row["name_vi"], row["name_en"], tuple(row["synonyms"]), row["featured"])
