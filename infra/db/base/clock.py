"""Time as the database keeps it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present in UTC without a zone, as every DateTime column holds it."""
    return datetime.now(UTC).replace(tzinfo=None)
