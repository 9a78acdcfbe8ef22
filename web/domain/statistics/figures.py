"""Figures for editors: gathered from the counts, by day or month, by episode and by answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from media.archive.catalogue import Catalogue
from media.archive.episodes import Episode
from web.domain.statistics.period import Period
from web.domain.statistics.search_report import report
from web.domain.statistics.searches import Searched, Searches, Tally
from web.domain.statistics.views import BUCKET_SECONDS, AnswerPlays, StatisticsScope, Viewing, Views

SEARCHES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UsageCounts:
    """What was counted on a day or in a month, or in all. Searches are of the whole site."""

    views: int = 0
    seconds: float = 0.0
    plays: int = 0
    searches: int = 0
    empty: int = 0

    @property
    def minutes(self) -> float:
        """Minutes watched."""
        return self.seconds / 60

    def __add__(self, other: UsageCounts) -> UsageCounts:
        return UsageCounts(
            self.views + other.views,
            self.seconds + other.seconds,
            self.plays + other.plays,
            self.searches + other.searches,
            self.empty + other.empty,
        )


@dataclass(frozen=True, slots=True)
class EpisodeCounts:
    """What was counted of an episode."""

    episode: Episode
    counts: UsageCounts

    @property
    def minutes_a_view(self) -> float:
        """How long somebody watched on average; 0 without views."""
        return self.counts.minutes / self.counts.views if self.counts.views else 0.0


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How often an answer was played, and of which episode it is."""

    answer: AnswerPlays
    episode: Episode


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything counted in a period. `searches` are the tables of `search_report`, without a scope."""

    period: Period
    total: UsageCounts
    steps: list[tuple[date, UsageCounts]]
    episodes: list[EpisodeCounts]
    answers: list[AnswerCounts]
    searches: dict[str, list[Searched]]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was counted."""
        return self.total == UsageCounts()


class Counted(Protocol):
    """What figures are made from; `web.services.ArchiveServices` is one."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def views(self) -> Views: ...
    @property
    def searches(self) -> Searches: ...


def gather(
    archive: Counted, period: Period, programme: str = "", episode: str = "", limit: int = SEARCHES_SHOWN
) -> Figures:
    """The figures of a period, of one programme's or one episode's; `limit` of each table of searches."""
    views, scope = archive.views, StatisticsScope(period.since, period.until, programme, episode)
    watched = views.by_day(scope)
    plays = views.plays_by_day(scope)
    whole = archive.searches if not episode else None
    searches = whole.by_day(period.since, period.until) if whole else {}
    steps = by_step(period, watched, plays, searches)
    answers = views.plays_by_answer(scope)
    episodes = {each.slug: each for each in archive.catalogue.episodes(programme=programme or None)}
    return Figures(
        period,
        sum((counts for _, counts in steps), UsageCounts()),
        steps,
        _by_episode(episodes, views.by_episode(scope), answers),
        [AnswerCounts(each, episodes[each.episode]) for each in answers if each.episode in episodes],
        report(whole.searched(period.since, period.until) if whole else [], limit),
    )


def by_step(
    period: Period,
    watched: Mapping[date, Viewing],
    plays: Mapping[date, int],
    searches: Mapping[date, Tally],
) -> list[tuple[date, UsageCounts]]:
    """Every day (or month) of a period with what was counted; those without anything too."""
    found = dict.fromkeys(period.steps, UsageCounts())
    for day, watch in watched.items():
        found[period.step(day)] += UsageCounts(watch.views, watch.seconds)
    for day, count in plays.items():
        found[period.step(day)] += UsageCounts(plays=count)
    for day, tally in searches.items():
        found[period.step(day)] += UsageCounts(searches=tally.count, empty=tally.empty)
    return list(found.items())


def _by_episode(
    episodes: Mapping[str, Episode], watched: Mapping[str, Viewing], answers: Sequence[AnswerPlays]
) -> list[EpisodeCounts]:
    counts = {slug: UsageCounts(each.views, each.seconds) for slug, each in watched.items()}
    for each in answers:
        counts[each.episode] = counts.get(each.episode, UsageCounts()) + UsageCounts(plays=each.plays)
    found = [EpisodeCounts(episodes[slug], each) for slug, each in counts.items() if slug in episodes]
    return sorted(found, key=lambda each: (-each.counts.views, -each.counts.plays, each.episode.slug))


@dataclass(frozen=True, slots=True)
class Retention:
    """How often each span of BUCKET_SECONDS was played, for each view there ever was (1.0: by everybody).

    `shares` has all spans of the episode in order; it is empty when there were no views.
    """

    views: int
    shares: tuple[float, ...]
    duration: float

    @property
    def starts(self) -> list[int]:
        """The first second of each span."""
        return [number * BUCKET_SECONDS for number in range(len(self.shares))]

    def share(self, start: float, end: float) -> float:
        """The average share from `start` to `end` (seconds)."""
        found = self.shares[int(start // BUCKET_SECONDS) : max(1, -int(-end // BUCKET_SECONDS))]
        return sum(found) / len(found) if found else 0.0


def retention(buckets: Mapping[int, float], views: int, duration: float) -> Retention:
    """The curve from the seconds played of each bucket; `duration` in seconds."""
    count = -int(-duration // BUCKET_SECONDS)
    if not views or count <= 0:
        return Retention(views, (), duration)
    lengths = [min(BUCKET_SECONDS, duration - number * BUCKET_SECONDS) for number in range(count)]
    shares = tuple(
        buckets.get(number, 0.0) / max(1.0, length) / views for number, length in enumerate(lengths)
    )
    return Retention(views, shares, duration)
