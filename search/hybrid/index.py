"""A search index that goes by words and by meaning: any engine, an embedder and a restorer together."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from media.errors import Unavailable
from search.diacritics.restorer import Restorer
from search.embedder import Embedder, Vector
from search.hybrid.ranking import ranked
from search.index import Facets, Hit, SearchIndex, SearchQuery, SearchResults, check_paging
from search.passages.passage import Passage
from search.query.fitting import fits
from search.query.interpretation import Interpretation, meant
from search.query.spreading import spread
from search.query.understanding import Understanding, understand
from search.synonyms.lexicon import Lexicon, seeded
from search.text.folding import words

log = logging.getLogger("tualai.hybrid")

POOL = 60
"""So many of the best by words, and by meaning, are fused; after them words alone decide."""
VECTORS_KEPT = 256
REST_SECONDS = 10.0
"""After a failure the embedder is left alone for so long: no search waits for a dead one twice."""


@dataclass(frozen=True, slots=True)
class _Fusion:
    """The fused part of a result. `extra` are the hits that meaning alone brought, `counted` those of them that
    are surely not among what words find further down."""

    found: SearchResults
    hits: list[Hit]
    extra: list[Hit]

    @property
    def counted(self) -> list[Hit]:
        return self.extra if self.found.total <= len(self.found.hits) else []

    def marked(self, hits: Sequence[Hit]) -> list[Hit]:
        """With spans, but for what meaning alone brought."""
        brought = {hit.passage.id for hit in self.extra}
        return [hit if hit.passage.id in brought else self.found.mark(hit) for hit in hits]


class HybridIndex:
    """`SearchIndex`. Safe to share between threads when its engine, embedder and restorer are.

    Goes by words alone while somebody is typing, for look-ups of articles, and where there is no
    embedder, no vector, or the embedder is `Unavailable`.
    """

    def __init__(
        self,
        index: SearchIndex,
        embedder: Callable[[], Embedder | None],
        restorer: Restorer | None = None,
        lexicon: Callable[[], Lexicon] = seeded,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`embedder` is called at the first search that needs it; `clock` gives seconds."""
        self.engine = index.engine
        self._index, self._lexicon, self._restorer = index, lexicon, restorer
        self._vectors = _Vectors(embedder, clock)

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """See `SearchIndex.replace`."""
        self._index.replace(episode, passages)

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """See `SearchIndex.rebuild`."""
        self._index.rebuild(episodes)

    def nearest(self, query: SearchQuery) -> list[Hit]:
        """See `SearchIndex.nearest`."""
        return self._index.nearest(query)

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """See `SearchIndex.suggest`."""
        return self._index.suggest(text, limit)

    def counts(self) -> dict[str, int]:
        """See `SearchIndex.counts`."""
        return self._index.counts()

    def current(self) -> bool:
        """See `SearchIndex.current`."""
        return self._index.current()

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`; hits that meaning alone brings have no spans."""
        check_paging(query)
        started = time.perf_counter()
        if query.typing:
            return self._index.search(query)
        typed = query.text
        wanted = meant(typed, self._lexicon(), self._restorer, self._has)
        asked = understand(wanted.text, self._lexicon())
        query = replace(query, text=wanted.words)
        vector = None if wanted.by_words else self._vectors.of(wanted.text)
        fusion = self._fused(replace(query, vector=vector), asked, wanted, typed)
        hits = self._page(fusion, query)
        facets = _with(fusion.found.facets, fusion.counted) if query.facets else {}
        return replace(
            fusion.found,
            total=fusion.found.total + len(fusion.counted),
            hits=tuple(hits if query.plain else fusion.marked(hits)),
            facets=facets,
            fits=wanted.by_words or fits(asked, fusion.found.rarity, fusion.hits),
            seconds=time.perf_counter() - started,
        )

    def _has(self, word: str) -> bool:
        """Whether a passage has a word just so."""
        hits = self._index.search(SearchQuery(word, limit=3, plain=True)).hits
        passages = (hit.passage for hit in hits)
        return any(word in words(part) for p in passages for part in (p.title, p.text))

    def _fused(
        self, query: SearchQuery, asked: Understanding, wanted: Interpretation, typed: str
    ) -> _Fusion:
        """The best by words and by meaning; the same for all pages."""
        first = replace(query, offset=0, limit=POOL, plain=True)
        found = self._index.search(first)
        near = [] if query.vector is None else self._index.nearest(replace(first, facets=False))
        best = ranked(found, near, asked, wanted, typed)
        # who asks within an episode or for moments wants them all, and by merit
        whole = not query.kinds and query.episode is None
        return _Fusion(found, spread(best.hits) if whole else best.hits, best.extra)

    def _page(self, fusion: _Fusion, query: SearchQuery) -> list[Hit]:
        """Fused hits, and after the last of them what words find, without those shown already."""
        end = query.offset + query.limit
        page = fusion.hits[query.offset : end]
        start = max(query.offset, len(fusion.hits))
        if start >= end or fusion.found.total <= POOL:
            return page
        shown = {hit.passage.id for hit in fusion.hits}
        beyond = replace(
            query, offset=POOL + start - len(fusion.hits), limit=end - start, facets=False, plain=True
        )
        more = self._index.search(replace(beyond, vector=None)).hits
        return page + [hit for hit in more if hit.passage.id not in shown]


class _Vectors:
    """Vectors of queries, the last ones kept: a page searches for the same once for each kind."""

    def __init__(self, embedder: Callable[[], Embedder | None], clock: Callable[[], float]) -> None:
        self._embedder, self._clock = embedder, clock
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._resting_until = float("-inf")

    def of(self, text: str) -> Vector | None:
        """None where there is no embedder, or it failed just now."""
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
            if self._clock() < self._resting_until:
                return None
        try:
            embedder = self._embedder()
            vector = None if embedder is None else embedder.query(text)
        except Unavailable as error:
            self._rest(error)
            return None
        if vector is not None:
            self._keep(text, vector)
        return vector

    def _keep(self, text: str, vector: Vector) -> None:
        with self._lock:
            self._kept[text] = vector
            while len(self._kept) > VECTORS_KEPT:
                self._kept.popitem(last=False)

    def _rest(self, error: Unavailable) -> None:
        with self._lock:
            self._resting_until = self._clock() + REST_SECONDS
        log.warning("Search goes by words alone for %d s: %s", REST_SECONDS, error)


def _with(facets: Facets, extra: Sequence[Hit]) -> Facets:
    """Facets that also count some hits."""
    counts = {name: Counter(values) for name, values in facets.items()}
    for passage in (hit.passage for hit in extra):
        values = {
            "kind": [str(passage.kind)],
            "topic": passage.topics,
            "programme": [passage.programme],
            "organisation": passage.organisations,
            "year": [str(passage.date.year)],
        }
        for name, counter in counts.items():
            counter.update(values.get(name, ()))
    return counts
