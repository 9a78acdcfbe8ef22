"""The tables of the companion: questions, votes, contacts, events."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.tables.archive import metadata, ref

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(100), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sqlite_autoincrement=True,  # an id is never given again, or who was away would take the new for the old
)
sa.Index("events_of_a_channel", events.c.channel, events.c.id)

companions = sa.Table(
    "companions",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("hold", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), index=True),  # null: to the archive itself
    sa.Column("original", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("workplace", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("held", sa.Boolean, nullable=False),
    sa.Column("position", sa.Float, nullable=False),
    sa.Column("votes", sa.Integer, nullable=False),
    sa.Column("merged_into", sa.String(32), ref("questions.id"), index=True),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("guest", sa.Text, nullable=False),
    sa.Column("segment", sa.String(120), nullable=False),  # the answer's; "" for none
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("source_key", sa.String(200), nullable=False),
    sa.Column("device", sa.String(64), nullable=False, index=True),
    sa.Column("receipt", sa.String(64), nullable=False, unique=True),  # digest of its code
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sa.Column("answered_at", sa.DateTime),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index(
    "questions_imported_once",
    questions.c.source,
    questions.c.source_key,
    unique=True,
    sqlite_where=questions.c.source_key != "",
    postgresql_where=questions.c.source_key != "",
)

question_votes = sa.Table(
    "question_votes",
    metadata,
    sa.Column("question", sa.String(32), ref("questions.id"), primary_key=True),
    sa.Column("voter", sa.String(64), primary_key=True),
)

question_contacts = sa.Table(
    "question_contacts",
    metadata,
    sa.Column("question", sa.String(32), ref("questions.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("claimed_until", sa.DateTime),  # somebody is telling it
)

answered_already = sa.Table(  # how often "this answers me" ended asking
    "answered_already",
    metadata,
    sa.Column("segment", sa.String(120), ref("segments.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

watched_words = sa.Table("watched_words", metadata, sa.Column("word", sa.String(80), primary_key=True))

blocked_devices = sa.Table(
    "blocked_devices",
    metadata,
    sa.Column("device", sa.String(64), primary_key=True),
    sa.Column("until", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
)

screens = sa.Table(
    "screens",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

live_marks = sa.Table(
    "live_marks",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("episode", sa.String(80), ref("episodes.slug"), nullable=False, index=True),
    sa.Column("question", sa.String(32), ref("questions.id"), nullable=False, index=True),
    sa.Column("guest", sa.Text, nullable=False),
    sa.Column("began_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("segment", sa.String(120), nullable=False),
    sa.Column("state_before", sa.String(32), nullable=False),  # of the question, for undo
)
