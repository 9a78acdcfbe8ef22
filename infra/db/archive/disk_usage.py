"""How much the archive keeps, as its database knows it."""

from __future__ import annotations

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.tables import archive as t
from infra.db.tables.live import live_segments
from infra.db.tables.studio import documents


def used_bytes(database: Database) -> int:
    """Bytes of sources, renditions, documents and live segments; asks no store."""
    sizes = (
        t.recordings.c.size_bytes,
        t.renditions.c.size_bytes,
        documents.c.size_bytes,
        live_segments.c.size_bytes,
    )
    with database.read() as c:
        return sum(
            int(c.execute(sa.select(sa.func.coalesce(sa.func.sum(size), 0))).scalar_one()) for size in sizes
        )


def room_left(database: Database, quota_gigabytes: float) -> int | None:
    """Bytes until the quota that is set, None without one."""
    return round(quota_gigabytes * 1e9) - used_bytes(database) if quota_gigabytes else None
