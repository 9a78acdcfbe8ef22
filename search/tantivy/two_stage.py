"""Searching a big tantivy index in two steps: widely and cheaply, then the best of it closely.

Half the syllables of a query are in every fifth passage, so to score all passages that have them as
`search.tantivy.scoring` does takes long from some 100,000 passages on. Here the first step only intersects
posting lists of one field without positions (title and text together) and ranks by BM25 and neighbours; the
second looks at the best few hundred alone. Its clauses are chained, each optional to what came before:
tantivy skips to the passages asked about then, where a union of clauses would read all of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations, islice, pairwise, product
from typing import Any

from tantivy import Occur, Query

from search.query.highlights import typos
from search.query.understanding import QueryTerm, Understanding
from search.synonyms.lexicon import Phrase, TypedWord
from search.tantivy.scoring import COMPLETE, TEXT, TITLE, MatchTier, MatchWeights, Scoring
from search.text.folding import Token

BOTH, PAIRS, BEGINS, KEY = "both", "pairs", "begins", "key"
"""Fields of the first step: folded words of title and text, their neighbours, what words begin with; and
a number for each passage."""

BEGINNING = 3
"""Beginnings of so many letters are indexed; longer ones few words have."""
CLOSELY = 200
"""So many passages the second step looks at."""
_WAYS_MOST = 12
_CLAUSES_MOST = 80
"""Each is copied as often as there are later ones."""
_SHORT = 6
"""In longer queries neighbours are looked at in one form only."""


def first_step_terms(parts: Iterable[Sequence[Token]]) -> dict[str, str]:
    """What to index of the parts of a passage (title and text), by field."""
    both: list[str] = []
    pairs: list[str] = []
    for part in parts:
        folded = [token.folded for token in part]
        both += folded
        pairs += [f"{a}_{b}" for a, b in pairwise(folded)]
    begins = {word[:length] for word in both for length in range(1, BEGINNING + 1)}
    return {BOTH: " ".join(both), PAIRS: " ".join(dict.fromkeys(pairs)), BEGINS: " ".join(sorted(begins))}


class TwoStageSearch:
    """Queries of both steps over one opened index."""

    def __init__(self, schema: Any, scoring: Scoring, weights: MatchWeights) -> None:
        self._schema = schema
        self._scoring = scoring
        self._weights = weights

    def matching(self, understanding: Understanding, filters: Sequence[Query], rung: MatchTier) -> Query:
        """Passages that pass `filters` and have what `rung` says, roughly the best first."""
        had = _either([*self._ways(understanding, rung), *self._scoring.titled(understanding)])
        found = _all([had, *(Query.const_score_query(each, 0.0) for each in filters)])
        if rung is MatchTier.ANY:
            return found
        return reduce(_helped, (self._pair(*pair) for pair in pairwise(understanding.words)), found)

    def _ways(self, understanding: Understanding, rung: MatchTier) -> list[Query]:
        """What is enough for a passage to match."""
        required, last = understanding.required, _last(understanding)
        if rung is MatchTier.ANY:
            return [way for term in required for way in self._sure(term, last, toned=understanding.toned)]
        if rung is MatchTier.ALL:
            return self._combined(required, last)
        if len(required) <= understanding.least:
            return self._combined(required, last)
        if self._scoring.strict_first(understanding):
            return [
                way
                for some in combinations(required, understanding.least)
                for way in self._combined(some, last)
            ]
        return self._neighbours(understanding) or self._combined(required, last)

    def _combined(self, terms: Sequence[QueryTerm], last: TypedWord | None) -> list[Query]:
        """All terms, each said in any way; as ways of which each is an intersection where they are few."""
        said = [[self._words(t.words, last), *map(self._other, t.others)] for t in terms]
        count = reduce(lambda n, ways: n * len(ways), said, 1)
        if count > _WAYS_MOST:
            return [_all([_either([_all(way) for way in ways]) for ways in said])]
        return [_all([q for way in ways for q in way]) for ways in product(*said)]

    def _sure(self, term: QueryTerm, last: TypedWord | None, *, toned: bool) -> list[Query]:
        """The ways to say a term, in a query with diacritics its words only with these."""
        own = self._words(term.words, last)
        if toned and all(self._scoring.knows(word) for word in term.words):
            own = [self._exact(word) for word in term.words]
        return [_all(way) for way in (own, *map(self._other, term.others))]

    def _exact(self, word: TypedWord) -> Query:
        return _either([self._is(f"{name}_exact", word.exact) for name in (TITLE, TEXT)])

    def _neighbours(self, understanding: Understanding) -> list[Query]:
        """Two words of a long question that stand together, weak ones aside."""
        strong = {word for term in understanding.required for word in term.words}
        return [self._pair(a, b) for a, b in pairwise(understanding.words) if a in strong and b in strong]

    def _words(self, words: Iterable[TypedWord], last: TypedWord | None) -> list[Query]:
        return [self._word(word, last) for word in words]

    def _word(self, word: TypedWord, last: TypedWord | None) -> Query:
        if word is last:
            if len(word.folded) <= BEGINNING:
                return self._is(BEGINS, word.folded)
            return Query.fuzzy_term_query(self._schema, BOTH, word.folded, 0, True, prefix=True)
        edits = 0 if self._scoring.knows(word) else typos(word.folded)
        own = self._is(BOTH, word.folded)
        if not edits:
            return own
        return _either([own, Query.fuzzy_term_query(self._schema, BOTH, word.folded, edits, True)])

    def _other(self, phrase: Phrase) -> list[Query]:
        """Another way to say it: a word with its diacritics, or words that follow each other."""
        if len(phrase) == 1:
            return [self._exact(phrase[0])]
        return [self._pair(a, b) for a, b in pairwise(phrase)]

    def closely(self, understanding: Understanding, keys: Sequence[int], rung: MatchTier) -> Query:
        """The passages with these keys, best first."""
        # the terms one by one: a set of them costs ten times as much
        among = _either([Query.term_query(self._schema, KEY, key) for key in keys])
        among = Query.const_score_query(among, 0.0)
        return reduce(_helped, islice(self._clauses(understanding, rung), _CLAUSES_MOST), among)

    def _clauses(self, understanding: Understanding, rung: MatchTier) -> Iterator[Query]:
        """What makes a passage better, as in `Scoring`; what says most comes first."""
        last, weights = _last(understanding), self._weights
        titled = self._scoring.titled(understanding)
        yield from (Query.const_score_query(title, 3 * COMPLETE) for title in titled)
        if rung is MatchTier.MOST and self._scoring.strict_first(understanding):
            ways = _either(self._ways(understanding, MatchTier.ALL))
            yield Query.const_score_query(ways, COMPLETE)
        yield from self._together(understanding.words)
        for term in sorted(understanding.terms, key=lambda term: term.weak):
            factor = weights.weak if term.weak and term not in understanding.required else 1.0
            for word in term.words:
                yield from self._word_clauses(word, last, factor)
            for other in term.others:
                yield _boosted(_all(self._other(other)), weights.other * 4)

    def _word_clauses(self, word: TypedWord, last: TypedWord | None, factor: float) -> Iterator[Query]:
        weights = self._weights
        yield _boosted(self._is(f"{TEXT}_folded", word.folded), weights.folded * factor)
        yield _boosted(self._is(f"{TITLE}_folded", word.folded), weights.folded * weights.title * factor)
        yield _boosted(self._is(f"{TEXT}_exact", word.exact), weights.exact * factor)
        if word is last and len(word.folded) > 1:
            yield _boosted(self._word(word, last), weights.prefix * factor)

    def _together(self, words: Sequence[TypedWord]) -> Iterator[Query]:
        """Neighbours; of long queries only what says most."""
        if len(words) <= _SHORT:
            yield from self._scoring.neighbours(words)
            return
        for a, b in dict.fromkeys(pairwise(words)):
            for name in (TEXT, TITLE):
                near = Query.phrase_query(self._schema, f"{name}_folded", [a.folded, b.folded])
                yield _boosted(near, self._weights.pair_folded)

    def _pair(self, a: TypedWord, b: TypedWord) -> Query:
        return self._is(PAIRS, f"{a.folded}_{b.folded}")

    def _is(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value)


def _last(understanding: Understanding) -> TypedWord | None:
    return understanding.words[-1] if understanding.typing else None


def _all(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, q) for q in queries])


def _either(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, q) for q in queries])


def _helped(found: Query, help: Query) -> Query:
    """What was found, better where `help` matches too."""
    return Query.boolean_query([(Occur.Must, found), (Occur.Should, help)])


def _boosted(query: Query, boost: float) -> Query:
    return Query.boost_query(query, boost)
