"""The day on which something is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam's time has no summer time, so that no time zone data need be installed."""


def today() -> date:
    """The present day in Vietnam, wherever the server stands."""
    return datetime.now(ZONE).date()


def first_of_month(day: date) -> date:
    """The month of a day, as its first day."""
    return day.replace(day=1)
