"""The search index on a Meilisearch server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from search.embedder import Vector
from search.index import FACETS, Facets, Hit, SearchQuery, SearchResults, check_paging
from search.meilisearch.documents import RETRIEVED, embedder_of, padded, passage_of, room_of
from search.meilisearch.filters import chosen, decoded, equals, every
from search.meilisearch.searching import MeilisearchSearch
from search.meilisearch.server import Missing, Server
from search.meilisearch.settings import SIZE, TITLE, place_of, uid_of
from search.meilisearch.vocabulary import VocabularyReader
from search.meilisearch.writing import IndexWriter
from search.passages.passage import Passage
from search.query.highlights import marked, typos
from search.query.understanding import Understanding, understand, without_others
from search.synonyms.lexicon import Lexicon, seeded
from search.text.edit_distance import within
from search.text.folding import fold, tokens

_SUGGESTION_POOL = 100


class MeilisearchIndex:
    """`SearchIndex` on a server. Safe to share between threads and processes."""

    engine = "meilisearch"

    def __init__(self, url: str, key: str = "", lexicon: Callable[[], Lexicon] = seeded) -> None:
        """`url` is the server's, with the archive's name as its path. Raises `InvalidInput`."""
        address, self._name = place_of(url)
        self._uid = uid_of(self._name)
        self._server = Server(address, key)
        self._lexicon = lexicon
        self._reading = VocabularyReader()

    def replace(self, episode: str, passages: Sequence[Passage]) -> None:
        """See `SearchIndex.replace`."""
        IndexWriter(self._server, self._name).replace(episode, passages)
        self._reading.forget()

    def rebuild(self, episodes: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """See `SearchIndex.rebuild`."""
        IndexWriter(self._server, self._name).rebuild(episodes)
        self._reading.forget()

    def search(self, query: SearchQuery) -> SearchResults:
        """See `SearchIndex.search`."""
        check_paging(query)
        started = time.perf_counter()
        try:
            found = self._find(query)
        except Missing:
            none: Facets = {name: {} for name in FACETS} if query.facets else {}
            found = SearchResults(0, (), self.engine, 0.0, none, partial=True)
        return replace(found, seconds=time.perf_counter() - started)

    def _find(self, query: SearchQuery) -> SearchResults:
        vocabulary = self._reading.of(self._server, self._uid)
        finding = MeilisearchSearch(self._server, self._uid, vocabulary, query, self._lexicon())
        found, known = finding.hits(), finding.known
        close = self._closeness([document["id"] for _, document in found], query.vector)
        hits = tuple(
            Hit(passage_of(document), score, closeness=close.get(document["id"]))
            for score, document in found
        )
        mark = partial(marked, understanding=finding.understanding, known=known)
        return SearchResults(
            finding.total,
            hits if query.plain else tuple(map(mark, hits)),
            self.engine,
            0.0,
            finding.facets if query.facets else {},
            finding.partial,
            rarity=finding.rarity(),
            mark=mark,
        )

    def _closeness(self, names: Sequence[str], vector: Vector | None) -> dict[str, float]:
        """Of the documents named, those that have vectors of that size."""
        if not names or vector is None or not _usable(vector):
            return {}
        fields = ["id", SIZE, "_vectors"]
        asked = {"ids": list(names), "limit": len(names), "fields": fields, "retrieveVectors": True}
        found: dict[str, float] = {}
        for document in self._server.fetch(self._uid, asked)["results"]:
            if document.get(SIZE) == str(len(vector)):
                kept = document["_vectors"][embedder_of(len(vector))]["embeddings"]
                product = np.asarray(kept, np.float32)[:, : len(vector)] @ vector
                found[document["id"]] = float(product.clip(-1.0, 1.0).max())
        return found

    def nearest(self, query: SearchQuery) -> list[Hit]:
        """See `SearchIndex.nearest`."""
        check_paging(query)
        vector = query.vector
        if vector is None or not _usable(vector):
            return []
        asked = {
            "vector": padded(vector[None, :])[0],
            "hybrid": {"semanticRatio": 1.0, "embedder": embedder_of(len(vector))},
            "filter": every([equals(SIZE, str(len(vector))), *chosen(query)]),
            "offset": query.offset,
            "limit": query.limit,
            "attributesToRetrieve": RETRIEVED,
            "showRankingScore": True,
        }
        try:
            (found,) = self._server.search(self._uid, [asked])
        except Missing:
            return []
        return [_near(document) for document in found["hits"]]

    def suggest(self, text: str, limit: int = 8) -> list[str]:
        """See `SearchIndex.suggest`."""
        if limit < 1:
            return []
        try:
            vocabulary = self._reading.of(self._server, self._uid)
            asked = without_others(understand(text, self._lexicon(), typing=True, vocabulary=vocabulary))
            titles = self._titles(asked) if asked.terms else []
        except Missing:
            return []
        start = fold(asked.text)
        known = frozenset(word.folded for word in asked.words if vocabulary.knows(word.folded))
        fitting = [title for title in titles if _continues(title, asked, known)]
        fitting.sort(key=lambda title: not fold(title).startswith(start))
        return list(dict.fromkeys(fitting))[:limit]

    def _titles(self, asked: Understanding) -> list[str]:
        searched = {
            "q": " ".join(word.folded for word in asked.words[-10:]),
            "attributesToSearchOn": [TITLE],
            "matchingStrategy": "all",
            "limit": _SUGGESTION_POOL,
            "attributesToRetrieve": ["passage"],
        }
        (found,) = self._server.search(self._uid, [searched])
        return [passage_of(document).title for document in found["hits"]]

    def counts(self) -> dict[str, int]:
        """See `SearchIndex.counts`."""
        asked: dict[str, Any] = {"q": "", "limit": 0, "facets": ["episode"]}
        try:
            (found,) = self._server.search(self._uid, [asked])
        except Missing:
            return {}
        counted = found["facetDistribution"].get("episode", {})  # nothing at all without documents
        return {decoded(slug): count for slug, count in counted.items()}

    def current(self) -> bool:
        """See `SearchIndex.current`."""
        return self._server.has(self._uid)


def _usable(vector: Vector) -> bool:
    return vector.ndim == 1 and room_of(len(vector)) >= len(vector) > 0 and bool(np.isfinite(vector).all())


def _near(document: dict[str, Any]) -> Hit:
    closeness = 2 * float(document["_rankingScore"]) - 1  # Meilisearch scores (1 + cosine) / 2
    return Hit(passage_of(document), closeness, closeness=closeness)


def _continues(title: str, asked: Understanding, known: frozenset[str]) -> bool:
    """Whether the title has all words, the last one as a beginning."""
    said = {token.folded for token in tokens(title)}
    *whole, last = (word.folded for word in asked.words)
    return any(word.startswith(last) or _same(last, word, known) for word in said) and all(
        any(_same(word, other, known) for other in said) for word in whole
    )


def _same(word: str, said: str, known: frozenset[str]) -> bool:
    limit = 0 if word in known else typos(word)
    return word == said or (limit > 0 and within(word, said, limit))
