"""The table of pieces: what a job's work is cut into, who has which in hand, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.tables.archive import metadata, ref

pieces = sa.Table(
    "pieces",
    metadata,
    sa.Column("job", sa.String(40), ref("jobs.id"), primary_key=True),
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column(
        "epoch", sa.Integer, nullable=False
    ),  # counts how often it was queued; an older call to it is stale
    sa.Column("token", sa.String(32)),  # of the one run that may commit; null while nobody may
    sa.Column("worker", sa.String(80)),
    sa.Column("wanted", sa.JSON, nullable=False),
    sa.Column("result", sa.JSON),
    sa.Column("share", sa.Float, nullable=False),  # of the whole job
    sa.Column("fraction", sa.Float, nullable=False),  # of this piece
    sa.Column("lost", sa.Integer, nullable=False),  # runs whose worker died
    sa.Column("tries", sa.Integer, nullable=False),  # runs that ended with “not now”
    sa.Column("queued_at", sa.DateTime, nullable=False),
    sa.Column("started_at", sa.DateTime),
    sa.Column("finished_at", sa.DateTime),
)
