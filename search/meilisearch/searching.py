"""One search in one Meilisearch index: what must match, how far to go, which hits are best.

Which passages match is said in the filter language, over the words each passage has, so that all counts
are exact and a word of the query may stand anywhere. Of many that match, Meilisearch's own ranking picks
the likely ones; the best of them are ranked here, with their diacritics (see `search.query.ranking`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from search.index import FACETS, Facets, SearchQuery, without
from search.meilisearch.documents import RETRIEVED
from search.meilisearch.filters import NOTHING, begins, chosen, decoded, equals, every, heavy, least, some
from search.meilisearch.server import Server
from search.meilisearch.settings import EXACT, TEXT, TITLE, TITLED, WORDS
from search.meilisearch.vocabulary import IndexVocabulary
from search.passages.passage import PassageKind
from search.query.ranking import Reranking, articles
from search.query.understanding import QueryTerm, Understanding, understand
from search.synonyms.lexicon import Lexicon, Phrase, TypedWord

ENOUGH = 3
"""With fewer passages that have all words, those that have most of them are found too."""
FEW_TERMS = 4
"""Queries of so few terms are meant word by word; of longer ones most will do at once."""
TERMS_LIMIT = 10
"""Of more terms the rarest decide what matches."""
BEST = 120
"""So many likely passages are ranked here."""
WEIGHED = 8
"""So many terms, the rarest, tell the likely passages: those with most of them, a rare one counting more."""
LEVELS = (0.8, 0.65, 0.55, 0.45, 0.38, 0.3, 0.22)
"""Parts of all the weight, from the strictest."""
WORDS_COUNT = 10
"""Words of a query that Meilisearch reads."""

Found = tuple[float, dict[str, Any]]


class MeilisearchSearch:
    """The search for one query; `understanding` is how it was read."""

    def __init__(
        self, server: Server, uid: str, vocabulary: IndexVocabulary, query: SearchQuery, lexicon: Lexicon
    ) -> None:
        self._server, self._uid = server, uid
        self._vocabulary = vocabulary
        self._query = query
        self.understanding: Understanding = understand(
            query.text, lexicon, typing=query.typing, vocabulary=vocabulary
        )
        self._last = self.understanding.words[-1] if self.understanding.typing else None
        self._terms = self._rarest(self.understanding.required)
        self._strict = len(self._terms) <= FEW_TERMS
        self._matching = self._likely = ""
        self._complete = self._loose = False
        self.total = 0
        self.partial = not self.understanding.terms
        self.facets: Facets = {name: {} for name in FACETS}

    @property
    def known(self) -> frozenset[str]:
        """The folded words asked for that the archive has, in which no typo is forgiven."""
        return frozenset(w.folded for w in self.understanding.words if self._vocabulary.knows(w.folded))

    def rarity(self) -> dict[str, float]:
        """See `SearchResults.rarity`."""
        statistics = self._vocabulary.statistics
        words = {word.folded for word in self.understanding.words}
        return {word: statistics.rarity(statistics.folded.get(word, 0)) for word in words}

    def hits(self) -> list[Found]:
        """Score and document of the hits of the page, best first."""
        if not self.understanding.terms:
            return []
        self._choose()
        if not self.total and not self._query.facets:
            return []
        pools = list(self._pools(every([self._matching, *chosen(self._query)])))
        counting = list(self._counting()) if self._query.facets else []
        results = self._server.search(self._uid, [*pools, *(asked for _, asked in counting)])
        for (names, _), result in zip(counting, results[len(pools) :], strict=True):
            counts = result["facetDistribution"]
            self.facets = {**self.facets, **{name: _decoded(counts.get(name, {})) for name in names}}
        ranked = self._ranked(results[: len(pools)])
        page = ranked[self._query.offset : self._query.offset + self._query.limit]
        missing = min(self._query.limit, self.total - self._query.offset) - len(page)
        return page if missing <= 0 else page + self._following(ranked, len(page), missing)

    def _choose(self) -> None:
        """Take the highest rung that gives enough, or else anything."""
        filters, strict = chosen(self._query), self._strict
        titled = equals(TITLED, *dict.fromkeys(articles(self.understanding)))
        leaves = [self._term(term, whole=strict) for term in self._terms]
        everything = some([every(leaves), titled])
        most = some([least(self._least(), leaves), titled])
        anything = some(map(self._sure, self._terms))
        elsewhere = chosen(replace(self._query, kinds=tuple(PassageKind)))
        elsewhere = chosen(replace(self._query, kinds=tuple(PassageKind)))
        levels = list(self._levels(leaves))
        had, had_most, had_any, had_elsewhere, *had_levels = self._counts(
            every([everything, *filters]) if strict else NOTHING,
            every([most, *filters]),
            every([anything, *filters]) if len(leaves) > 1 else NOTHING,
            every([most, *elsewhere]) if self._query.kinds else NOTHING,
            *(every([level, *filters]) for level in levels),
        )
        self._likely = max(
            ((n, level) for n, level in zip(had_levels, levels, strict=True) if n <= BEST), default=(0, "")
        )[1]
        if strict:
            self.partial = not had
        if strict and had >= ENOUGH:
            self._matching, self.total = everything, had
        elif had_most or len(self._terms) < 2 or (had_elsewhere):
            self._matching, self.total, self._complete = most, had_most, strict
        else:
            self._matching, self.total, self._loose = anything, had_any, True
            self.partial = True

    def _levels(self, leaves: Sequence[str]) -> Iterator[str]:
        """Passages with more and more of the weight of the terms, which is their rarity."""
        if len(leaves) < 3:
            return
        rarity = self._vocabulary.statistics.rarity
        weighed = [
            (rarity(self._count(term)), leaf) for term, leaf in zip(self._terms, leaves, strict=True)
        ]
        weighed = sorted((w, leaf) for w, leaf in weighed)[::-1][:WEIGHED]
        most = weighed[0][0]
        parts = [(max(1, round(3 * w / most)), leaf) for w, leaf in weighed]
        total = sum(w for w, _ in parts)
        for need in dict.fromkeys(round(level * total) for level in LEVELS):
            yield heavy(need, parts)

    def _counts(self, *filters: str) -> list[int]:
        """How many passages each lets through, in one request."""
        asked = [{"q": "", "limit": 0, "filter": each} for each in filters if each != NOTHING]
        found = iter(self._server.search(self._uid, asked))
        return [0 if each == NOTHING else next(found)["estimatedTotalHits"] for each in filters]

    def _least(self) -> int:
        return replace(self.understanding, terms=tuple(self._terms)).least

    def _rarest(self, terms: Sequence[QueryTerm]) -> Sequence[QueryTerm]:
        terms = list({term.words: term for term in terms}.values())
        if len(terms) <= TERMS_LIMIT:
            return terms
        kept = sorted(terms, key=self._count)[:TERMS_LIMIT]
        return [term for term in terms if term in kept]

    def _count(self, term: QueryTerm) -> int:
        """In how many passages it is, at most, typos counted in."""
        counts, near = self._vocabulary.statistics.folded, self._vocabulary.near
        return min(
            sum(counts.get(word, 0) for word in {each.folded, *near(each.folded)}) for each in term.words
        )

    def _term(self, term: QueryTerm, *, whole: bool) -> str:
        """All words of the term, or else half of them, or another way to say it."""
        words = [self._word(word) for word in term.words]
        own = least(len(words) if whole else (len(words) + 1) // 2, words)
        return some([own, *map(_other, term.others)])

    def _sure(self, term: QueryTerm) -> str:
        """All words of the term, in a query with diacritics only with these: thai is not thải then."""
        if not self.understanding.toned or not all(self._vocabulary.knows(w.folded) for w in term.words):
            return self._term(term, whole=True)
        own = every(equals(EXACT, word.exact) for word in term.words)
        return some([own, *map(_other, term.others)])

    def _word(self, word: TypedWord) -> str:
        is_it = equals(WORDS, *dict.fromkeys((word.folded, *self._vocabulary.near(word.folded))))
        return some([is_it, begins(WORDS, word.folded)]) if word is self._last else is_it

    def _pools(self, matching: str) -> Iterator[dict[str, Any]]:
        """Searches for the likely best: those with most of the weight, and those Meilisearch ranks first."""
        common = {"attributesToRetrieve": RETRIEVED, "filter": matching}
        if self.total <= BEST:
            yield {"q": "", "limit": BEST, **common}
            return
        if self._likely:
            yield {"q": "", "limit": BEST, **common, "filter": every([self._likely, matching])}
        yield {
            "q": " ".join(self._words(sorted(self._terms, key=self._count))) + ("" if self._last else " "),
            "matchingStrategy": "frequency",
            "limit": BEST // 3 if self._likely else BEST,
            **common,
        }

    def _words(self, rarest: Sequence[QueryTerm]) -> list[str]:
        """Those of as many of the terms as the engine reads, in the order they were typed."""
        kept: list[QueryTerm] = []
        for term in rarest:
            if sum(len(each.words) for each in (*kept, term)) <= WORDS_COUNT:
                kept.append(term)
        return [word.folded for term in self._terms if term in kept for word in term.words]

    def _ranked(self, pools: Sequence[Mapping[str, Any]]) -> list[Found]:
        documents = list({doc["id"]: doc for pool in pools for doc in pool["hits"]}.values())
        near = {word.folded: self._vocabulary.near(word.folded) for word in self.understanding.words}
        starts = self._last.folded if self._last else ""
        rescoring = Reranking(self.understanding, self._vocabulary.statistics, near, starts)
        scores = rescoring.scores(
            [(d[TITLE], d[TEXT]) for d in documents], complete=self._complete, loose=self._loose
        )
        found = [(score * doc["merit"], doc) for score, doc in zip(scores, documents, strict=True)]
        return sorted(found, key=lambda pair: (-pair[0], pair[1]["id"]))

    def _following(self, ranked: Sequence[Found], have: int, wanted: int) -> list[Found]:
        """Hits after the ranked ones, in the engine's order."""
        first = {document["id"] for _, document in ranked}
        skip = max(0, self._query.offset + have - len(ranked))
        listed = {"q": "", "sort": ["merit:desc"], "filter": every([self._matching, *chosen(self._query)])}
        until = self._query.offset + self._query.limit + len(ranked)
        (names,) = self._server.search(
            self._uid, [{**listed, "limit": until, "attributesToRetrieve": ["id"]}]
        )
        rest = [doc["id"] for doc in names["hits"] if doc["id"] not in first][skip : skip + wanted]
        fetched = self._server.fetch(self._uid, {"ids": rest, "limit": wanted, "fields": RETRIEVED})[
            "results"
        ]
        documents = {doc["id"]: doc for doc in fetched}
        return [(0.0, documents[name]) for name in rest if name in documents]

    def _counting(self) -> Iterator[tuple[list[str], dict[str, Any]]]:
        """Searches that count each facet under all filters but its own."""
        query = self._query
        asked = {
            "kind": bool(query.kinds),
            "topic": query.topic is not None,
            "programme": query.programme is not None,
            "organisation": query.organisation is not None,
            "year": query.year is not None,
        }
        free = [name for name in FACETS if not asked[name]]
        for names, wider in [
            (free, query),
            *(([name], without(query, name)) for name in FACETS if asked[name]),
        ]:
            yield (
                names,
                {"q": "", "limit": 0, "facets": names, "filter": every([self._matching, *chosen(wider)])},
            )


def _other(phrase: Phrase) -> str:
    """Another way to say it; a single word needs its diacritics."""
    if len(phrase) == 1:
        return equals(EXACT, phrase[0].exact)
    return every(equals(WORDS, word.folded) for word in phrase)


def _decoded(counts: Mapping[str, int]) -> dict[str, int]:
    return {decoded(value): count for value, count in counts.items()}
