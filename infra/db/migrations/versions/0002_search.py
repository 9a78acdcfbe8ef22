"""Vectors, counts of searches, and the lexicon"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _vectors()
    _searches()
    _lexicon()
    _learnings()


def _vectors() -> None:
    op.create_table(
        "vectors",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("embedder", sa.String(length=80), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "embedder"),
    )
    op.create_table(
        "embedded",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("embedder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime()),
        sa.PrimaryKeyConstraint("episode"),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], ondelete="CASCADE", onupdate="CASCADE"),
    )


def _searches() -> None:
    op.create_table(
        "searches",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "text"),
    )
    op.create_table(
        "hit_plays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("passage", sa.String(length=160), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "text", "passage"),
    )


def _lexicon() -> None:
    op.create_table(
        "lexicon_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("meant", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "lexicon_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _learnings() -> None:
    op.create_table(
        "learnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("episodes", sa.Text(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("anew_at", sa.Float(), nullable=False),
        sa.Column("anew_seconds", sa.Float(), nullable=False),
        sa.Column("model", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
