"""Counting what is searched for and which hits are played, without anything that identifies a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

KEPT_DAYS = 400
"""Nothing older is kept."""
RARE_DAYS = 30
RARE_COUNT = 3
"""A text searched for fewer times than this is forgotten after RARE_DAYS: so few may be one person."""
NEW_TEXTS_A_DAY = 5000
"""Of texts and of played hits; what is new beyond it is not counted, so that no robot fills the table."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was searched for, and how often that found nothing."""

    count: int = 0
    empty: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.empty + other.empty)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for over some days; `plays` of hits it found."""

    text: str
    count: int
    empty: int
    plays: int


class Searches(Protocol):
    """Numbers per day. Texts have gone through `web.domain.statistics.anonymise.countable`."""

    def add(self, day: date, searches: Mapping[str, Tally], plays: Mapping[tuple[str, str], int]) -> None:
        """Add searches by text, and plays by (text, id of the passage), in one step.

        Plays after a text that was not searched for that day are left out. Raises `Unavailable`.
        """
        ...

    def searched(self, since: date, until: date | None = None) -> list[Searched]:
        """Everything searched for from the day `since` on, to `until`, most often first. Raises `Unavailable`."""
        ...

    def by_day(self, since: date, until: date) -> dict[date, Tally]:
        """All searches of the days that had any, forgotten texts too. Raises `Unavailable`."""
        ...

    def forget(self, today: date) -> None:
        """Drop what is older than KEPT_DAYS, and what is rare and older than RARE_DAYS. Raises `Unavailable`."""
        ...
