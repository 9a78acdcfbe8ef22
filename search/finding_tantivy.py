"""One search over one opened tantivy index: how far it goes to find something, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tantivy import Query

from search.builds_tantivy import Build
from search.index import FACETS, Facets, SearchQuery
from search.lexicon import Lexicon, Word
from search.passages import PassageKind
from search.query import Understanding, understand
from search.scoring_tantivy import TEXT, TITLE, UNTONED, WEIGHTS, Rung, Scoring, filters_of

ENOUGH = 3
"""With fewer passages that have all words, those that have most of them are found too."""

_VALUES_LIMIT = 1000


class Known:
    """`search.query.Vocabulary` of an index."""

    def __init__(self, schema: Any, searcher: Any) -> None:
        self._schema = schema
        self._searcher = searcher
        self._scoring = Scoring(schema, searcher)

    def has(self, word: str, *, begins: bool = False) -> bool:
        """See `Vocabulary.has`; a word that is there but very rare may be a slip itself."""
        if not begins:
            return self._scoring.knows(Word(word, word))
        return any(
            self._searcher.search(
                Query.fuzzy_term_query(self._schema, f"{name}_folded", word, 0, True, prefix=True), 1
            ).hits
            for name in (TITLE, TEXT)
        )

    def together(self, first: str, second: str) -> int:
        """See `Vocabulary.together`."""
        return sum(
            self._searcher.search(
                Query.phrase_query(self._schema, f"{name}_folded", [first, second]), 1
            ).count
            for name in (TITLE, TEXT)
        )


class Finding:
    """The search for one query; `understanding` is how it was read."""

    def __init__(self, build: Build, query: SearchQuery, lexicon: Lexicon) -> None:
        self.searcher = build.index.searcher()
        self._schema = build.schema
        self._query = query
        known = Known(build.schema, self.searcher)
        self.understanding: Understanding = understand(
            query.text, lexicon, typing=query.typing, vocabulary=known
        )
        weights = WEIGHTS if self.understanding.toned else UNTONED
        self._scoring = Scoring(build.schema, self.searcher, weights)
        self._rung = Rung.ALL
        self.partial = not self.understanding.terms

    @property
    def known(self) -> frozenset[str]:
        """The folded words asked for that the archive has, in which no typo is forgiven."""
        return frozenset(word.folded for word in self.understanding.words if self._scoring.knows(word))

    def hits(self) -> Any:
        """tantivy's result of the highest rung that gives enough, or else anything."""
        if not self.understanding.terms:
            return self.searcher.search(Query.empty_query(), 1)
        if self._scoring.strict_first(self.understanding):
            found = self._on(Rung.ALL)
            self.partial = not found.count
            if found.count >= ENOUGH:
                return found
        found = self._on(Rung.MOST)
        if found.count or len(self.understanding.required) < 2 or self._elsewhere():
            return found
        self.partial = True
        return self._on(Rung.ANY)

    def _on(self, rung: Rung) -> Any:
        self._rung = rung
        asked = self._scoring.query(self.understanding, filters_of(self._query, self._schema), rung)
        limit, offset = self._query.limit, self._query.offset
        return self.searcher.search(asked, limit, offset=offset, weight_by_field="merit")

    def _elsewhere(self) -> bool:
        """Whether passages of other kinds have most words; then these need not have less."""
        if not self._query.kinds:
            return False
        return bool(self.searcher.search(self._matching(replace(self._query, kinds=())), 1).count)

    def _matching(self, query: SearchQuery) -> Query:
        return self._scoring.matching(self.understanding, filters_of(query, self._schema), self._rung)

    def facets(self) -> Facets:
        """Counts over what `hits`, called before, found."""
        if not self.understanding.terms:
            return {name: {} for name in FACETS}
        chosen = {
            "kind": bool(self._query.kinds),
            "topic": self._query.topic is not None,
            "programme": self._query.programme is not None,
            "year": self._query.year is not None,
        }
        counts = self._counts(self._query, [name for name in FACETS if not chosen[name]])
        for name in FACETS:
            if chosen[name]:
                counts |= self._counts(_without(self._query, name), [name])
        return {name: counts[name] for name in FACETS}

    def _counts(self, query: SearchQuery, names: Sequence[str]) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        asked = {name: {"terms": {"field": name, "size": _VALUES_LIMIT}} for name in names}
        found = self.searcher.aggregate(self._matching(query), asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
            for name in names
        }


def _without(query: SearchQuery, facet: str) -> SearchQuery:
    return {
        "kind": replace(query, kinds=tuple(PassageKind)),
        "topic": replace(query, topic=None),
        "programme": replace(query, programme=None),
        "year": replace(query, year=None),
    }[facet]
