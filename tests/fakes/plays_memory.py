"""In-memory play counts."""

from __future__ import annotations

from collections import Counter
from datetime import date

from media.archive.episodes import EpisodeState
from media.errors import NotFound
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.transcripts_memory import MemoryTranscripts
from transcribe.segments import Segment, SegmentKind


class MemoryPlays:
    """Implements `web.domain.statistics.plays.Plays`."""

    def __init__(self, catalogue: MemoryCatalogue, transcripts: MemoryTranscripts) -> None:
        self._catalogue = catalogue
        self._transcripts = transcripts
        self._counts: Counter[tuple[str, str, date]] = Counter()

    def count(self, episode: str, segment: str, day: date) -> None:
        if self._segment(episode, segment) is not None:
            self._counts[episode, segment, day] += 1

    def popular(self, since: date, limit: int) -> list[tuple[str, str]]:
        totals: Counter[tuple[str, str]] = Counter()
        for (episode, segment, day), plays in self._counts.items():
            if day >= since and self._is_public_answer(episode, segment):
                totals[episode, segment] += plays
        return [key for key, _ in totals.most_common(limit)]

    def _is_public_answer(self, episode: str, id: str) -> bool:
        segment = self._segment(episode, id)
        return (
            segment is not None
            and segment.kind == SegmentKind.ANSWER
            and self._catalogue.episode(episode).state == EpisodeState.PUBLISHED
        )

    def _segment(self, episode: str, id: str) -> Segment | None:
        try:
            segments = self._transcripts.segments(episode)
        except NotFound:
            return None
        return next((segment for segment in segments if segment.id == id), None)
