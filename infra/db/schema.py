"""All tables together: importing this makes `metadata` know every one."""

from infra.db import (
    caption_tables,
    companion_tables,
    live_tables,
    piece_tables,
    studio_tables,
    written_tables,
)
from infra.db.tables import metadata

__all__ = [
    "caption_tables",
    "companion_tables",
    "live_tables",
    "metadata",
    "piece_tables",
    "studio_tables",
    "written_tables",
]
