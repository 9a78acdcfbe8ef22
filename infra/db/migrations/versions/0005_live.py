"""Broadcasts, and what was received of them"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _broadcasts()
    _live_renditions()
    _live_segments()
    _live_health()
    _live_viewers()


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("segment_seconds", sa.Float(), nullable=False),
        sa.Column("captions", sa.Boolean(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("elsewhere_url", sa.Text(), nullable=False),
        sa.Column("marks_offset", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("take", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=True),
        sa.Column("heard_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("expected_at", sa.DateTime(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("key_digest"),
    )
    op.create_index(op.f("ix_broadcasts_state"), "broadcasts", ["state"])


def _live_renditions() -> None:
    op.create_table(
        "live_renditions",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("take", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("codecs", sa.Text(), nullable=False),
        sa.Column("init", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("frame_rate", sa.Float(), nullable=False),
        sa.Column("bandwidth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode"], ["broadcasts.episode"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("episode", "take", "name"),
    )


def _live_segments() -> None:
    op.create_table(
        "live_segments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("rendition", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("take", sa.Integer(), nullable=False),
        sa.Column("start", sa.Float(), nullable=False),
        sa.Column("duration", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("discontinuity", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode"], ["broadcasts.episode"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "live_segments_in_order", "live_segments", ["episode", "rendition", "number"], unique=True
    )


def _live_health() -> None:
    op.create_table(
        "live_health",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode"], ["broadcasts.episode"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("episode"),
    )


def _live_viewers() -> None:
    op.create_table(
        "live_viewers",
        sa.Column("site", sa.String(length=80), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("viewers", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode"], ["broadcasts.episode"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site", "episode"),
    )
