"""The tables of live captions."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.tables.archive import metadata, ref

live_cues = sa.Table(
    "live_cues",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("cue", sa.JSON, nullable=False),  # as in transcripts
)

captioners = sa.Table(
    "captioners",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("worker", sa.String(80), nullable=False),
    sa.Column("until", sa.DateTime, nullable=False),
    sa.Column("heard", sa.Float, nullable=False),  # seconds on the broadcast's clock
)
