"""In-memory store of vectors."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping

from media.archive.episodes import EpisodeState
from media.errors import NotFound
from search.embedder import Vector
from search.embedding.vector_store import packed, unpacked
from tests.fakes.catalogue_memory import MemoryCatalogue


class MemoryVectors:
    """Implements `search.embedding.vector_store.VectorStore`; episodes are those of `catalogue`."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[tuple[str, str], tuple[bytes, float]] = {}
        self._embedded: dict[str, tuple[str, float | None]] = {}  # embedder, and until when it is taken

    def known(self, embedder: str, digests: Iterable[str]) -> dict[str, Vector]:
        return {d: unpacked(self._kept[embedder, d][0]) for d in digests if (embedder, d) in self._kept}

    def put(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        at = time.monotonic()
        self._kept |= {(embedder, digest): (packed(vector), at) for digest, vector in vectors.items()}

    def keep_only(self, digests: Collection[str], grace: float) -> int:
        before = time.monotonic() - grace
        gone = [key for key, (_, at) in self._kept.items() if key[1] not in digests and at <= before]
        for key in gone:
            del self._kept[key]
        return len(gone)

    def waiting(self, embedder: str) -> list[str]:
        published = self._catalogue.episodes(state=EpisodeState.PUBLISHED)
        return [e.slug for e in published if self._embedded.get(e.slug) != (embedder, None)]

    def take(self, embedder: str, seconds: float) -> str | None:
        for slug in self.waiting(embedder):
            until = self._embedded.get(slug, ("", None))[1]
            if until is None or until <= time.monotonic():
                self._embedded[slug] = (embedder, time.monotonic() + seconds)
                return slug
        return None

    def hold(self, episode: str, seconds: float) -> None:
        embedder, until = self._embedded.get(episode, ("", None))
        if until is not None:
            self._embedded[episode] = (embedder, time.monotonic() + seconds)

    def complete(self, embedder: str, episodes: Collection[str]) -> None:
        for slug in episodes:
            try:
                self._embedded[self._catalogue.episode(slug).slug] = (embedder, None)
            except NotFound:
                continue

    def incomplete(self, episodes: Collection[str]) -> None:
        for slug in episodes:
            self._embedded.pop(slug, None)
