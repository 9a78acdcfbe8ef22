"""One search over one opened tantivy index: how far it goes to find something, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tantivy import FieldType, Occur, Query

from search.index import FACETS, Facets, SearchQuery, without
from search.query.understanding import Understanding, understand
from search.synonyms.lexicon import Lexicon, TypedWord
from search.tantivy.builds import Build
from search.tantivy.scoring import TEXT, TITLE, UNTONED, WEIGHTS, MatchTier, Scoring, filters_of
from search.tantivy.two_stage import CLOSELY, KEY, TwoStageSearch

ENOUGH = 3
"""With fewer passages that have all words, those that have most of them are found too."""

MEANING = "meaning"
"""The field that has the name of a passage's vectors."""

_VALUES_LIMIT = 1000


BIG = 30_000
"""From so many passages on two steps are faster than one."""


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """How many passages match, and a page of them: scores and addresses."""

    count: int
    hits: list[tuple[float, Any]]


class Known:
    """`search.query.understanding.Vocabulary` of an index."""

    def __init__(self, schema: Any, searcher: Any) -> None:
        self._schema = schema
        self._searcher = searcher
        self._scoring = Scoring(schema, searcher)

    def has(self, word: str, *, begins: bool = False) -> bool:
        """See `Vocabulary.has`; a word that is there but very rare may be a slip itself."""
        if not begins:
            return self._scoring.knows(TypedWord(word, word))
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


class TantivySearch:
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
        big = self.searcher.num_docs > BIG
        self._broad = TwoStageSearch(build.schema, self._scoring, weights) if big else None
        self._rung = MatchTier.ALL
        self.partial = not self.understanding.terms

    @property
    def known(self) -> frozenset[str]:
        """The folded words asked for that the archive has, in which no typo is forgiven."""
        return frozenset(word.folded for word in self.understanding.words if self._scoring.knows(word))

    def rarity(self) -> dict[str, float]:
        """See `SearchResults.rarity`."""
        return {word.folded: self._scoring.rarity(word) for word in self.understanding.words}

    def hits(self) -> FoundPassages:
        """The result of the highest rung that gives enough, or else anything."""
        if not self.understanding.terms:
            return FoundPassages(0, [])
        if self._scoring.strict_first(self.understanding):
            found = self._on(MatchTier.ALL)
            self.partial = not found.count
            if found.count >= ENOUGH:
                return found
        found = self._on(MatchTier.MOST)
        if found.count or len(self.understanding.required) < 2 or self._elsewhere():
            return found
        self.partial = True
        return self._on(MatchTier.ANY)

    def _on(self, rung: MatchTier) -> FoundPassages:
        self._rung = rung
        filters, limit, offset = (
            filters_of(self._query, self._schema),
            self._query.limit,
            self._query.offset,
        )
        if self._broad is not None:
            return self._in_two_steps(self._broad, filters)
        asked = self._scoring.query(self.understanding, filters, rung)
        found = self.searcher.search(asked, limit, offset=offset, weight_by_field="merit")
        return FoundPassages(found.count, found.hits)

    def _in_two_steps(self, broad: TwoStageSearch, filters: Sequence[Query]) -> FoundPassages:
        """The best CLOSELY passages in the order of a close look, all others as found broadly."""
        start, end = self._query.offset, self._query.offset + self._query.limit
        asked = broad.matching(self.understanding, filters, self._rung)
        first = self.searcher.search(asked, max(end, CLOSELY), weight_by_field="merit")
        if start >= CLOSELY or not first.hits:
            return FoundPassages(first.count, first.hits[start:end])
        best, rest = first.hits[:CLOSELY], first.hits[CLOSELY:end]
        keys = self.searcher.fast_field_values(KEY, [address for _, address in best])
        closely = broad.closely(self.understanding, keys, self._rung)
        ranked = self.searcher.search(closely, len(best), count=False, weight_by_field="merit").hits
        return FoundPassages(first.count, [*ranked, *rest][start:end])

    def _elsewhere(self) -> bool:
        """Whether passages of other kinds have most words; then these need not have less."""
        if not self._query.kinds:
            return False
        return bool(
            self.searcher.search(self._matching(replace(self._query, kinds=())), 1, count=False).hits
        )

    def _matching(self, query: SearchQuery) -> Query:
        return (self._broad or self._scoring).matching(
            self.understanding, filters_of(query, self._schema), self._rung
        )

    def facets(self) -> Facets:
        """Counts over what `hits`, called before, found."""
        if not self.understanding.terms:
            return {name: {} for name in FACETS}
        chosen = {
            "kind": bool(self._query.kinds),
            "topic": self._query.topic is not None,
            "programme": self._query.programme is not None,
            "organisation": self._query.organisation is not None,
            "year": self._query.year is not None,
        }
        counts = self._counts(self._query, [name for name in FACETS if not chosen[name]])
        for name in FACETS:
            if chosen[name]:
                counts |= self._counts(without(self._query, name), [name])
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


class Near:
    """What of the nearest in meaning passes a query's filters, in one opened index."""

    def __init__(self, build: Build, query: SearchQuery | None) -> None:
        """None for no filters."""
        self.searcher = build.index.searcher()
        self._schema = build.schema
        self._filters = [(Occur.Must, each) for each in filters_of(query, build.schema)] if query else []

    def named(self, start: int, end: int) -> list[int]:
        """The names from `start` to before `end` that documents have."""
        kind = FieldType.Unsigned
        asked = Query.range_query(self._schema, MEANING, kind, start, end, include_upper=False)
        most = max(1, min(end - start, self.searcher.num_docs))
        found = self.searcher.search(asked, most, count=False).hits
        return [name for name in names_at(self.searcher, [a for _, a in found]) if name is not None]

    def passing(self, names: Sequence[int]) -> dict[int | None, Any]:
        """Addresses of documents by the name of their vectors."""
        if not names:
            return {}
        each = [(Occur.Should, Query.term_query(self._schema, MEANING, name)) for name in names]
        named = Query.boolean_query(each)  # a tenth of the time of a set
        asked = Query.boolean_query([(Occur.Must, named), *self._filters])
        found = [address for _, address in self.searcher.search(asked, len(names), count=False).hits]
        return dict(zip(names_at(self.searcher, found), found, strict=True))


def names_at(searcher: Any, addresses: Sequence[Any]) -> list[int | None]:
    """The names of the vectors of documents, None for those without."""
    names: list[int | None] = searcher.fast_field_values(MEANING, list(addresses)) if addresses else []
    return names
