"""Figures for programs. Pure. Days are ISO 8601, times seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from web.domain.statistics.figures import Figures, Retention, UsageCounts
from web.domain.statistics.searches import Searched
from web.domain.statistics.views import BUCKET_SECONDS


def plain(figures: Figures) -> dict[str, Any]:
    """The body of `GET /api/v1/figures`."""
    period = figures.period
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "step": "month" if period.monthly else "day",
        "time_zone": "Asia/Ho_Chi_Minh",
        "total": _counts(figures.total),
        "steps": [{"day": day.isoformat(), **_counts(each)} for day, each in figures.steps],
        "episodes": [
            {"episode": each.episode.slug, "title": each.episode.title, **_watched(each.counts)}
            for each in figures.episodes
        ],
        "answers": [asdict(each.answer) for each in figures.answers],
        "searches": {name: _searched(rows) for name, rows in figures.searches.items()},
    }


def plain_retention(found: Retention) -> dict[str, Any]:
    """The part of `GET /api/v1/figures/{slug}` that tells which seconds are watched."""
    return {
        "views": found.views,
        "duration": found.duration,
        "bucket_seconds": BUCKET_SECONDS,
        "shares": [round(each, 4) for each in found.shares],
    }


def _counts(counts: UsageCounts) -> dict[str, Any]:
    return {**_watched(counts), "searches": counts.searches, "found_nothing": counts.empty}


def _watched(counts: UsageCounts) -> dict[str, Any]:
    return {"views": counts.views, "seconds": round(counts.seconds, 1), "plays": counts.plays}


def _searched(rows: Sequence[Searched]) -> list[dict[str, Any]]:
    return [
        {"text": each.text, "searches": each.count, "found_nothing": each.empty, "plays": each.plays}
        for each in rows
    ]
