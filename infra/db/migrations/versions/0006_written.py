"""Answers in writing, and live captions"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _captions()


def _captions() -> None:
    op.create_table(
        "live_cues",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cue", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode", "number"),
    )
    op.create_table(
        "captioners",
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("heard", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episodes.slug"], onupdate="CASCADE", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode"),
    )
