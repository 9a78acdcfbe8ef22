"""Figures for programs. Pure. Times are seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from web.domain.statistics.figures import Figures, Retention, UsageCounts
from web.domain.statistics.searches import Searched
from web.domain.statistics.views import BUCKET_SECONDS, AnswerPlays
from web.http.json_schema import said


@dataclass(frozen=True, slots=True)
class Watched:
    """What was watched."""

    views: int
    seconds: Annotated[float, said("watched")]
    plays: Annotated[int, said("of answers")]


@dataclass(frozen=True, slots=True)
class Counts(Watched):
    """What was watched and searched."""

    searches: int
    found_nothing: int


@dataclass(frozen=True, slots=True)
class Step(Counts):
    """A day or a month."""

    day: date


@dataclass(frozen=True, slots=True)
class WatchedEpisode(Watched):
    """An episode."""

    episode: str
    title: str


@dataclass(frozen=True, slots=True)
class SearchedText:
    """What was searched for."""

    text: str
    searches: int
    found_nothing: int
    plays: int


@dataclass(frozen=True, slots=True)
class RetentionJson:
    """Which seconds of an episode are watched."""

    views: int
    duration: float
    bucket_seconds: int
    shares: Annotated[list[float], said("plays of each span for each view: 1 is by everybody")]


@dataclass(frozen=True, slots=True)
class _Period:
    since: date
    until: date
    step: Literal["day", "month"]
    time_zone: str
    total: Counts
    steps: list[Step]
    answers: list[AnswerPlays]


@dataclass(frozen=True, slots=True)
class FiguresJson(_Period):
    """Everything counted in a period."""

    episodes: list[WatchedEpisode]
    searches: dict[str, list[SearchedText]]


@dataclass(frozen=True, slots=True)
class EpisodeFigures(_Period):
    """What was counted of one episode in a period."""

    retention: RetentionJson


def figures_json(figures: Figures) -> FiguresJson:
    """The body of `GET /api/v1/figures`."""
    episodes = [
        WatchedEpisode(*_watched(each.counts), each.episode.slug, each.episode.title)
        for each in figures.episodes
    ]
    return FiguresJson(
        **_period(figures),
        episodes=episodes,
        searches={name: _searched(rows) for name, rows in figures.searches.items()},
    )


def episode_figures_json(figures: Figures, found: Retention) -> EpisodeFigures:
    """The body of `GET /api/v1/figures/{slug}`."""
    shares = [round(each, 4) for each in found.shares]
    retention = RetentionJson(found.views, found.duration, BUCKET_SECONDS, shares)
    return EpisodeFigures(**_period(figures), retention=retention)


def _period(figures: Figures) -> dict[str, Any]:
    period = figures.period
    return {
        "since": period.since,
        "until": period.until,
        "step": "month" if period.monthly else "day",
        "time_zone": "Asia/Ho_Chi_Minh",
        "total": Counts(*_counts(figures.total)),
        "steps": [Step(*_counts(each), day) for day, each in figures.steps],
        "answers": [each.answer for each in figures.answers],
    }


def _counts(counts: UsageCounts) -> tuple[int, float, int, int, int]:
    return *_watched(counts), counts.searches, counts.empty


def _watched(counts: UsageCounts) -> tuple[int, float, int]:
    return counts.views, round(counts.seconds, 1), counts.plays


def _searched(rows: Sequence[Searched]) -> list[SearchedText]:
    return [SearchedText(each.text, each.count, each.empty, each.plays) for each in rows]
