"""The days that figures are asked for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from media.errors import InvalidInput
from web.domain.statistics.views import DAYS_KEPT
from web.text.days import first_of_month

CHOICES = (7, 30, 90, 365)
USUAL = 30
LONGEST = 3660
EARLIEST = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to `until`, both counted. `days` is one of CHOICES, 0 for dates of one's own. `monthly`
    when it reaches back to where only months are kept: then `since` is the first of a month."""

    since: date
    until: date
    days: int = 0
    monthly: bool = False

    @property
    def steps(self) -> list[date]:
        """Every day, or the first day of every month."""
        every = [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]
        return [day for day in every if day.day == 1] if self.monthly else every

    def step(self, day: date) -> date:
        """The step that a day belongs to."""
        return first_of_month(day) if self.monthly else day


def read_period(days: str, since: str, until: str, today: date) -> Period:
    """The last `days` up to `today`, or the dates `since` to `until` (ISO 8601); "" for what is not given.

    Raises `InvalidInput` for anything else.
    """
    if not since and not until:
        if days and days not in {str(each) for each in CHOICES}:
            raise InvalidInput(
                "“days” is one of %(choices)s, or give “since” and “until”.",
                choices=", ".join(map(str, CHOICES)),
            )
        count = int(days or USUAL)
        return Period(today - timedelta(days=count - 1), today, count)
    last = min(_day(until), today) if until else today
    first = _day(since) if since else last - timedelta(days=USUAL - 1)
    if not EARLIEST <= first <= last:
        raise InvalidInput(
            "The first day is after the last, or before %(earliest)s; swap or change them.",
            earliest=EARLIEST.isoformat(),
        )
    if (last - first).days >= LONGEST:
        raise InvalidInput("This is longer than ten years; choose later or fewer days.")
    count = (last - first).days + 1
    if last == today and count in CHOICES:
        return Period(first, last, count)
    monthly = first < today - timedelta(days=DAYS_KEPT)
    return Period(first_of_month(first) if monthly else first, last, monthly=monthly)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("“%(text)s” is not a day; write it as 2026-03-15.", text=text[:20]) from error
