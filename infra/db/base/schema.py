"""All tables together: importing this makes `metadata` know every one."""

from infra.db.tables import captions as caption_tables
from infra.db.tables import companion as companion_tables
from infra.db.tables import jobs as piece_tables
from infra.db.tables import live as live_tables
from infra.db.tables import studio as studio_tables
from infra.db.tables.archive import metadata

__all__ = [
    "caption_tables",
    "companion_tables",
    "live_tables",
    "metadata",
    "piece_tables",
    "studio_tables",
]
