"""The tables of broadcasts: what is set up, and what was received."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.tables.archive import metadata, ref

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    sa.Column("episode", sa.String(80), ref("episodes.slug"), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("segment_seconds", sa.Float, nullable=False),
    sa.Column("captions", sa.Boolean, nullable=False),
    sa.Column("announced", sa.Boolean, nullable=False),
    sa.Column("starts_at", sa.DateTime),
    sa.Column("elsewhere_url", sa.Text, nullable=False),
    sa.Column("marks_offset", sa.Float, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("take", sa.Integer, nullable=False),
    sa.Column("began_at", sa.DateTime),
    sa.Column("heard_at", sa.DateTime),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("expected_at", sa.DateTime),  # a server in front let its encoder in
    sa.Column("closed", sa.Boolean, nullable=False),  # all of the newest take is stored
    sa.Column("recorded", sa.Boolean, nullable=False),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("claimed_until", sa.DateTime),  # by whoever makes the recording
    sa.Column("key_digest", sa.String(64), nullable=False, unique=True),
    sa.Column("key_sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

live_renditions = sa.Table(
    "live_renditions",
    metadata,
    sa.Column("episode", sa.String(80), ref("broadcasts.episode"), primary_key=True),
    sa.Column("take", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("codecs", sa.Text, nullable=False),
    sa.Column("init", sa.String(64), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("frame_rate", sa.Float, nullable=False),
    sa.Column("bandwidth", sa.Integer, nullable=False),
)

live_segments = sa.Table(
    "live_segments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("episode", sa.String(80), ref("broadcasts.episode"), nullable=False),
    sa.Column("rendition", sa.String(40), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("take", sa.Integer, nullable=False),
    sa.Column("start", sa.Float, nullable=False),
    sa.Column("duration", sa.Float, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("discontinuity", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index(
    "live_segments_in_order",
    live_segments.c.episode,
    live_segments.c.rendition,
    live_segments.c.number,
    unique=True,
)

live_health = sa.Table(
    "live_health",
    metadata,
    sa.Column("episode", sa.String(80), ref("broadcasts.episode"), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("told", sa.JSON, nullable=False),
)

live_viewers = sa.Table(
    "live_viewers",
    metadata,
    sa.Column("site", sa.String(80), primary_key=True),
    sa.Column("episode", sa.String(80), ref("broadcasts.episode"), primary_key=True),
    sa.Column("viewers", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
