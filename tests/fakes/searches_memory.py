"""In-memory counts of searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from web.domain.statistics.searches import (
    KEPT_DAYS,
    NEW_TEXTS_A_DAY,
    RARE_COUNT,
    RARE_DAYS,
    Searched,
    Tally,
)


class MemorySearches:
    """Implements `web.domain.statistics.searches.Searches`."""

    def __init__(self, new_texts_a_day: int = NEW_TEXTS_A_DAY) -> None:
        self._most = new_texts_a_day
        self._searches: dict[tuple[date, str], Tally] = {}
        self._plays: Counter[tuple[date, str, str]] = Counter()
        self._totals: dict[date, Tally] = {}

    def add(self, day: date, searches: Mapping[str, Tally], plays: Mapping[tuple[str, str], int]) -> None:
        self._totals[day] = sum(searches.values(), self._totals.get(day, Tally()))
        for text, tally in searches.items():
            known = sum(on == day for on, _ in self._searches)
            if (day, text) in self._searches or known < self._most:
                self._searches[day, text] = self._searches.get((day, text), Tally()) + tally
        for (text, passage), count in plays.items():
            known = sum(on == day for on, _, _ in self._plays)
            counted = (day, text, passage) in self._plays
            if (day, text) in self._searches and (counted or known < self._most):
                self._plays[day, text, passage] += count

    def by_day(self, since: date, until: date) -> dict[date, Tally]:
        return {day: each for day, each in self._totals.items() if since <= day <= until and each.count}

    def searched(self, since: date, until: date | None = None) -> list[Searched]:
        last = until or date.max
        totals: dict[str, Tally] = {}
        for (day, text), tally in self._searches.items():
            if since <= day <= last:
                totals[text] = totals.get(text, Tally()) + tally
        plays: Counter[str] = Counter()
        for (day, text, _), count in self._plays.items():
            if since <= day <= last:
                plays[text] += count
        found = [Searched(text, tally.count, tally.empty, plays[text]) for text, tally in totals.items()]
        return sorted(found, key=lambda each: (-each.count, each.text))

    def forget(self, today: date) -> None:
        last_day, rare_day = today - timedelta(days=KEPT_DAYS), today - timedelta(days=RARE_DAYS)
        self._searches = {key: tally for key, tally in self._searches.items() if key[0] >= last_day}
        totals: Counter[str] = Counter()
        for (_, text), tally in self._searches.items():
            totals[text] += tally.count
        self._searches = {
            (day, text): tally
            for (day, text), tally in self._searches.items()
            if day >= rare_day or totals[text] >= RARE_COUNT
        }
        for day, text, passage in list(self._plays):
            if day < rare_day and (day, text) not in self._searches:
                del self._plays[day, text, passage]
