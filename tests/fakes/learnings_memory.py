"""A `Learnings` in memory, over the fake catalogue and transcripts."""

from __future__ import annotations

from dataclasses import replace

from media.archive.catalogue import Catalogue
from media.archive.episodes import EpisodeState
from search.diacritics.learning import Learning
from transcribe.transcripts import Transcripts


class MemoryLearnings:
    def __init__(self, catalogue: Catalogue, transcripts: Transcripts) -> None:
        self._catalogue = catalogue
        self._transcripts = transcripts
        self._kept: Learning | None = None

    def published(self) -> dict[str, int]:
        found = {
            episode.slug: self._transcripts.transcript(episode.slug)
            for episode in self._catalogue.episodes(state=EpisodeState.PUBLISHED)
        }
        return {slug: t.version for slug, t in found.items() if t and t.language.startswith("vi")}

    def newest(self, after: int = 0) -> Learning | None:
        return self._kept if self._kept and self._kept.number > after else None

    def state(self) -> Learning | None:
        return replace(self._kept, model=b"") if self._kept else None

    def save(self, learning: Learning) -> bool:
        if self._kept and self._kept.number >= learning.number:
            return False
        self._kept = learning
        return True
