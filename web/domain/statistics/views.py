"""Counting what is watched, without anything that identifies a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

BUCKET_SECONDS = 10
"""Retention is kept for spans of so many seconds."""
DAYS_KEPT = 400
"""What is older is kept by the month, on the month's first day."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was watched of one episode: how often somebody began to, and the seconds played of each bucket
    (0 is the episode's first BUCKET_SECONDS)."""

    views: int = 0
    buckets: Mapping[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Seconds played."""
        return sum(self.buckets.values())

    def __add__(self, other: Watched) -> Watched:
        buckets: Counter[int] = Counter()
        for part in (self.buckets, other.buckets):
            for bucket, seconds in part.items():
                buckets[bucket] += seconds  # type: ignore[assignment]  # a Counter adds floats as well
        return Watched(self.views + other.views, dict(buckets))


@dataclass(frozen=True, slots=True)
class Viewing:
    """Views, and seconds played, of a day or an episode."""

    views: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class StatisticsScope:
    """The days `since` to `until`, both counted, of all episodes, of a `programme` or of one `episode`."""

    since: date
    until: date
    programme: str = ""
    episode: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPlays:
    """How often an answer was played; `start` in seconds of its episode."""

    episode: str
    segment: str
    question: str
    start: float
    end: float
    plays: int


class Views(Protocol):
    """Numbers per episode and day, and per episode and bucket. All methods raise `Unavailable`."""

    def add(self, day: date, watched: Mapping[str, Watched]) -> None:
        """Add what was watched, by episode, in one step; unknown episodes are left out."""
        ...

    def by_day(self, scope: StatisticsScope) -> dict[date, Viewing]:
        """Days on which something was watched."""
        ...

    def by_episode(self, scope: StatisticsScope) -> dict[str, Viewing]:
        """Episodes of which something was watched."""
        ...

    def plays_by_day(self, scope: StatisticsScope) -> dict[date, int]:
        """Plays of answers, for the days that had any."""
        ...

    def plays_by_answer(self, scope: StatisticsScope) -> list[AnswerPlays]:
        """Answers that were played, most often first."""
        ...

    def retention(self, episode: str) -> dict[int, float]:
        """Seconds played of each bucket, ever; none for an unknown episode."""
        ...

    def forget(self, today: date) -> None:
        """Sum what is older than DAYS_KEPT by the month, plays of answers too."""
        ...
