"""What a player reports of the seconds it played, and whether that can be true. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from media.archive.episodes import SLUG, SLUG_LENGTH
from media.errors import InvalidInput
from web.domain.statistics.views import BUCKET_SECONDS, Watched

VIEW_SECONDS = 5.0
"""Who plays less than this has only looked in."""
RANGES_MOST = 30
REPORT_SECONDS_MOST = 130.0
"""A player reports every 60 s; a throttled one may be late."""
SPEED_MOST = 2.5
"""The players go up to 2×; the rest is for clocks that differ."""
_SLACK = 1.5
_LATEST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Report:
    """Ranges of an episode (start and end, in its seconds) that were played within `seconds` of real time.

    `first`: nothing of this episode has been reported from that page before.
    """

    episode: str
    first: bool
    seconds: float
    ranges: tuple[tuple[float, float], ...]

    @property
    def played(self) -> float:
        """Seconds of the episode that were played, repeated ones as often as they were."""
        return sum(end - start for start, end in self.ranges)


def read_report(values: Mapping[str, object]) -> Report:
    """Read a player's report. Raises `InvalidInput` when it has not the form of one."""
    episode, first, ranges = values.get("episode"), values.get("first", False), values.get("ranges")
    if not (isinstance(episode, str) and len(episode) <= SLUG_LENGTH and SLUG.fullmatch(episode)):
        raise InvalidInput("“episode” is the name in an episode's address.")
    if not isinstance(first, bool):
        raise InvalidInput("“first” is true or false.")
    if not (isinstance(ranges, list) and 0 < len(ranges) <= RANGES_MOST):
        raise InvalidInput("“ranges” is a list of 1 to %(most)s pairs of seconds.", most=RANGES_MOST)
    return Report(episode, first, _number(values.get("seconds")), tuple(_range(each) for each in ranges))


def watched(report: Report, duration: float) -> Watched | None:
    """What to count of a report on an episode of `duration` seconds; None when it cannot be true:
    beyond the episode's end, faster than any player plays, or a view too short to be one."""
    if not 0 < report.seconds <= REPORT_SECONDS_MOST:
        return None
    if any(not 0 <= start < end <= duration + _SLACK for start, end in report.ranges):
        return None
    if report.played > SPEED_MOST * report.seconds + _SLACK:
        return None
    if report.first and report.played < VIEW_SECONDS:
        return None
    return Watched(int(report.first), _buckets(report, duration))


def _buckets(report: Report, duration: float) -> dict[int, float]:
    found: dict[int, float] = {}
    for start, reported_end in report.ranges:
        end = min(reported_end, duration)
        for bucket in range(int(start // BUCKET_SECONDS), math.ceil(end / BUCKET_SECONDS)):
            first, last = bucket * BUCKET_SECONDS, (bucket + 1) * BUCKET_SECONDS
            seconds = min(end, last) - max(start, first)
            if seconds > 0:
                found[bucket] = found.get(bucket, 0.0) + seconds
    return found


def _range(value: object) -> tuple[float, float]:
    if not (isinstance(value, list) and len(value) == 2):
        raise InvalidInput("A range is a pair of seconds: [start, end].")
    return _number(value[0]), _number(value[1])


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LATEST:
        raise InvalidInput("Seconds are numbers below a million.")
    return float(value)
