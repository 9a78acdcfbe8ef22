"""From an understood query to tantivy's: what must match, and what makes a match better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from math import log
from typing import Any

from tantivy import Occur, Query

from search.index import SearchQuery, exact_filters
from search.query.highlights import typos
from search.query.understanding import QueryTerm, Understanding
from search.synonyms.lexicon import Phrase, TypedWord
from search.text.sounds import sound

Clause = tuple[Occur, Query]

TITLE, TEXT = "title", "text"
"""Each is indexed in exact, in folded and in sounding form (see `search.text.sounds`)."""


@dataclass(frozen=True, slots=True)
class MatchWeights:
    """How much each kind of match counts; found with `bench.retrieval`."""

    folded: float = 1.0
    exact: float = 0.6
    title: float = 0.9
    typo: float = 3.0
    prefix: float = 1.5
    other: float = 0.8
    weak: float = 0.5
    sound: float = 0.5
    pair_folded: float = 0.6
    pair_exact: float = 0.5
    apart: float = 0.25
    article: float = 3.0
    whole: float = 1.0


WEIGHTS = MatchWeights()
UNTONED = MatchWeights(exact=0.3, pair_exact=0.0)
"""For queries typed without any diacritics: that a word of the text has none either says little then."""

RARE = 20_000
"""A word in fewer than one of so many passages may be a typo, here or in a transcript."""

COMPLETE = 100.0
"""Added for all terms where some would do: more than any passage gets for some of a few terms."""

ARTICLES = frozenset({"dieu", "khoan", "chuong", "muc", "tap", "so"})
"""Words whose number says which one: Điều 3 is not any điều with any 3."""

FEW_TERMS = 4
"""Queries of so few terms are meant word by word; of longer ones most will do at once."""


class MatchTier(IntEnum):
    """What a passage must have: all required terms, most of them, or one."""

    ALL = 0
    MOST = 1
    ANY = 2


class Scoring:
    """Builds queries over one opened index."""

    def __init__(self, schema: Any, searcher: Any, weights: MatchWeights = WEIGHTS) -> None:
        self._schema = schema
        self._searcher = searcher
        self._weights = weights

    def query(self, understanding: Understanding, filters: Sequence[Query], rung: MatchTier) -> Query:
        """Passages that pass `filters` and have what `rung` says, best first."""
        last = understanding.words[-1] if understanding.typing else None
        clauses: list[Clause] = [
            (Occur.Must, self._required(understanding, rung)),
            *((Occur.Should, q) for q in self._helping(understanding, last, rung)),
            *((Occur.Should, q) for q in self.neighbours(understanding.words)),
            *((Occur.Must, Query.const_score_query(q, 0.0)) for q in filters),
        ]
        return Query.boolean_query(clauses)

    def matching(self, understanding: Understanding, filters: Sequence[Query], rung: MatchTier) -> Query:
        """The same passages as `query`, for counting."""
        return Query.boolean_query(
            [(Occur.Must, q) for q in (self._required(understanding, rung), *filters)]
        )

    def _required(self, understanding: Understanding, rung: MatchTier) -> Query:
        last = understanding.words[-1] if understanding.typing else None
        required, whole = understanding.required, self.strict_first(understanding)
        if rung is MatchTier.ANY:
            return Query.boolean_query(
                [(Occur.Should, self._sure(term, last, toned=understanding.toned)) for term in required], 1
            )
        least = len(required) if rung is MatchTier.ALL else understanding.least
        heard = rung is MatchTier.MOST  # all words are all as written
        terms = [(Occur.Should, self._term(term, last, whole=whole, heard=heard)) for term in required]
        had = Query.boolean_query(terms, least)
        titled = [(Occur.Should, title) for title in self.titled(understanding)]
        return Query.boolean_query([(Occur.Should, had), *titled], 1) if titled else had

    def titled(self, understanding: Understanding) -> list[Query]:
        """Passages whose title names an article asked for: whatever else is asked, they are about it."""
        others = [other for term in understanding.terms for other in term.others if len(other) == 2]
        return [
            self._phrase(f"{TITLE}_folded", [word.folded, number.folded])
            for word, number in (*pairwise(understanding.words), *others)
            if word.folded == "dieu" and number.folded.isdigit()
        ]

    def _helping(
        self, understanding: Understanding, last: TypedWord | None, rung: MatchTier
    ) -> Iterator[Query]:
        """What need not be there, but ranks."""
        required = understanding.required
        yield from (Query.const_score_query(title, 3 * COMPLETE) for title in self.titled(understanding))
        for term in understanding.terms:
            if term.weak and term not in required:
                yield Query.boost_query(self._term(term, last, whole=False), self._weights.weak)
        if rung is MatchTier.ANY:
            yield from (self._term(term, last, whole=True) for term in required)
        elif rung is MatchTier.MOST and self.strict_first(
            understanding
        ):  # then they stay before the others
            yield Query.const_score_query(self._required(understanding, MatchTier.ALL), COMPLETE)

    @staticmethod
    def strict_first(understanding: Understanding) -> bool:
        """Whether passages with all words are looked for before those with most of them."""
        return len(understanding.required) <= FEW_TERMS

    def titles(self, understanding: Understanding) -> Query:
        """Answers and chapters whose title has all words, the last one as a beginning."""
        field, last = f"{TITLE}_folded", understanding.words[-1]
        clauses: list[Clause] = []
        for word in understanding.words:
            parts = [self._is(field, word.folded), *self._loose(field, word, 1.0, is_last=word is last)]
            clauses.append((Occur.Must, Query.boolean_query([(Occur.Should, q) for q in parts])))
        return Query.boolean_query(clauses)

    def _term(self, term: QueryTerm, last: TypedWord | None, *, whole: bool, heard: bool = False) -> Query:
        """All words of the term, or else half of them, or another way to say it; `heard`: also misheard ones."""
        words = [(Occur.Should, self._word(word, is_last=word is last, heard=heard)) for word in term.words]
        own = Query.boolean_query(words, len(words) if whole else (len(words) + 1) // 2)
        if not term.others:
            return own
        others = [Query.boost_query(self._other(o), self._weights.other) for o in term.others]
        return Query.disjunction_max_query([own, *others])

    def _sure(self, term: QueryTerm, last: TypedWord | None, *, toned: bool) -> Query:
        """All words of the term, in a query with diacritics only with these: thai is not thải then."""
        if not toned or not all(self.knows(word) for word in term.words):
            return self._term(term, last, whole=True)
        words = [
            Query.boolean_query(
                [(Occur.Should, self._is(f"{name}_exact", w.exact)) for name in (TITLE, TEXT)]
            )
            for w in term.words
        ]
        own = Query.boolean_query([(Occur.Must, q) for q in words])
        return Query.disjunction_max_query([own, *map(self._other, term.others)])

    def _word(self, word: TypedWord, *, is_last: bool, heard: bool) -> Query:
        weights = self._weights
        fields: list[Query] = []
        for name, factor in ((TITLE, weights.title), (TEXT, 1.0)):
            parts = [
                self._boosted(self._is(f"{name}_folded", word.folded), weights.folded * factor),
                self._boosted(self._is(f"{name}_exact", word.exact), weights.exact * factor),
                *self._loose(f"{name}_folded", word, factor, is_last=is_last),
            ]
            fields.append(Query.boolean_query([(Occur.Should, q) for q in parts]))
            if heard:  # counts where the word itself is not there
                alike = self._is(f"{name}_sound", sound(word.folded))
                fields.append(self._boosted(alike, weights.sound * factor))
        return Query.disjunction_max_query(fields)

    def _loose(self, field: str, word: TypedWord, factor: float, *, is_last: bool) -> Iterator[Query]:
        weights = self._weights
        if is_last:
            starts = Query.fuzzy_term_query(self._schema, field, word.folded, 0, True, prefix=True)
            yield self._boosted(starts, weights.prefix * factor)
        edits = 0 if self.knows(word) else typos(word.folded)
        if edits:
            near = Query.fuzzy_term_query(self._schema, field, word.folded, edits, True)
            yield self._boosted(near, weights.typo * factor)

    def knows(self, word: TypedWord) -> bool:
        """Whether the archive has the word often enough not to be a typo."""
        seen: int = sum(self._searcher.doc_freq(f"{name}_folded", word.folded) for name in (TITLE, TEXT))
        return bool(seen * RARE >= max(1, self._searcher.num_docs))

    def rarity(self, word: TypedWord) -> float:
        """Inverse document frequency."""
        every = self._searcher.num_docs
        seen = min(
            every, max(self._searcher.doc_freq(f"{name}_folded", word.folded) for name in (TITLE, TEXT))
        )
        return log(1 + (every - seen + 0.5) / (seen + 0.5))

    def _other(self, phrase: Phrase) -> Query:
        """Another way to say it: whole, and a single word with its diacritics."""
        form = "exact" if len(phrase) == 1 else "folded"
        words = [getattr(word, form) for word in phrase]
        return Query.boolean_query(
            [
                (Occur.Should, self._boosted(self._phrase(f"{name}_{form}", words), factor))
                for name, factor in ((TITLE, self._weights.title), (TEXT, 1.0))
            ]
        )

    def neighbours(self, words: Sequence[TypedWord]) -> Iterator[Query]:
        """Neighbours in the query that are neighbours in the text: most Vietnamese words are two syllables."""
        weights = self._weights
        for a, b in pairwise(words):
            numbered = weights.article if b.folded.isdigit() and a.folded in ARTICLES else 0.0
            for name, factor in ((TITLE, weights.title), (TEXT, 1.0)):
                folded = self._phrase(f"{name}_folded", [a.folded, b.folded])
                exact = self._phrase(f"{name}_exact", [a.exact, b.exact])
                yield self._boosted(folded, (weights.pair_folded + numbered) * factor)
                yield self._boosted(exact, weights.pair_exact * factor)
        for a, b in zip(words, words[2:], strict=False):  # a word between may be misheard or another
            for name, factor in ((TITLE, weights.title), (TEXT, 1.0)):
                apart = Query.phrase_query(self._schema, f"{name}_folded", [a.folded, b.folded], 1)
                yield self._boosted(apart, weights.apart * factor)
        if len(words) > 2:
            for name in (TITLE, TEXT):
                whole = self._phrase(f"{name}_folded", [word.folded for word in words])
                yield self._boosted(whole, weights.whole)

    def _phrase(self, field: str, words: Sequence[str]) -> Query:
        if len(words) == 1:  # tantivy panics on a phrase of one
            return self._is(field, words[0])
        return Query.phrase_query(self._schema, field, list(words))

    def _is(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value)

    def _boosted(self, query: Query, boost: float) -> Query:
        return Query.boost_query(query, boost)


def filters_of(query: SearchQuery, schema: Any) -> list[Query]:
    """The query's filters; values are taken as they are, never parsed.

    Over episodes, runs of cues that an answer repeats are left out (see `search.passages.moments`).
    """
    found = [Query.term_query(schema, name, value) for name, value in exact_filters(query).items()]
    if query.kinds:
        kinds = [str(kind) for kind in query.kinds]
        one = len(kinds) == 1  # a set of one costs far more than a term
        asked = (
            Query.term_query(schema, "kind", kinds[0])
            if one
            else Query.term_set_query(schema, "kind", kinds)
        )
        found.append(asked)
    elif query.episode is None:
        found.append(Query.term_query(schema, "again", "no"))
    return found
