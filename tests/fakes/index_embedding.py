"""A hybrid index that embeds what it is given at once, by syllables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from search.diacritics.restorer import Restorer
from search.embedding.excerpts import excerpts_of
from search.hybrid.index import HybridIndex
from search.index import SearchIndex
from search.passages.passage import Passage
from tests.fakes.embedder_syllables import SyllableEmbedder


class EmbeddingIndex(HybridIndex):
    """`HybridIndex` around an engine and `SyllableEmbedder`."""

    def __init__(
        self,
        index: SearchIndex,
        embedder: SyllableEmbedder | None = None,
        restorer: Restorer | None = None,
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.embedder = embedder or SyllableEmbedder()
        super().__init__(index, lambda: self.embedder, restorer, clock=clock)

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        super().replace(episode, self._embedded(passages))

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        super().rebuild([(slug, self._embedded(passages)) for slug, passages in episodes])

    def _embedded(self, passages: Sequence[Passage]) -> list[Passage]:
        return [replace(p, vectors=self.embedder.excerpts(excerpts_of(p))) for p in passages]
