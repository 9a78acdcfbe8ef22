"""In-memory counts of what is watched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from media.errors import NotFound
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.plays_memory import MemoryPlays
from tests.fakes.transcripts_memory import MemoryTranscripts
from transcribe.segments import Segment, SegmentKind
from web.domain.statistics.views import DAYS_KEPT, AnswerPlays, StatisticsScope, Viewing, Watched

K = TypeVar("K")


class MemoryViews:
    """Implements `web.domain.statistics.views.Views`."""

    def __init__(
        self, catalogue: MemoryCatalogue, transcripts: MemoryTranscripts, plays: MemoryPlays
    ) -> None:
        self._catalogue = catalogue
        self._transcripts = transcripts
        self._plays = plays._counts
        self._days: dict[tuple[date, str], Watched] = {}

    def add(self, day: date, watched: Mapping[str, Watched]) -> None:
        for slug, each in watched.items():
            if self._programme(slug) is not None:
                self._days[day, slug] = self._days.get((day, slug), Watched()) + each

    def by_day(self, scope: StatisticsScope) -> dict[date, Viewing]:
        return self._summed(scope, lambda day, _: day)

    def by_episode(self, scope: StatisticsScope) -> dict[str, Viewing]:
        return self._summed(scope, lambda _, slug: slug)

    def plays_by_day(self, scope: StatisticsScope) -> dict[date, int]:
        found: Counter[date] = Counter()
        for (slug, segment, day), count in self._plays.items():
            if self._within(day, slug, scope) and self._answer(slug, segment):
                found[day] += count
        return dict(found)

    def plays_by_answer(self, scope: StatisticsScope) -> list[AnswerPlays]:
        found: Counter[tuple[str, str]] = Counter()
        for (slug, segment, day), count in self._plays.items():
            if self._within(day, slug, scope):
                found[slug, segment] += count
        rows = []
        for (slug, segment), count in found.items():
            if answer := self._answer(slug, segment):
                asked = answer.question or answer.title
                rows.append(AnswerPlays(slug, segment, asked, answer.start, answer.end, count))
        return sorted(rows, key=lambda each: (-each.plays, each.segment))

    def retention(self, episode: str) -> dict[int, float]:
        whole = Watched()
        for (_, slug), each in self._days.items():
            whole += each if slug == episode else Watched()
        return dict(sorted(whole.buckets.items()))

    def forget(self, today: date) -> None:
        last = today - timedelta(days=DAYS_KEPT)
        for (day, slug), each in sorted(self._days.items()):
            if day < last and day.day != 1:
                del self._days[day, slug]
                first = day.replace(day=1), slug
                self._days[first] = self._days.get(first, Watched()) + each
        for (slug, segment, day), count in list(self._plays.items()):
            if day < last and day.day != 1:
                del self._plays[slug, segment, day]
                self._plays[slug, segment, day.replace(day=1)] += count

    def _summed(self, scope: StatisticsScope, key: Callable[[date, str], K]) -> dict[K, Viewing]:
        found: dict[K, Viewing] = {}
        for (day, slug), each in self._days.items():
            if self._within(day, slug, scope):
                sum_ = found.get(key(day, slug), Viewing())
                found[key(day, slug)] = Viewing(sum_.views + each.views, sum_.seconds + each.seconds)
        return found

    def _within(self, day: date, slug: str, scope: StatisticsScope) -> bool:
        right = (scope.programme in ("", self._programme(slug))) and scope.episode in ("", slug)
        return right and scope.since <= day <= scope.until

    def _programme(self, slug: str) -> str | None:
        try:
            return self._catalogue.episode(slug).programme
        except NotFound:
            return None

    def _answer(self, slug: str, id: str) -> Segment | None:
        found = self._transcripts.segments(slug)
        return next((each for each in found if each.id == id and each.kind == SegmentKind.ANSWER), None)
